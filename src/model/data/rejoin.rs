//! What becomes of a log that a promotion has left behind: discarded or reconciled when its node rejoins, stranded when it
//! has not by the horizon.

use super::super::event::Event;
use super::super::node_id::NodeId;
use super::super::world::{Agenda, World};
use super::LeftBehind;
use super::entry::Entry;
use crate::units::SimTime;

impl World<'_> {
    /// Both nodes and the link are there: an old primary rejoins as replica.
    pub(super) fn rejoin(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        // What has been applied by now is not on the branch that is cut off.
        self.settle_applied(now);
        for node in NodeId::BOTH {
            let ended = self.data.branch_ended(node, now);
            let is_destroyed = self.data.branch_is_gone[node].take().is_some();
            let Some(left) = self.data.left_behind[node].take() else {
                if is_destroyed {
                    self.lose_what_was_not_shipped(node, ended, now);
                }
                continue;
            };
            self.data.isolation_ends(node);
            self.data.writable[node] = false;
            for entry in self.cut_off(node, now) {
                if left.is_merged && !is_destroyed {
                    self.reconcile(node, &entry, left, now);
                } else {
                    self.lose(entry.write, ended);
                    self.data.stale_reads.settle(entry.stale_reads, false, &mut self.books.record);
                }
                self.ledger.release(entry.write);
            }
            let first = NodeId::of(self.setting.design.database.primary);
            if let Some(delay) = self.setting.design.promotion.return_role.filter(|_| node == first) {
                agenda.turning_point(agenda.now() + delay, Event::RoleReturns { promotions: self.data.promotions });
            }
        }
    }

    /// Cuts the log of a node off, whose rows are again as they were before. Returns what was in it.
    pub(super) fn cut_off(&mut self, node: NodeId, now: SimTime) -> Vec<Entry> {
        self.note_backlogs_cleared(now);
        self.books.incidents.backlog_discarded(node);
        let cut = self.data.logs[node].cut_off(now);
        if let Some(acknowledged) = &mut self.data.acknowledged {
            for entry in &cut {
                acknowledged.forget(node, entry.key);
            }
        }
        cut
    }

    /// A commit that was left behind is merged back, unless its row has been written since.
    fn reconcile(&mut self, node: NodeId, entry: &Entry, left: LeftBehind, now: SimTime) {
        let meets_another = self.data.is_written_since(entry.key, left);
        self.data.stale_reads.settle(entry.stale_reads, !meets_another, &mut self.books.record);
        if meets_another {
            self.ledger.conflict(entry.write);
            return;
        }
        self.ledger.recover(entry.write);
        if let Some(acknowledged) = &mut self.data.acknowledged
            && entry.acknowledged < SimTime::NEVER
        {
            for node in [node, node.other()] {
                acknowledged.note(node, entry.key, entry.acknowledged, now);
            }
        }
    }

    /// Settles what is left at the horizon: what nobody can reach, or nobody has merged, is stranded.
    pub(in super::super) fn settle_at_horizon(&mut self, horizon: SimTime) {
        self.settle_applied(horizon);
        for node in NodeId::BOTH {
            let ended = self.data.branch_ended(node, horizon);
            let is_cut_off = self.data.left_behind[node].take().is_some() || self.node_is_gone(node);
            let is_destroyed = self.data.branch_is_gone[node].is_some();
            for entry in self.data.logs[node].cut_off(horizon) {
                let is_out_of_reach = is_cut_off && entry.arrives > horizon;
                if is_out_of_reach && !self.data.is_thrown_away(node, entry.conflict) {
                    if is_destroyed {
                        self.lose(entry.write, ended);
                    } else {
                        self.strand(entry.write, ended);
                    }
                }
                let counts = !is_out_of_reach && !self.data.is_kept_out(node, entry.conflict);
                self.data.stale_reads.settle(entry.stale_reads, counts, &mut self.books.record);
                self.ledger.release(entry.write);
            }
        }
        if self.both_nodes_are_gone() {
            self.lose_both_nodes(horizon);
        }
    }

    /// Whether nobody can reach any copy of the data.
    pub(in super::super) fn both_nodes_are_gone(&self) -> bool {
        NodeId::BOTH.into_iter().all(|node| self.node_is_gone(node))
    }

    /// Keys whose copies differ for good: what is still under way is applied first.
    pub(in super::super) fn keys_diverged(&mut self) -> u64 {
        let Some(copies) = &mut self.data.copies else { return 0 };
        for (region, log) in self.data.logs.each() {
            log.each(|position, entry| {
                copies.applied(NodeId::of(region), position, entry);
            });
        }
        copies.diverged()
    }
}
