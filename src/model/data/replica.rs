//! Point to which the replica is trusted, and the commits that wait for its receipt.

use std::collections::VecDeque;

use super::super::node_id::NodeId;
use super::super::slab::Handle;
use super::commit_id::CommitId;
use super::{Data, Replica};
use crate::units::SimTime;

impl Data {
    /// Takes the replica to be in step again, if it has caught up.
    pub(super) fn note_catching_up(&mut self, now: SimTime) {
        if let Replica::Behind { until: Some(until), .. } = self.replica
            && self.log().has_arrived(until.saturating_sub(1), now)
        {
            self.replica = Replica::InStep;
        }
    }

    /// Returns whether some setting of `promotion` could make the replica the primary.
    pub(in super::super) fn replica_is_promotable(&self, now: SimTime) -> bool {
        match self.replica {
            Replica::InStep | Replica::Behind { promotable: true, .. } => true,
            Replica::Behind { until, promotable: false } => {
                until.is_some_and(|until| self.log().has_arrived(until.saturating_sub(1), now))
            }
        }
    }

    /// Waits for the replica no longer, until it has caught up.
    pub(super) fn leave_behind(&mut self, promotable: bool) {
        let log = self.log();
        let until = log.is_flowing().then(|| log.next());
        self.replica = Replica::Behind { until, promotable };
    }

    /// The stream has stopped, or gone on: a replica that is behind has caught up when it has what is committed by now.
    pub(super) fn stream_changed(&mut self, now: SimTime) {
        self.note_catching_up(now);
        if let Replica::Behind { promotable, .. } = self.replica {
            self.leave_behind(promotable);
        }
    }

    /// Lets the commit of a call wait for its receipt, unless the replica is behind. Returns whether it waits.
    pub(in super::super) fn awaits_receipt(&mut self, call: Handle, now: SimTime) -> bool {
        self.note_catching_up(now);
        let is_in_step = self.replica == Replica::InStep;
        if is_in_step {
            self.waiting.push_back(call);
        }
        is_in_step
    }

    /// Returns when the replica receives, or received, a commit of the primary. One that is no longer in the log has been applied.
    pub(in super::super) fn receipt_of(&self, commit: CommitId, now: SimTime) -> SimTime {
        self.log().get(commit.position).map_or(now, |entry| entry.arrives)
    }

    /// Returns whether the primary's commits are on their way, rather than held up.
    pub(in super::super) fn stream_is_flowing(&self) -> bool {
        self.log().is_flowing()
    }

    /// The call at a place among those whose commit waits for its receipt.
    pub(in super::super) fn waiting(&self, place: usize) -> Option<Handle> {
        self.waiting.get(place).copied()
    }

    /// Returns whether commits that wait for a receipt which cannot come are more than half of the `busy` connections of a node.
    pub(in super::super) fn receipts_block(&self, node: NodeId, busy: usize) -> bool {
        node == self.primary && !self.log().is_flowing() && self.waiting.len() * 2 > busy
    }

    /// Lets the commit of a call wait no longer. Returns whether it has waited until now.
    pub(in super::super) fn has_receipt(&mut self, call: Handle) -> bool {
        let place = self.waiting.iter().position(|waiting| *waiting == call);
        place.is_some_and(|place| self.waiting.remove(place).is_some())
    }

    /// The commit of a call has waited for its receipt as long as it may: from now on the replica is behind, and may be promoted
    /// all the same if it is `promotable`. Returns the calls that wait no longer: none, if that of the call did not wait.
    pub(in super::super) fn receipt_is_late(&mut self, call: Handle, promotable: bool) -> VecDeque<Handle> {
        if !self.waiting.contains(&call) {
            return VecDeque::new();
        }
        self.leave_behind(promotable);
        self.take_waiting()
    }

    /// Takes all calls whose commit waits for its receipt: they wait no longer.
    pub(in super::super) fn take_waiting(&mut self) -> VecDeque<Handle> {
        std::mem::take(&mut self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, scheduler_at};
    use super::super::super::slab::Slab;
    use super::super::alone::{Heard, NODES, one_primary, write_on};
    use super::*;

    /// Handles of two calls.
    fn calls() -> [Handle; 2] {
        let mut calls = Slab::new();
        [calls.insert(()), calls.insert(())]
    }

    #[test]
    fn a_commit_waits_for_its_receipt_until_it_has_it() {
        let (mut data, [call, other]) = (one_primary(), calls());
        let (_, commit) = write_on(&mut data, &mut scheduler_at(10), NODES[0], 1);
        assert!(data.awaits_receipt(call, at(10)));
        assert_eq!(data.receipt_of(commit, at(10)), at(15));
        assert!(!data.has_receipt(other) && data.has_receipt(call) && !data.has_receipt(call));
        data.settle_applied(at(15), &mut Heard::default());
        assert_eq!(data.receipt_of(commit, at(16)), at(16), "it has long been applied");
    }

    #[test]
    fn when_a_receipt_is_late_nobody_waits_until_the_replica_has_caught_up() {
        let (mut data, [call, other]) = (one_primary(), calls());
        write_on(&mut data, &mut scheduler_at(10), NODES[0], 1);
        assert!(data.awaits_receipt(call, at(10)));
        assert!(data.receipt_is_late(other, false).is_empty() && data.replica_is_promotable(at(11)));
        assert_eq!(data.receipt_is_late(call, false), [call]);
        assert!(!data.replica_is_promotable(at(14)) && !data.awaits_receipt(other, at(14)));
        // The last commit of before has arrived.
        assert!(data.replica_is_promotable(at(15)) && data.awaits_receipt(other, at(15)));
    }

    #[test]
    fn a_replica_that_is_left_behind_while_the_stream_stands_catches_up_when_it_goes_on() {
        let (mut data, [call, _]) = (one_primary(), calls());
        let mut heard = Heard::default();
        data.stream_is_cut(at(9), false, &mut heard);
        let (_, commit) = write_on(&mut data, &mut scheduler_at(10), NODES[0], 1);
        assert!(data.awaits_receipt(call, at(10)) && !data.stream_is_flowing());
        assert_eq!(data.receipt_of(commit, at(10)), SimTime::NEVER);
        assert!(data.receipts_block(NODES[0], 1) && !data.receipts_block(NODES[0], 2));
        assert!(!data.receipts_block(NODES[1], 1), "the other node");
        assert_eq!(data.receipt_is_late(call, true), [call]);
        assert!(data.replica_is_promotable(at(11)), "the mode trusts it");
        data.stream_goes_on(&mut scheduler_at(20), &mut heard);
        // What waited leaves at once, and arrives 2 s later.
        assert!(!data.awaits_receipt(call, at(21)) && data.awaits_receipt(call, at(22)));
    }
}
