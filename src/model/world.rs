//! The world of one run: all parts together, and the one match that says what each event means.

use super::data::{Data, Ledger};
use super::diary::Diary;
use super::event::Event;
use super::incident::{ControlPlane, IncidentBook};
use super::marks::RunStreams;
use super::names::{Authorities, Checks, ResolverBank, Target, TrafficManager};
use super::node_id::NodeId;
use super::per_geography::PerGeography;
use super::per_region::PerRegion;
use super::plan::Plan;
use super::pool::Pool;
use super::record::{Announced, Recorder};
use super::region::{BeyondHelp, Call, Endpoints, Foresight, Link, Paths, RegionState};
use super::slab::Slab;
use super::visitor::{Arrivals, CHAINS, Session, Surges, next_arrival};
use super::whole;
use crate::engine::{self, Model};
use crate::scenario::{
    AppPool, DatabaseNode, Design, Endpoint, PromotionTrigger, Reads, RegionId, Scenario, StandbyKind, Writes,
};
use crate::units::SimTime;

/// What is still to happen.
pub(super) type Agenda = engine::Agenda<Event>;

/// The state of one design in one run.
pub(super) struct World<'p> {
    pub(super) plan: &'p Plan,
    pub(super) design: &'p Design,
    pub(super) design_place: usize,
    pub(super) streams: RunStreams,
    pub(super) arrivals: PerGeography<Arrivals>,
    pub(super) surges: Surges,
    pub(super) sessions: Slab<Session>,
    /// Per geography: retries that its clients may make.
    pub(super) retry_tokens: PerGeography<f64>,
    pub(super) resolvers: ResolverBank,
    pub(super) authorities: Authorities,
    pub(super) manager: TrafficManager,
    pub(super) checks: Checks,
    pub(super) calls: Slab<Call>,
    pub(super) regions: PerRegion<RegionState>,
    pub(super) link: Link,
    pub(super) paths: Paths,
    pub(super) beyond_help: BeyondHelp,
    pub(super) data: Data,
    pub(super) ledger: Ledger,
    pub(super) incidents: IncidentBook,
    pub(super) diary: Diary,
    pub(super) control_plane: ControlPlane,
    pub(super) record: Recorder,
    pub(super) meters: Meters,
    /// Requests whose end came to lie beyond the horizon.
    pub(super) ended_after_horizon: u64,
}

/// Readings of the pools' time-weighted sums, to take differences from.
#[derive(Debug, Default)]
pub(super) struct Meters {
    /// App pools, `(busy, on)`, at the end of the last bin of the timeline.
    pub(super) last_bin: PerRegion<(u128, u128)>,
    /// Bins of the timeline that have ended.
    pub(super) bins: usize,
}

impl<'p> World<'p> {
    /// The world of design number `design_place` in run number `run`, as long running has left it, and what is to happen
    /// first.
    pub(super) fn new(plan: &'p Plan, design_place: usize, run: u64) -> (Self, Agenda) {
        let scenario = &plan.scenario;
        let design = &scenario.designs[design_place];
        let streams = RunStreams::new(scenario.study.seed, run);
        let orders = plan.designs[design_place].orders.clone();
        let instances_on = instances_on(scenario, design);
        let targets =
            if matches!(design.database.endpoint, Endpoint::Dns { .. }) && design.database.reads == Reads::Local {
                &Target::ALL[..]
            } else {
                &Target::ALL[..2]
            };
        let geographies = scenario.geographies.len();
        let (checks, first_probes) =
            Checks::new(&design.dns.health_checks, plan.geographies.ids(), targets, |checker| streams.checker(checker));
        let arrivals = scenario.geographies.iter();
        let arrivals =
            arrivals.map(|geography| Arrivals::new(streams.arrivals(&geography.name), geography, plan.horizon));
        let mut manager =
            TrafficManager::new(orders, plan.designs[design_place].first_share, &design.dns, design.failback);
        if let Some(standby) = design.standby.as_ref().filter(|standby| standby.kind == StandbyKind::Cold) {
            manager.stands_by_cold(standby.region);
        }
        let mut world = World {
            plan,
            design,
            design_place,
            streams,
            arrivals: arrivals.collect(),
            surges: Surges::new(geographies),
            sessions: Slab::new(),
            retry_tokens: plan.geographies.iter().map(|geography| geography.retry_tokens).collect(),
            resolvers: ResolverBank::stationary(
                (&plan.geographies, &scenario.geographies),
                &design.dns,
                &manager,
                streams,
            ),
            authorities: Authorities::default(),
            manager,
            checks,
            calls: Slab::new(),
            regions: PerRegion::from_fn(|region| region_state(scenario, design, region, instances_on[region], streams)),
            link: Link::default(),
            paths: Paths::new(geographies),
            beyond_help: BeyondHelp::new(geographies),
            data: data(scenario, design),
            ledger: Ledger::new(geographies),
            incidents: IncidentBook::new(scenario, design),
            diary: Diary::default(),
            control_plane: ControlPlane::default(),
            record: Recorder::new(plan),
            meters: Meters::default(),
            ended_after_horizon: 0,
        };
        let mut agenda = Agenda::new();
        for geography in plan.geographies.ids().take(CHAINS) {
            let chain = agenda.open_chain(Event::SessionStarts { geography });
            assert_eq!(chain, geography.index());
        }
        world.plan_clockwork(&mut agenda);
        if let PromotionTrigger::Planned { at, drain } = design.promotion.trigger {
            agenda.turning_point(SimTime::ZERO + at, Event::PlannedSwitch { drain });
            world.record.announce(SimTime::ZERO + at, Announced::PlannedChange);
        }
        world.plan_incidents(&mut agenda);
        world.note_circumstances(SimTime::ZERO);
        for (at, probe) in first_probes {
            agenda.at(at, probe);
        }
        for (geography, arrivals) in world.arrivals.each() {
            if let Some(at) = arrivals.next() {
                next_arrival(&mut agenda, geography, at);
            }
        }
        (world, agenda)
    }

    /// Puts the ends of windows and bins on the agenda.
    fn plan_clockwork(&self, agenda: &mut Agenda) {
        let (from, to) = self.plan.measured;
        agenda.at(from, Event::MeasuringStarts);
        agenda.at(from + self.plan.window, Event::WindowTick);
        agenda.at(to, Event::MeasuringEnds);
        agenda.at(SimTime::ZERO + self.plan.timeline_bin, Event::TimelineTick);
    }
}

/// Both databases, in step.
fn data(scenario: &Scenario, design: &Design) -> Data {
    let conflicts = match &design.database.writes {
        Writes::SinglePrimary => None,
        Writes::MultiPrimary { conflicts } => Some(conflicts),
    };
    Data::new(NodeId::of(design.database.primary), scenario.keys.count, conflicts)
}

/// Instances switched on at the start, per region.
fn instances_on(scenario: &Scenario, design: &Design) -> PerRegion<u32> {
    PerRegion::from_fn(|region| {
        let all = scenario.regions[region].app.instances;
        match &design.standby {
            Some(standby) if standby.region == region => match standby.kind {
                StandbyKind::Hot => all,
                StandbyKind::Cold => 0,
                StandbyKind::Warm { share } => whole::floor_count((f64::from(all) * share).ceil()).clamp(1, all),
            },
            Some(_) | None => all,
        }
    })
}

fn region_state(
    scenario: &Scenario,
    design: &Design,
    region: RegionId,
    instances_on: u32,
    streams: RunStreams,
) -> RegionState {
    let settings = &scenario.regions[region];
    let reader = NodeId::of(region);
    let writer =
        if design.database.writes == Writes::SinglePrimary { NodeId::of(design.database.primary) } else { reader };
    let endpoints = streams.endpoints(&settings.name);
    let endpoints = Endpoints::new(design.database.endpoint, settings.app.instances, reader, writer, endpoints);
    let app = Pool::new(instances_on * settings.app.workers, settings.app.queue_limit);
    let node = Pool::new(settings.database.connections, u32::MAX);
    RegionState::new(app, node, foresight(&settings.app, &settings.database), instances_on, endpoints)
}

/// The foreseen reads of a region: none yet, and for how long such reads hold its servers.
fn foresight(app: &AppPool, node: &DatabaseNode) -> Foresight {
    let (at_app, at_node) = (app.service.mean(), node.read.mean());
    Foresight::new(if app.hold_worker { at_app + at_node } else { at_app }, at_node)
}

impl World<'_> {
    fn measuring_starts(&mut self, agenda: &mut Agenda) {
        self.give_up_foresight(agenda);
        for region in self.regions.iter_mut() {
            region.app.measure(true);
            region.node.measure(true);
        }
        let readings = self.readings(agenda.now());
        self.record.measuring_starts(agenda.now(), readings, self.instances_on());
    }

    fn measuring_ends(&mut self, agenda: &mut Agenda) {
        self.give_up_foresight(agenda);
        let readings = self.readings(agenda.now());
        self.record.window_ends(readings);
        for region in self.regions.iter_mut() {
            region.app.measure(false);
            region.node.measure(false);
        }
    }

    fn window_tick(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        if now < self.plan.measured.1 {
            let readings = self.readings(now);
            self.record.window_ends(readings);
            if self.record.asks_for_windows() {
                self.finish_all_reads(agenda);
            }
            self.record.window_starts(now, self.instances_on());
            agenda.at(now + self.plan.window, Event::WindowTick);
        }
    }

    fn timeline_tick(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        let mut utilisation = PerRegion::both(0.0);
        for (region, utilisation) in utilisation.each_mut() {
            let (busy, on) = self.app_used(region, now);
            let (busy_before, on_before) = self.meters.last_bin[region];
            if on > on_before {
                *utilisation = (busy - busy_before) as f64 / (on - on_before) as f64;
            }
            self.meters.last_bin[region] = (busy, on);
        }
        let lag = self.data.lag(now);
        self.record.timeline_tick(self.meters.bins, lag, utilisation);
        self.meters.bins += 1;
        if now < self.plan.horizon {
            agenda.at((now + self.record.timeline_bin()).min(self.plan.horizon), Event::TimelineTick);
        }
    }
}

impl Model for World<'_> {
    type Event = Event;

    #[inline(always)]
    fn handle(&mut self, agenda: &mut Agenda, event: Event) {
        if agenda.is_at_turning_point() {
            self.give_up_foresight(agenda);
        }
        self.happens(agenda, event);
        if agenda.is_at_turning_point() {
            self.note_circumstances(agenda.now());
        }
    }
}

impl World<'_> {
    #[inline(always)]
    fn happens(&mut self, agenda: &mut Agenda, event: Event) {
        match event {
            Event::SessionStarts { geography } => self.session_starts(agenda, geography),
            Event::SurgeSession { occurrence } => self.surge_session(agenda, occurrence),
            Event::RequestStarts { session } => self.request_starts(agenda, session),
            Event::AttemptStarts { session } => self.attempt_starts(agenda, session),
            Event::ConnectArrives { session } => self.connect_arrives(agenda, session),
            Event::AttemptFails { session, cause } => self.attempt_fails(agenda, session, cause),
            Event::RequestArrives { call } => self.request_arrives(agenda, call),
            Event::AppDone { call } => self.app_done(agenda, call),
            Event::WorkersFree { region } => self.workers_free(agenda, region),
            Event::ConnectionsFree { node } => self.connections_free(agenda, node),
            Event::DatabaseArrives { call } => self.database_arrives(agenda, call),
            Event::DatabaseDone { call } => self.database_done(agenda, call),
            Event::CommitAcked { call } => self.commit_acked(agenda, call),
            Event::CommitWaitEnds { call } => self.commit_wait_ends(agenda, call),
            Event::FullCopyDone { node, generation } => self.full_copy_done(agenda, node, generation),
            Event::AnswerReturns { call } => self.answer_returns(agenda, call),
            Event::DatabaseFails { call } => self.database_fails(agenda, call),
            Event::QueryArrives { resolver, authority } => self.query_arrives(agenda, resolver, authority),
            Event::QueryAnswered { resolver, authority, addresses } => {
                self.query_answered(agenda, resolver, authority, addresses)
            }
            Event::QueryFails { resolver } => self.query_fails(agenda, resolver),
            Event::QueryEmpty { resolver } => self.query_empty(agenda, resolver),
            Event::ProbeStarts { check } => self.probe_starts(agenda, check),
            Event::ProbeArrives { probe } => self.probe_arrives(agenda, probe),
            Event::ProbeTimesOut { probe } => self.probe_times_out(agenda, probe),
            Event::ProbeDone { check, good } => self.probe_done(agenda, check, good),
            Event::Publish { target, generation } => self.publish(agenda, target, generation),
            Event::StandbyActive { region } => self.standby_active(agenda, region),
            Event::PromotionDecided { generation } => self.promotion_decided(agenda, generation),
            Event::PromotionDone { generation } => self.promotion_done(agenda, generation),
            Event::PlannedSwitch { drain } => {
                self.planned_switch(agenda, drain);
            }
            Event::RoleReturns { promotions } => self.role_returns(agenda, promotions),
            Event::ConflictMet { sender, position } => self.conflict_met(agenda, sender, position),
            Event::ConflictRepaired { sender, position } => self.conflict_repaired(agenda, sender, position),
            Event::LeaseEnds { generation } => self.lease_ends(agenda, generation),
            Event::IncidentStarts { incident } => self.incident_starts(agenda, incident),
            Event::IncidentEnds { occurrence } => self.incident_ends(agenda, occurrence),
            Event::MeasuringStarts => self.measuring_starts(agenda),
            Event::MeasuringEnds => self.measuring_ends(agenda),
            Event::TimelineTick => self.timeline_tick(agenda),
            Event::WindowTick => self.window_tick(agenda),
        }
    }
}
