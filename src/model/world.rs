//! The world of one run: all parts together, and the one match that says what each event means.

use super::books::{Books, Closed};
use super::circumstances::Circumstances;
use super::clockwork::Clockwork;
use super::data::{Account, Data};
use super::diary::Diary;
use super::dns::{Dns, LookUps, Probes, Publishing, Target, Verdict};
use super::event::{Event, Scheduler};
use super::incident::{ControlPlane, Effects, Incidents};
use super::node_id::NodeId;
use super::outcome::{RegionTally, RunOutcome};
use super::per_region::PerRegion;
use super::plan::Plan;
use super::record::{Announced, Leaving};
use super::region::{Failover, Regions, Serving};
use super::setting::Setting;
use super::visitor::{Attempts, CHAINS, Starts, Visitors, next_arrival, plan_service_clients};
use crate::engine::Model;
use crate::scenario::{PromotionTrigger, RegionId};
use crate::units::SimTime;

/// The state of one design in one run.
pub(super) struct World<'p> {
    setting: Setting<'p>,
    visitors: Visitors,
    dns: Dns,
    regions: Regions,
    data: Data,
    control_plane: ControlPlane,
    books: Books,
}

impl<'p> World<'p> {
    /// The world of design number `design_place` in run number `run`, as long running has left it, and what is to happen
    /// first.
    pub(super) fn new(plan: &'p Plan, design_place: usize, run: u64) -> (Self, Scheduler) {
        let setting = Setting::new(plan, design_place, run);
        let design = setting.design;
        let (dns, first_probes) = Dns::at_start(&setting);
        let mut world = World {
            setting,
            visitors: Visitors::at_start(&setting),
            dns,
            regions: Regions::at_start(&setting),
            data: Data::at_start(&setting),
            control_plane: ControlPlane::default(),
            books: Books::new(plan, design),
        };
        let mut scheduler = Scheduler::new();
        for geography in plan.geographies.ids().take(CHAINS) {
            let chain = scheduler.open_chain(Event::SessionStarts { geography });
            assert_eq!(chain, geography.index());
        }
        Clockwork::plan(&world.setting, &mut scheduler);
        if let PromotionTrigger::Planned { at, drain } = design.promotion.trigger {
            scheduler.schedule_bound(SimTime::ZERO + at, Event::PlannedSwitch { drain });
            world.books.announce(SimTime::ZERO + at, Announced::PlannedChange);
        }
        world.incidents().plan(&mut scheduler);
        world.circumstances().note(SimTime::ZERO);
        for (at, probe) in first_probes {
            scheduler.schedule_at(at, probe);
        }
        for (geography, at) in world.visitors.first_arrivals() {
            next_arrival(&mut scheduler, geography, at);
        }
        plan_service_clients(&mut scheduler, &world.setting);
        (world, scheduler)
    }

    /// Keeps a diary from the start of the run on.
    pub(super) fn keep_diary(&mut self) {
        self.books.keep_diary();
    }

    /// Takes the diary, and when the last visitors left regions that answers had left.
    pub(super) fn take_diary(&mut self) -> (Diary, Vec<Leaving>) {
        self.books.take_diary()
    }

    /// Closes the books at the horizon. Fails with what does not add up.
    pub(super) fn close(mut self, run: u64, events: u64, scheduler: &mut Scheduler) -> Result<RunOutcome, String> {
        let horizon = self.setting.plan.horizon;
        self.serving().leave_fast_path(scheduler);
        let is_gone = PerRegion::from_fn(|region| self.regions.node_is_gone(NodeId::of(region)));
        let account = self.data.close(horizon, is_gone, &mut self.books);
        let started = self.books.balance(self.visitors.requests_under_way())?;
        let Closed { incidents, episodes, loads, counts } = self.books.close(horizon, self.setting.design);
        let Account { writes, acknowledged, windows: (data_loss_window, stranded_window), keys_diverged } = account;
        let settled: u64 = writes.iter().map(|tally| tally.settled()).sum();
        if acknowledged != settled {
            return Err(format!("{acknowledged} writes were acknowledged, but the ledger accounts for {settled}"));
        }
        let regions = RegionId::BOTH.map(|region| {
            let [app_waits, database_waits] = self.regions.waits(region);
            RegionTally { app_waits, database_waits, load: loads[region] }
        });
        Ok(RunOutcome {
            run,
            events,
            span: counts.span,
            requests_simulated: started,
            visitors: counts.visitors,
            windows: counts.windows,
            writes,
            data_loss_window,
            stranded_window,
            keys_diverged,
            regions,
            names: counts.names,
            switch_tail: counts.switch_tail,
            incidents,
            episodes,
            timeline: counts.timeline,
            calm: counts.calm,
        })
    }

    /// Takes all of DNS from another world.
    #[cfg(test)]
    pub(super) fn takes_dns_of(&mut self, other: World<'p>) {
        self.dns = other.dns;
    }
}

impl Model for World<'_> {
    type Event = Event;

    #[inline(always)]
    fn handle(&mut self, scheduler: &mut Scheduler, event: Event) {
        if scheduler.is_at_bound() {
            self.serving().leave_fast_path(scheduler);
        }
        self.happens(scheduler, event);
        if scheduler.is_at_bound() {
            self.circumstances().note(scheduler.now());
        }
    }
}

impl World<'_> {
    #[inline(always)]
    fn happens(&mut self, scheduler: &mut Scheduler, event: Event) {
        match event {
            Event::SessionStarts { geography } => {
                if let Some(session) = self.starts().session_starts(scheduler, geography) {
                    self.attempts().request(scheduler, session);
                }
            }
            Event::SurgeSession { occurrence } => {
                if let Some(session) = self.starts().surge_session(scheduler, occurrence) {
                    self.attempts().request(scheduler, session);
                }
            }
            Event::ServiceClientStarts { geography, number } => {
                let session = self.starts().service_client_starts(scheduler.now(), geography, number);
                self.attempts().request(scheduler, session);
            }
            Event::RequestStarts { session } => self.attempts().request_starts(scheduler, session),
            Event::AttemptStarts { session } => self.attempts().attempt_starts(scheduler, session),
            Event::ConnectArrives { session } => self.attempts().connect_arrives(scheduler, session),
            Event::AttemptFails { session, cause } => self.attempts().attempt_fails(scheduler, session, cause),
            Event::RequestArrives { call } => self.serving().request_arrives(scheduler, call),
            Event::AppDone { call } => self.serving().app_done(scheduler, call),
            Event::WorkersFree { region } => self.serving().workers_free(scheduler, region),
            Event::ConnectionsFree { node } => self.serving().connections_free(scheduler, node),
            Event::DatabaseArrives { call } => self.serving().database_arrives(scheduler, call),
            Event::DatabaseDone { call } => self.serving().database_done(scheduler, call),
            Event::CommitAcked { call } => self.serving().commit_acked(scheduler, call),
            Event::CommitWaitEnds { call } => self.serving().commit_wait_ends(scheduler, call),
            Event::FullCopyDone { node, generation } => self.failover().full_copy_done(scheduler, node, generation),
            Event::AnswerReturns { call } => self.serving().answer_returns(scheduler, call),
            Event::DatabaseFails { call } => self.serving().database_fails(scheduler, call),
            Event::ResponseArrives { call } => self.serving().response_arrives(scheduler, call),
            Event::QueryArrives { resolver, authority } => {
                self.look_ups().query_arrives(scheduler, resolver, authority);
            }
            Event::QueryAnswered { resolver, authority, addresses } => {
                let told = self.look_ups().query_answered(scheduler, resolver, authority, addresses);
                self.attempts().answers_return(scheduler, told);
            }
            Event::QueryFails { resolver } => {
                let told = self.look_ups().query_fails(scheduler, resolver);
                self.attempts().answers_return(scheduler, told);
            }
            Event::QueryEmpty { resolver } => {
                let told = self.look_ups().query_empty(scheduler, resolver);
                self.attempts().answers_return(scheduler, told);
            }
            Event::ProbeStarts { check } => self.probes().probe_starts(scheduler, check),
            Event::ProbeArrives { probe } => self.serving().probe_arrives(scheduler, probe),
            Event::ProbeTimesOut { probe } => {
                let verdict = self.probes().probe_times_out(scheduler, probe);
                self.follow(scheduler, verdict);
            }
            Event::ProbeDone { check, good } => {
                let verdict = self.probes().probe_done(scheduler, check, good);
                self.follow(scheduler, verdict);
            }
            Event::Publish { target, generation } => self.publish(scheduler, target, generation),
            Event::StandbyActive { region } => {
                if self.failover().standby_active(scheduler, region) {
                    self.circumstances().note(scheduler.now());
                }
            }
            Event::PromotionDecided { generation } => self.failover().promotion_decided(scheduler, generation),
            Event::PromotionDone { generation } => self.failover().promotion_done(scheduler, generation),
            Event::PlannedSwitch { drain } => {
                self.failover().planned_switch(scheduler, drain);
            }
            Event::RoleReturns { promotions } => self.failover().role_returns(scheduler, promotions),
            Event::ConflictMet { sender, position } => {
                let repair = || self.setting.repair(sender, position);
                self.data.conflict_met(scheduler, (sender, position), repair);
            }
            Event::ConflictRepaired { sender, position } => self.data.conflict_repaired(scheduler, sender, position),
            Event::LeaseEnds { generation } => self.failover().lease_ends(scheduler, generation),
            Event::IncidentStarts { incident } => self.effects().incident_starts(scheduler, incident),
            Event::IncidentEnds { occurrence } => self.effects().incident_ends(scheduler, occurrence),
            Event::MeasuringStarts => self.clockwork().measuring_starts(scheduler),
            Event::MeasuringEnds => self.clockwork().measuring_ends(scheduler),
            Event::TimelineTick => self.clockwork().timeline_tick(scheduler),
            Event::WindowTick => self.clockwork().window_tick(scheduler),
        }
    }
}

impl World<'_> {
    /// The clockwork, and what it touches.
    fn clockwork(&mut self) -> Clockwork<'_> {
        Clockwork { serving: self.serving() }
    }

    /// Circumstances, what they follow from, and the books.
    fn circumstances(&mut self) -> Circumstances<'_> {
        let World { setting, dns, regions, data, books, .. } = self;
        Circumstances { regions, manager: dns.manager(), data, books, setting }
    }

    /// Borrows the owners that incidents touch.
    fn effects(&mut self) -> Effects<'_> {
        Effects { failover: self.failover() }
    }

    /// Begins and ends of incidents, and what they touch.
    fn incidents(&mut self) -> Incidents<'_> {
        Incidents { books: &mut self.books, setting: &self.setting }
    }

    /// Starts of sessions, and what they touch.
    #[inline(always)]
    fn starts(&mut self) -> Starts<'_> {
        Starts { visitors: &mut self.visitors, manager: self.dns.manager(), setting: &self.setting }
    }

    /// Attempts of sessions, and what they touch.
    #[inline(always)]
    fn attempts(&mut self) -> Attempts<'_> {
        Attempts { serving: self.serving() }
    }

    /// The way of a request through the regions, and what it touches.
    #[inline(always)]
    fn serving(&mut self) -> Serving<'_> {
        let World { setting, visitors, dns, regions, data, books, .. } = self;
        Serving { regions, data, visitors, dns, books, setting }
    }

    /// Faults of the regions, and what they touch.
    #[inline(always)]
    fn failover(&mut self) -> Failover<'_> {
        let World { setting, visitors, dns, regions, data, control_plane, books, .. } = self;
        Failover { serving: Serving { regions, data, visitors, dns, books, setting }, control_plane }
    }

    /// Look-ups, and what they touch.
    #[inline(always)]
    fn look_ups(&mut self) -> LookUps<'_> {
        let World { setting, visitors, dns, books, .. } = self;
        LookUps { dns, sessions: visitors.sessions(), books, setting }
    }

    /// Probes, and what they touch.
    fn probes(&mut self) -> Probes<'_> {
        let World { setting, dns, books, .. } = self;
        Probes { dns, books, setting }
    }

    /// Tells a verdict to all but the traffic manager.
    fn follow(&mut self, scheduler: &mut Scheduler, verdict: Option<Verdict>) {
        let Some(Verdict { target, down }) = verdict else { return };
        if let (Target::Region(region), true) = (target, down) {
            self.failover().activate_standby(scheduler, region.other());
        }
        self.circumstances().note(scheduler.now());
    }

    /// A publication, and what follows from it for the regions.
    fn publish(&mut self, scheduler: &Scheduler, target: Target, generation: u32) {
        let World { dns, control_plane, books, .. } = self;
        let mut publishing = Publishing { dns, control_plane, books };
        let Some(takes_over) = publishing.publish(scheduler, target, generation) else { return };
        for (region, _) in takes_over.each().filter(|(_, takes_over)| **takes_over) {
            self.regions.takes_over(region, scheduler.now());
        }
        self.circumstances().note(scheduler.now());
    }
}
