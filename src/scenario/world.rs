//! The world of a scenario: two regions, the link between them, the keys that visitors touch, and the study's plan.

use serde::Serialize;

use super::{Design, Distribution, Dns, Expectation, Geography, Incident, Objectives, Stated};
use crate::units::SimDuration;

/// One scenario file, checked, with every default filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenario {
    /// Short name; the default output folder is called after it.
    pub name: String,
    /// What the scenario asks, in a sentence or two.
    pub description: String,
    /// Length, runs, seed and service level of the study.
    pub study: StudyPlan,
    /// The two regions, in file order.
    pub regions: [Region; 2],
    /// The link between them.
    pub link: Link,
    /// The keys that requests touch.
    pub keys: Keyspace,
    /// The names, as every design has them that says nothing else. Not serialised: each design holds what is true of it.
    #[serde(skip)]
    pub dns: Dns,
    /// Where visitors are, in file order.
    pub geographies: Vec<Geography>,
    /// The architectures under test, in file order.
    pub designs: Vec<Design>,
    /// What goes wrong, in file order.
    pub incidents: Vec<Incident>,
    /// Recovery objectives, if any are stated.
    pub objectives: Objectives,
    /// What resources cost, if that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
    /// What must hold of the results.
    pub expectations: Vec<Expectation>,
    /// The keys that the file states. Not serialised: who states a value changes nothing.
    #[serde(skip)]
    pub stated: Stated,
}

/// How long, how often and against which service level a scenario is run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StudyPlan {
    /// Simulated length of one run.
    pub horizon: SimDuration,
    /// Length at the start of a run that is simulated but not measured.
    pub warmup: SimDuration,
    /// Number of runs of each design.
    pub runs: u64,
    /// Seed of the study; 0 is as good as any other.
    pub seed: u64,
    /// Share of requests that must succeed for a window not to count as downtime (default 0.95).
    pub slo: f64,
    /// Length of the windows in which success is counted; `None`: the shortest of 1, 2, 5, 10, 30, 60 s in which 100
    /// requests are expected.
    pub window: Option<SimDuration>,
    /// How long success must stay at the service level for an incident to count as recovered (default 30 s).
    pub stable: SimDuration,
    /// How long after an incident and the recovery from it failures still count as its aftermath (default 10 min).
    pub aftermath: SimDuration,
    /// Time of day (UTC) at which a run starts.
    #[serde(skip_serializing_if = "super::visitors::is_zero")]
    pub starts_at: SimDuration,
}

/// One region: its app pool and its database node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// Name, as in the file.
    pub name: String,
    /// The app servers.
    pub app: AppPool,
    /// The database node.
    pub database: DatabaseNode,
}

/// The app servers of one region: `instances` x `workers` serving one queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AppPool {
    /// Number of instances at full size.
    pub instances: u32,
    /// Requests that one instance serves at a time.
    pub workers: u32,
    /// Service demand of a request, in seconds, without its database call.
    pub service: Distribution,
    /// Requests that may wait; the next one is shed.
    pub queue_limit: u32,
    /// Whether a worker is held while its request waits for the database (default), or takes up another one.
    #[serde(skip_serializing_if = "is_true")]
    pub hold_worker: bool,
    /// Slowness after the region begins to take the other's visitors, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cold_start: Option<ColdStart>,
}

/// A region that begins to take the other's visitors is slow at first: empty caches, programs not yet compiled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ColdStart {
    /// What service times are multiplied by at first; falls linearly to 1.
    pub factor: f64,
    /// How long it takes to fall.
    pub lasts: SimDuration,
}

/// Whether this is the default: a scenario that says so is the same as one that says nothing.
fn is_true(value: &bool) -> bool {
    *value
}

/// The database node of one region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatabaseNode {
    /// Calls served at a time.
    pub connections: u32,
    /// Service demand of a read, in seconds.
    pub read: Distribution,
    /// Service demand of a write, in seconds.
    pub write: Distribution,
    /// After how long a call that begins while the node is silent fails (default 3 s).
    pub connect_timeout: SimDuration,
    /// After how long a call already sent when the node falls silent fails (default 30 s).
    pub timeout: SimDuration,
}

/// The private link between the two regions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// Round-trip time, in seconds.
    pub rtt: Distribution,
    /// Bytes per second that the replication stream may use; `None`: no limit.
    pub bandwidth: Option<f64>,
    /// Bytes that one database call over the link takes, both ways together (default 2 kB).
    pub call_size: u64,
}

/// What resources cost, in any one currency.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prices {
    /// One app instance, switched on for an hour.
    pub instance_hour: f64,
    /// One database node, for an hour; there are two.
    pub database_hour: f64,
    /// A gigabyte (10^9 bytes) over the link.
    pub cross_region_gb: f64,
    /// Outages in a month whose cost beyond calm is part of that month's (default 0).
    #[serde(skip_serializing_if = "is_never")]
    pub outages_per_month: f64,
}

/// Returns whether a rate is 0, the default: a scenario that says so is the same as one that says nothing.
fn is_never(rate: &f64) -> bool {
    *rate == 0.0
}

/// The keys that requests touch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keyspace {
    /// Number of keys.
    pub count: u32,
    /// Zipf exponent of their popularity; 0 is uniform.
    pub skew: f64,
    /// Size of all data, in bytes: what a full copy of a database sends over the link.
    #[serde(skip_serializing_if = "Keyspace::has_default_size")]
    pub size: u64,
}

impl Keyspace {
    /// An assumption: the database of a small service.
    const DEFAULT_SIZE: u64 = 10_000_000_000;

    fn has_default_size(size: &u64) -> bool {
        *size == Keyspace::DEFAULT_SIZE
    }
}

/// The defaults of a scenario file.
impl Default for StudyPlan {
    fn default() -> Self {
        StudyPlan {
            // Conventions: time for an outage of some minutes and all that follows from it.
            horizon: SimDuration::from_secs(45 * 60),
            warmup: SimDuration::from_secs(5 * 60),
            // Enough runs for an upper confidence bound on the 98th percentile.
            runs: 200,
            seed: 1,
            // A window is down when more than one request in twenty fails.
            slo: 0.95,
            window: None,
            stable: SimDuration::from_secs(30),
            aftermath: SimDuration::from_secs(10 * 60),
            starts_at: SimDuration::ZERO,
        }
    }
}

/// The defaults of a scenario file.
impl Default for Keyspace {
    fn default() -> Self {
        // The count is an assumption. Skew: page popularity is Zipf-like with 0.64 to 0.83 (Breslau et al., INFOCOM 1999).
        Keyspace { count: 100_000, skew: 0.8, size: Keyspace::DEFAULT_SIZE }
    }
}

impl DatabaseNode {
    /// Default of `connect_timeout`: an assumption, as for a visitor's connect.
    pub const CONNECT_TIMEOUT: SimDuration = SimDuration::from_secs(3);
    /// Default of `timeout`: an assumption, the order of a pool's usual socket timeout.
    pub const TIMEOUT: SimDuration = SimDuration::from_secs(30);
}

impl Link {
    /// Default of `call_size`: an assumption, a short statement and a small row or two.
    pub const CALL_SIZE: u64 = 2_000;
}
