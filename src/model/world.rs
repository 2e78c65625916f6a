//! The world of one run: all parts together, and the one match that says what each event means.

use super::books::{Books, Closed};
use super::circumstances::Circumstances;
use super::clockwork::Clockwork;
use super::data::{Account, Data};
use super::diary::Diary;
use super::dns::{Dns, LookUps, Probes, Publishing, Target, Verdict};
use super::event::{Agenda, Event};
use super::incident::{ControlPlane, Effects, Incidents};
use super::node_id::NodeId;
use super::outcome::{RegionTally, RunOutcome};
use super::per_region::PerRegion;
use super::plan::Plan;
use super::record::{Announced, Leaving};
use super::region::{Failover, Regions, Serving};
use super::setting::Setting;
use super::visitor::{Attempts, CHAINS, Starts, Visitors, next_arrival};
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
    pub(super) fn new(plan: &'p Plan, design_place: usize, run: u64) -> (Self, Agenda) {
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
        let mut agenda = Agenda::new();
        for geography in plan.geographies.ids().take(CHAINS) {
            let chain = agenda.open_chain(Event::SessionStarts { geography });
            assert_eq!(chain, geography.index());
        }
        Clockwork::plan(&world.setting, &mut agenda);
        if let PromotionTrigger::Planned { at, drain } = design.promotion.trigger {
            agenda.turning_point(SimTime::ZERO + at, Event::PlannedSwitch { drain });
            world.books.announce(SimTime::ZERO + at, Announced::PlannedChange);
        }
        world.incidents().plan(&mut agenda);
        world.circumstances().note(SimTime::ZERO);
        for (at, probe) in first_probes {
            agenda.at(at, probe);
        }
        for (geography, at) in world.visitors.first_arrivals() {
            next_arrival(&mut agenda, geography, at);
        }
        (world, agenda)
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
    pub(super) fn close(mut self, run: u64, events: u64, agenda: &mut Agenda) -> Result<RunOutcome, String> {
        let horizon = self.setting.plan.horizon;
        self.serving().give_up_foresight(agenda);
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
    fn handle(&mut self, agenda: &mut Agenda, event: Event) {
        if agenda.is_at_turning_point() {
            self.serving().give_up_foresight(agenda);
        }
        self.happens(agenda, event);
        if agenda.is_at_turning_point() {
            self.circumstances().note(agenda.now());
        }
    }
}

impl World<'_> {
    #[inline(always)]
    fn happens(&mut self, agenda: &mut Agenda, event: Event) {
        match event {
            Event::SessionStarts { geography } => {
                if let Some(session) = self.starts().session_starts(agenda, geography) {
                    self.attempts().request(agenda, session);
                }
            }
            Event::SurgeSession { occurrence } => {
                if let Some(session) = self.starts().surge_session(agenda, occurrence) {
                    self.attempts().request(agenda, session);
                }
            }
            Event::RequestStarts { session } => self.attempts().request_starts(agenda, session),
            Event::AttemptStarts { session } => self.attempts().attempt_starts(agenda, session),
            Event::ConnectArrives { session } => self.attempts().connect_arrives(agenda, session),
            Event::AttemptFails { session, cause } => self.attempts().attempt_fails(agenda, session, cause),
            Event::RequestArrives { call } => self.serving().request_arrives(agenda, call),
            Event::AppDone { call } => self.serving().app_done(agenda, call),
            Event::WorkersFree { region } => self.serving().workers_free(agenda, region),
            Event::ConnectionsFree { node } => self.serving().connections_free(agenda, node),
            Event::DatabaseArrives { call } => self.serving().database_arrives(agenda, call),
            Event::DatabaseDone { call } => self.serving().database_done(agenda, call),
            Event::CommitAcked { call } => self.serving().commit_acked(agenda, call),
            Event::CommitWaitEnds { call } => self.serving().commit_wait_ends(agenda, call),
            Event::FullCopyDone { node, generation } => self.failover().full_copy_done(agenda, node, generation),
            Event::AnswerReturns { call } => self.serving().answer_returns(agenda, call),
            Event::DatabaseFails { call } => self.serving().database_fails(agenda, call),
            Event::QueryArrives { resolver, authority } => {
                self.look_ups().query_arrives(agenda, resolver, authority);
            }
            Event::QueryAnswered { resolver, authority, addresses } => {
                let told = self.look_ups().query_answered(agenda, resolver, authority, addresses);
                self.attempts().answers_return(agenda, told);
            }
            Event::QueryFails { resolver } => {
                let told = self.look_ups().query_fails(agenda, resolver);
                self.attempts().answers_return(agenda, told);
            }
            Event::QueryEmpty { resolver } => {
                let told = self.look_ups().query_empty(agenda, resolver);
                self.attempts().answers_return(agenda, told);
            }
            Event::ProbeStarts { check } => self.probes().probe_starts(agenda, check),
            Event::ProbeArrives { probe } => self.serving().probe_arrives(agenda, probe),
            Event::ProbeTimesOut { probe } => {
                let verdict = self.probes().probe_times_out(agenda, probe);
                self.follow(agenda, verdict);
            }
            Event::ProbeDone { check, good } => {
                let verdict = self.probes().probe_done(agenda, check, good);
                self.follow(agenda, verdict);
            }
            Event::Publish { target, generation } => self.publish(agenda, target, generation),
            Event::StandbyActive { region } => {
                if self.failover().standby_active(agenda, region) {
                    self.circumstances().note(agenda.now());
                }
            }
            Event::PromotionDecided { generation } => self.failover().promotion_decided(agenda, generation),
            Event::PromotionDone { generation } => self.failover().promotion_done(agenda, generation),
            Event::PlannedSwitch { drain } => {
                self.failover().planned_switch(agenda, drain);
            }
            Event::RoleReturns { promotions } => self.failover().role_returns(agenda, promotions),
            Event::ConflictMet { sender, position } => {
                let repair = || self.setting.repair(sender, position);
                self.data.conflict_met(agenda, (sender, position), repair);
            }
            Event::ConflictRepaired { sender, position } => self.data.conflict_repaired(agenda, sender, position),
            Event::LeaseEnds { generation } => self.failover().lease_ends(agenda, generation),
            Event::IncidentStarts { incident } => self.effects().incident_starts(agenda, incident),
            Event::IncidentEnds { occurrence } => self.effects().incident_ends(agenda, occurrence),
            Event::MeasuringStarts => self.clockwork().measuring_starts(agenda),
            Event::MeasuringEnds => self.clockwork().measuring_ends(agenda),
            Event::TimelineTick => self.clockwork().timeline_tick(agenda),
            Event::WindowTick => self.clockwork().window_tick(agenda),
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
    fn follow(&mut self, agenda: &mut Agenda, verdict: Option<Verdict>) {
        let Some(Verdict { target, down }) = verdict else { return };
        if let (Target::Region(region), true) = (target, down) {
            self.failover().activate_standby(agenda, region.other());
        }
        self.circumstances().note(agenda.now());
    }

    /// A publication, and what follows from it for the regions.
    fn publish(&mut self, agenda: &Agenda, target: Target, generation: u32) {
        let World { dns, control_plane, books, .. } = self;
        let mut publishing = Publishing { dns, control_plane, books };
        let Some(takes_over) = publishing.publish(agenda, target, generation) else { return };
        for (region, _) in takes_over.each().filter(|(_, takes_over)| **takes_over) {
            self.regions.takes_over(region, agenda.now());
        }
        self.circumstances().note(agenda.now());
    }
}
