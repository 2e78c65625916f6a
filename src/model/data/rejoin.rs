//! Fate of a log that a promotion has left behind: discarded or reconciled when its node rejoins, stranded when it has
//! not by the horizon.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::entry::Entry;
use super::witness::Witness;
use super::{Data, LeftBehind};
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

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, scheduler_at};
    use super::super::alone::{Heard, NODES, account, one_primary, write};
    use super::super::roles::Swap;
    use super::*;

    /// Two writes of which nothing has left when the primary dies at 11 s; the other node has its role at 20 s and writes key 1.
    fn left_behind(is_merged: bool) -> Data {
        let mut data = one_primary();
        write(&mut data, 10, NODES[0], 1);
        write(&mut data, 10, NODES[0], 2);
        data.node_dies(NODES[0], at(11), &mut Heard::default());
        data.contact_changes(true, at(11));
        data.swap_roles(at(20), Swap { is_fenced: true, is_merged, old_is_up: false });
        write(&mut data, 21, NODES[1], 1);
        data
    }

    /// The old primary is back at 30 s.
    fn returns(data: &mut Data, heard: &mut Heard) {
        let mut scheduler = scheduler_at(30);
        data.node_returns(&mut scheduler, NODES[0], true);
        assert_eq!(data.stream_goes_on(&mut scheduler, heard), PerRegion::from([true, false]));
        assert!(!data.is_changing() && !data.accepts_writes(NODES[0]));
    }

    #[test]
    fn a_branch_that_is_discarded_is_lost() {
        let (mut data, mut heard) = (left_behind(false), Heard::default());
        returns(&mut data, &mut heard);
        assert_eq!(heard.discarded, [NODES[0]]);
        let tally = account(data, 100);
        assert_eq!((tally.acknowledged, tally.lost, tally.durable), (3, 2, 1));
    }

    #[test]
    fn a_branch_that_is_merged_gives_way_to_what_has_been_written_since() {
        let mut data = left_behind(true);
        returns(&mut data, &mut Heard::default());
        let tally = account(data, 100);
        assert_eq!((tally.conflicting, tally.recovered, tally.durable), (1, 1, 1));
    }

    #[test]
    fn a_backlog_is_cleared_when_the_line_is_free() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        data.stream_is_cut(at(9), false, &mut heard);
        write(&mut data, 10, NODES[0], 1);
        let before = data.backlogs();
        assert_eq!(before, PerRegion::both(false), "the stream stands");
        data.stream_goes_on(&mut scheduler_at(12), &mut heard);
        assert!(data.backlogs_since(before).eq([NODES[0]]));
        // It is ready at 13 s.
        data.note_backlogs_cleared(at(12), &mut heard);
        assert_eq!(heard.cleared, []);
        data.note_backlogs_cleared(at(14), &mut heard);
        assert_eq!(heard.cleared, [(NODES[0], at(13))]);
    }
}
