//! A design: one architecture under test, in the same world and against the same incidents as the others.

use serde::Serialize;

use super::{Distribution, Dns, Promotion, RegionId, Replication};
use crate::units::SimDuration;

/// One architecture under test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Design {
    /// Name, as in the file.
    pub name: String,
    /// The names: the world's `[dns]` with the design's own `dns` keys on top.
    pub dns: Dns,
    /// The keys of `dns` that the design states itself (`health_checks.interval`), in file order; the others are the world's.
    /// Not serialised: who states a value changes nothing.
    #[serde(skip)]
    pub own_dns: Vec<String>,
    /// Which region a visitor is sent to.
    pub routing: Routing,
    /// When a region that is up again gets its visitors back.
    pub failback: Failback,
    /// The region that stands by at less than full size, if one does.
    pub standby: Option<Standby>,
    /// Where reads and writes go.
    pub database: DatabasePlan,
    /// How commits reach the other region.
    pub replication: Replication,
    /// How a replica becomes the primary.
    pub promotion: Promotion,
}

/// Which region a visitor is sent to, among the healthy ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "policy", rename_all = "kebab-case")]
pub enum Routing {
    /// Per geography, in the order given.
    Nearest {
        /// For each geography, in file order, the regions from first to last choice (by median round-trip time unless
        /// the file says otherwise).
        orders: Vec<[RegionId; 2]>,
    },
    /// Each look-up is led to a region by chance.
    Weighted {
        /// For each region, in file order, how often it is answered; at least one is above 0.
        weights: [f64; 2],
    },
    /// One order for everybody.
    Failover {
        /// The regions from first to last choice.
        order: [RegionId; 2],
    },
}

/// When a region that is up again gets its visitors back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "when", rename_all = "kebab-case")]
pub enum Failback {
    /// After it has been up for `hold`.
    Automatic {
        /// How long it must have been up.
        hold: SimDuration,
    },
    /// Not within the run, unless the other region fails.
    Never,
}

/// A region that stands by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standby {
    /// Which one.
    pub region: RegionId,
    /// How much of it is on.
    pub kind: StandbyKind,
    /// Time from the verdict on the other region, or the decision to promote, to full size.
    pub activation: SimDuration,
    /// Probability that the order to grow is refused (default 0).
    #[serde(skip_serializing_if = "is_zero")]
    pub refused: f64,
}

/// Whether this is the default: a scenario that says so is the same as one that says nothing.
fn is_zero(share: &f64) -> bool {
    *share == 0.0
}

/// How much of a standby region is on before it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StandbyKind {
    /// All instances.
    Hot,
    /// A share of the instances, rounded up to whole ones.
    Warm {
        /// The share, above 0.
        share: f64,
    },
    /// None: it is neither probed nor answered, and refuses connections, until it is active.
    Cold,
}

/// Where reads and writes go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatabasePlan {
    /// Who takes writes.
    pub writes: Writes,
    /// Region of the primary at the start (multi-primary: the first region).
    pub primary: RegionId,
    /// Where apps read.
    pub reads: Reads,
    /// How apps find the node to call.
    pub endpoint: Endpoint,
}

/// Who takes writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "writes", rename_all = "kebab-case")]
pub enum Writes {
    /// One primary.
    SinglePrimary,
    /// Both nodes, each shipping its commits to the other.
    MultiPrimary {
        /// What becomes of two writes to one key of which neither had seen the other.
        conflicts: Conflicts,
    },
}

/// What becomes of two writes to one key of which neither had seen the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "policy", rename_all = "kebab-case")]
pub enum Conflicts {
    /// The later one stays, in both regions.
    LastWriterWins,
    /// Each receiving region decides for itself.
    AtReceiver {
        /// What each region does, in the order of the regions.
        policies: [ConflictPolicy; 2],
        /// Seconds until an operator has dealt with a conflict that halted the synchronisation.
        repair: Distribution,
    },
}

/// What a region does with a row that conflicts with its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictPolicy {
    /// Stops the synchronisation until an operator has acted, who keeps the row already there.
    Halt,
    /// Keeps the row already there.
    Ignore,
    /// Replaces it.
    Overwrite,
}

/// Where apps read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// From the node of their own region.
    Local,
    /// From the primary.
    Primary,
}

/// How apps find another node when theirs fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "via", rename_all = "kebab-case")]
pub enum Endpoint {
    /// The endpoint is a name of the traffic manager, with health checks on the node; each instance caches the answer.
    Dns {
        /// For how long.
        ttl: SimDuration,
    },
    /// The database driver counts errors and tries the other node.
    Driver {
        /// Errors in a row after which it changes over (default 3).
        errors: u32,
        /// How often it tests the first node again (default 10 s).
        retest: SimDuration,
    },
}

impl Conflicts {
    /// Default of `repair`: median half an hour, 95th percentile four hours; an assumption.
    pub fn repair() -> Distribution {
        Distribution::Lognormal { median: 1_800.0, p95: 14_400.0 }
    }
}

impl Endpoint {
    /// Default of `errors`: three in a row, as health checks count.
    pub const ERRORS: u32 = 3;
    /// Default of `retest`: an assumption.
    pub const RETEST: SimDuration = SimDuration::from_secs(10);
}

impl Failback {
    /// Default of `hold`: a region that is healthy is answered again at once, as Alibaba Cloud's GTM does.
    pub const HOLD: SimDuration = SimDuration::ZERO;
}
