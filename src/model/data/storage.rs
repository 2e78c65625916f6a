//! Full copies: a node whose storage was destroyed comes back empty, and serves nothing until it has everything again.
//!
//! Data that only the destroyed storage had is lost. After the outage, all data (`keys.size`) is sent by the other node
//! at the link's bandwidth; the stream waits behind it, and then catches up with the commits made meanwhile, while new
//! commits join its end. Until the copy is there the node refuses its callers, whatever the outage looked like.
//!
//! A copy goes on only while the other node, the link and the stream do; a cut suspends it, another outage of the node itself
//! starts it again. If both nodes are empty there is nothing to copy: neither comes back, and everything is lost.
//!
//! Left out: restoring from a backup, and the load that reading a copy puts on the node that sends it.

use super::super::node_id::NodeId;
use super::Data;
use super::full_copy::{Change, FullCopy};
use super::witness::Witness;
use crate::units::{SimDuration, SimTime};

impl Data {
    /// The storage of a node that has just died is gone, too; a full copy takes `copy_takes` on the line. Returns whether
    /// the node was
    /// not empty before.
    pub(in super::super) fn storage_destroyed(
        &mut self,
        node: NodeId,
        occurrence: u32,
        copy_takes: SimDuration,
        now: SimTime,
        told: &mut impl Witness,
    ) -> bool {
        let ended = self.branch_ended(node, now);
        self.branch_is_gone[node] = Some(ended);
        self.lose_what_has_not_left(node, ended, now, told);
        let before = self.empty[node];
        self.empty[node] = Some(FullCopy::needed(occurrence, copy_takes, before));
        before.is_none()
    }

    /// Loses what has not left a node, whose storage is gone.
    fn lose_what_has_not_left(&mut self, node: NodeId, ended: SimTime, now: SimTime, told: &mut impl Witness) {
        self.settle_applied(now, told);
        self.keep_acknowledgements();
        told.backlog_discarded(node);
        for entry in self.logs[node].truncate(now) {
            self.stale_reads.settle(entry.stale_reads, false, told);
            if !self.is_thrown_away(node, entry.conflict) {
                self.lose(entry.write, ended);
            }
            self.ledger.release(entry.write);
        }
    }

    /// Returns whether a node is empty, and needs a full copy.
    pub(in super::super) fn is_without_storage(&self, node: NodeId) -> bool {
        self.empty[node].is_some()
    }

    /// Something has changed that the full copy of a node may depend on. Returns when it is done, and the generation of
    /// that event, if
    /// it goes on from now on.
    pub(in super::super) fn full_copy_changes(
        &mut self,
        node: NodeId,
        now: SimTime,
        change: Change,
    ) -> Option<(SimTime, u32)> {
        self.empty[node].as_mut().and_then(|copy| copy.changes(now, change))
    }

    /// A node has everything again. Returns the occurrence of the incident that had destroyed its storage; none if the
    /// event is void.
    pub(in super::super) fn full_copy_done(
        &mut self,
        node: NodeId,
        generation: u32,
        now: SimTime,
        told: &mut impl Witness,
    ) -> Option<u32> {
        let copy = self.empty[node].take_if(|copy| copy.is_of(generation))?;
        // The copy has all that the other node has applied.
        self.settle_applied(now, told);
        if let Some(copies) = &mut self.copies {
            copies.copied_to(node);
        }
        if let Some(acknowledged) = &mut self.acknowledged {
            acknowledged.copied_to(node);
        }
        Some(copy.occurrence())
    }

    /// The node is back, from a copy, as what it was: loses what had left it, and was dropped on the way.
    pub(super) fn lose_what_was_not_shipped(
        &mut self,
        node: NodeId,
        ended: SimTime,
        now: SimTime,
        told: &mut impl Witness,
    ) {
        self.settle_applied(now, told);
        for entry in self.cut_off(node, now, told) {
            let is_received = entry.arrives <= now;
            if !is_received && !self.is_thrown_away(node, entry.conflict) {
                self.lose(entry.write, ended);
            }
            let counts = is_received && !self.is_kept_out(node, entry.conflict);
            self.stale_reads.settle(entry.stale_reads, counts, told);
            self.ledger.release(entry.write);
        }
    }

    /// Returns whether the data is nowhere any more.
    pub(super) fn everything_is_destroyed(&self) -> bool {
        self.empty.iter().all(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, scheduler_at, secs};
    use super::super::alone::{Heard, NODES, account, account_without, one_primary, write};
    use super::*;

    const GOES_ON: Change = Change { sender_is_there: true, is_back: true };

    #[test]
    fn what_had_not_left_a_destroyed_storage_is_lost() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        // They leave at 13 s and at 15 s.
        write(&mut data, 10, NODES[0], 1);
        write(&mut data, 12, NODES[0], 1);
        data.node_dies(NODES[0], at(14), &mut heard);
        assert!(data.storage_destroyed(NODES[0], 3, secs(60), at(14), &mut heard));
        assert!(!data.storage_destroyed(NODES[0], 4, secs(60), at(14), &mut heard), "it was empty before");
        assert!(data.is_without_storage(NODES[0]) && !data.is_without_storage(NODES[1]));
        assert_eq!(heard.discarded, [NODES[0], NODES[0]]);
        let account = data.close(at(100), [true, false].into(), &mut heard);
        assert_eq!((account.writes[0].lost, account.writes[0].durable), (1, 1));
        assert_eq!(account.windows, (secs(2), secs(0)), "from 12 s to the end at 14 s");
    }

    #[test]
    fn a_node_that_has_everything_again_is_as_before_but_for_what_was_lost() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        write(&mut data, 10, NODES[0], 1);
        data.node_dies(NODES[0], at(11), &mut heard);
        data.storage_destroyed(NODES[0], 3, secs(60), at(11), &mut heard);
        assert_eq!(data.full_copy_changes(NODES[0], at(20), GOES_ON), Some((at(80), 1)));
        assert_eq!(data.full_copy_done(NODES[0], 0, at(80), &mut heard), None, "void");
        assert_eq!(data.full_copy_done(NODES[0], 1, at(80), &mut heard), Some(3));
        assert!(!data.is_without_storage(NODES[0]));
        let mut scheduler = scheduler_at(80);
        data.node_returns(&mut scheduler, NODES[0], true);
        data.stream_goes_on(&mut scheduler, &mut heard);
        write(&mut data, 81, NODES[0], 1);
        let tally = account(data, 200);
        assert_eq!((tally.lost, tally.durable), (1, 1));
    }

    #[test]
    fn if_both_storages_are_destroyed_all_is_lost() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        write(&mut data, 10, NODES[0], 1);
        data.settle_applied(at(15), &mut heard);
        for node in NODES {
            data.node_dies(node, at(20), &mut heard);
            data.storage_destroyed(node, 0, secs(60), at(20), &mut heard);
        }
        assert!(data.everything_is_destroyed());
        assert_eq!(account_without(data, 100, &NODES).lost, 1);
    }
}
