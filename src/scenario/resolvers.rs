//! The recursive resolvers that visitors ask.

use serde::Serialize;

use super::text::kind::{ABOVE_ZERO, Count, DURATION, PlainNumber, SHARE, TRUTH, Unless};
use super::text::log::of_nothing;
use super::text::reader::TableReader;
use crate::units::SimDuration;

/// Tells if a duration is zero: a default that is left out of the serialised form.
fn is_zero(duration: &SimDuration) -> bool {
    *duration == SimDuration::ZERO
}

/// The recursive resolvers of a geography.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resolvers {
    /// Number of them.
    pub count: u32,
    /// Zipf exponent of their popularity; 0 is uniform.
    pub skew: f64,
    /// Round-trip time between a client and its resolver.
    pub rtt: SimDuration,
    /// Probability that a session uses a resolver of another geography, and is routed by that one's place.
    pub foreign: f64,
    /// Time that a look-up waits for an authority that does not answer before it fails (default 5 s).
    pub timeout: SimDuration,
    /// TTLs below this are lengthened to it.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_ttl: SimDuration,
    /// TTLs above this are cut to it; `None`: none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_ttl: Option<SimDuration>,
    /// Time that a failure, or an empty answer, is cached; zero: not at all.
    #[serde(skip_serializing_if = "is_zero")]
    pub failure_ttl: SimDuration,
    /// For how long after its end an entry may serve while the authority does not answer (RFC 8767); `None`: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serve_stale: Option<SimDuration>,
    /// Set if their clocks count whole seconds, so that an answer lives for up to a second longer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub whole_seconds: bool,
    /// Set if they ask again for an entry of which a tenth of its life is left, when somebody asks for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prefetch: bool,
}

impl Resolvers {
    /// Reads `resolvers`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let resolvers = Resolvers {
            count: table.key("count", "how many there are").or(Count(1, 100_000), 40, "assumption"),
            skew: table
                .key("skew", "Zipf exponent of their popularity")
                .or(PlainNumber::Within(0.0, 5.0), 1.0, "assumption"),
            rtt: table
                .key("rtt", "round-trip time from client to resolver")
                .or(DURATION, SimDuration::from_nanos(8_000_000), "assumption"),
            foreign: table
                .key(
                    "foreign",
                    "probability that a session asks a resolver of another geography and is routed by its place",
                )
                .or(SHARE, 0.03, "assumption: public resolvers without client subnet"),
            timeout: table
                .key("timeout", "how long a look-up waits for a silent authority")
                .or(ABOVE_ZERO, SimDuration::from_secs(5), "assumption: usual for stub resolvers"),
            min_ttl: table.key("min_ttl", "TTLs below this are lengthened to it").or(
                DURATION,
                SimDuration::ZERO,
                "assumption: resolvers keep to the TTL (8.74 % of 8,524 probed lengthen some: Bhowmick et al., PAM 2023)",
            ),
            max_ttl: table
                .key("max_ttl", "TTLs above this are cut to it; a CNAME that never runs out stays")
                .or(Unless("never", ABOVE_ZERO), None, "as above"),
            failure_ttl: table.key("failure_ttl", "how long a failed look-up, or an empty answer, is cached").or(
                DURATION,
                SimDuration::ZERO,
                "assumption: not cached; real zones say minutes for empty answers (RFC 2308), resolvers at least 1 s for \
                 failures (RFC 9520)",
            ),
            serve_stale: table
                .key(
                    "serve_stale",
                    "whether an entry that has run out serves while the authority does not answer: after 1.8 s, with a TTL \
                     of 30 s (RFC 8767)",
                )
                .decides_if(false, "RFC 8767: optional", |table, is_served| {
                    is_served.then(|| {
                        table
                            .key("max_stale", "for how long after its end")
                            .or(ABOVE_ZERO, SimDuration::from_secs(86_400), "RFC 8767: one to three days")
                    })
                }),
            whole_seconds: table
                .key("whole_seconds", "whether their clocks count whole seconds: an answer of 10 s lives for 10 to 11 s")
                .or(TRUTH, false, "assumption: keeps the tail to the TTL; Unbound's do"),
            prefetch: table
                .key("prefetch", "whether a hit in the last tenth of an entry's life has it fetched again")
                .or(TRUTH, false, "Unbound: `prefetch` is off by default"),
        };
        if let (Resolvers { min_ttl, max_ttl: Some(most), .. }, true) =
            (&resolvers, table.is_sound(&["min_ttl", "max_ttl"]))
            && min_ttl > most
        {
            table.problem("min_ttl", format!("{min_ttl} is longer than max_ttl, {most}"));
        }
        resolvers
    }
}

/// The defaults of a scenario file.
impl Default for Resolvers {
    fn default() -> Self {
        of_nothing(Resolvers::read)
    }
}
