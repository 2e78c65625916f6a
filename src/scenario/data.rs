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
    /// Seconds that the promotion takes once decided (default 60 s).
    pub duration: Distribution,
    /// Who watches the primary.
    pub watch: Watch,
    /// Whether the old primary stops acknowledging when it has lost contact.
    pub fencing: bool,
    /// How long after the last contact a fenced primary still acknowledges (default: the detection time, or 30 s).
    pub lease: SimDuration,
    /// What becomes of the commits that the new primary had not received when the old one returns.
    pub on_return: OnReturn,
    /// How long after the old primary has rejoined the role is given back to it, drained; `None`: never.
    pub return_role: Option<SimDuration>,
}

/// What becomes of the commits that the new primary had not received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnReturn {
    /// They are discarded.
    Discard,
    /// They are compared key by key; what does not conflict is merged.
    Reconcile,
}

/// Who decides on a promotion, and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "when", rename_all = "kebab-case")]
pub enum PromotionTrigger {
    /// A controller, when the primary has been silent for `detect`.
    Automatic {
        /// Length of the silence (default 30 s).
        detect: SimDuration,
    },
    /// An operator, who is not fooled by a cut link.
    Manual {
        /// Seconds from the loss of the primary to the decision.
        decision: Distribution,
    },
    /// The operators, as planned.
    Planned {
        /// Time from the start of the run.
        at: SimDuration,
        /// Whether the primary first stops taking writes until the replica has all of them.
        drain: bool,
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

/// The defaults of a scenario file.
impl Default for Replication {
    fn default() -> Self {
        Replication {
            mode: ReplicationMode::Async,
            // Assumptions, so that lag stays under a second as Aurora Global Database's does in ordinary operation.
            ship: Distribution::Exponential { mean: 0.1 },
            apply: Distribution::constant(0.001),
            write_size: 1_000,
        }
    }
}

impl ReplicationMode {
    /// Default of `ack_timeout`: MySQL's `rpl_semi_sync_source_timeout`.
    pub const ACK_TIMEOUT: SimDuration = SimDuration::from_secs(10);
}

/// The defaults of a scenario file: nobody promotes unless told to, as between the regions of managed databases.
impl Default for Promotion {
    fn default() -> Self {
        Promotion {
            trigger: PromotionTrigger::Never,
            duration: Distribution::constant(Promotion::DURATION.as_secs_f64()),
            watch: Watch::Witness,
            fencing: true,
            lease: PromotionTrigger::DETECT,
            on_return: OnReturn::Discard,
            return_role: None,
        }
    }
}

impl Promotion {
    /// Default of `duration`: Aurora Global Database promises less than a minute.
    pub const DURATION: SimDuration = SimDuration::from_secs(60);
}

impl PromotionTrigger {
    /// Default of `detect`, and of `lease` where nothing detects: Patroni's `ttl`.
    pub const DETECT: SimDuration = SimDuration::from_secs(30);
}
