//! Responses: what the app sends back, and what a client makes of it.

use super::super::dns::TrafficManager;
use super::super::draws::OfRequest;
use super::super::event::{Event, Scheduler};
use super::super::incident::Success;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Operation, Phase};
use super::super::slab::Handle;
use super::super::visitor::{Failed, Session};
use super::call::{AppSide, NodeSide, Owner};
use super::serving::Serving;
use crate::scenario::RegionId;
use crate::units::SimTime;

impl Serving<'_> {
    /// The app sends its response at `at`. The call is over, unless the database still works on it.
    pub(super) fn respond(&mut self, scheduler: &mut Scheduler, call: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        request.app_side = AppSide::Gone;
        let owner = request.owner;
        match owner {
            Owner::Probe { probe, .. } => {
                let good = request.failure.is_none();
                self.probe_answered(scheduler, probe, good);
            }
            Owner::Visitor(session) => {
                if self.visitors.get(session).is_some() {
                    self.respond_to_visitor(scheduler, call, session, at);
                }
            }
        }
        self.close_if_over(call);
    }

    fn respond_to_visitor(&mut self, scheduler: &mut Scheduler, call: Handle, session: Handle, sent: SimTime) {
        let request = self.regions.calls.live(call);
        let at = sent + request.half_rtt;
        if self.regions.paths.is_cut(request.geography, request.region) {
            self.regions.set_deadline(scheduler, call);
            return;
        }
        if at > request.deadline {
            // The client will have given up by then; what kept it is known now.
            let (deadline, is_set) = (request.deadline, request.deadline_set);
            let phase = self.regions.phase_of_call(self.regions.calls.see(call), self.data.primary());
            self.visitors.live(session).late_phase = Some(phase);
            if !is_set {
                scheduler.schedule_at(
                    deadline.max(scheduler.now()),
                    Event::AttemptFails { session, cause: Cause::RequestTimeout },
                );
            }
            return;
        }
        let phase = self.phase_of_answer(scheduler.now(), call, session);
        if self.setting.plan.loses_answers && at >= scheduler.lookahead_bound() {
            let request = self.regions.calls.live(call);
            request.failure_phase = phase;
            request.app_side = AppSide::Answering;
            scheduler.schedule_at(at, Event::ResponseArrives { call });
        } else {
            self.response_is_heard(scheduler, (call, session), at, phase);
        }
    }

    /// The phase of the failure that an answer tells of, if it does.
    fn phase_of_answer(&mut self, now: SimTime, call: Handle, session: Handle) -> Phase {
        let request = self.regions.calls.see(call);
        let phase = match request.failure {
            None => return Phase::Other,
            Some(Cause::Overloaded) => self.regions.states[request.region].capacity_phase(now),
            Some(Cause::DatabaseUnavailable | Cause::ReadOnly) => {
                self.regions.phase_of_call(request, self.data.primary())
            }
            Some(Cause::Error) => Phase::Gray,
            Some(
                Cause::DnsFailure
                | Cause::ConnectTimeout
                | Cause::ConnectionRefused
                | Cause::ConnectionReset
                | Cause::RequestTimeout,
            ) => Phase::Other,
        };
        self.amended_phase(now, session, phase)
    }

    /// A response that a cut could lose is at the end of its way to its client, unless one has.
    pub(in super::super) fn response_arrives(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        let (geography, region, half_rtt, phase) =
            (request.geography, request.region, request.half_rtt, request.failure_phase);
        request.app_side = AppSide::Gone;
        let now = scheduler.now();
        if let Owner::Visitor(session) = request.owner
            && self.visitors.get(session).is_some()
        {
            if self.regions.paths.delivers(geography, region, now.saturating_sub(half_rtt)) {
                self.response_is_heard(scheduler, (call, session), now, phase);
            } else {
                self.regions.set_deadline(scheduler, call);
            }
        }
        self.close_if_over(call);
    }

    /// A visitor hears the response to its call at `at`; if it tells of a failure, that is of `phase`.
    fn response_is_heard(
        &mut self,
        scheduler: &mut Scheduler,
        (call, session): (Handle, Handle),
        at: SimTime,
        phase: Phase,
    ) {
        match self.regions.calls.see(call).failure {
            None => {
                self.success(scheduler, call, session, at);
                self.requests().request_succeeds(scheduler, session, at);
            }
            Some(cause) => self.requests().attempt_fails(scheduler, session, Failed { at, cause, phase }),
        }
    }

    /// Notes what follows from a success that reaches its client at `at`.
    fn success(&mut self, scheduler: &Scheduler, call: Handle, session: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        if at <= self.setting.plan.horizon {
            match request.operation {
                Operation::Read if request.missed.is_any() => self.read_is_heard(call),
                Operation::Read => {}
                Operation::Write => self.acknowledge(scheduler, call, session, at),
            }
        }
        let request = self.regions.calls.live(call);
        if at <= self.setting.plan.horizon && self.books.await_failover(request.operation) {
            let (region, node) = (request.region, request.node);
            let visitor = self.visitors.see(session);
            let success = success_of(visitor, self.dns.manager(), region, node);
            self.books.success(at, &success);
        }
    }

    /// A visitor gets the success of a write at `at`.
    fn acknowledge(&mut self, scheduler: &Scheduler, call: Handle, session: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        let (commit, write) = (request.commit, request.write);
        self.data.acknowledge(write, commit, at);
        let visitor = self.visitors.live(session);
        let goes_on = visitor.request < visitor.requests;
        if goes_on || self.data.keeps_acknowledgements() {
            let key = self.setting.plan.keys.index(request.draws.of_request(request.request, OfRequest::Key));
            self.data.note_acknowledged(commit, key, at, scheduler.now());
            if goes_on {
                visitor.own_writes = self.data.remember(visitor.own_writes, (key, commit), at, scheduler.now());
            }
        }
    }

    /// Returns whether a failover is waited for that a visitor's read, served in a region by its own node, would show.
    #[inline]
    pub(super) fn would_show_failover(&self, visitor: &Session, region: RegionId) -> bool {
        self.books.await_failover(Operation::Read)
            && self.books.await_success(&success_of(visitor, self.dns.manager(), region, NodeId::of(region)))
    }

    /// A packet that met silence: nobody answers.
    pub(super) fn drop_unanswered(&mut self, scheduler: &mut Scheduler, call: Handle) {
        self.regions.set_deadline(scheduler, call);
        self.regions.calls.live(call).app_side = AppSide::Gone;
        self.close_if_over(call);
    }

    /// The connection of a call is reset: its client knows half a round trip later, if it still waits by then.
    pub(in super::super) fn reset(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.regions.calls.live(call);
        let at = scheduler.now() + request.half_rtt;
        match request.owner {
            Owner::Visitor(session) if at <= request.deadline => {
                scheduler.schedule_at(at, Event::AttemptFails { session, cause: Cause::ConnectionReset });
            }
            Owner::Visitor(_) => self.regions.set_deadline(scheduler, call),
            Owner::Probe { probe, .. } => self.probe_answered(scheduler, probe, false),
        }
        self.regions.calls.live(call).app_side = AppSide::Gone;
        self.close_if_over(call);
    }

    /// Forgets a call that neither the app nor the database still works on.
    pub(super) fn close_if_over(&mut self, call: Handle) {
        let request = self.regions.calls.live(call);
        if request.app_side == AppSide::Gone && request.node_side == NodeSide::Absent {
            let (write, missed) = (request.write, request.missed);
            self.data.release_write(write);
            self.data.read_is_over(missed, self.books);
            self.regions.calls.remove(call);
        }
    }
}

/// A success of a session's request, served in a region and by a node.
fn success_of<'a>(visitor: &'a Session, manager: &TrafficManager, region: RegionId, node: NodeId) -> Success<'a> {
    let ordinary = || manager.ordinary(visitor.routed_as);
    let ordinary_region = visitor.answer.map_or_else(ordinary, |answer| answer.ordinary);
    Success { visitor, ordinary_region, region, node }
}
