//! The app pool: requests arrive, wait, are served, and go on to the database.

use super::super::draws::OfRequest;
use super::super::event::{Event, Scheduler};
use super::super::outcome::{Cause, Operation, Phase};
use super::super::plan::Plan;
use super::super::pool::{Admission, Reservation};
use super::super::slab::Handle;
use super::super::visitor::Connection;
use super::call::{AppSide, Call, Owner};
use super::gray::stretched;
use super::serving::Serving;
use super::state::Reachability;
use crate::scenario::RegionId;
use crate::units::{SimDuration, SimTime};

/// Arrival of a request at its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Sent {
    /// Before its client gives it up.
    InTime,
    /// After that.
    TooLate,
}

impl Serving<'_> {
    /// A session sends its request, which leaves now on this open connection, and which its client gives up at `deadline`.
    #[inline]
    pub(in super::super) fn sends(
        &mut self,
        scheduler: &mut Scheduler,
        session: Handle,
        connection: Connection,
        deadline: SimTime,
    ) -> Sent {
        self.regions.states[connection.region].app.sets_out();
        let visitor = self.visitors.live(session);
        let sent = visitor.sent;
        if self.take_fast_path(scheduler, session, connection, sent, deadline) {
            return Sent::InTime;
        }
        let visitor = self.visitors.live(session);
        let arrives = visitor.sent + visitor.half_rtt();
        let call = self.regions.calls.insert(Call::of_visitor(visitor, session, connection.incarnation, deadline));
        visitor.call = call;
        if visitor.operation == Operation::Write {
            self.data.hold_write(visitor.write);
        }
        self.request_sent(scheduler, call, arrives);
        if arrives <= deadline {
            return Sent::InTime;
        }
        self.regions.set_deadline(scheduler, call);
        Sent::TooLate
    }

    /// Sends a request on its way to the app of its region, where it arrives at `arrives`. Reserves a worker if one is guaranteed
    /// to be free on arrival, and schedules no arrival event then.
    #[inline]
    pub(super) fn request_sent(&mut self, scheduler: &mut Scheduler, call: Handle, arrives: SimTime) {
        let request = self.regions.calls.live(call);
        let (geography, region) = (request.geography, request.region);
        let undisturbed_until = self.regions.undisturbed_until(scheduler, geography, region);
        let request = self.regions.calls.live(call);
        let state = &mut self.regions.states[region];
        let can_reserve = arrives < undisturbed_until
            && state.incarnation == request.incarnation
            // Its client will not have given it up by then.
            && arrives <= request.deadline
            // Its wait is counted, or not, as at its arrival.
            && self.books.is_measured(arrives) == state.app.is_measuring()
            // How warm the region will be is not known.
            && self.setting.plan.scenario.regions[region].app.cold_start.is_none()
            && state.can_reserve_worker(scheduler.now());
        if can_reserve {
            state.app.reserve(scheduler.now(), Reservation { at: arrives, customer: call, number: scheduler.number() });
            request.app_side = AppSide::Serving;
            self.serve_visitor(scheduler, call, arrives);
        } else {
            scheduler.schedule_at(arrives, Event::RequestArrives { call });
        }
    }

    /// Takes their workers from all who have reserved one and have not arrived: they will arrive as others do.
    #[cold]
    #[inline(never)]
    fn cancel(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        for Reservation { at, customer: call, number } in
            self.regions.states[region].app.take_reservations(scheduler.now())
        {
            if let Some((region, at)) = self.regions.take_call_back(call) {
                self.books.not_sent_over_link(region, at, self.setting.plan.scenario.link.call_size);
            }
            let request = self.regions.calls.live(call);
            let state = &mut self.regions.states[region];
            let done = at + state.gray.stretch(app_demand(self.setting.plan, request));
            request.app_side = AppSide::Arriving;
            request.queued = None;
            state.app.cancel(at, std::mem::take(&mut request.has_left_worker).then_some(done));
            let renewed = self.regions.calls.renew(call);
            if let Owner::Visitor(session) = self.regions.calls.live(renewed).owner
                && let Some(visitor) = self.visitors.get_mut(session).filter(|visitor| visitor.call == call)
            {
                visitor.call = renewed;
            }
            scheduler.schedule_numbered(at, number, Event::RequestArrives { call: renewed });
        }
    }

    /// A request reaches the app of its region.
    pub(in super::super) fn request_arrives(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get(call) else { return };
        let region = &self.regions.states[request.region];
        let entered = scheduler.now().saturating_sub(request.half_rtt);
        if !self.regions.paths.delivers(request.geography, request.region, entered) {
            self.regions.held_on_path(scheduler, call);
            return;
        }
        match region.app_reachability() {
            Reachability::Silent => self.drop_unanswered(scheduler, call),
            Reachability::Refusing => self.reset(scheduler, call),
            Reachability::Up => {
                if region.incarnation == request.incarnation {
                    self.enter_app(scheduler, call);
                } else {
                    self.reset(scheduler, call);
                }
            }
        }
    }

    /// A request, or a probe's, comes to the app's queue.
    #[inline]
    pub(super) fn enter_app(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let region = self.regions.calls.live(call).region;
        self.make_room_at_app(scheduler, region);
        if self.regions.states[region].app.is_overbooked(scheduler.now()) {
            self.cancel(scheduler, region);
        }
        let request = self.regions.calls.live(call);
        match self.regions.states[region].app.enter(scheduler.now(), call) {
            Admission::Served => self.serve(scheduler, call),
            Admission::Queued => {
                debug_assert!(
                    self.regions.states[region].fast_reads.is_empty(),
                    "no read that would wait takes the fast path"
                );
                request.app_side = AppSide::Queued;
                request.queued = Some(self.regions.states[region].capacity_phase(scheduler.now()));
                self.regions.set_deadline(scheduler, call);
                self.watch_workers(scheduler, region);
            }
            Admission::Refused => {
                request.app_side = AppSide::Gone;
                request.failure = Some(Cause::Overloaded);
                self.respond(scheduler, call, scheduler.now());
            }
        }
    }

    /// A worker takes a request up.
    #[inline]
    fn serve(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        request.app_side = AppSide::Serving;
        match request.owner {
            Owner::Probe { .. } => self.serve_probe(scheduler, call),
            Owner::Visitor(_) => self.serve_visitor(scheduler, call, scheduler.now()),
        }
    }

    /// A worker takes a probe's request up, which takes as long as a visitor's.
    fn serve_probe(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        let region = request.region;
        let demand = app_demand(self.setting.plan, request);
        let demand = self.regions.states[region].gray.stretch(demand);
        let service = self.warmed(region, scheduler.now(), demand);
        scheduler.schedule_after(service, Event::AppDone { call });
    }

    /// A worker takes a visitor's request up at `now`, which may be yet to come.
    #[inline]
    fn serve_visitor(&mut self, scheduler: &mut Scheduler, call: Handle, now: SimTime) {
        let request = self.regions.calls.live(call);
        let region = request.region;
        let demand = app_demand(self.setting.plan, request);
        let gray = &self.regions.states[region].gray;
        if gray.is_slow() {
            request.queued = Some(Phase::Gray);
        }
        let demand = gray.stretch(demand);
        let done = now + self.warmed(region, now, demand);
        if done > self.regions.calls.live(call).deadline {
            self.regions.set_deadline(scheduler, call);
        }
        let holds = self.setting.holds_worker(region);
        if !holds {
            self.let_worker_leave(scheduler, call, done);
        }
        if (holds || self.regions.calls.live(call).has_left_worker)
            && let Some(node) = self.will_call_other(scheduler, call, done)
        {
            self.call_other_at(scheduler, call, node, done);
        } else {
            scheduler.schedule_at(done, Event::AppDone { call });
        }
    }

    /// A worker that waits for nobody needs no event to come free at `done`.
    fn let_worker_leave(&mut self, scheduler: &Scheduler, call: Handle, done: SimTime) {
        let request = self.regions.calls.live(call);
        let region = request.region;
        let app = &mut self.regions.states[region].app;
        if app.is_without_queue() && done < scheduler.lookahead_bound() {
            app.leave_at(done);
            request.has_left_worker = true;
        }
    }

    /// Somebody waits for a worker: if one comes free by itself, it is to be noticed.
    fn watch_workers(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        if let Some(at) = self.regions.states[region].app.alarm() {
            scheduler.schedule_at(at, Event::WorkersFree { region });
        }
    }

    /// Workers for which somebody waited may have come free.
    pub(in super::super) fn workers_free(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        self.regions.states[region].app.alarmed(scheduler.now());
        self.take_up_at_app(scheduler, region);
        self.watch_workers(scheduler, region);
    }

    /// The free workers of a region take up who waits.
    pub(super) fn take_up_at_app(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        while let Some(call) = self.regions.states[region].app.take_up(scheduler.now()) {
            self.serve(scheduler, call);
        }
    }

    /// A worker of a region is free again, and takes up who waits.
    pub(super) fn worker_freed(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        if let Some(next) = self.regions.states[region].app.leave(scheduler.now()) {
            self.serve(scheduler, next);
        }
    }

    /// The app has done its own work on a request, and calls the database; who asks the app alone has an answer.
    pub(in super::super) fn app_done(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get_mut(call) else { return };
        let region = request.region;
        let is_struck = self.regions.states[region].gray.strikes(request.draws, request.request, request.attempt);
        let is_answered = !self.setting.asks_database() || matches!(request.owner, Owner::Probe { deep: false, .. });
        if is_struck || is_answered {
            let has_left_worker = request.has_left_worker;
            request.failure = is_struck.then_some(Cause::Error);
            self.respond(scheduler, call, scheduler.now());
            if !has_left_worker {
                self.worker_freed(scheduler, region);
            }
        } else {
            let frees_worker = !self.setting.holds_worker(region) && !request.has_left_worker;
            self.call_database(scheduler, call);
            if frees_worker {
                self.worker_freed(scheduler, region);
            }
        }
    }

    /// A service time in a region that may still be slow from having begun to take the other's visitors.
    #[inline]
    pub(super) fn warmed(&mut self, region: RegionId, now: SimTime, demand: SimDuration) -> SimDuration {
        let state = &mut self.regions.states[region];
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

    /// The app pool of a region is now as large as its instances make it, and takes up who waits.
    pub(super) fn app_resizes(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        self.resize_app(scheduler.now(), region);
        self.take_up_at_app(scheduler, region);
    }

    /// The app pool of a region is now as large as its instances make it.
    pub(super) fn resize_app(&mut self, now: SimTime, region: RegionId) {
        let state = &mut self.regions.states[region];
        let instances = state.instances();
        let workers = self.setting.plan.scenario.regions[region].app.workers;
        state.app.resize(now, instances * workers);
    }

    /// Draws a call's worker as held by a node that cannot answer.
    pub(super) fn set_trouble(&mut self, call: Handle, phase: Phase) {
        let holds_worker = self.setting.holds_worker(self.regions.calls.see(call).region);
        self.regions.set_trouble(call, phase, holds_worker);
    }

    /// The worker of a call, if its node holds it, does so no longer.
    pub(super) fn no_longer_stuck(&mut self, call: Handle) {
        let holds_worker = self.setting.holds_worker(self.regions.calls.see(call).region);
        self.regions.no_longer_stuck(call, holds_worker);
    }
}

/// The service time that a request asks of the app, where all is well.
#[inline]
fn app_demand(plan: &Plan, request: &Call) -> SimDuration {
    let service = &plan.regions[request.region].service;
    service.duration_of(|| request.draws.of_request(request.request, OfRequest::AppDemand))
}
