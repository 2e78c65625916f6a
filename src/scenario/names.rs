//! Names: the traffic manager's answers, their TTLs, and the health checks behind them.

use serde::Serialize;

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
    /// What is answered when every region is down.
    #[serde(skip_serializing_if = "WhenAllDown::is_default")]
    pub when_all_down: WhenAllDown,
}

fn is_one(count: &u32) -> bool {
    *count == 1
}

/// What the traffic manager answers when every region is down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenAllDown {
    /// The default pool, that is, the ordinary order: it fails open.
    #[default]
    Default,
    /// SERVFAIL: it fails closed.
    Servfail,
}

impl WhenAllDown {
    fn is_default(&self) -> bool {
        *self == WhenAllDown::Default
    }
}

/// How the traffic manager finds out that a region is down.
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
    /// What a probe asks for.
    pub probe: Probe,
}

/// The defaults of a scenario file. Alibaba Cloud's GTM where its documentation says one; else as noted.
impl Default for Dns {
    fn default() -> Self {
        Dns {
            // GTM: the default global TTL is one minute.
            answer_ttl: SimDuration::from_secs(60),
            // An assumption: a CNAME is changed seldom, and ten minutes is the least that many zones are sold with.
            cname_ttl: Some(SimDuration::from_secs(600)),
            // Assumptions: authorities are anycast, so a resolver finds one near.
            zone_rtt: SimDuration::from_nanos(20_000_000),
            gtm_rtt: SimDuration::from_nanos(20_000_000),
            health_checks: HealthChecks::default(),
            // An assumption: a new answer reaches the name servers within seconds.
            publish_delay: SimDuration::from_secs(2),
            // GTM: one address pool answers at a time.
            addresses: 1,
            // GTM's default pool; Azure Traffic Manager fails open too.
            when_all_down: WhenAllDown::Default,
        }
    }
}

/// The defaults of a scenario file. Alibaba Cloud's GTM where its documentation says one; else as noted.
impl Default for HealthChecks {
    fn default() -> Self {
        HealthChecks {
            // An assumption: GTM probes from several places and does not say how many take part.
            checkers: 6,
            // GTM: one minute; 15 s in its Ultimate edition.
            interval: SimDuration::from_secs(60),
            // GTM offers 2, 3, 5 and 10 s.
            timeout: SimDuration::from_secs(5),
            // GTM offers 1, 2 and 3.
            fall: 3,
            // Azure Traffic Manager: one good probe brings an endpoint back. GTM does not say.
            rise: 1,
            // An assumption: GTM lets the share of failing checkers be chosen.
            quorum: 0.5,
            // GTM: ping is the default protocol.
            probe: Probe::Ping,
        }
    }
}

/// What a health check asks for.
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
