//! Visitors: sessions, their requests and attempts, and what their clients remember.
//!
//! # What it models
//! Sessions start at a constant rate (Poisson), by a daily profile or by a trace in each geography; clients that never leave stand
//! beside them. A session makes its
//! requests one after the other, with think times between them. A request is one or more attempts with exponential
//! back-off and full jitter, until one succeeds, `max_attempts` is reached or `patience` runs out. An attempt resolves
//! the name (unless the client still holds an answer, or has pinned one), connects (to the answer's second address if
//! the first fails; one round trip for TCP, more for TLS, unless a connection is kept alive), sends, and waits.
//!
//! ```text
//!            ┌──────────── think ◄──────────────────────────────┐
//!            ▼                                                  │
//!  start ─► attempt ─► look up ─► connect ─► send ─► wait ─► success
//!            ▲           │           │                 │
//!            │           └───────────┴── failure ◄─────┘
//!            └── back-off ◄─────────────────┘ └─► request failed ─► think
//! ```
//!
//! # What it leaves out
//! Retransmitted SYNs: a connect that meets silence waits for its timeout even if the region comes back meanwhile. Parallel
//! requests of one session. A look-up takes effect at the resolver when it is made; its round trip comes after.

mod arrival;
mod attempt;
mod budget;
mod request;
mod service_client;
mod session;
mod start;
mod surge;

pub(super) use arrival::{CHAINS, next_arrival};
pub(super) use attempt::Attempts;
pub(super) use request::{Failed, Requests};
pub(super) use service_client::plan_service_clients;
pub(super) use session::{Answer, Connection, Session};
pub(super) use start::Starts;

use super::per_geography::PerGeography;
use super::slab::{Handle, Slab};
use crate::scenario::GeographyId;
use crate::units::SimTime;
use arrival::Arrivals;
use budget::RetryBudget;
use surge::Surges;

/// Every session, what starts more of them, and the retries that their clients may make.
#[derive(Debug)]
pub(super) struct Visitors {
    sessions: Slab<Session>,
    arrivals: PerGeography<Arrivals>,
    surges: Surges,
    budgets: PerGeography<Option<RetryBudget>>,
}

impl Visitors {
    /// Nobody yet: sessions will start by `arrivals`, and their clients retry within `budgets`.
    fn new(arrivals: PerGeography<Arrivals>, budgets: PerGeography<Option<RetryBudget>>) -> Self {
        Visitors { sessions: Slab::new(), surges: Surges::new(arrivals.len()), arrivals, budgets }
    }

    /// Returns the time at which the first session of each geography starts, if one does.
    pub(super) fn first_arrivals(&self) -> impl Iterator<Item = (GeographyId, SimTime)> {
        self.arrivals.each().filter_map(|(geography, arrivals)| arrivals.next().map(|at| (geography, at)))
    }

    /// The sessions, to be looked at.
    #[inline]
    pub(super) fn sessions(&self) -> &Slab<Session> {
        &self.sessions
    }

    /// The session of a handle, if it has not gone stale.
    #[inline]
    pub(super) fn get(&self, session: Handle) -> Option<&Session> {
        self.sessions.get(session)
    }

    /// The same, to be changed.
    #[inline]
    pub(super) fn get_mut(&mut self, session: Handle) -> Option<&mut Session> {
        self.sessions.get_mut(session)
    }

    /// The session of a handle that is known to be current, to be looked at.
    #[inline]
    pub(super) fn see(&self, session: Handle) -> &Session {
        self.sessions.see(session)
    }

    /// The session of a handle that is known to be current.
    #[inline]
    pub(super) fn live(&mut self, session: Handle) -> &mut Session {
        self.sessions.live(session)
    }

    /// Makes every handle of a session but the one returned stale, and with them the events that wait for it.
    #[inline]
    pub(super) fn renew(&mut self, session: Handle) -> Handle {
        self.sessions.renew(session)
    }

    /// Counts the requests under way.
    pub(super) fn requests_under_way(&self) -> u64 {
        self.sessions.handles().into_iter().filter(|session| self.sessions.see(*session).attempt > 0).count() as u64
    }
}
