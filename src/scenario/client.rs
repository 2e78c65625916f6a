//! Clients: how they cache, time out and retry.

use serde::Serialize;

use super::presets::client::ClientPreset;
use super::text::kind::{ABOVE_ZERO, Count, DURATION, Plain, SHARE, TRUTH, Unless, one_of};
use super::text::reader::TableReader;
use crate::units::SimDuration;

/// Behaviour of clients.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    /// Share of sessions that pin the address they hold, whatever its TTL.
    pub pin_share: f64,
    /// Age of a pinned answer at the start of a session: uniform between 0 and this.
    pub pin: SimDuration,
    /// Time for which a client keeps an answer by itself.
    #[serde(skip_serializing_if = "is_as_told")]
    pub dns_cache: DnsCache,
    /// Time that an idle connection is kept for the session's next request (default 60 s); zero: none is.
    pub keepalive: SimDuration,
    /// Round trips of the TLS handshake on a new connection, after the one of TCP (default 1: TLS 1.3).
    pub tls_round_trips: u32,
    /// Time that a connect may take before it fails.
    pub connect_timeout: SimDuration,
    /// Time that an answer may take, counted from sending on an open connection.
    pub request_timeout: SimDuration,
    /// Attempts of a request, the first included.
    pub max_attempts: u32,
    /// Back-off before the second attempt is uniform between 0 and this; it doubles with each further attempt (default 100 ms).
    pub backoff: SimDuration,
    /// Upper end of the back-off (default 20 s).
    pub backoff_limit: SimDuration,
    /// Time after the start of its first attempt for which a request may still succeed.
    pub patience: SimDuration,
    /// Set if a failed connect evicts the answer, a pinned one too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reresolve: bool,
    /// Probability that a failed request ends its session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leave: Option<f64>,
    /// Set if a database that has a write of a request already recognises a repetition of it, and does not write again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub idempotent: bool,
    /// Retries that the clients of the geography may make together, per request; `None`: as many as `max_attempts` allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<f64>,
    /// Time that the client's kernel goes on sending a request whose way is cut.
    #[serde(skip_serializing_if = "is_usual")]
    pub retransmit_for: SimDuration,
}

/// Time for which a client keeps an answer by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DnsCache {
    /// For the TTL that it is told.
    AsTold,
    /// For so long, whatever the TTL.
    For(SimDuration),
    /// To the end of the session.
    Forever,
}

fn is_as_told(cache: &DnsCache) -> bool {
    *cache == DnsCache::AsTold
}

/// Words for a time of which a file may say that it has no end.
const FOREVER: Unless<Plain<SimDuration>> = Unless("forever", DURATION);

/// Default of `retransmit_for`: Linux gives up after 15 retransmissions (`tcp_retries2`), some 15 minutes.
const RETRANSMIT_FOR: SimDuration = SimDuration::from_secs(15 * 60);

/// Tells if this is the default: a scenario that says so is the same as one that says nothing.
fn is_usual(retransmit_for: &SimDuration) -> bool {
    *retransmit_for == RETRANSMIT_FOR
}

impl Client {
    /// Reads `client`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let preset: Option<ClientPreset> = table.key("preset", ClientPreset::meaning()).optional(one_of());
        if !table.is_sound(&["preset"]) {
            table.abandon();
        }
        let (usual, of_preset) = (Client::default(), preset.map(ClientPreset::defaults).unwrap_or_default());
        let default = Client {
            pin_share: of_preset.pin_share.unwrap_or(usual.pin_share),
            pin: of_preset.pin.unwrap_or(usual.pin),
            dns_cache: of_preset.dns_cache.map_or(usual.dns_cache, DnsCache::For),
            keepalive: of_preset.keepalive.unwrap_or(usual.keepalive),
            ..usual
        };
        let leave = default.leave.unwrap_or(0.0);
        let client = Client {
            pin_share: table
                .key("pin_share", "share of sessions that keep the address they hold, whatever its TTL")
                .or(
                    SHARE,
                    default.pin_share,
                    "with `pin`: Flavel, Mani and Maltz, LANMAN 2014 (TTL 20 s: 10 % of requests on the old address after 60 \
                     s, 2 % after 15 min)",
                ),
            pin: table
                .key("pin", "age of a pinned answer at the start of a session: uniform between 0 and this")
                .or(ABOVE_ZERO, default.pin, "as above"),
            dns_cache: DnsCache::of(
                table
                    .key("dns_cache", "how long a client keeps an answer by itself, in place of the TTL that it is told")
                    .or(Unless("ttl", FOREVER), default.dns_cache.spelled_out(), "stub resolvers keep to the TTL"),
            ),
            keepalive: table
                .key("keepalive", "how long an idle connection is kept; `0s`: none is")
                .or(FOREVER, Some(default.keepalive), "assumption")
                .unwrap_or(SimDuration::MAX),
            tls_round_trips: table
                .key("tls_round_trips", "round trips of the TLS handshake, after the one of TCP")
                .or(Count(0, 10), default.tls_round_trips, "TLS 1.3 (RFC 8446)"),
            connect_timeout: table.key("connect_timeout", "how long a connect may take").or(
                ABOVE_ZERO,
                default.connect_timeout,
                "assumption: room for the first SYN retransmission after 1 s",
            ),
            request_timeout: table
                .key("request_timeout", "how long an answer may take, from sending on an open connection")
                .or(ABOVE_ZERO, default.request_timeout, "assumption"),
            max_attempts: table
                .key("max_attempts", "attempts of a request, the first included")
                .or(Count(1, 100), default.max_attempts, "AWS SDKs, standard mode"),
            backoff: table
                .key("backoff", "back-off before the second attempt: uniform between 0 and this, doubling each time")
                .or(DURATION, default.backoff, "assumption: full jitter as in the AWS SDKs"),
            backoff_limit: table
                .key("backoff_limit", "upper end of the back-off")
                .or(DURATION, default.backoff_limit, "assumption"),
            patience: table
                .key("patience", "how long after its start a request may still succeed")
                .or(ABOVE_ZERO, default.patience, "assumption"),
            reresolve: table
                .key("reresolve", "whether a failed connect evicts the answer, a pinned one too")
                .or(TRUTH, default.reresolve, "assumption: an answer is kept for its TTL"),
            idempotent: table
                .key(
                    "idempotent",
                    "whether a database that has a write already recognises its repetition and does not write again",
                )
                .or(TRUTH, default.idempotent, "most applications repeat blindly"),
            leave: Some(
                table
                    .key("leave", "probability that a failed request ends its session")
                    .or(SHARE, leave, "assumption: visitors try on"),
            )
            .filter(|leave| *leave > 0.0),
            retry_budget: table
                .key(
                    "retry_budget",
                    "retries that the clients of the geography may make together, per request",
                )
                .or(
                    Unless("unlimited", SHARE),
                    default.retry_budget,
                    "assumption; Finagle: 20 %, gRPC and service meshes: 10 to 20 %",
                ),
            retransmit_for: table
                .key("retransmit_for", "how long its kernel goes on sending a request whose way is cut")
                .or(DURATION, default.retransmit_for, "Linux: `tcp_retries2`"),
        };
        let Client { backoff, backoff_limit: limit, .. } = client;
        if table.is_sound(&["backoff", "backoff_limit"]) && backoff > limit {
            table.problem("backoff", format!("{backoff} is longer than the limit of the back-off, {limit}"));
        }
        client
    }
}

impl DnsCache {
    /// Reads what a file says: nothing for the TTL, and no time for ever.
    fn of(kept: Option<Option<SimDuration>>) -> Self {
        match kept {
            None => DnsCache::AsTold,
            Some(Some(time)) => DnsCache::For(time),
            Some(None) => DnsCache::Forever,
        }
    }

    /// Returns what a file would say.
    fn spelled_out(self) -> Option<Option<SimDuration>> {
        match self {
            DnsCache::AsTold => None,
            DnsCache::For(time) => Some(Some(time)),
            DnsCache::Forever => Some(None),
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
            dns_cache: DnsCache::AsTold,
            keepalive: SimDuration::from_secs(60),
            tls_round_trips: 1,
            connect_timeout: SimDuration::from_secs(3),
            request_timeout: SimDuration::from_secs(10),
            max_attempts: 3,
            backoff: SimDuration::from_nanos(100_000_000),
            backoff_limit: SimDuration::from_secs(20),
            patience: SimDuration::from_secs(30),
            reresolve: false,
            leave: None,
            idempotent: false,
            retry_budget: None,
            retransmit_for: RETRANSMIT_FOR,
        }
    }
}
