//! Visitors: how many there are in a geography, what they ask for and how their clients behave.

use std::sync::Arc;

use serde::Serialize;

use super::Distribution;
use crate::units::SimDuration;

/// A place with visitors.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Geography {
    /// Name, as in the file.
    pub name: String,
    /// Sessions that start per second, on average over the run.
    pub session_rate: f64,
    /// When they start.
    #[serde(skip_serializing_if = "Sessions::is_steady")]
    pub sessions: Sessions,
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

/// Whether a duration is zero: a default that is left out of the serialised form.
pub(super) fn is_zero(duration: &SimDuration) -> bool {
    *duration == SimDuration::ZERO
}

/// When the sessions of a geography start.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sessions {
    /// At a constant rate (Poisson).
    #[default]
    Steady,
    /// At a rate that changes with the hour of the day (Poisson).
    Daily {
        /// Sessions per second at each full hour of the day; between them the rate is interpolated.
        rates: [f64; 24],
        /// Seconds since midnight, by the clocks of the geography, at the start of the run.
        starts_s: f64,
    },
    /// At given times.
    Trace {
        /// Times since the start of the run, ascending, all before its horizon.
        times: Arc<[SimDuration]>,
        /// Name of the file, for messages.
        #[serde(skip)]
        file: String,
        /// Sessions of the file that are left out, since they start at the horizon or later.
        #[serde(skip)]
        beyond: u64,
    },
}

impl Sessions {
    fn is_steady(&self) -> bool {
        *self == Sessions::Steady
    }

    /// The rate at a second of the day: linear between the full hours, the last one followed by the first.
    pub fn interpolated(rates: &[f64; 24], second: f64) -> f64 {
        let hours = second / 3_600.0;
        let (hour, part) = (hours.floor(), hours - hours.floor());
        let place = hour as usize % 24;
        rates[place] + part * (rates[(place + 1) % 24] - rates[place])
    }
}

impl Geography {
    /// Sessions that start per second when the run starts.
    pub fn session_rate_at_start(&self) -> f64 {
        match &self.sessions {
            Sessions::Daily { rates, starts_s } => Sessions::interpolated(rates, *starts_s),
            Sessions::Steady | Sessions::Trace { .. } => self.session_rate,
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
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
    /// TTLs below this are lengthened to it.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_ttl: SimDuration,
    /// TTLs above this are cut to it; `None`: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_ttl: Option<SimDuration>,
    /// How long a failure, or an empty answer, is cached; zero: not at all.
    #[serde(skip_serializing_if = "is_zero")]
    pub failure_ttl: SimDuration,
    /// For how long after its end an entry may serve while the authority does not answer (RFC 8767); `None`: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serve_stale: Option<SimDuration>,
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
    /// Whether a failed connect evicts the answer, a pinned one too.
    #[serde(skip_serializing_if = "is_false")]
    pub reresolve: bool,
    /// Probability that a failed request ends its session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave: Option<f64>,
    /// Whether a database that has a write of a request already recognises a repetition of it, and does not write again.
    #[serde(skip_serializing_if = "is_false")]
    pub idempotent: bool,
    /// Retries that the clients of the geography may make together, per request; `None`: as many as `max_attempts` allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<f64>,
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
            // Resolvers that keep to what they are told.
            min_ttl: SimDuration::ZERO,
            max_ttl: None,
            failure_ttl: SimDuration::ZERO,
            serve_stale: None,
        }
    }
}

impl Resolvers {
    /// Default of `max_stale`: RFC 8767 suggests one to three days.
    pub const MAX_STALE: SimDuration = SimDuration::from_secs(86_400);
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
            reresolve: false,
            leave: None,
            idempotent: false,
            retry_budget: None,
            retransmit_for: RETRANSMIT_FOR,
        }
    }
}

impl Client {
    /// The preset `flavel-2014`: clients that follow a new answer as Flavel, Mani and Maltz (LANMAN 2014) measured it with a
    /// TTL of 20 s and both ends up. 60 s after the switch 90 % of the requests have moved, after 15 minutes 2 % have not.
    ///
    /// Connections are kept for 5 s, as Apache's KeepAliveTimeout says: kept for a minute, they hold a third of the requests
    /// back by themselves. The pinned answers are fitted, by simulation, for sessions of some 40 s.
    pub fn flavel_2014() -> Self {
        Client {
            pin_share: 0.105,
            pin: SimDuration::from_secs(1_060),
            keepalive: SimDuration::from_secs(5),
            ..Client::default()
        }
    }
}
