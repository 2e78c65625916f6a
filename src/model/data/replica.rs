//! How far the replica is trusted, and the commits that wait for its receipt.

use std::collections::VecDeque;

use super::super::node_id::NodeId;
use super::super::slab::Handle;
use super::commit_id::CommitId;
use super::state::{Data, Replica};
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
