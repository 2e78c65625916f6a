//! The stream between the nodes: what interrupts it, and what follows when it goes on.

use super::super::event::Scheduler;
use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::Data;
use super::witness::Witness;
use crate::units::SimTime;

impl Data {
    /// The link is cut: what is on the way `arrives`, or is dropped.
    pub(in super::super) fn stream_is_cut(&mut self, now: SimTime, arrives: bool, told: &mut impl Witness) {
        self.settle_applied(now, told);
        self.note_backlogs_cleared(now, told);
        for log in self.logs.iter_mut() {
            log.interrupt(now, arrives);
        }
        self.stream_changed(now);
    }

    /// The stream stands still, the link apart: what has left arrives.
    pub(in super::super) fn stream_stalls(&mut self, now: SimTime, told: &mut impl Witness) {
        self.settle_applied(now, told);
        self.note_backlogs_cleared(now, told);
        for log in self.logs.iter_mut().filter(|log| log.is_flowing()) {
            log.interrupt(now, true);
        }
        self.stream_changed(now);
    }

    /// Both nodes and the link are there: an old primary rejoins, and the stream goes on. Returns whose node has rejoined after a
    /// promotion had left its branch behind.
    pub(in super::super) fn stream_goes_on(
        &mut self,
        scheduler: &mut Scheduler,
        told: &mut impl Witness,
    ) -> PerRegion<bool> {
        let now = scheduler.now();
        let rejoined = self.rejoin(now, told);
        for node in NodeId::BOTH {
            self.logs[node].resume(now);
            self.expect_conflicts(scheduler, node);
        }
        self.stream_changed(now);
        rejoined
    }

    /// A node has died: what had left it still arrives; what was on the way to it does not. Commits that wait at the primary are
    /// gone with it.
    pub(in super::super) fn node_dies(&mut self, node: NodeId, now: SimTime, told: &mut impl Witness) {
        self.settle_applied(now, told);
        self.note_backlogs_cleared(now, told);
        self.logs[node].interrupt(now, true);
        let other = &mut self.logs[node.other()];
        other.interrupt(now, false);
        other.receiver_dies(now);
        if node == self.primary {
            self.waiting.clear();
        }
        self.node_ended(node, now);
        self.stream_changed(now);
    }

    /// A node is back. Fenced, an old primary waits for its new role; otherwise it serves until that comes.
    pub(in super::super) fn node_returns(&mut self, scheduler: &mut Scheduler, node: NodeId, is_fenced: bool) {
        self.windows.note_death(node, None);
        if node == self.primary && self.promotion.old_primary_returns(is_fenced) {
            self.writable[node] = !is_fenced;
        }
        self.logs[node.other()].receiver_returns(scheduler.now());
        self.expect_conflicts(scheduler, node.other());
    }
}
