//! State of a session: its draws, its cached answer, its connection and the request it is at.

use super::super::draws::Draws;
use super::super::outcome::{Operation, Phase};
use super::super::slab::Handle;
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

/// Requests of a client that never leaves: more than any run sees.
pub(super) const NEVER_LEAVES: u32 = u32::MAX;

/// A session between its start and its end.
#[derive(Debug)]
pub(in super::super) struct Session {
    pub(in super::super) draws: Draws,
    pub(in super::super) geography: GeographyId,
    /// Geography of its resolver: where the traffic manager believes it to be.
    pub(in super::super) routed_as: GeographyId,
    /// Place of its resolver among all resolvers.
    pub(in super::super) resolver: u32,
    /// Requests that it makes in all.
    pub(in super::super) requests: u32,
    /// The answer that its client caches.
    pub(in super::super) answer: Option<Answer>,
    pub(in super::super) connection: Option<Connection>,
    /// The first of the writes that it remembers.
    pub(in super::super) own_writes: Handle,

    // The request it is at.
    /// Counts from 1.
    pub(in super::super) request: u32,
    pub(in super::super) operation: Operation,
    pub(in super::super) started: SimTime,
    /// Time at which patience runs out.
    pub(in super::super) patience_ends: SimTime,
    /// Its entry in the ledger, if it is a write.
    pub(in super::super) write: Handle,
    /// Time at which it will hear of the request, if it takes the fast path and the next one is scheduled already.
    pub(in super::super) hears: Option<SimTime>,

    // The attempt it is at.
    /// Counts from 1; 0 between requests.
    pub(in super::super) attempt: u32,
    /// Time at which the attempt was last sent towards the region.
    pub(in super::super) sent: SimTime,
    /// Round-trip time to the region in this attempt, in nanoseconds.
    pub(in super::super) rtt_ns: u64,
    /// Region addressed, once known.
    pub(in super::super) region: RegionId,
    /// Set if the attempt went out on a connection of an earlier one.
    pub(in super::super) on_kept_connection: bool,
    /// The attempt's request at the server.
    pub(in super::super) call: Handle,
    /// Phase of its failure, if that is known before it fails.
    pub(in super::super) late_phase: Option<Phase>,
}

impl Session {
    /// Half of the round-trip time to the region in this attempt.
    #[inline]
    pub(in super::super) fn half_rtt(&self) -> SimDuration {
        SimDuration::from_nanos(self.rtt_ns / 2)
    }
}

/// An answer as a client holds it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Answer {
    pub(in super::super) region: RegionId,
    /// The region of the second address, if the answer has one.
    pub(in super::super) second: Option<RegionId>,
    /// The region that it would have led to if all were well.
    pub(in super::super) ordinary: RegionId,
    pub(in super::super) expires: SimTime,
    /// Time at which the client got it.
    pub(in super::super) fetched: SimTime,
    /// Time at which the resolver got it.
    pub(in super::super) resolver_fetched: SimTime,
}

/// A connection as a client holds it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Connection {
    pub(in super::super) region: RegionId,
    pub(in super::super) opened: SimTime,
    pub(in super::super) idle_since: SimTime,
    /// The region's count of restarts when it was opened.
    pub(in super::super) incarnation: u32,
}
