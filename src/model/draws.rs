//! Keys of all random draws of the model.
//!
//! Draws for the wishes of a visitor are keyed by (session, request, purpose); noise and back-off by (session, request,
//! attempt, purpose). So a retry in one design shifts nothing in another, and every design of a run sees the same
//! visitors.

use super::node_id::NodeId;
use crate::engine::{Draw, Stream};

/// Draws of a session as a whole.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum OfSession {
    Resolver,
    Foreign,
    ForeignGeography,
    Pinned,
    PinAge,
    Requests,
    Instance,
    PinWeight,
    Thinning,
    Thinned,
    /// Of a client that never leaves: how long after the start of the run its first request is.
    FirstThink,
    FirstRequest,
}

/// Draws of one request, the same in all its attempts.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum OfRequest {
    Write,
    Key,
    AppDemand,
    DatabaseDemand,
    Think,
    Leave,
}

/// Draws of one attempt.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum OfAttempt {
    Rtt,
    LinkRtt,
    Backoff,
    Ship,
    ShipRtt,
    Apply,
    SecondRtt,
    Weight,
    Error,
}

/// Draws of one interval of a replication pipeline.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum OfInterval {
    Ship,
    LinkRtt,
    Apply,
}

/// The draws of one session. Cheap to copy: it is a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws(pub(super) Stream);

// The counter of a draw: 8 bits of purpose, 16 of attempt (0: the request's own), 32 of request (0: the session's own).
const PURPOSE_BITS: u32 = 8;
const ATTEMPT_BITS: u32 = 16;

impl Draws {
    #[inline]
    pub(super) fn of_session(self, purpose: OfSession) -> Draw {
        self.0.draw(purpose as u64)
    }

    /// `request` counts from 1.
    #[inline]
    pub(super) fn of_request(self, request: u32, purpose: OfRequest) -> Draw {
        self.0.draw(u64::from(request) << (PURPOSE_BITS + ATTEMPT_BITS) | purpose as u64)
    }

    /// `request` and `attempt` count from 1.
    #[inline]
    pub(super) fn of_attempt(self, request: u32, attempt: u32, purpose: OfAttempt) -> Draw {
        let place = u64::from(request) << ATTEMPT_BITS | u64::from(attempt);
        self.0.draw(place << PURPOSE_BITS | purpose as u64)
    }
}

/// Streams of one run that belong to no session.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunStreams {
    root: Stream,
}

impl RunStreams {
    pub(super) fn new(seed: u64, run: u64) -> Self {
        RunStreams { root: Stream::root(seed, run) }
    }

    /// Arrivals of a geography; `child(block)` is one block's.
    pub(super) fn arrivals(self, geography: &str) -> Stream {
        self.root.named("arrivals").named(geography)
    }

    /// The state of a geography's resolver caches at the start; `child(resolver)` is one resolver's.
    pub(super) fn resolvers(self, geography: &str) -> Stream {
        self.root.named("resolvers").named(geography)
    }

    /// One checker.
    pub(super) fn checker(self, checker: u64) -> Stream {
        self.root.named("checkers").child(checker)
    }

    /// The endpoint caches of a region's app instances.
    pub(super) fn endpoints(self, region: &str) -> Stream {
        self.root.named("endpoints").named(region)
    }

    /// The promotions of the run; `child(n)` is the n-th.
    pub(super) fn promotions(self) -> Stream {
        self.root.named("promotions")
    }

    /// The replication pipeline out of a region; `child(n)` is the n-th interval in which its delays stay as they are.
    pub(super) fn pipeline(self, region: &str) -> Stream {
        self.root.named("pipelines").named(region)
    }

    /// The moments at which the log of a region is read.
    pub(super) fn polls(self, region: &str) -> Stream {
        self.root.named("polls").named(region)
    }

    /// Repairs of the synchronisation from a region; `child(n)` is that of the conflict at position n.
    pub(super) fn repairs(self, sender: NodeId) -> Stream {
        self.root.named("repairs").child(sender.region().index() as u64)
    }

    /// Tells if the standby's order to grow is refused.
    pub(super) fn activation(self) -> Stream {
        self.root.named("activation")
    }

    /// The clients of a geography that never leave; `child(n)` is one of them.
    pub(super) fn service_clients(self, geography: &str) -> Stream {
        self.root.named("service clients").named(geography)
    }

    /// The sessions that a surge adds to a geography.
    pub(super) fn surge(self, incident: &str, geography: &str) -> Stream {
        self.root.named("surges").named(incident).named(geography)
    }

    /// An incident; `child(n)` is its n-th occurrence.
    pub(super) fn incident(self, incident: &str) -> Stream {
        self.root.named("incidents").named(incident)
    }
}
