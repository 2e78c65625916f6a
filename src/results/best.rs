//! Which designs are best in one metric, or why none is.

use serde::{Deserialize, Serialize};

/// Which designs are best in one metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Best {
    /// Name of the metric.
    pub metric: String,
    /// How it stands.
    pub standing: BestStanding,
    /// Names of the best designs, in file order; empty unless some are.
    pub designs: Vec<String>,
}

/// How the designs stand in one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum BestStanding {
    /// Some are claimed better than every other by enough to count, and are practically the same.
    Best,
    /// Every pair is the same in every run.
    Same,
    /// Every pair is practically the same.
    PracticallySame,
    /// Nothing can be claimed.
    Unclear,
}
