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
    /// How long the client's kernel goes on sending a request whose way is cut.
    #[serde(skip_serializing_if = "is_usual")]
    pub retransmit_for: SimDuration,
}

/// Default of `retransmit_for`: Linux gives up after 15 retransmissions (`tcp_retries2`), some 15 minutes.
const RETRANSMIT_FOR: SimDuration = SimDuration::from_secs(15 * 60);

/// Whether this is the default: a scenario that says so is the same as one that says nothing.
fn is_usual(retransmit_for: &SimDuration) -> bool {
    *retransmit_for == RETRANSMIT_FOR
}

/// The defaults of a scenario file.
impl Default for Resolvers {
    fn default() -> Self {
        Resolvers {
            // Assumptions: a handful of big resolvers and many small ones, each close to its clients.
            count: 40,
            skew: 1.0,
            rtt: SimDuration::from_nanos(8_000_000),
            // An assumption: public resolvers that are asked from afar and pass no client subnet on.
            foreign: 0.03,
            // An assumption: the usual patience of a stub resolver with one server.
            timeout: SimDuration::from_secs(5),
        }
    }
}

/// The defaults of a scenario file.
impl Default for Client {
    fn default() -> Self {
        Client {
            // These two go through both points that Flavel, Mani and Maltz (LANMAN 2014) report for a TTL of 20 s: 60 s
            // after a switch 10 % of requests still went to the old address, after 15 minutes 2 %. With a pinned share p
            // and ages uniform on (0, P) the stale share at time t is p (1 - t / P).
            pin_share: 0.106,
            pin: SimDuration::from_secs(1_110),
            // An assumption: between the 15 s of some servers and the two minutes and more of browsers.
            keepalive: SimDuration::from_secs(60),
            // TLS 1.3 (RFC 8446).
            tls_round_trips: 1,
            // An assumption: room for the first retransmission of a SYN, which Linux sends after 1 s.
            connect_timeout: SimDuration::from_secs(3),
            // An assumption.
            request_timeout: SimDuration::from_secs(10),
            // The AWS SDKs' standard mode: three attempts in all.
            max_attempts: 3,
            // Assumptions, in the range of the AWS SDKs' exponential back-off with full jitter.
            backoff: SimDuration::from_nanos(100_000_000),
            backoff_limit: SimDuration::from_secs(20),
            // An assumption: how long a person waits.
            patience: SimDuration::from_secs(30),
            retransmit_for: RETRANSMIT_FOR,
        }
    }
}
