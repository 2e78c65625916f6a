//! Responses: what the app sends back, and what a client makes of it.

use super::super::dns::TrafficManager;
use super::super::event::{Agenda, Event};
use super::super::incident::Success;
use super::super::marks::OfRequest;
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
    pub(super) fn respond(&mut self, agenda: &mut Agenda, call: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        request.app_side = AppSide::Gone;
        let owner = request.owner;
        match owner {
            Owner::Probe { probe, .. } => {
                let good = request.failure.is_none();
                self.probe_answered(agenda, probe, good);
            }
            Owner::Visitor(session) => {
                if self.visitors.get(session).is_some() {
                    self.respond_to_visitor(agenda, call, session, at);
                }
            }
        }
        self.close_if_over(call);
    }

    fn respond_to_visitor(&mut self, agenda: &mut Agenda, call: Handle, session: Handle, sent: SimTime) {
        let request = self.regions.calls.live(call);
        let at = sent + request.half_rtt;
        if self.regions.paths.is_cut(request.geography, request.region) {
            self.regions.set_deadline(agenda, call);
            return;
        }
        if at > request.deadline {
            // The client will have given up by then; what kept it is known now.
            let (deadline, is_set) = (request.deadline, request.deadline_set);
            let phase = self.regions.phase_of_call(self.regions.calls.see(call), self.data.primary());
            self.visitors.live(session).late_phase = Some(phase);
            if !is_set {
                agenda.at(deadline.max(agenda.now()), Event::AttemptFails { session, cause: Cause::RequestTimeout });
            }
            return;
        }
        match request.failure {
            None => {
                self.success(agenda, call, session, at);
                self.requests().request_succeeds(agenda, session, at);
            }
            Some(cause) => {
                let region = request.region;
                let phase = match cause {
                    Cause::Overloaded => self.regions.states[region].capacity_phase(agenda.now()),
                    Cause::DatabaseUnavailable | Cause::ReadOnly => {
                        self.regions.phase_of_call(self.regions.calls.see(call), self.data.primary())
                    }
                    Cause::Error => Phase::Gray,
                    Cause::DnsFailure
                    | Cause::ConnectTimeout
                    | Cause::ConnectionRefused
                    | Cause::ConnectionReset
                    | Cause::RequestTimeout => Phase::Other,
                };
                let phase = self.amended_phase(agenda.now(), session, phase);
                self.requests().attempt_fails(agenda, session, Failed { at, cause, phase });
            }
        }
    }

    /// Notes what follows from a success that reaches its client at `at`.
    fn success(&mut self, agenda: &Agenda, call: Handle, session: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        if at <= self.setting.plan.horizon {
            match request.operation {
                Operation::Read if request.missed.is_any() => self.read_is_heard(call),
                Operation::Read => {}
                Operation::Write => self.acknowledge(agenda, call, session, at),
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
    fn acknowledge(&mut self, agenda: &Agenda, call: Handle, session: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        let (commit, write) = (request.commit, request.write);
        self.data.acknowledge(write, commit, at);
        let visitor = self.visitors.live(session);
        let goes_on = visitor.request < visitor.requests;
        if goes_on || self.data.keeps_acknowledgements() {
            let key = self.setting.plan.keys.index(request.marks.of_request(request.request, OfRequest::Key));
            self.data.note_acknowledged(commit, key, at, agenda.now());
            if goes_on {
                visitor.own_writes = self.data.remember(visitor.own_writes, (key, commit), at, agenda.now());
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
    pub(super) fn drop_unanswered(&mut self, agenda: &mut Agenda, call: Handle) {
        self.regions.set_deadline(agenda, call);
        self.regions.calls.live(call).app_side = AppSide::Gone;
        self.close_if_over(call);
    }

    /// The connection of a call is reset: its client knows half a round trip later, if it still waits by then.
    pub(in super::super) fn reset(&mut self, agenda: &mut Agenda, call: Handle) {
        let request = self.regions.calls.live(call);
        let at = agenda.now() + request.half_rtt;
        match request.owner {
            Owner::Visitor(session) if at <= request.deadline => {
                agenda.at(at, Event::AttemptFails { session, cause: Cause::ConnectionReset });
            }
            Owner::Visitor(_) => self.regions.set_deadline(agenda, call),
            Owner::Probe { probe, .. } => self.probe_answered(agenda, probe, false),
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
