//! Metrics of one design by geography, where the pooled value would mix populations.

use serde::{Deserialize, Serialize};

use super::statistics::Statistics;

/// One geography's part of a design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields, rename = "Geography"))]
pub struct GeographyResults {
    /// Its name.
    pub name: String,
    /// The metrics that are given by geography.
    pub metrics: Vec<Statistics>,
}
