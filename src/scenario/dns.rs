//! Names: the traffic manager's answers, their TTLs, and the health checks behind them.

use serde::Serialize;

use super::text::kind::{ABOVE_ZERO, Count, DURATION, PERIOD, SHARE, Unless, narrowed, one_of};
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// The chain of names and its health checks. A design may override parts of the world's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dns {
    /// TTL of the traffic manager's answer.
    pub answer_ttl: SimDuration,
    /// TTL of the CNAME in the site's own zone; `None`: it never runs out.
    pub cname_ttl: Option<SimDuration>,
    /// Round-trip time from a resolver to the authority of the site's zone.
    pub zone_rtt: SimDuration,
    /// Round-trip time from a resolver to the traffic manager's authority.
    pub gtm_rtt: SimDuration,
    /// The health checks.
    pub health_checks: HealthChecks,
    /// Time from a verdict to the answer that follows from it.
    pub publish_delay: SimDuration,
    /// Regions that an answer carries: 1, or 2.
    #[serde(skip_serializing_if = "is_one")]
    pub addresses: u32,
    /// Answer when every region is down.
    #[serde(skip_serializing_if = "WhenAllDown::is_default")]
    pub when_all_down: WhenAllDown,
}

impl Dns {
    /// Reads `dns`; what it does not say is as in `default`.
    pub(super) fn read(table: &mut TableReader<'_>, default: &Dns) -> Self {
        Dns {
            answer_ttl: table
                .key("answer_ttl", "TTL of the traffic manager's answer")
                .or(ABOVE_ZERO, default.answer_ttl, "GTM: one minute"),
            cname_ttl: table
                .key("cname_ttl", "TTL of the CNAME in the site's own zone; `never`: it does not run out, or the name has none")
                .or(Unless("never", ABOVE_ZERO), default.cname_ttl, "assumption"),
            zone_rtt: table
                .key("zone_rtt", "round-trip time from a resolver to the authority of the site's zone")
                .or(DURATION, default.zone_rtt, "assumption"),
            gtm_rtt: table
                .key("gtm_rtt", "round-trip time from a resolver to the traffic manager's authority")
                .or(DURATION, default.gtm_rtt, "assumption"),
            health_checks: table
                .key("health_checks", "how the traffic manager finds out")
                .table_or_empty(|table| HealthChecks::read(table, &default.health_checks)),
            publish_delay: table
                .key("publish_delay", "from a verdict to the answer that follows from it")
                .or(DURATION, default.publish_delay, "assumption"),
            addresses: table
                .key(
                    "addresses",
                    "regions that an answer carries; with 2, a client that fails to connect to the first tries the second \
                     at once",
                )
                .or(Count(1, 2), default.addresses, "GTM: one address pool answers at a time"),
            when_all_down: table
                .key("when_all_down", "what is answered when every region is down: the ordinary order, or a failure")
                .or(one_of(), default.when_all_down, "GTM's default pool; Azure Traffic Manager fails open too"),
        }
    }
}

fn is_one(count: &u32) -> bool {
    *count == 1
}

/// Answer of the traffic manager when every region is down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenAllDown {
    /// The default pool, that is, the ordinary order: it fails open.
    #[default]
    Default,
    /// SERVFAIL: it fails closed.
    Servfail,
}

words!(WhenAllDown: "default" => Default, "servfail" => Servfail);

impl WhenAllDown {
    fn is_default(&self) -> bool {
        *self == WhenAllDown::Default
    }
}

/// Probes by which the traffic manager finds out that a region is down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HealthChecks {
    /// Number of checkers, dealt to the geographies in turn.
    pub checkers: u32,
    /// Time between the starts of two probes of one checker.
    pub interval: SimDuration,
    /// A probe without an answer by then has failed.
    pub timeout: SimDuration,
    /// Failed probes in a row after which a checker holds a region to be down.
    pub fall: u32,
    /// Good probes in a row after which a checker holds it to be up again.
    pub rise: u32,
    /// The region is down when a larger share of checkers than this says so.
    pub quorum: f64,
    /// Depth of a probe.
    pub probe: Probe,
}

impl HealthChecks {
    fn read(table: &mut TableReader<'_>, default: &HealthChecks) -> Self {
        let below_one = narrowed(SHARE, "share below 1", |share| match share {
            1.0 => Err("1 can never be exceeded, so nothing would ever be down; it must be below 1".to_owned()),
            quorum => Ok(quorum),
        });
        let checks = HealthChecks {
            checkers: table.key("checkers", "checkers, dealt to the geographies in turn").or(
                Count(1, 1_000),
                default.checkers,
                "assumption",
            ),
            interval: table.key("interval", "between the starts of two probes of a checker").or(
                PERIOD,
                default.interval,
                "GTM: one minute (15 s in the Ultimate edition)",
            ),
            timeout: table.key("timeout", "a probe without an answer by then has failed; at most the interval").or(
                ABOVE_ZERO,
                default.timeout,
                "GTM: 2, 3, 5 or 10 s",
            ),
            fall: table.key("fall", "failed probes in a row that turn a region down").or(
                Count(1, 100),
                default.fall,
                "GTM: 1, 2 or 3",
            ),
            rise: table.key("rise", "good probes in a row that turn it up").or(
                Count(1, 100),
                default.rise,
                "Azure Traffic Manager: one",
            ),
            quorum: table.key("quorum", "the region is down when a larger share of checkers says so").or(
                below_one,
                default.quorum,
                "assumption; a setting of its own in GTM",
            ),
            probe: table
                .key(
                    "probe",
                    "`ping`: the network answers, even if the app is dead; `tcp`: the app accepts; `http`: it answers; \
                     `deep`: it and its database answer",
                )
                .or(one_of(), default.probe, "GTM: ping"),
        };
        // A design that overrides neither would repeat the problem of the world.
        let stated = ["timeout", "interval"].into_iter().find(|key| table.has(key));
        if let Some(key) =
            stated.filter(|_| table.is_sound(&["interval", "timeout"]) && checks.timeout > checks.interval)
        {
            let HealthChecks { timeout, interval, .. } = checks;
            table.problem(key, format!("a probe's timeout, {timeout}, is longer than the interval, {interval}"));
        }
        checks
    }
}

/// The defaults of a scenario file; where they come from is said where they are read.
impl Default for Dns {
    fn default() -> Self {
        Dns {
            answer_ttl: SimDuration::from_secs(60),
            cname_ttl: Some(SimDuration::from_secs(600)),
            zone_rtt: SimDuration::from_nanos(20_000_000),
            gtm_rtt: SimDuration::from_nanos(20_000_000),
            health_checks: HealthChecks::default(),
            publish_delay: SimDuration::from_secs(2),
            addresses: 1,
            when_all_down: WhenAllDown::Default,
        }
    }
}

/// The defaults of a scenario file; where they come from is said where they are read.
impl Default for HealthChecks {
    fn default() -> Self {
        HealthChecks {
            checkers: 6,
            interval: SimDuration::from_secs(60),
            timeout: SimDuration::from_secs(5),
            fall: 3,
            rise: 1,
            quorum: 0.5,
            probe: Probe::Ping,
        }
    }
}

/// Depth of a health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    /// The region's network answers, even if the app is dead.
    Ping,
    /// The app accepts a connection.
    Tcp,
    /// The app answers, after its queue.
    Http,
    /// The app and its database answer.
    Deep,
}

words!(Probe: "ping" => Ping, "tcp" => Tcp, "http" => Http, "deep" => Deep);
