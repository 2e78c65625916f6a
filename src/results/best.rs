//! Best designs in one metric, or the reason why there is none.

use serde::{Deserialize, Serialize};

/// Best designs in one metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Best {
    /// Name of the metric.
    pub metric: String,
    /// Standing of the best designs against the others.
    pub standing: BestStanding,
    /// Names of the best designs, in file order; empty unless some are.
    pub designs: Vec<String>,
}

/// Standing of the best designs in one metric.
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
