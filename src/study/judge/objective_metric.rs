//! The metrics that recovery objectives are about.

use crate::scenario::ObjectiveKind;

/// The metric that an objective bounds.
pub(crate) const fn metric_of(kind: ObjectiveKind) -> &'static str {
    match kind {
        ObjectiveKind::Rto => "recovery_time_worst_s",
        ObjectiveKind::Rpo => "data_loss_window_s",
    }
}
