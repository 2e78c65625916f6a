//! Estimates what a study costs, by arithmetic from the scenario alone: requests, events, time, memory, disk. Whatever shows, limits or budgets
//! work asks here.
//!
//! Two figures are given of events: those expected while servers keep up, and those that no run exceeds. Expected ones count
//! what each thing takes as a rule, which was measured: a read that nothing can disturb takes one event, any other three, a write
//! that waits for its replica seven, a probe four. Memory is that of the process, at its peak.

mod disk;
mod memory;
mod study_size;

pub use disk::Disk;
use study_size::StudySize;

use super::database::{Endpoint, Reads, Writes};
use super::design::Design;
use super::dns::Probe;
use super::geography::Geography;
use super::incident::{Authority, Incident, IncidentKind, Schedule};
use super::promotion::PromotionTrigger;
use super::region::Region;
use super::replication::ReplicationMode;
use super::routing::Routing;
use super::sessions::Sessions;
use super::whole::Scenario;
use crate::units::SimDuration;
use crate::units::words::amount;

/// The most events that a study may be expected to simulate, unless forced: some hours of one processor.
pub const MOST_EVENTS: u64 = 200_000_000_000;

/// The most memory that a study may be expected to take, in bytes, unless forced.
pub const MOST_BYTES: u64 = 6_000_000_000;

/// Events of a read that nothing can disturb: the next request of its session.
const CALM_READ: f64 = 1.0;
/// Events of a read that is followed from step to step.
const FOLLOWED_READ: f64 = 3.1;
/// Events of a write.
const WRITE: f64 = 3.1;
/// Events of a write that waits for its replica.
const ACKNOWLEDGED_WRITE: f64 = 6.8;
/// Events of an attempt that fails.
const FAILED_ATTEMPT: f64 = 2.7;
/// Events of a request that has to wait for a server.
const WAITING: f64 = 1.2;
/// Utilisation above which repeated attempts can keep a service down after what broke it is over, and attempts that suffice.
const STORM_ABOVE: f64 = 0.7;
const STORM_ATTEMPTS: u32 = 4;
/// Events of a look-up at one authority.
const LOOKUP: f64 = 2.0;
/// Events of a probe.
const PROBE: f64 = 4.0;
/// Further events of a probe that asks the app, and of one that asks the database.
const HTTP_PROBE: f64 = 1.0;
const DEEP_PROBE: f64 = 2.0;
/// Events of an occurrence of an incident: its start and its end.
const OCCURRENCE: f64 = 2.0;
/// Bins of a timeline, at most.
const BINS: f64 = 500.0;
/// The most events that an attempt can lead to: those of each step, again after each that is undone.
const MOST_OF_ATTEMPT: f64 = 40.0;
/// Factor by which more than expected may come by chance, beside the slack.
const CHANCE: f64 = 1.25;
/// Events that no small run is held to.
const SLACK: f64 = 1_000_000.0;

/// Events that one processor handles in a second, in a build for release: the rate by which time is told. It is stated and not
/// measured where the command runs.
pub const EVENTS_PER_SECOND: f64 = 5_000_000.0;
/// Seconds that comparison and charts of a pair of designs take.
const SECONDS_OF_PAIR: f64 = 0.05;

/// Bytes of the program with its fonts.
const PROGRAM: f64 = 36e6;
/// Bytes of the conclusions and charts of a design, and of a pair of designs.
const OF_DESIGN: f64 = 2.0e6;
const OF_PAIR: f64 = 0.67e6;
/// Bytes of a run that are kept to the end of the study: the place of its record in the log, and what the columns that are looked
/// at take of it.
const OF_RUN: f64 = 220.0;
/// Bytes of a session of a trace, with room to sort.
const OF_TRACED: f64 = 16.0;

/// Expected cost of a study, or of a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Requests, each counted once however often it is attempted.
    pub requests: f64,
    /// Events.
    pub events: f64,
    /// Events that are not exceeded.
    pub most_events: f64,
    /// Seconds, at [`EVENTS_PER_SECOND`] on each processor.
    pub seconds: f64,
    /// Bytes of memory at the peak.
    pub bytes: f64,
    /// Bytes of memory that are not exceeded.
    pub most_bytes: f64,
    /// Bytes on the disk.
    pub disk: Disk,
}

impl Cost {
    /// Returns the bytes that limits look at: those expected, or half of those that may be taken, where that is more. What is
    /// expected may be exceeded by a factor of two.
    pub fn limited_bytes(&self) -> f64 {
        self.bytes.max(self.most_bytes / 2.0)
    }

    /// Returns in words what of it is more than is sensible, if anything is.
    pub fn excess(&self) -> Option<String> {
        let (events, bytes) = (amount(self.events), amount(self.limited_bytes()));
        let (most_events, most_bytes) = (amount(MOST_EVENTS as f64), amount(MOST_BYTES as f64));
        match () {
            () if self.events > MOST_EVENTS as f64 => {
                Some(format!("about {events} events would be simulated, more than {most_events}"))
            }
            () if self.limited_bytes() > MOST_BYTES as f64 => {
                Some(format!("about {bytes}B of memory would be needed, more than {most_bytes}B"))
            }
            () => None,
        }
    }

    /// The cost of so many studies that are made one after the other, each of which costs this at most, and whose runs are all kept.
    #[must_use]
    pub fn times(self, studies: f64) -> Self {
        Cost {
            requests: studies * self.requests,
            events: studies * self.events,
            most_events: studies * self.most_events,
            seconds: studies * self.seconds,
            bytes: self.bytes,
            most_bytes: self.most_bytes,
            disk: Disk { runs: studies * self.disk.runs, files: self.disk.files },
        }
    }
}

/// Which part of a study is meant.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'a> {
    /// Names of the designs; empty: all of them.
    pub designs: &'a [String],
    /// Runs at a time.
    pub jobs: usize,
}

impl Scenario {
    /// Estimates what the scenario's runs of the designs cost.
    pub fn cost(&self, extent: Extent<'_>) -> Cost {
        let is_meant = |design: &&Design| extent.designs.is_empty() || extent.designs.contains(&design.name);
        let designs: Vec<&Design> = self.designs.iter().filter(is_meant).collect();
        let runs = self.study.runs as f64;
        let size = StudySize::of(designs.len() as f64, runs);
        let jobs = (extent.jobs.max(1) as f64).min(size.runs.max(runs));
        let traffic = Traffic::of(self);
        let of_runs: Vec<Cost> = designs.iter().map(|design| self.cost_of_run(design, &traffic)).collect();
        let sum = |of: fn(&Cost) -> f64| runs * of_runs.iter().map(of).sum::<f64>();
        let events = sum(|cost| cost.events);
        let requests: Vec<f64> = traffic.places.iter().map(|place| place.requests).collect();
        let under_way = |of: fn(&Cost) -> f64| jobs * of_runs.iter().map(of).fold(0.0, f64::max);
        let kept = size.bytes(PROGRAM, OF_DESIGN, OF_PAIR, OF_RUN) + traffic.traced * OF_TRACED;
        Cost {
            requests: sum(|cost| cost.requests),
            events,
            most_events: sum(|cost| cost.most_events),
            seconds: events / (EVENTS_PER_SECOND * jobs) + size.pairs * SECONDS_OF_PAIR,
            bytes: kept + under_way(|cost| cost.bytes),
            most_bytes: 2.0 * kept + under_way(|cost| cost.most_bytes),
            disk: Disk::of(size, &requests, traffic.occurrences),
        }
    }

    /// Estimates what one run of a design costs; `bytes` are those that it takes while it is made.
    pub fn cost_of(&self, design: &Design) -> Cost {
        self.cost_of_run(design, &Traffic::of(self))
    }

    fn cost_of_run(&self, design: &Design, traffic: &Traffic) -> Cost {
        let horizon_s = self.study.horizon.as_secs_f64();
        let requests: f64 = traffic.places.iter().map(|place| place.requests).sum();
        let most_requests: f64 = traffic.places.iter().map(|place| place.most_requests).sum();
        let windows = horizon_s / self.window().as_secs_f64();
        let own = traffic.occurrences * OCCURRENCE + windows + BINS;
        let probes = probes(design, horizon_s);
        let lookups: f64 =
            self.geographies.iter().zip(&traffic.places).map(|(g, at)| lookups(g, at, design, horizon_s)).sum();
        let served: f64 = self
            .geographies
            .iter()
            .zip(&traffic.places)
            .enumerate()
            .map(|(place, (geography, at))| at.requests * self.events_of_request(design, traffic, place, geography))
            .sum();
        let attempts: f64 = self
            .geographies
            .iter()
            .zip(&traffic.places)
            .map(|(geography, at)| at.most_requests * f64::from(geography.client.max_attempts))
            .sum();
        let memory = self.memory_of_run(design, traffic, windows);
        Cost {
            requests,
            events: served + lookups + probes + own,
            most_events: SLACK
                + CHANCE * (attempts.max(most_requests) * MOST_OF_ATTEMPT)
                + 2.0 * (probes + own)
                + 4.0 * CHANCE * traffic.occurrences * (OCCURRENCE + 2.0),
            seconds: 0.0,
            bytes: memory.bytes,
            most_bytes: memory.most,
            disk: Disk::default(),
        }
    }

    /// Events of one request in the geography at `place`, all attempts together.
    fn events_of_request(&self, design: &Design, traffic: &Traffic, place: usize, geography: &Geography) -> f64 {
        let write = match design.replication.mode {
            ReplicationMode::Async => WRITE,
            ReplicationMode::SemiSync { .. } | ReplicationMode::Sync { .. } => ACKNOWLEDGED_WRITE,
        };
        let followed = self.share_followed(design, traffic, place, geography);
        let busy = self.share_busy(design, traffic);
        let share = geography.write_share;
        let read = CALM_READ + followed * (FOLLOWED_READ - CALM_READ);
        let served = share * write + (1.0 - share) * read + busy * WAITING;
        let attempts = f64::from(geography.client.max_attempts);
        // What servers cannot take fails in every attempt, and so does what meets something that is gone.
        let shed = self.share_shed(design, traffic, place);
        let lost = self.share_lost(design, place, geography).min(1.0 - shed);
        let failed = shed + lost;
        let repeated = (failed * (attempts - 1.0)).min(geography.client.retry_budget.unwrap_or(f64::INFINITY));
        (1.0 - failed) * served + (failed + repeated) * FAILED_ATTEMPT
    }

    /// Share of the reads that are followed from step to step: those that something could disturb while they are under way.
    fn share_followed(&self, design: &Design, traffic: &Traffic, place: usize, geography: &Geography) -> f64 {
        let is_followed = matches!(design.database.endpoint, Endpoint::Driver { .. })
            || matches!(design.database.writes, Writes::MultiPrimary { .. });
        if is_followed {
            return 1.0;
        }
        let horizon_s = self.study.horizon.as_secs_f64();
        let to = shares(&design.routing, place);
        let gray = to[0] * traffic.gray[0] + to[1] * traffic.gray[1];
        let remote = match design.database.reads {
            Reads::Primary => 1.0 - to[design.database.primary.index()],
            Reads::Local | Reads::Nowhere => 0.0,
        };
        let rtt_s = geography.rtt.iter().map(|rtt| rtt.median()).fold(f64::INFINITY, f64::min);
        let service_s = self.regions.iter().map(|region| region.app.service.median()).fold(0.0, f64::max);
        let turning = 2.0 * traffic.occurrences / horizon_s * (rtt_s + service_s);
        turning.max(gray).max(remote).max(self.share_busy(design, traffic)).min(1.0)
    }

    /// Share of the requests that find servers too busy to promise them one.
    fn share_busy(&self, design: &Design, traffic: &Traffic) -> f64 {
        let load = self.utilisation(design, traffic, |at| at.requests).into_iter().fold(0.0, f64::max);
        ((load - 0.4) / 0.4).clamp(0.0, 1.0)
    }

    /// Share of a geography's requests that come while what they need is gone, and the traffic manager has not led them elsewhere.
    fn share_lost(&self, design: &Design, place: usize, geography: &Geography) -> f64 {
        let horizon_s = self.study.horizon.as_secs_f64();
        let to = shares(&design.routing, place);
        let checks = &design.dns.health_checks;
        let answer_s = design.dns.answer_ttl.as_secs_f64();
        let verdict_s = checks.interval.as_secs_f64() * f64::from(checks.fall) + checks.timeout.as_secs_f64();
        let led_away_s = verdict_s + answer_s + design.dns.publish_delay.as_secs_f64();
        let promoted_s = match design.promotion.trigger {
            PromotionTrigger::Automatic { detect } => detect.as_secs_f64() + design.promotion.duration.mean(),
            PromotionTrigger::Manual { ref decision } => {
                decision.limited_mean(horizon_s) + design.promotion.duration.mean()
            }
            PromotionTrigger::Planned { .. } | PromotionTrigger::Never => f64::INFINITY,
        };
        let writes = |region: usize| match design.database.writes {
            Writes::SinglePrimary if region == design.database.primary.index() => geography.write_share,
            Writes::SinglePrimary | Writes::MultiPrimary { .. } => 0.0,
        };
        let mut lost = 0.0;
        for incident in &self.incidents {
            let (times, lasting) = occurrences(incident, horizon_s);
            let length_s = lasting * horizon_s / times.max(1.0);
            // Share of the run that is as long as so many seconds of each occurrence.
            let of = |seconds: f64| times * seconds.min(length_s) / horizon_s;
            lost += match incident.kind {
                IncidentKind::RegionOutage { region, .. } | IncidentKind::RegionIsolation { region, .. } => {
                    to[region.index()] * of(led_away_s) + writes(region.index()) * of(promoted_s)
                }
                IncidentKind::AppOutage { share, .. } if share < 1.0 => 0.0,
                IncidentKind::AppOutage { region, .. } if checks.probe == Probe::Ping => to[region.index()] * lasting,
                IncidentKind::AppOutage { region, .. } => to[region.index()] * of(led_away_s),
                IncidentKind::DatabaseOutage { region, .. } => writes(region.index()) * of(promoted_s),
                IncidentKind::LinkPartition { .. } => {
                    let primary = design.database.primary.index();
                    writes(primary) * to[1 - primary] * of(promoted_s)
                }
                IncidentKind::PathOutage { geography, region, .. } if geography.index() == place => {
                    to[region.index()] * lasting
                }
                IncidentKind::Gray { region, errors, .. } => to[region.index()] * lasting * errors,
                IncidentKind::DnsOutage { authority, .. } => {
                    let cached_s = match authority {
                        Authority::Zone => {
                            design.dns.cname_ttl.map_or(f64::INFINITY, |ttl| cached(geography, ttl).as_secs_f64() / 2.0)
                        }
                        Authority::Gtm => cached(geography, design.dns.answer_ttl).as_secs_f64() / 2.0,
                        Authority::Resolvers(of) if of.index() == place => 0.0,
                        Authority::Resolvers(_) => f64::INFINITY,
                    };
                    times * (length_s - cached_s).max(0.0) / horizon_s
                }
                IncidentKind::PathOutage { .. }
                | IncidentKind::LinkSlow { .. }
                | IncidentKind::ReplicationStall
                | IncidentKind::CheckerOutage { .. }
                | IncidentKind::ControlPlaneOutage { .. }
                | IncidentKind::TrafficSurge { .. } => 0.0,
            };
        }
        lost.min(1.0)
    }

    /// Share of the requests that come while more come than can be served, and are not.
    fn share_shed(&self, design: &Design, traffic: &Traffic, place: usize) -> f64 {
        let load = self.utilisation(design, traffic, |at| at.peak_rate * self.study.horizon.as_secs_f64());
        let load = load.into_iter().fold(0.0, f64::max);
        let beyond = if load > 1.0 { 1.0 - 1.0 / load } else { 0.0 };
        let usual = self.utilisation(design, traffic, |at| at.requests).into_iter().fold(0.0, f64::max);
        let repeats = self.geographies[place].client.max_attempts >= STORM_ATTEMPTS;
        let storm = if repeats && usual > STORM_ABOVE { traffic.after_break } else { 0.0 };
        (beyond * traffic.places[place].share_at_peak).max(storm)
    }

    /// Share of each region's workers that are busy, given how many requests a geography makes in a run.
    pub(super) fn utilisation(
        &self,
        design: &Design,
        traffic: &Traffic,
        requests: impl Fn(&Demand) -> f64,
    ) -> [f64; 2] {
        let mut offered = [0.0; 2];
        for (place, at) in traffic.places.iter().enumerate() {
            let rate = requests(at) / self.study.horizon.as_secs_f64();
            for (region, share) in shares(&design.routing, place).into_iter().enumerate() {
                offered[region] += rate * share;
            }
        }
        std::array::from_fn(|region| offered[region] * self.regions[region].worker_s() / self.regions[region].workers())
    }
}

/// Shares of a geography's visitors that go to each region while all is well.
fn shares(routing: &Routing, place: usize) -> [f64; 2] {
    let to = |first: usize| std::array::from_fn(|region| f64::from(u8::from(region == first)));
    match routing {
        Routing::Nearest { orders } => to(orders.get(place).map_or(0, |order| order[0].index())),
        Routing::Failover { order } => to(order[0].index()),
        Routing::Weighted { weights: [first, second] } => [first / (first + second), second / (first + second)],
    }
}

/// Events of the probes of a run.
fn probes(design: &Design, horizon_s: f64) -> f64 {
    let checks = &design.dns.health_checks;
    let rounds = f64::from(checks.checkers) * (horizon_s / checks.interval.as_secs_f64()).ceil();
    let has_names = matches!(design.database.endpoint, Endpoint::Dns { .. }) && design.database.reads == Reads::Local;
    let targets = if has_names { 4.0 } else { 2.0 };
    let of_regions = match checks.probe {
        Probe::Ping | Probe::Tcp => 0.0,
        Probe::Http => HTTP_PROBE,
        Probe::Deep => DEEP_PROBE,
    };
    rounds * (targets * PROBE + 2.0 * of_regions)
}

/// Returns the time for which the resolvers of a geography keep an answer of that TTL.
fn cached(geography: &Geography, ttl: SimDuration) -> SimDuration {
    let longest = geography.resolvers.max_ttl.unwrap_or(SimDuration::MAX);
    ttl.max(geography.resolvers.min_ttl).min(longest)
}

/// Events of the look-ups of a geography's resolvers in a run: a resolver that is asked at a rate asks an authority again when
/// its answer has run out and somebody asks.
fn lookups(geography: &Geography, at: &Demand, design: &Design, horizon_s: f64) -> f64 {
    const MOST_SUMMED: u32 = 10_000;
    let count = geography.resolvers.count.clamp(1, MOST_SUMMED);
    let weights = || (1..=count).map(|place| crate::maths::pow(f64::from(place), -geography.resolvers.skew));
    let whole: f64 = weights().sum();
    let ttl = |ttl: SimDuration| cached(geography, ttl).as_secs_f64();
    let (answer_s, name_s) = (ttl(design.dns.answer_ttl), design.dns.cname_ttl.map(ttl));
    // Sessions ask when they begin, and again when their answer has run out.
    let asks = (at.sessions + at.sessions * at.session_s / answer_s.max(1.0)).min(at.requests.max(at.sessions));
    let of_resolver = |weight: f64| {
        let rate = asks / horizon_s * weight / whole;
        let renewed = |ttl_s: f64| rate / (1.0 + rate * ttl_s);
        LOOKUP * horizon_s * (renewed(answer_s) + name_s.map_or(0.0, renewed))
    };
    weights().map(of_resolver).sum()
}

/// Visitors and incidents of a run.
#[derive(Debug)]
pub(super) struct Traffic {
    /// One for each geography.
    pub(super) places: Vec<Demand>,
    /// Occurrences of all incidents.
    pub(super) occurrences: f64,
    /// Share of the time after the first incident that takes a region, an app or a database.
    after_break: f64,
    /// Share of the time in which each region is gray.
    gray: [f64; 2],
    /// Sessions of traces.
    traced: f64,
}

/// Visitors of a geography in a run.
#[derive(Debug)]
pub(super) struct Demand {
    sessions: f64,
    /// Seconds between the first and the last request of a session.
    session_s: f64,
    requests: f64,
    pub(super) most_requests: f64,
    /// Requests per second while all surges act together, and the share of all requests that come then.
    pub(super) peak_rate: f64,
    share_at_peak: f64,
    /// Sessions under way at the peak, and those that start at one moment.
    pub(super) alive: f64,
    pub(super) at_once: f64,
}

impl Traffic {
    fn of(scenario: &Scenario) -> Self {
        let horizon_s = scenario.study.horizon.as_secs_f64();
        let mut found = Traffic { places: Vec::new(), occurrences: 0.0, after_break: 0.0, gray: [0.0; 2], traced: 0.0 };
        for incident in &scenario.incidents {
            let (times, lasting) = occurrences(incident, horizon_s);
            found.occurrences += times;
            let from_s = match &incident.schedule {
                Schedule::Once { at, .. } => at.as_secs_f64(),
                Schedule::Renewal { every, .. } => every.limited_mean(horizon_s),
            };
            match incident.kind {
                IncidentKind::RegionOutage { .. }
                | IncidentKind::RegionIsolation { .. }
                | IncidentKind::AppOutage { .. }
                | IncidentKind::DatabaseOutage { .. } => {
                    found.after_break = found.after_break.max(1.0 - from_s / horizon_s);
                }
                IncidentKind::Gray { region, .. } => {
                    let gray = &mut found.gray[region.index()];
                    *gray = (*gray + lasting).min(1.0);
                }
                IncidentKind::PathOutage { .. }
                | IncidentKind::LinkPartition { .. }
                | IncidentKind::LinkSlow { .. }
                | IncidentKind::ReplicationStall
                | IncidentKind::CheckerOutage { .. }
                | IncidentKind::ControlPlaneOutage { .. }
                | IncidentKind::DnsOutage { .. }
                | IncidentKind::TrafficSurge { .. } => {}
            }
        }
        for (place, geography) in scenario.geographies.iter().enumerate() {
            if let Sessions::Trace { times, .. } = &geography.sessions {
                found.traced += times.len() as f64;
            }
            found.places.push(Demand::of(scenario, place, geography));
        }
        found
    }
}

impl Demand {
    /// Seconds for which the rate is at its peak.
    pub(super) fn peak_s(&self) -> f64 {
        self.share_at_peak * self.requests / self.peak_rate.max(1e-9)
    }

    fn of(scenario: &Scenario, place: usize, geography: &Geography) -> Self {
        let horizon_s = scenario.study.horizon.as_secs_f64();
        let mean = geography.requests_per_session.mean().max(1.0);
        let pause_s = geography.think_time.limited_mean(horizon_s);
        let session_s = (mean - 1.0) * pause_s;
        // Of the requests after a session's first, those that it makes before the run ends.
        let made =
            if session_s <= horizon_s { 1.0 - session_s / (2.0 * horizon_s) } else { horizon_s / (2.0 * session_s) };
        let per_session = 1.0 + (mean - 1.0) * made;
        let (mut added, mut kept, mut added_s) = (0.0, 1.0, 0.0_f64);
        let mut most_surge = 1.0;
        for incident in &scenario.incidents {
            let IncidentKind::TrafficSurge { geography, factor } = incident.kind else { continue };
            if geography.index() != place {
                continue;
            }
            let (_, lasting) = occurrences(incident, horizon_s);
            if factor > 1.0 {
                added += (factor - 1.0) * lasting;
                added_s = added_s.max(lasting);
                most_surge += factor - 1.0;
            } else {
                kept *= 1.0 - (1.0 - factor) * lasting;
            }
        }
        let usual = geography.session_rate * horizon_s;
        let sessions = usual * (kept + added);
        let (stay, rate_of_those) = (f64::from(geography.service_clients), geography.service_request_rate());
        let requests = sessions * per_session + rate_of_those * horizon_s;
        let peak_sessions = geography.session_rate * most_surge;
        let (alive, at_once) = match &geography.sessions {
            Sessions::Trace { times, .. } => (crowd(times, session_s), crowd(times, 0.1)),
            Sessions::Steady | Sessions::Daily { .. } => {
                let peak = peak_sessions * geography.peak_over_mean();
                (peak * session_s.min(horizon_s).max(1.0), peak * 0.1)
            }
        };
        let at_peak = if most_surge > 1.0 { usual * (added_s + added) / sessions.max(1.0) } else { 1.0 };
        Demand {
            sessions: sessions + stay,
            session_s,
            requests,
            most_requests: usual * most_surge * mean * geography.peak_over_mean().max(1.0)
                + 1_000.0 * mean.min(horizon_s / pause_s.max(1e-3))
                + 2.0 * rate_of_those * horizon_s,
            peak_rate: peak_sessions * per_session + rate_of_those,
            share_at_peak: at_peak.min(1.0),
            alive: alive + stay,
            at_once: at_once + stay,
        }
    }
}

impl Region {
    /// Workers of all instances.
    pub(super) fn workers(&self) -> f64 {
        f64::from(self.app.instances) * f64::from(self.app.workers)
    }

    /// Mean seconds for which a read holds a worker.
    pub(super) fn worker_s(&self) -> f64 {
        self.app.service.mean() + if self.app.hold_worker { self.database.read.mean() } else { 0.0 }
    }
}

impl Geography {
    /// The greatest rate of sessions over the mean of the run.
    pub(super) fn peak_over_mean(&self) -> f64 {
        match &self.sessions {
            Sessions::Daily { rates, .. } if self.session_rate > 0.0 => {
                rates.iter().copied().fold(0.0, f64::max) / self.session_rate
            }
            Sessions::Steady | Sessions::Daily { .. } | Sessions::Trace { .. } => 1.0,
        }
    }
}

/// Most sessions that start within `length_s` of each other.
fn crowd(times: &[SimDuration], length_s: f64) -> f64 {
    let length = SimDuration::from_secs_f64(length_s);
    let (mut first, mut most) = (0, 0);
    for (place, time) in times.iter().enumerate() {
        while *time > times[first] + length {
            first += 1;
        }
        most = most.max(place + 1 - first);
    }
    most as f64
}

/// Expected number of occurrences of an incident in a run, and the share of the run in which it lasts.
fn occurrences(incident: &Incident, horizon_s: f64) -> (f64, f64) {
    let length_s = incident.length_s(horizon_s);
    match &incident.schedule {
        Schedule::Once { .. } => (1.0, length_s / horizon_s),
        Schedule::Renewal { every, .. } => {
            // Gaps that outlast the run count as long as it.
            let cycle_s = (every.limited_mean(horizon_s) + length_s).max(1e-9);
            (1.0 + horizon_s / cycle_s, length_s / cycle_s)
        }
    }
}
