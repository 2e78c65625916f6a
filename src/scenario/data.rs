//! Data: how commits reach the other region, and how a replica becomes the primary.

use serde::Serialize;

use super::Distribution;
use crate::units::SimDuration;

/// How commits reach the other region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replication {
    /// What a commit waits for before it is acknowledged.
    pub mode: ReplicationMode,
    /// Seconds that a commit waits at the sender: log reading, batching.
    pub ship: Distribution,
    /// Seconds that the receiver takes to apply one commit.
    pub apply: Distribution,
    /// Bytes of one commit on the link (default 1 kB).
    pub write_size: u64,
}

/// What a commit waits for before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "kebab-case")]
pub enum ReplicationMode {
    /// For nothing.
    Async,
    /// For receipt by the replica, at most `ack_timeout`; then asynchronous until the replica has caught up.
    SemiSync {
        /// Longest wait (default 10 s).
        ack_timeout: SimDuration,
    },
    /// For receipt by the replica, as long as it takes.
    Sync {
        /// After how long a replica that does not answer is let go; `None`: never.
        eject_after: Option<SimDuration>,
    },
}

/// How a replica becomes the primary when the primary is lost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promotion {
    /// Who decides, and when.
    pub trigger: PromotionTrigger,
    /// Seconds that the promotion takes once decided.
    pub duration: Distribution,
    /// Who watches the primary.
    pub watch: Watch,
    /// Whether the old primary stops acknowledging when it has lost contact.
    pub fencing: bool,
    /// How long after the last contact a fenced primary still acknowledges (default: the detection time).
    pub lease: SimDuration,
}

/// Who decides on a promotion, and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "when", rename_all = "kebab-case")]
pub enum PromotionTrigger {
    /// A controller, when the primary has been silent for `detect`.
    Automatic {
        /// Length of the silence.
        detect: SimDuration,
    },
    /// An operator, who is not fooled by a cut link.
    Manual {
        /// Seconds from the loss of the primary to the decision.
        decision: Distribution,
    },
    /// Nobody.
    Never,
}

/// Who watches the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Watch {
    /// A third site too, so that a cut link alone does not promote.
    Witness,
    /// The replica alone, through the link.
    Replica,
}
