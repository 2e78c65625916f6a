//! Visitors: sessions, their requests and attempts, and what their clients remember.
//!
//! # What it models
//! Sessions start at a constant rate (Poisson), by a daily profile or by a trace in each geography. A session makes its
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
mod phase;
mod request;
mod session;
mod surge;
mod visitors;

pub(super) use arrival::{Arrivals, CHAINS, next_arrival};
pub(super) use session::{Answer, Connection, Session};
pub(super) use visitors::Visitors;
