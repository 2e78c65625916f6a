//! An estimate with its interval, and what is said of one that is not to be trusted.

use serde::{Deserialize, Serialize};

use super::number;
#[cfg(test)]
use super::number::Written;

/// An estimate and its confidence interval, at the level of the study. An infinite end lies beyond the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields, rename = "Estimate"))]
pub struct StudyEstimate {
    /// The estimate itself.
    #[serde(with = "number")]
    #[cfg_attr(test, schemars(with = "Written"))]
    pub point: f64,
    /// Lower end of the interval.
    #[serde(with = "number")]
    #[cfg_attr(test, schemars(with = "Written"))]
    pub low: f64,
    /// Upper end of the interval.
    #[serde(with = "number")]
    #[cfg_attr(test, schemars(with = "Written"))]
    pub high: f64,
    /// Number of observations.
    pub n: u64,
}

impl StudyEstimate {
    /// Returns half the width of the interval.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// Reason why a sample is too uniform for the interval of its mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Degenerate {
    /// All values are the same, so there is no interval.
    Equal {
        /// Most that the share of runs with another value may be.
        others_at_most: f64,
        /// The share at which the value would count as known.
        rare: f64,
    },
    /// Most values are the same, and the interval is too narrow.
    Few {
        /// Runs with another value.
        others: u64,
        /// Runs that must have another value.
        needed: u64,
        /// The most frequent value.
        usual: f64,
    },
}
