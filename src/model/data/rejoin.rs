//! What becomes of a log that a promotion has left behind: discarded or reconciled when its node rejoins, stranded when it
//! has not by the horizon.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::entry::Entry;
use super::state::{Data, LeftBehind};
use super::witness::Witness;
use crate::units::SimTime;

impl Data {
    /// Both nodes and the link are there: an old primary rejoins as replica. Returns whose branch a promotion had left behind.
    pub(super) fn rejoin(&mut self, now: SimTime, told: &mut impl Witness) -> PerRegion<bool> {
        // What has been applied by now is not on the branch that is cut off.
        self.settle_applied(now, told);
        let mut rejoined = PerRegion::both(false);
        for node in NodeId::BOTH {
            let ended = self.branch_ended(node, now);
            let is_destroyed = self.branch_is_gone[node].take().is_some();
            let Some(left) = self.left_behind[node].take() else {
                if is_destroyed {
                    self.lose_what_was_not_shipped(node, ended, now, told);
                }
                continue;
            };
            self.windows.isolation_ends(node);
            self.writable[node] = false;
            for entry in self.cut_off(node, now, told) {
                if left.is_merged && !is_destroyed {
                    self.reconcile(node, &entry, left, now, told);
                } else {
                    self.lose(entry.write, ended);
                    self.stale_reads.settle(entry.stale_reads, false, told);
                }
                self.ledger.release(entry.write);
            }
            rejoined[node] = true;
        }
        rejoined
    }

    /// Cuts the log of a node off, whose rows are again as they were before. Returns what was in it.
    pub(super) fn cut_off(&mut self, node: NodeId, now: SimTime, told: &mut impl Witness) -> Vec<Entry> {
        self.note_backlogs_cleared(now, told);
        told.backlog_discarded(node);
        let cut = self.logs[node].cut_off(now);
        if let Some(acknowledged) = &mut self.acknowledged {
            for entry in &cut {
                acknowledged.forget(node, entry.key);
            }
        }
        cut
    }

    /// A commit that was left behind is merged back, unless its row has been written since.
    fn reconcile(&mut self, node: NodeId, entry: &Entry, left: LeftBehind, now: SimTime, told: &mut impl Witness) {
        let meets_another = self.is_written_since(entry.key, left);
        self.stale_reads.settle(entry.stale_reads, !meets_another, told);
        if meets_another {
            self.ledger.conflict(entry.write);
            return;
        }
        self.ledger.recover(entry.write);
        if let Some(acknowledged) = &mut self.acknowledged
            && entry.acknowledged < SimTime::NEVER
        {
            for node in [node, node.other()] {
                acknowledged.note(node, entry.key, entry.acknowledged, now);
            }
        }
    }
}
