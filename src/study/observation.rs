//! One value of one metric in one run: there, not applicable, or beyond the horizon.

/// What one run says about one metric. Never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Observation {
    /// The metric has no meaning in this run (a recovery time without an incident, a latency without a success).
    NotApplicable,
    /// A finite value.
    Value(f64),
    /// Greater than the run could see: it had not happened by the horizon.
    Censored,
}

impl Observation {
    /// `part` / `whole`, or not applicable if `whole` is 0.
    pub(crate) fn ratio(part: f64, whole: f64) -> Self {
        if whole > 0.0 { Observation::finite(part / whole) } else { Observation::NotApplicable }
    }

    /// A count.
    pub(crate) fn count(count: u64) -> Self {
        Observation::Value(count as f64)
    }

    /// `value`, or not applicable if there is none.
    pub(crate) fn maybe(value: Option<f64>) -> Self {
        value.map_or(Observation::NotApplicable, Observation::finite)
    }

    /// `value`.
    ///
    /// # Panics
    /// If it is not finite: a defect in a metric's definition.
    pub(crate) fn finite(value: f64) -> Self {
        assert!(value.is_finite(), "a metric of {value}");
        // Adding zero turns -0 into 0.
        Observation::Value(value + 0.0)
    }

    /// The value, with infinity for a censored one; `None` if the metric does not apply.
    pub fn value_or_infinity(self) -> Option<f64> {
        match self {
            Observation::NotApplicable => None,
            Observation::Value(value) => Some(value),
            Observation::Censored => Some(f64::INFINITY),
        }
    }

    /// The value if it was seen.
    pub fn value(self) -> Option<f64> {
        self.value_or_infinity().filter(|value| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_does_not_apply() {
        assert_eq!(Observation::ratio(0.0, 0.0), Observation::NotApplicable);
        assert_eq!(Observation::ratio(1.0, 4.0), Observation::Value(0.25));
    }

    #[test]
    fn a_censored_value_is_greater_than_any_seen() {
        assert!(Observation::Censored.value_or_infinity() > Observation::Value(1e300).value_or_infinity());
        assert_eq!(Observation::Censored.value(), None);
    }
}
