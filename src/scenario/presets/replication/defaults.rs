//! Defaults of `replication` that a preset may change.

use crate::scenario::distribution::Distribution;
use crate::units::SimDuration;

/// Other defaults of `replication`; `None`: the usual one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::scenario) struct ReplicationDefaults {
    /// Time between two readings of the log.
    pub(in crate::scenario) poll: Option<SimDuration>,
    /// Seconds that a commit waits at the sender.
    pub(in crate::scenario) ship: Option<Distribution>,
}
