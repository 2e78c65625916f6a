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

/// Which objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectiveKind {
    /// Recovery time objective: of the longest recovery time of a run.
    Rto,
    /// Recovery point objective: of the data loss window of a run.
    Rpo,
}

impl ObjectiveKind {
    /// Its usual abbreviation.
    pub const fn name(self) -> &'static str {
        match self {
            ObjectiveKind::Rto => "RTO",
            ObjectiveKind::Rpo => "RPO",
        }
    }
}

impl Objectives {
    /// What is stated of this kind.
    pub fn get(&self, kind: ObjectiveKind) -> Option<SimDuration> {
        match kind {
            ObjectiveKind::Rto => self.rto,
            ObjectiveKind::Rpo => self.rpo,
        }
    }
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
    /// One design has so many times as much of a metric as a better one.
    Times {
        /// Name of the better design.
        better: String,
        /// Name of the other.
        than: String,
        /// Name of the metric.
        metric: String,
        /// Least ratio of the two means, the greater over the smaller.
        times: f64,
    },
    /// One design loses more service in a phase than in any other.
    FirstPhase {
        /// Name of the design.
        design: String,
        /// Name of the phase.
        phase: String,
    },
    /// One design meets an objective in at least a share of the runs.
    Objective {
        /// Name of the design.
        design: String,
        /// The objective, which the scenario states.
        objective: ObjectiveKind,
        /// Least share of the runs.
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
