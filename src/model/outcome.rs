//! Outcome of one run: counts, sums and grids, never requests.
//!
//! Everything here is an integer or a sum in a fixed order, so that it is the same on every machine. Shares, quantiles
//! and seconds are derived from it by the study.

use serde::{Deserialize, Serialize};

use super::calm::Calm;
pub use super::incident_outcome::{Episode, IncidentOutcome, Timing};
use super::latency::Latency;
use super::load::Load;
pub use super::phase::Phase;
use crate::units::{SimDuration, SimTime};

/// Outcome of one design in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// Run number.
    pub run: u64,
    /// Events that the engine handled.
    pub events: u64,
    /// Measured time.
    pub span: Span,
    /// Requests that started in the whole run, warm-up and tail included.
    pub requests_simulated: u64,
    /// Requests that started in measured time, per geography (file order) and [`Operation`] (read, write).
    pub visitors: Vec<[Tally; 2]>,
    /// Success and failure in windows of measured time.
    pub windows: WindowGrid,
    /// The ledger of the whole run, per geography.
    pub writes: Vec<WriteTally>,
    /// Time from the oldest lost write's acknowledgement to the end of its primary; zero if nothing was lost.
    pub data_loss_window: SimDuration,
    /// The same for stranded writes.
    pub stranded_window: SimDuration,
    /// Keys whose two copies differ for good.
    pub keys_diverged: u64,
    /// Per region, in file order.
    pub regions: [RegionTally; 2],
    /// Look-ups in measured time, per geography of the resolver.
    pub names: Vec<NamesTally>,
    /// Look-ups since the published answer last left a region.
    pub switch_tail: SwitchTail,
    /// Every occurrence of every incident that began before the horizon, by start, then by place in the file.
    pub incidents: Vec<IncidentOutcome>,
    /// Incidents that belong together, by start.
    pub episodes: Vec<Episode>,
    /// The run on a fixed grid from its start to its horizon.
    pub timeline: Timeline,
    /// Calm time, and what it was broken by.
    pub calm: Calm,
}

/// Measured time: from the end of the warm-up to one patience before the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// End of the warm-up.
    pub from: SimTime,
    /// One (the longest) patience before the horizon.
    pub to: SimTime,
    /// Length of a window.
    pub window: SimDuration,
}

/// Access of a request to its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Reads it.
    Read,
    /// Writes it.
    Write,
}

impl Operation {
    /// Both, in the order of the arrays that are indexed by operation.
    pub const ALL: [Operation; 2] = [Operation::Read, Operation::Write];
}

/// Reason why an attempt failed, as the visitor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No answer from DNS.
    DnsFailure,
    /// The connect took too long.
    ConnectTimeout,
    /// The connect was refused.
    ConnectionRefused,
    /// An open connection was reset.
    ConnectionReset,
    /// No response in time.
    RequestTimeout,
    /// The app's queue was full.
    Overloaded,
    /// The app's database call failed.
    DatabaseUnavailable,
    /// The write reached a node that is not a primary.
    ReadOnly,
    /// An injected error.
    Error,
}

impl Cause {
    /// All causes, in the order of the arrays that are indexed by cause.
    pub const ALL: [Cause; 9] = [
        Cause::DnsFailure,
        Cause::ConnectTimeout,
        Cause::ConnectionRefused,
        Cause::ConnectionReset,
        Cause::RequestTimeout,
        Cause::Overloaded,
        Cause::DatabaseUnavailable,
        Cause::ReadOnly,
        Cause::Error,
    ];

    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::DnsFailure => "dns_failure",
            Cause::ConnectTimeout => "connect_timeout",
            Cause::ConnectionRefused => "connection_refused",
            Cause::ConnectionReset => "connection_reset",
            Cause::RequestTimeout => "request_timeout",
            Cause::Overloaded => "overloaded",
            Cause::DatabaseUnavailable => "database_unavailable",
            Cause::ReadOnly => "read_only",
            Cause::Error => "error",
        }
    }
}

/// Requests of one geography and operation that started in measured time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Requests that succeeded.
    pub succeeded: u64,
    /// Requests that failed.
    pub failed: u64,
    /// Attempts of both.
    pub attempts: u64,
    /// Failed requests by the cause of their last attempt, indexed like [`Cause::ALL`].
    pub failed_by_cause: [u64; Cause::ALL.len()],
    /// Failed requests by phase, indexed like [`Phase::ALL`].
    pub failed_by_phase: [u64; Phase::ALL.len()],
    /// Latency of the successful ones, from the start of the first attempt to the end of the successful one.
    pub latency: Latency,
    /// Successful reads that missed an acknowledged version (writes: 0).
    pub stale_reads: u64,
    /// Successful reads that missed a version their own session had written (writes: 0).
    pub own_writes_missed: u64,
    /// Staleness of the stale reads.
    pub staleness: Latency,
}

/// Success and failure in windows of measured time, by the start of the request.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowGrid {
    /// Number of windows; the last may be shorter than the others.
    pub len: usize,
    /// Number of geographies.
    pub geographies: usize,
    /// `[succeeded, failed]` at `(window * geographies + geography) * 2 + operation`.
    pub counts: Vec<[u32; 2]>,
    /// Earliest moment at which a failed request was struck, at `window`: its start, or the start of the incident that came upon
    /// it on its way; never if none failed.
    pub first_failed: Vec<SimTime>,
    /// The same without the failures of phase [`Phase::Gray`].
    pub first_failed_besides_gray: Vec<SimTime>,
    /// Failed requests by phase, at `window`.
    pub phases: Vec<[u32; Phase::ALL.len()]>,
}

impl WindowGrid {
    /// Returns how many requests of a window succeeded, and how many failed.
    pub fn requests(&self, window: usize) -> (u64, u64) {
        let per_window = self.geographies * Operation::ALL.len();
        let cells = &self.counts[window * per_window..(window + 1) * per_window];
        cells.iter().fold((0, 0), |sum, cell| (sum.0 + u64::from(cell[0]), sum.1 + u64::from(cell[1])))
    }
}

/// The ledger: every acknowledged write of the whole run is in exactly one of the last five columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteTally {
    /// Write requests whose visitor got the success.
    pub acknowledged: u64,
    /// Thrown away by a write of the other side that had not seen them.
    pub conflicting: u64,
    /// On no surviving branch.
    pub lost: u64,
    /// Only on nodes that cannot be reached at the horizon.
    pub stranded: u64,
    /// Stranded once, merged back.
    pub recovered: u64,
    /// The rest.
    pub durable: u64,
    /// Failed write requests with at least one commit.
    pub ambiguous: u64,
    /// Commits beyond a request's first.
    pub duplicated: u64,
}

impl WriteTally {
    /// Acknowledged writes, as the sum of the columns that each is in exactly one of.
    pub fn settled(&self) -> u64 {
        self.conflicting + self.lost + self.stranded + self.recovered + self.durable
    }
}

/// One region over measured time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RegionTally {
    /// App: requests that reached a worker, and the time they waited for it, in nanoseconds.
    pub app_waits: (u64, u128),
    /// Database: calls that reached a connection, and the time they waited for it, in nanoseconds.
    pub database_waits: (u64, u128),
    /// Capacity and traffic.
    pub load: Load,
}

/// Look-ups of clients at the resolvers of one geography in measured time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NamesTally {
    /// Look-ups.
    pub lookups: u64,
    /// Answered without waiting for an authority.
    pub hits: u64,
}

/// Look-ups and requests since the published answer for a geography left a region, on a fixed grid of ages.
///
/// Counts start anew for a geography with each such change; a change that puts the region back stops them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchTail {
    /// Width of a bin (10 s).
    pub bin: SimDuration,
    /// Per bin of age, `[look-ups answered with the old region, look-ups]`.
    pub lookups: Vec<[u64; 2]>,
    /// Per bin of age, `[attempts sent to the old region, attempts]`.
    pub attempts: Vec<[u64; 2]>,
}

/// The run on a fixed grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// Width of a bin.
    pub bin: SimDuration,
    /// The bins, from the start of the run.
    pub bins: Vec<TimelineBin>,
}

/// One bin of the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimelineBin {
    /// Requests that started in it and succeeded.
    pub succeeded: u32,
    /// Requests that started in it and failed.
    pub failed: u32,
    /// Attempts sent in it, per region addressed.
    pub attempts_to: [u32; 2],
    /// Replication lag at its end: age of the oldest commit that the replica has not applied, in seconds.
    pub lag_s: f64,
    /// Share of the switched-on workers that were busy, per region.
    pub utilisation: [f64; 2],
}
