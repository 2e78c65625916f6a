//! Calls under way: when their clients give them up, and what stands in their way.

use super::super::data::Data;
use super::super::draws::OfSession;
use super::super::event::{Event, Scheduler};
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Phase};
use super::super::slab::Handle;
use super::Regions;
use super::call::{AppSide, Call, NodeSide, Owner};
use super::endpoint::Role;
use crate::scenario::RegionId;
use crate::units::SimTime;

impl Regions {
    /// Schedules the moment at which a client gives its attempt up: done only for calls that may outlast it.
    pub(super) fn set_deadline(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let request = self.calls.live(call);
        if let (Owner::Visitor(session), false) = (request.owner, request.deadline_set) {
            request.deadline_set = true;
            let at = request.deadline.max(scheduler.now());
            scheduler.schedule_at(at, Event::AttemptFails { session, cause: Cause::RequestTimeout });
        }
    }

    /// A request meets a cut path: its client's kernel goes on sending it.
    pub(super) fn held_on_path(&mut self, scheduler: &mut Scheduler, call: Handle) {
        self.set_deadline(scheduler, call);
        self.paths.held.push(call);
    }

    /// Draws a call's worker, if the app's workers are held meanwhile, as held by a node that cannot answer.
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
            request.give_up_set = false;
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
            let session = request.draws.of_session(OfSession::Instance).bits();
            (request.sent, request.deadline, session, request.request, request.attempt)
        });
        calls
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, pass, scheduler_at};
    use super::super::alone::{REGIONS, is_silent, regions, request};
    use super::super::state::Part;
    use super::*;
    use crate::scenario::InFlight;
    use crate::units::SimDuration;

    const NORTH: RegionId = REGIONS[0];
    const SOUTH: RegionId = REGIONS[1];

    /// A single primary in the north.
    fn data() -> Data {
        Data::new(NodeId::of(NORTH), 8, SimDuration::ZERO, None, 1)
    }

    #[test]
    fn a_client_gives_up_once_and_a_probe_never() {
        let mut regions = regions();
        let call = regions.calls.insert(request(NORTH, 1));
        let probe = Owner::Probe { probe: Handle::NONE, deep: true };
        let probe = regions.calls.insert(Call { owner: probe, ..request(NORTH, 1) });
        let mut scheduler = scheduler_at(2);
        regions.set_deadline(&mut scheduler, probe);
        regions.set_deadline(&mut scheduler, call);
        regions.held_on_path(&mut scheduler, call);
        let fails = Event::AttemptFails { session: Handle::NONE, cause: Cause::RequestTimeout };
        assert_eq!(pass(&mut scheduler, 100), [(at(11), fails)]);
        assert_eq!(regions.paths.held, [call]);
    }

    #[test]
    fn a_call_is_stuck_once_for_its_first_trouble_while_it_holds_its_worker() {
        let mut regions = regions();
        let calling = Call { app_side: AppSide::Calling, ..request(NORTH, 1) };
        let call = regions.calls.insert(calling);
        regions.set_trouble(call, Phase::Link, true);
        regions.set_trouble(call, Phase::NoPrimary, true);
        assert_eq!(regions.states[NORTH].stuck.iter().sum::<u32>(), 1);
        assert_eq!(regions.states[NORTH].stuck[Phase::Link as usize], 1);
        regions.no_longer_stuck(call, true);
        assert_eq!(regions.states[NORTH].stuck.iter().sum::<u32>(), 0);
        let queued = regions.calls.insert(Call { app_side: AppSide::Queued, ..request(NORTH, 1) });
        regions.set_trouble(queued, Phase::Link, true);
        let other = regions.calls.insert(Call { app_side: AppSide::Calling, ..request(NORTH, 1) });
        regions.set_trouble(other, Phase::Link, false);
        assert_eq!(regions.states[NORTH].stuck.iter().sum::<u32>(), 0, "they hold no worker");
        assert_eq!(regions.calls.see(other).trouble, Some(Phase::Link));
    }

    #[test]
    fn a_call_is_taken_back_from_the_link_alone() {
        let mut regions = regions();
        let on_link = Call { node_side: NodeSide::Travelling, node_called: at(3), ..request(NORTH, 1) };
        let call = regions.calls.insert(on_link);
        assert_eq!(regions.take_call_back(call), Some((NORTH, at(3))));
        assert_eq!(regions.take_call_back(call), None);
    }

    /// The phase of a write from a region whose app has called a node.
    fn phase(change: impl FnOnce(&mut Regions), region: RegionId, node: RegionId) -> Option<Phase> {
        let mut regions = regions();
        change(&mut regions);
        let call = regions.calls.insert(Call { node: NodeId::of(node), ..request(region, 1) });
        regions.phase_of_trouble(&data(), call, Role::Writer)
    }

    #[test]
    fn what_stands_in_the_way_of_a_write_is_the_link_or_the_endpoint_or_neither() {
        let cut = |regions: &mut Regions| {
            regions.link.cut(InFlight::Delivered, at(0));
        };
        let primary_is_down = |regions: &mut Regions| regions.states[NORTH].suffer(is_silent(Part::Node), true);
        let north_is_isolated = |regions: &mut Regions| {
            regions.paths.isolate(NORTH, Some(InFlight::Delivered), at(0));
            regions.link.cut(InFlight::Delivered, at(0));
        };
        assert_eq!(phase(cut, SOUTH, NORTH), Some(Phase::Link), "the primary is behind the cut");
        assert_eq!(phase(|_| (), SOUTH, SOUTH), Some(Phase::DatabaseEndpoint), "the primary is elsewhere");
        assert_eq!(phase(cut, SOUTH, SOUTH), Some(Phase::Link), "it is elsewhere, and behind the cut");
        assert_eq!(phase(cut, NORTH, SOUTH), Some(Phase::DatabaseEndpoint), "its own node is the primary");
        assert_eq!(phase(primary_is_down, SOUTH, NORTH), None);
        assert_eq!(phase(north_is_isolated, SOUTH, NORTH), None, "no cut of the link is to blame");
    }

    #[test]
    fn a_receipt_does_not_come_for_the_link_or_for_the_replica() {
        let mut regions = regions();
        let primary = NodeId::of(NORTH);
        assert_eq!(regions.receipt_phase(primary), Phase::Replica);
        regions.link.cut(InFlight::Delivered, at(0));
        assert_eq!(regions.receipt_phase(primary), Phase::Link);
        regions.paths.isolate(SOUTH, Some(InFlight::Delivered), at(0));
        regions.link.cut(InFlight::Delivered, at(0));
        assert_eq!(regions.receipt_phase(primary), Phase::Replica, "an isolated one is as good as dead");
    }

    #[test]
    fn the_first_reason_of_a_call_counts() {
        let regions = regions();
        let primary = NodeId::of(NORTH);
        let well = request(NORTH, 1);
        assert_eq!(regions.phase_of_call(&well, primary), Phase::Other);
        let queued = Call { queued: Some(Phase::Capacity), ..well };
        assert_eq!(regions.phase_of_call(&queued, primary), Phase::Capacity);
        let waits = Call { ack_expected: at(5), ..queued };
        assert_eq!(regions.phase_of_call(&waits, primary), Phase::Replica);
        let troubled = Call { trouble: Some(Phase::Names), ..waits };
        assert_eq!(regions.phase_of_call(&troubled, primary), Phase::Names);
    }

    #[test]
    fn calls_are_dealt_with_from_the_oldest_on_wherever_they_are_kept() {
        let mut regions = regions();
        let [gone, late, early] = [1, 9, 5].map(|second| regions.calls.insert(request(NORTH, second)));
        regions.calls.remove(gone);
        let latest = regions.calls.insert(request(NORTH, 12));
        assert_eq!(regions.calls_by_age(), [early, late, latest]);
    }
}
