//! Recovery objectives.

use serde::Serialize;

use super::text::kind::DURATION;
use super::text::reader::TableReader;
use super::text::words::words;
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
    /// Returns the objective of this kind, if it is stated.
    pub fn get(&self, kind: ObjectiveKind) -> Option<SimDuration> {
        match kind {
            ObjectiveKind::Rto => self.rto,
            ObjectiveKind::Rpo => self.rpo,
        }
    }
}

words!(ObjectiveKind: "rto" => Rto, "rpo" => Rpo);

impl Objectives {
    /// Reads `[objectives]`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        Objectives {
            rto: table.key("rto", "recovery time objective").optional(DURATION),
            rpo: table.key("rpo", "recovery point objective").optional(DURATION),
        }
    }
}
