//! Ratio of a design's loss to that of the best one.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;

/// The ratio of two means of one metric, that of `than` over that of `design`, or their difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Ratio {
    /// Name of the metric.
    pub metric: String,
    /// Name of the design that has less of it.
    pub design: String,
    /// Name of the design that has more of it.
    pub than: String,
    /// Ratio with its interval; null if it is not known, or without end.
    pub times: Option<StudyEstimate>,
    /// Difference with its interval, if there is no ratio; absent if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub more: Option<StudyEstimate>,
    /// Runs in which `than` has more.
    pub more_in: u64,
    /// Runs in which the two were compared.
    pub pairs: u64,
    /// All of it in a sentence.
    pub sentence: String,
}
