//! Reason why no more runs were made, where their number was left to the results.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;
use super::number;
#[cfg(test)]
use super::number::Written;

/// Reason why no more runs were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Stopped {
    /// The reason, in words.
    pub sentence: String,
    /// Runs that were added at a time.
    pub runs_at_a_time: u64,
    /// Most runs that were allowed.
    pub max_runs: u64,
    /// True if every target was met.
    pub met: bool,
    /// One per target and design.
    pub targets: Vec<TargetFound>,
}

/// Distance of one design from one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct TargetFound {
    /// The target, as it was written.
    pub target: String,
    /// Name of the design.
    pub design: String,
    /// True if it is met.
    pub met: bool,
    /// Distance from the target, in words.
    pub sentence: String,
    /// The estimate with its interval.
    pub estimate: Option<StudyEstimate>,
    /// Runs that the interval needs, if there are too few.
    pub runs_needed: Option<u64>,
    /// Distance from the estimate to the end of its interval.
    #[serde(with = "number::maybe")]
    #[cfg_attr(test, schemars(with = "Option<Written>"))]
    pub reach: Option<f64>,
    /// Largest distance allowed.
    pub allowed: Option<f64>,
}
