//! One statement that was checked, and how it fared.

use super::estimate::StudyEstimate;

/// Origin of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An `[[expect]]` table.
    Expectation,
    /// The `[objectives]` table.
    Objective,
    /// A baseline.
    Baseline,
}

/// Outcome of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingStanding {
    /// It holds.
    Pass,
    /// It does not hold, or there are too few runs for what the scenario asks.
    Fail,
    /// There are too few runs to tell, and nothing depends on it.
    Undecided,
    /// Said for information, or about a design that was not run.
    Noted,
}

/// One statement and how it fared.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Origin of the statement.
    pub source: Source,
    /// Names of the designs that it is about.
    pub designs: Vec<String>,
    /// Name of the metric whose value it gives; `None` if it gives none.
    pub metric: Option<String>,
    /// The statement, the bound included.
    pub text: String,
    /// Its outcome.
    pub standing: FindingStanding,
    /// The value measured, with its interval, in words.
    pub found: String,
    /// The number measured; infinite if it lies beyond the horizon.
    pub measured: Option<f64>,
    /// Its interval.
    pub interval: Option<StudyEstimate>,
    /// Confidence level of the interval.
    pub level: f64,
    /// Most that the share of runs may be that break what no run has broken.
    pub may_break: Option<f64>,
    /// Line of the statement in the scenario file.
    pub line: Option<usize>,
    /// The line that repeats it, if it failed.
    pub replay: Option<String>,
}

impl Source {
    /// Returns its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Expectation => "expectation",
            Source::Objective => "objective",
            Source::Baseline => "baseline",
        }
    }
}

impl FindingStanding {
    /// Returns its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            FindingStanding::Pass => "pass",
            FindingStanding::Fail => "fail",
            FindingStanding::Undecided => "not_enough_runs",
            FindingStanding::Noted => "noted",
        }
    }

    /// Returns the sign that stands before it: a tick, a cross, a question mark or a dash.
    pub const fn sign(self) -> char {
        match self {
            FindingStanding::Pass => '✓',
            FindingStanding::Fail => '✗',
            FindingStanding::Undecided => '?',
            FindingStanding::Noted => '-',
        }
    }
}

impl Finding {
    /// Returns the first design that it is about.
    pub fn design(&self) -> Option<&str> {
        self.designs.first().map(String::as_str)
    }
}
