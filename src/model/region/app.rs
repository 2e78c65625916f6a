//! The app pool: requests arrive, wait, are served, and go on to the database.

use super::super::event::Event;
use super::super::incident::Change;
use super::super::marks::OfRequest;
use super::super::outcome::{Cause, Phase};
use super::super::plan::Plan;
use super::super::pool::{Admission, Booking};
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::call::{AppSide, Call, Owner};
use super::gray::stretched;
use super::state::Reachability;
use crate::scenario::RegionId;
use crate::units::{SimDuration, SimTime};

impl World<'_> {
    /// A request is on its way to the app of its region, where it arrives at `arrives`. If it is sure to find a worker there, it
    /// books it, and its arrival is no event.
    #[inline]
    pub(in super::super) fn request_sent(&mut self, agenda: &mut Agenda, call: Handle, arrives: SimTime) {
        let request = self.calls.live(call);
        let region = request.region;
        let state = &mut self.regions[region];
        let can_book = arrives < agenda.next_turning_point()
            && state.app_reachability() == Reachability::Up
            && state.incarnation == request.incarnation
            && !self.paths.is_cut(request.geography, region)
            // Its client will not have given it up by then.
            && arrives <= request.deadline
            // Its wait is counted, or not, as at its arrival.
            && self.books.is_measured(arrives) == state.app.is_measuring()
            // How warm the region will be is not known.
            && self.setting.plan.scenario.regions[region].app.cold_start.is_none()
            && state.can_book_worker(agenda.now());
        if can_book {
            state.app.book(agenda.now(), Booking { at: arrives, customer: call, number: agenda.number() });
            request.app_side = AppSide::Serving;
            self.serve_visitor(agenda, call, arrives);
        } else {
            agenda.at(arrives, Event::RequestArrives { call });
        }
    }

    /// Takes their workers from all who have booked one and have not arrived: they will arrive as others do.
    #[cold]
    #[inline(never)]
    fn unbook(&mut self, agenda: &mut Agenda, region: RegionId) {
        for Booking { at, customer: call, number } in self.regions[region].app.take_bookings(agenda.now()) {
            self.take_call_back(call);
            let request = self.calls.live(call);
            let state = &mut self.regions[region];
            let done = at + state.gray.stretch(app_demand(self.setting.plan, request));
            request.app_side = AppSide::Arriving;
            request.queued = None;
            state.app.unbook(at, std::mem::take(&mut request.has_left_worker).then_some(done));
            let renewed = self.calls.renew(call);
            if let Owner::Visitor(session) = self.calls.live(renewed).owner
                && let Some(visitor) = self.visitors.get_mut(session).filter(|visitor| visitor.call == call)
            {
                visitor.call = renewed;
            }
            agenda.at_numbered(at, number, Event::RequestArrives { call: renewed });
        }
    }

    /// A request reaches the app of its region.
    pub(in super::super) fn request_arrives(&mut self, agenda: &mut Agenda, call: Handle) {
        let Some(request) = self.calls.get(call) else { return };
        let region = &self.regions[request.region];
        if self.paths.is_cut(request.geography, request.region) {
            self.held_on_path(agenda, call);
            return;
        }
        match region.app_reachability() {
            Reachability::Silent => self.drop_unanswered(agenda, call),
            Reachability::Refusing => self.reset(agenda, call),
            Reachability::Up => {
                if region.incarnation == request.incarnation {
                    self.enter_app(agenda, call);
                } else {
                    self.reset(agenda, call);
                }
            }
        }
    }

    /// A request, or a probe's, comes to the app's queue.
    #[inline]
    pub(in super::super) fn enter_app(&mut self, agenda: &mut Agenda, call: Handle) {
        let region = self.calls.live(call).region;
        self.make_room_at_app(agenda, region);
        if self.regions[region].app.is_overbooked(agenda.now()) {
            self.unbook(agenda, region);
        }
        let request = self.calls.live(call);
        match self.regions[region].app.enter(agenda.now(), call) {
            Admission::Served => {
                if !self.serve(agenda, call) {
                    self.worker_freed(agenda, region);
                }
            }
            Admission::Queued => {
                debug_assert!(self.regions[region].foresight.is_empty(), "nobody is foreseen who would wait");
                request.app_side = AppSide::Queued;
                request.queued = Some(self.regions[region].capacity_phase(agenda.now()));
                self.set_deadline(agenda, call);
                self.watch_workers(agenda, region);
            }
            Admission::Refused => {
                request.app_side = AppSide::Gone;
                request.failure = Some(Cause::Overloaded);
                self.respond(agenda, call, agenda.now());
            }
        }
    }

    /// A worker takes a request up. Returns whether it is still held by it.
    #[inline]
    fn serve(&mut self, agenda: &mut Agenda, call: Handle) -> bool {
        let request = self.calls.live(call);
        request.app_side = AppSide::Serving;
        match request.owner {
            Owner::Probe { deep: false, .. } => {
                if self.regions[request.region].gray.strikes(request.marks, 0, 0) {
                    request.failure = Some(Cause::Error);
                }
                request.app_side = AppSide::Gone;
                self.respond(agenda, call, agenda.now());
                false
            }
            Owner::Probe { deep: true, .. } => {
                agenda.after(SimDuration::ZERO, Event::AppDone { call });
                true
            }
            Owner::Visitor(_) => {
                self.serve_visitor(agenda, call, agenda.now());
                true
            }
        }
    }

    /// A worker takes a visitor's request up at `now`, which may be yet to come.
    #[inline]
    fn serve_visitor(&mut self, agenda: &mut Agenda, call: Handle, now: SimTime) {
        let request = self.calls.live(call);
        let region = request.region;
        let demand = app_demand(self.setting.plan, request);
        let gray = &self.regions[region].gray;
        if gray.is_slow() {
            request.queued = Some(Phase::Gray);
        }
        let demand = gray.stretch(demand);
        let done = now + self.warmed(region, now, demand);
        if done > self.calls.live(call).deadline {
            self.set_deadline(agenda, call);
        }
        let holds = self.setting.plan.scenario.regions[region].app.hold_worker;
        if !holds {
            self.let_worker_leave(agenda, call, done);
        }
        if (holds || self.calls.live(call).has_left_worker)
            && let Some(node) = self.will_call_other(agenda, call, done)
        {
            self.call_other_at(agenda, call, node, done);
        } else {
            agenda.at(done, Event::AppDone { call });
        }
    }

    /// A worker that waits for nobody needs no event to come free at `done`.
    fn let_worker_leave(&mut self, agenda: &Agenda, call: Handle, done: SimTime) {
        let request = self.calls.live(call);
        let region = request.region;
        let app = &mut self.regions[region].app;
        if app.is_without_queue() && done < agenda.next_turning_point() {
            app.leave_at(done);
            request.has_left_worker = true;
        }
    }

    /// Somebody waits for a worker: if one comes free by itself, it is to be noticed.
    fn watch_workers(&mut self, agenda: &mut Agenda, region: RegionId) {
        if let Some(at) = self.regions[region].app.alarm() {
            agenda.at(at, Event::WorkersFree { region });
        }
    }

    /// Workers for which somebody waited may have come free.
    pub(in super::super) fn workers_free(&mut self, agenda: &mut Agenda, region: RegionId) {
        self.regions[region].app.alarmed(agenda.now());
        self.take_up_at_app(agenda, region);
        self.watch_workers(agenda, region);
    }

    /// The free workers of a region take up who waits.
    pub(super) fn take_up_at_app(&mut self, agenda: &mut Agenda, region: RegionId) {
        while let Some(call) = self.regions[region].app.take_up(agenda.now()) {
            if !self.serve(agenda, call) {
                self.worker_freed(agenda, region);
            }
        }
    }

    /// A worker of a region is free again, and takes up who waits.
    pub(in super::super) fn worker_freed(&mut self, agenda: &mut Agenda, region: RegionId) {
        while let Some(next) = self.regions[region].app.leave(agenda.now()) {
            if self.serve(agenda, next) {
                break;
            }
        }
    }

    /// The app has done its own work on a request, and calls the database.
    pub(in super::super) fn app_done(&mut self, agenda: &mut Agenda, call: Handle) {
        let Some(request) = self.calls.get_mut(call) else { return };
        let region = request.region;
        if self.regions[region].gray.strikes(request.marks, request.request, request.attempt) {
            let has_left_worker = request.has_left_worker;
            request.failure = Some(Cause::Error);
            self.respond(agenda, call, agenda.now());
            if !has_left_worker {
                self.worker_freed(agenda, region);
            }
        } else {
            let frees_worker = !self.setting.plan.scenario.regions[region].app.hold_worker && !request.has_left_worker;
            self.call_database(agenda, call);
            if frees_worker {
                self.worker_freed(agenda, region);
            }
        }
    }

    /// A service time in a region that may still be slow from having begun to take the other's visitors.
    #[inline]
    pub(super) fn warmed(&mut self, region: RegionId, now: SimTime, demand: SimDuration) -> SimDuration {
        let state = &mut self.regions[region];
        let Some(since) = state.warming_since else { return demand };
        let cold = self.setting.plan.scenario.regions[region].app.cold_start;
        match cold.filter(|cold| now.since(since) < cold.lasts) {
            Some(cold) => {
                let left = 1.0 - now.since(since).as_secs_f64() / cold.lasts.as_secs_f64();
                stretched(demand, 1.0 + (cold.factor - 1.0) * left)
            }
            None => {
                state.warming_since = None;
                demand
            }
        }
    }

    /// The other region has been found down, or is being replaced: this one grows to full size, if it stands by.
    pub(in super::super) fn activate_standby(&mut self, agenda: &mut Agenda, region: RegionId) {
        let Some(standby) = &self.setting.design.standby else { return };
        let state = &mut self.regions[region];
        if standby.region == region && !state.activation_ordered {
            state.activation_ordered = true;
            self.books.standby_ordered(agenda.now(), region);
            let is_refused = standby.refused > 0.0 && self.setting.streams.activation().uniform(0) < standby.refused;
            if !is_refused {
                state.is_growing = true;
                agenda.after(standby.activation, Event::StandbyActive { region });
            }
        }
    }

    /// A standby region is at full size.
    pub(in super::super) fn standby_active(&mut self, agenda: &mut Agenda, region: RegionId) {
        if self.control_plane.change_fails(
            region,
            Change::Activation,
            region.index() as u64,
            Event::StandbyActive { region },
        ) {
            return;
        }
        self.books.standby_active(agenda.now(), region);
        let pool = &self.setting.plan.scenario.regions[region].app;
        if self.dns.manager().is_cold(region) {
            self.dns.cold_standby_active(agenda, region);
        }
        let state = &mut self.regions[region];
        state.switch_on(pool.instances);
        state.is_growing = false;
        if state.app_reachability() == Reachability::Up {
            self.app_resizes(agenda, region);
        }
        self.note_circumstances(agenda.now());
    }

    /// The app pool of a region is now as large as its instances make it, and takes up who waits.
    pub(super) fn app_resizes(&mut self, agenda: &mut Agenda, region: RegionId) {
        self.resize_app(agenda.now(), region);
        self.take_up_at_app(agenda, region);
    }

    /// The app pool of a region is now as large as its instances make it.
    pub(super) fn resize_app(&mut self, now: SimTime, region: RegionId) {
        let state = &mut self.regions[region];
        let instances = state.instances();
        let workers = self.setting.plan.scenario.regions[region].app.workers;
        state.app.resize(now, instances * workers);
    }

    /// Puts the moment at which a client gives its attempt up on the agenda: done only for calls that may outlast it.
    pub(in super::super) fn set_deadline(&mut self, agenda: &mut Agenda, call: Handle) {
        let request = self.calls.live(call);
        if let (Owner::Visitor(session), false) = (request.owner, request.deadline_set) {
            request.deadline_set = true;
            let at = request.deadline.max(agenda.now());
            agenda.at(at, Event::AttemptFails { session, cause: Cause::RequestTimeout });
        }
    }

    /// The worker of a call, if its node holds it, does so no longer.
    pub(super) fn no_longer_stuck(&mut self, call: Handle) {
        let request = self.calls.live(call);
        let region = request.region;
        if let Some(phase) = request.trouble.filter(|_| self.setting.plan.scenario.regions[region].app.hold_worker) {
            self.regions[request.region].stuck[phase as usize] -= 1;
        }
    }

    /// Marks a call's worker as held by a node that cannot answer.
    pub(in super::super) fn set_trouble(&mut self, call: Handle, phase: Phase) {
        let request = self.calls.live(call);
        if request.trouble.is_none() {
            request.trouble = Some(phase);
            let region = request.region;
            if request.app_side == AppSide::Calling && self.setting.plan.scenario.regions[region].app.hold_worker {
                self.regions[request.region].stuck[phase as usize] += 1;
            }
        }
    }
}

/// The service time that a visitor's request asks of the app, where all is well.
#[inline]
fn app_demand(plan: &Plan, request: &Call) -> SimDuration {
    let service = &plan.regions[request.region].service;
    service.duration_of(|| request.marks.of_request(request.request, OfRequest::AppDemand))
}
