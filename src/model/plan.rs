//! A scenario made ready to run: distributions become samplers, popularity tables are built, once for all runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::draws::{OfAttempt, OfRequest};
use super::per_geography::PerGeography;
use super::per_region::PerRegion;
use super::visitor::Session;
use super::whole;
use crate::engine::{Sampler, Zipf};
use crate::scenario::{DatabaseNode, Design, Distribution, Geography, RegionId, Routing, Scenario};
use crate::units::{SimDuration, SimTime};

/// A scenario made ready to run. Shared, unchanged, by all runs.
#[derive(Debug)]
pub struct Plan {
    pub(super) scenario: Scenario,
    pub(super) geographies: PerGeography<GeographyPlan>,
    pub(super) regions: PerRegion<RegionPlan>,
    pub(super) link_rtt: Sampler,
    /// Set if a cut may lose an answer that is on its way.
    pub(super) loses_answers: bool,
    pub(super) keys: Zipf,
    pub(super) designs: Vec<DesignPlan>,
    pub(super) incidents: Vec<IncidentPlan>,
    pub(super) horizon: SimTime,
    pub(super) measured: (SimTime, SimTime),
    pub(super) window: SimDuration,
    pub(super) timeline_bin: SimDuration,
    /// Set when its runs are to stop.
    stop: Option<Arc<AtomicBool>>,
}

/// A geography's samplers.
#[derive(Debug)]
pub(super) struct GeographyPlan {
    pub(super) requests: Sampler,
    pub(super) think: Sampler,
    pub(super) rtt: PerRegion<Sampler>,
    pub(super) resolvers: Zipf,
    /// Share of the look-ups that each of them gets.
    pub(super) resolver_shares: Vec<f64>,
    /// Place of the geography's first resolver among all resolvers.
    pub(super) first_resolver: u32,
    /// Most tokens in its bucket of retries.
    pub(super) retry_tokens: f64,
}

/// A region's samplers.
#[derive(Debug)]
pub(super) struct RegionPlan {
    pub(super) service: Sampler,
    pub(super) read: Sampler,
    pub(super) write: Sampler,
    /// The longest time for which its node serves a call that succeeds, if the call need not wait.
    pub(super) longest_call: SimDuration,
}

/// A design's samplers and routing.
#[derive(Debug)]
pub(super) struct DesignPlan {
    /// For each geography, the regions from first to last choice.
    pub(super) orders: PerGeography<[RegionId; 2]>,
    /// Of weighted routing: the first region's share.
    pub(super) first_share: Option<f64>,
    pub(super) ship: Sampler,
    pub(super) apply: Sampler,
    /// The least time from one commit that a replica applies to the next.
    pub(super) apply_gap: SimDuration,
    pub(super) promotion: Sampler,
    pub(super) decision: Option<Sampler>,
    /// Of conflicts that halt two-way synchronisation.
    pub(super) repair: Option<Sampler>,
}

/// An incident's samplers.
#[derive(Debug)]
pub(super) struct IncidentPlan {
    /// Of renewal incidents.
    pub(super) every: Option<Sampler>,
    pub(super) lasts: Sampler,
}

/// Most bins of a timeline.
const TIMELINE_BINS_MAX: u64 = 300;

impl Plan {
    /// Prepares `scenario`.
    pub fn new(scenario: &Scenario) -> Self {
        let horizon = SimTime::ZERO + scenario.study.horizon;
        let patience = scenario.geographies.iter().map(|g| g.client.patience).max().unwrap_or_default();
        let mut first_resolver = 0;
        let geographies = scenario.geographies.iter().map(|geography| {
            let first = first_resolver;
            first_resolver += geography.resolvers.count;
            let resolvers = Zipf::new(geography.resolvers.count, geography.resolvers.skew);
            GeographyPlan {
                requests: sampler(&geography.requests_per_session),
                think: sampler(&geography.think_time),
                rtt: PerRegion::from_fn(|region| sampler(&geography.rtt[region])),
                resolver_shares: resolvers.probabilities(),
                resolvers,
                first_resolver: first,
                retry_tokens: retry_tokens(geography),
            }
        });
        let regions = PerRegion::from_fn(|region| RegionPlan {
            service: sampler(&scenario.regions[region].app.service),
            read: sampler(&scenario.regions[region].database.read),
            write: sampler(&scenario.regions[region].database.write),
            longest_call: longest_call(&scenario.regions[region].database),
        });
        Plan {
            geographies: geographies.collect(),
            regions,
            link_rtt: sampler(&scenario.link.rtt),
            loses_answers: scenario.incidents.iter().any(|incident| incident.kind.loses_answers()),
            keys: Zipf::new(scenario.keys.count, scenario.keys.skew),
            designs: scenario.designs.iter().map(|design| design_plan(design, scenario.geographies.len())).collect(),
            incidents: scenario.incidents.iter().map(|incident| incident_plan(&incident.schedule)).collect(),
            horizon,
            measured: (SimTime::ZERO + scenario.study.warmup, horizon.saturating_sub(patience)),
            window: scenario.study.window.unwrap_or_else(|| scenario.default_window()),
            timeline_bin: timeline_bin(scenario.study.horizon),
            scenario: scenario.clone(),
            stop: None,
        }
    }

    /// The same, whose runs end with [`crate::engine::EngineError::Stopped`] once `stop` is set.
    #[must_use]
    pub fn stopped_by(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Returns true if its runs are to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The round-trip time of a session's attempt to its region.
    #[inline]
    pub(super) fn rtt(&self, visitor: &Session) -> SimDuration {
        let sampler = &self.geographies[visitor.geography].rtt[visitor.region];
        if let Some(rtt) = sampler.fixed() {
            return rtt;
        }
        let is_second = visitor.answer.is_some_and(|answer| answer.second == Some(visitor.region));
        let purpose = if is_second { OfAttempt::SecondRtt } else { OfAttempt::Rtt };
        sampler.duration(visitor.draws.of_attempt(visitor.request, visitor.attempt, purpose))
    }

    /// The time that a session thinks after its request.
    #[inline]
    pub(super) fn think(&self, visitor: &Session) -> SimDuration {
        let think = &self.geographies[visitor.geography].think;
        think.duration(visitor.draws.of_request(visitor.request, OfRequest::Think))
    }

    /// Returns the time at which a client gives up the request that it has sent.
    #[inline]
    pub(super) fn deadline(&self, visitor: &Session) -> SimTime {
        let client = &self.scenario.geographies[visitor.geography].client;
        (visitor.sent + client.request_timeout).min(visitor.patience_ends)
    }

    /// More events than any run of the design should need.
    pub(super) fn event_budget(&self, design: usize) -> u64 {
        // As many times over, so that no valid scenario runs out: it is there for what would never end.
        const TIMES: f64 = 4.0;
        whole::floor(TIMES * self.scenario.cost_of(&self.scenario.designs[design]).most_events)
    }
}

/// Most retries that a geography can have saved up: those that the requests of ten seconds pay for (as in Finagle's budget),
/// and at least one.
fn retry_tokens(geography: &Geography) -> f64 {
    const SAVED_FOR_S: f64 = 10.0;
    let of_sessions = geography.session_rate * geography.requests_per_session.mean();
    let requests = (of_sessions + geography.service_request_rate()) * SAVED_FOR_S;
    (geography.client.retry_budget.unwrap_or(0.0) * requests).max(1.0)
}

/// The longest time for which a node serves a call that succeeds, if the call need not wait.
fn longest_call(node: &DatabaseNode) -> SimDuration {
    node.statement_timeout.map_or(node.timeout, |limit| limit.min(node.timeout))
}

fn design_plan(design: &Design, geographies: usize) -> DesignPlan {
    use crate::scenario::{Conflicts, PromotionTrigger, Writes};
    let orders = match &design.routing {
        Routing::Nearest { orders } => orders.iter().copied().collect(),
        Routing::Failover { order } => PerGeography::same(*order, geographies),
        // The heavier one first: that is whose loss shows.
        Routing::Weighted { weights: [first, second] } => {
            let [one, other] = RegionId::BOTH;
            PerGeography::same(if second > first { [other, one] } else { [one, other] }, geographies)
        }
    };
    let first_share = match design.routing {
        Routing::Weighted { weights: [first, second] } => Some(first / (first + second)),
        Routing::Nearest { .. } | Routing::Failover { .. } => None,
    };
    DesignPlan {
        orders,
        first_share,
        ship: sampler(&design.replication.ship),
        apply: sampler(&design.replication.apply),
        apply_gap: design
            .replication
            .apply_rate
            .map_or(SimDuration::ZERO, |rate| SimDuration::from_secs_f64(1.0 / rate)),
        promotion: sampler(&design.promotion.duration),
        decision: match &design.promotion.trigger {
            PromotionTrigger::Manual { decision } => Some(sampler(decision)),
            PromotionTrigger::Automatic { .. } | PromotionTrigger::Planned { .. } | PromotionTrigger::Never => None,
        },
        repair: match &design.database.writes {
            Writes::MultiPrimary { conflicts: Conflicts::AtReceiver { repair, .. } } => Some(sampler(repair)),
            Writes::SinglePrimary | Writes::MultiPrimary { .. } => None,
        },
    }
}

fn incident_plan(schedule: &crate::scenario::Schedule) -> IncidentPlan {
    use crate::scenario::Schedule;
    match schedule {
        Schedule::Once { lasts, .. } => IncidentPlan { every: None, lasts: sampler(lasts) },
        Schedule::Renewal { every, lasts } => IncidentPlan { every: Some(sampler(every)), lasts: sampler(lasts) },
    }
}

/// The shortest round bin with which the whole run takes at most [`TIMELINE_BINS_MAX`] bins.
fn timeline_bin(horizon: SimDuration) -> SimDuration {
    const ROUND_S: [u64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400];
    let fits = |bin: &u64| horizon.as_nanos().div_ceil(*bin * 1_000_000_000) <= TIMELINE_BINS_MAX;
    let round = ROUND_S.iter().copied().find(fits);
    SimDuration::from_secs(round.unwrap_or_else(|| horizon.as_nanos() / 1_000_000_000 / TIMELINE_BINS_MAX + 1))
}

fn sampler(distribution: &Distribution) -> Sampler {
    match distribution {
        Distribution::Constant { value } => Sampler::constant(*value),
        Distribution::Exponential { mean } => Sampler::exponential(*mean),
        Distribution::Geometric { mean } => Sampler::geometric(*mean),
        Distribution::Lognormal { median, p95 } => {
            Sampler::lognormal(*median, Distribution::lognormal_sigma(*median, *p95))
        }
        Distribution::Uniform { low, high } => Sampler::uniform(*low, *high),
        Distribution::Pareto { min, shape } => Sampler::pareto(*min, *shape),
        Distribution::Weibull { scale, shape } => Sampler::weibull(*scale, *shape),
        Distribution::Empirical { values } => Sampler::empirical(values.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, ASIA, NORTH, SOUTH, europe};
    use super::*;

    #[test]
    fn the_timeline_has_the_shortest_round_bins_of_which_three_hundred_will_do() {
        let bin = |seconds| timeline_bin(SimDuration::from_secs(seconds));
        for (horizon, expected) in [(300, 1), (301, 2), (600, 2), (601, 5), (3_600, 15), (86_400, 300)] {
            assert_eq!(bin(horizon), SimDuration::from_secs(expected), "{horizon} s");
        }
        // Beyond the longest round bin of a day: a second more than a three-hundredth.
        assert_eq!(bin(300 * 86_400 + 600), SimDuration::from_secs(86_403));
    }

    #[test]
    fn a_budget_saves_up_what_the_requests_of_ten_seconds_pay_for_and_at_least_one_retry() {
        let tokens = |rate: &str| {
            let rate = format!("geographies.asia.sessions.rate={rate}");
            let plan = fixture::plan(&["geographies.asia.client.retry_budget=0.2", &rate]);
            plan.geographies[ASIA].retry_tokens
        };
        // Two sessions a second of three requests each: 60 requests, of which a fifth is 12.
        assert!((tokens("2") - 12.0).abs() < 1e-9);
        assert!((tokens("0.01") - 1.0).abs() < 1e-9);
    }

    #[test]
    fn time_is_measured_from_the_warm_up_to_the_longest_patience_before_the_horizon() {
        let plan = fixture::plan(&["geographies.europe.client.patience=40s"]);
        let at = |seconds| SimTime::ZERO + SimDuration::from_secs(seconds);
        assert_eq!((plan.measured, plan.horizon), ((at(60), at(560)), at(600)));
    }

    #[test]
    fn a_weighted_design_leads_by_the_first_regions_share_and_puts_the_heavier_one_first() {
        let of = |weights: &str| {
            let routing = format!("designs.active-active.routing={{ policy = 'weighted', weights = {weights} }}");
            let plan = fixture::plan(&[&routing]);
            (plan.designs[0].orders[ASIA], plan.designs[0].first_share)
        };
        assert_eq!(of("{ singapore = 1, frankfurt = 3 }"), ([SOUTH, NORTH], Some(0.25)));
        assert_eq!(of("{ singapore = 3, frankfurt = 1 }"), ([NORTH, SOUTH], Some(0.75)));
        let nearest = fixture::plan(&[]);
        assert_eq!([ASIA, europe()].map(|place| nearest.designs[0].orders[place]), [[NORTH, SOUTH], [SOUTH, NORTH]]);
    }

    #[test]
    fn a_client_gives_up_after_the_timeout_or_when_its_patience_ends() {
        let plan = fixture::plan(&[]);
        let sent = |seconds: u64| Session { sent: fixture::millis(seconds * 1_000), ..fixture::visitor() };
        assert_eq!(plan.deadline(&sent(5)), fixture::millis(15_000));
        assert_eq!(plan.deadline(&sent(25)), fixture::millis(30_000));
    }
}
