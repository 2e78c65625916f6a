//! Says how much work a comparison with a closed form takes.

/// Number of runs that are made for a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Enough for standard errors under 5 % of the exact value; some seconds in all.
    Quick,
    /// Enough for standard errors under 1 %; about a minute in all.
    Thorough,
}

impl Effort {
    /// Scales an amount of work, in runs or seconds, that is enough for 1 %.
    pub(super) fn of(self, thorough: f64) -> f64 {
        match self {
            // Five times the standard error would be a twenty-fifth; the rest is a margin for its own spread.
            Effort::Quick => thorough / 20.0,
            Effort::Thorough => thorough,
        }
    }

    /// Scales a number of runs.
    pub(super) fn runs(self, thorough: u64) -> u64 {
        self.of(thorough as f64).round() as u64
    }

    /// The widest standard error allowed, as a share of the exact value, where `thorough` is allowed at 1 %.
    pub(super) fn widest(self, thorough: f64) -> f64 {
        match self {
            Effort::Quick => 5.0 * thorough,
            Effort::Thorough => thorough,
        }
    }
}
