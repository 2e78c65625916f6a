//! Calls under way: when their clients give them up, and what stands in their way.

use super::super::data::Data;
use super::super::event::{Agenda, Event};
use super::super::marks::OfSession;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Phase};
use super::super::slab::Handle;
use super::Regions;
use super::call::{AppSide, Call, NodeSide, Owner};
use super::endpoint::Role;
use crate::scenario::RegionId;
use crate::units::SimTime;

impl Regions {
    /// Puts the moment at which a client gives its attempt up on the agenda: done only for calls that may outlast it.
    pub(super) fn set_deadline(&mut self, agenda: &mut Agenda, call: Handle) {
        let request = self.calls.live(call);
        if let (Owner::Visitor(session), false) = (request.owner, request.deadline_set) {
            request.deadline_set = true;
            let at = request.deadline.max(agenda.now());
            agenda.at(at, Event::AttemptFails { session, cause: Cause::RequestTimeout });
        }
    }

    /// A request meets a cut path: its client's kernel goes on sending it.
    pub(super) fn held_on_path(&mut self, agenda: &mut Agenda, call: Handle) {
        self.set_deadline(agenda, call);
        self.paths.held.push(call);
    }

    /// Marks a call's worker, if the app's workers are held meanwhile, as held by a node that cannot answer.
    pub(super) fn set_trouble(&mut self, call: Handle, phase: Phase, holds_worker: bool) {
        let request = self.calls.live(call);
        if request.trouble.is_none() {
            request.trouble = Some(phase);
            if request.app_side == AppSide::Calling && holds_worker {
                self.states[request.region].stuck[phase as usize] += 1;
            }
        }
    }

    /// The worker of a call, if its node holds it, does so no longer.
    pub(super) fn no_longer_stuck(&mut self, call: Handle, holds_worker: bool) {
        let request = self.calls.live(call);
        if let Some(phase) = request.trouble.filter(|_| holds_worker) {
            self.states[request.region].stuck[phase as usize] -= 1;
        }
    }

    /// The app will not call the other region's node after all, or not yet. Returns from which region and when it would have, if it
    /// would.
    pub(super) fn take_call_back(&mut self, call: Handle) -> Option<(RegionId, SimTime)> {
        let request = self.calls.live(call);
        let is_on_link = request.node_side == NodeSide::Travelling;
        if is_on_link {
            request.node_side = NodeSide::Absent;
        }
        is_on_link.then_some((request.region, request.node_called))
    }

    /// The phase of a call that its node cannot serve, but for that of one that is beyond help: none then.
    pub(super) fn phase_of_trouble(&self, data: &Data, call: Handle, needs: Role) -> Option<Phase> {
        let &Call { region, node, .. } = self.calls.see(call);
        let usable = |node: NodeId| {
            let is_there = node.region() == region || !self.paths.is_isolated(node.region());
            is_there && self.node_is_up(node) && (needs == Role::Reader || data.accepts_writes(node))
        };
        if usable(node) && node.region() != region && self.link_is_partitioned() {
            Some(Phase::Link)
        } else if usable(node.other()) && (node.other().region() == region || !self.link.is_cut()) {
            Some(Phase::DatabaseEndpoint)
        } else if usable(node.other()) && self.link_is_partitioned() {
            // Its own node refused it, and the usable one is behind the cut.
            Some(Phase::Link)
        } else {
            None
        }
    }

    /// The phase of a call that the receipt of a commit of `primary` keeps waiting, itself or by holding the connections before it.
    pub(super) fn receipt_phase(&self, primary: NodeId) -> Phase {
        // A replica in an isolated region is as good as dead.
        let is_isolated = self.paths.is_isolated(primary.other().region());
        if self.link_is_partitioned() && !is_isolated { Phase::Link } else { Phase::Replica }
    }

    /// The phase of a call that is not answered well, or not in time, though its region serves it.
    pub(super) fn phase_of_call(&self, call: &Call, primary: NodeId) -> Phase {
        let receipt = || call.has_waited_for_receipt().then(|| self.receipt_phase(primary));
        call.trouble.or_else(receipt).or(call.queued).unwrap_or(Phase::Other)
    }

    /// All calls in an order that does not depend on where they are kept.
    pub(super) fn calls_by_age(&self) -> Vec<Handle> {
        let mut calls = self.calls.handles();
        calls.sort_by_cached_key(|call| {
            let request = self.calls.see(*call);
            let session = request.marks.of_session(OfSession::Instance).bits();
            (request.sent, request.deadline, session, request.request, request.attempt)
        });
        calls
    }
}
