//! Visitors: how many there are in a geography, what they ask for and how their clients behave.

use serde::Serialize;

use super::Distribution;
use crate::units::SimDuration;

/// A place with visitors.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Geography {
    /// Name, as in the file.
    pub name: String,
    /// Sessions that start per second (Poisson).
    pub session_rate: f64,
    /// Requests of a session; at least 1 each.
    pub requests_per_session: Distribution,
    /// Seconds between the end of one request and the start of the session's next.
    pub think_time: Distribution,
    /// Probability that a request is a write.
    pub write_share: f64,
    /// Round-trip time to each region, in seconds, in the order of the regions.
    pub rtt: [Distribution; 2],
    /// The recursive resolvers that visitors ask.
    pub resolvers: Resolvers,
    /// How clients cache, time out and retry.
    pub client: Client,
}

/// The recursive resolvers of a geography.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resolvers {
    /// How many there are.
    pub count: u32,
    /// Zipf exponent of their popularity; 0 is uniform.
    pub skew: f64,
    /// Round-trip time between a client and its resolver.
    pub rtt: SimDuration,
    /// Probability that a session uses a resolver of another geography, and is routed by that one's place.
    pub foreign: f64,
    /// How long a look-up waits for an authority that does not answer before it fails (default 5 s).
    pub timeout: SimDuration,
}

/// What clients do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    /// Share of sessions that pin the address they hold, whatever its TTL.
    pub pin_share: f64,
    /// Age of a pinned answer at the start of a session: uniform between 0 and this.
    pub pin: SimDuration,
    /// How long an idle connection is kept for the session's next request (default 60 s).
    pub keepalive: SimDuration,
    /// Round trips of the TLS handshake on a new connection, after the one of TCP (default 1: TLS 1.3).
    pub tls_round_trips: u32,
    /// How long a connect may take before it fails.
    pub connect_timeout: SimDuration,
    /// How long an answer may take, counted from sending on an open connection.
    pub request_timeout: SimDuration,
    /// Attempts of a request, the first included.
    pub max_attempts: u32,
    /// Back-off before the second attempt is uniform between 0 and this; it doubles with each further attempt (default 100 ms).
    pub backoff: SimDuration,
    /// Upper end of the back-off (default 20 s).
    pub backoff_limit: SimDuration,
    /// How long after the start of its first attempt a request may still succeed.
    pub patience: SimDuration,
}
