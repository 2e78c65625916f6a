//! Writes the findings of `firedrill check`, for people and for machines: text, JSON, Markdown, JUnit and GitHub
//! annotations.
//!
//! Every statement that was checked is a [`Finding`], drawn by `study` and `baseline`; the formats only write findings down. Nothing is left out of one
//! format that another has, and no format carries a date, a duration or a host.

mod changes;
mod differences;
mod github;
mod json;
mod junit;
mod markdown;
mod text;

use crate::baseline::Change;
use crate::results::{Finding, FindingStanding};

pub use differences::differences;
pub use github::annotations;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use text::{text, totals};

/// One scenario that was checked, or could not be.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The file, as the user named it.
    pub path: String,
    /// Findings, or the reason why there are none.
    pub result: Result<ScenarioFindings, String>,
}

/// Findings about one scenario.
#[derive(Clone, Debug)]
pub struct ScenarioFindings {
    /// Name of the scenario.
    pub scenario: String,
    /// Its hash; see [`Subject`](crate::study::Subject::hash).
    pub hash: String,
    /// Seed of the study.
    pub seed: u64,
    /// Runs of each design.
    pub runs: u64,
    /// Changes of the scenario since the baseline that it is compared with, if there is one.
    pub since: Option<Since>,
    /// One per statement that was checked.
    pub all: Vec<Finding>,
    /// Caveats on the downtimes in them, a sentence each.
    pub notes: Vec<String>,
}

/// Changes of a scenario since a baseline was kept.
#[derive(Clone, Debug)]
pub struct Since {
    /// Name of the baseline.
    pub baseline: String,
    /// The keys whose values are not what they were; none if the scenario is the same.
    pub changes: Vec<Change>,
}

impl ScenarioFindings {
    /// Tells whether no statement fails.
    pub fn hold(&self) -> bool {
        self.all.iter().all(|finding| finding.standing != FindingStanding::Fail)
    }
}
