//! Expectations and objectives: what must hold of the results.

use serde::Serialize;

use crate::units::SimDuration;

/// Recovery objectives. They are targets; what is measured is `recovery_time_s` and `data_loss_window_s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Objectives {
    /// Recovery time objective.
    pub rto: Option<SimDuration>,
    /// Recovery point objective.
    pub rpo: Option<SimDuration>,
}

/// Something that must hold of the results.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// A statistic of one design's metric stays within bounds.
    Within {
        /// Name of the design.
        design: String,
        /// Name of the metric, a column of `runs.csv`.
        metric: String,
        /// `mean`, `min`, `max`, or a quantile such as `p95`.
        stat: String,
        /// The bounds.
        bound: Bound,
    },
    /// One design is better than another in at least a share of the runs.
    Better {
        /// Name of the design that should win.
        better: String,
        /// Name of the other.
        than: String,
        /// Name of the metric.
        metric: String,
        /// Least share of the runs; a tie counts for neither.
        share: f64,
    },
}

/// Bounds of a statistic, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// Least value allowed.
    pub min: Option<f64>,
    /// Greatest value allowed.
    pub max: Option<f64>,
}
