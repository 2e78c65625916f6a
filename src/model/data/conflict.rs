//! Conflicts between two primaries: two writes to one key, neither having seen the other.
//!
//! A commit conflicts with every entry of its key that the other side has made and this side has not applied; that is
//! known at the commit, because only one of the two can be the later. What follows is the policy's:
//!
//! | policy | the earlier write | the later write |
//! |---|---|---|
//! | last writer wins | thrown away | stays |
//! | one region overwrites, the other ignores (or halts) | the write of the region that ignores stays everywhere, the other
//! is thrown away | the same |
//! | the same policy in both regions | each stays in one region: the copies differ | the same |

use super::super::event::{Event, Scheduler};
use super::super::node_id::NodeId;
use super::Data;
use super::entry::Conflict;
use crate::units::{SimDuration, SimTime};

impl Data {
    /// Returns whether a commit of `sender` with this conflict is thrown away in both regions.
    pub(super) fn is_thrown_away(&self, sender: NodeId, conflict: Conflict) -> bool {
        self.copies.as_ref().is_some_and(|copies| copies.throws_away(sender, conflict))
    }

    /// Returns whether a commit of `sender` with this conflict never gets into the other node's row.
    pub(super) fn is_kept_out(&self, sender: NodeId, conflict: Conflict) -> bool {
        self.copies.as_ref().is_some_and(|copies| copies.keeps_out(sender, conflict))
    }

    /// A primary of two is about to commit a write to a key: returns whether it conflicts with what is on the way here.
    pub(super) fn conflicts_on_the_way(&self, node: NodeId, key: u32) -> bool {
        self.copies.is_some() && self.logs[node.other()].oldest_of_key(key) > 0
    }

    /// A primary of two has committed: the entries of that key on the way here now conflict with it.
    pub(super) fn note_conflicts(&mut self, scheduler: &mut Scheduler, node: NodeId, key: u32, position: u64) {
        let now = scheduler.now();
        let Data { copies, logs, ledger, .. } = self;
        let Some(copies) = copies else { return };
        if let Some(entry) = logs[node].get(position) {
            copies.written(node, position, entry);
        }
        let sender = node.other();
        let halts = copies.halt_at(node);
        logs[sender].meet(key, |place, entry| {
            let before = Conflict { with_later: false, ..entry.conflict };
            if copies.throws_away(sender, entry.conflict) && !copies.throws_away(sender, before) {
                ledger.conflict(entry.write);
            }
            if halts && entry.applied < SimTime::NEVER {
                scheduler.schedule_at(entry.applied.max(now), Event::ConflictMet { sender, position: place });
            }
        });
        let own = logs[node].get(position).map(|entry| (entry.write, entry.conflict, entry.applied));
        if let Some((write, conflict, applied)) = own
            && conflict.with_earlier
        {
            if copies.throws_away(node, conflict) {
                ledger.conflict(write);
            }
            if copies.halt_at(sender) && applied < SimTime::NEVER {
                scheduler.schedule_at(applied, Event::ConflictMet { sender: node, position });
            }
        }
    }

    /// The synchronisation meets a conflict at a region that halts: nothing more is applied there until an operator has
    /// acted, which
    /// takes `repair`.
    pub(in super::super) fn conflict_met(
        &mut self,
        scheduler: &mut Scheduler,
        (sender, position): (NodeId, u64),
        repair: impl FnOnce() -> SimDuration,
    ) {
        let now = scheduler.now();
        let log = &mut self.logs[sender];
        let Some(entry) = log.get(position) else { return };
        if entry.applied != now || !entry.conflict.is_open() || log.is_halted() {
            return;
        }
        log.halt(now);
        scheduler.schedule_after(repair(), Event::ConflictRepaired { sender, position });
    }

    /// The stream goes on, or its receiver is back: conflicts that halt it have a new time.
    pub(super) fn expect_conflicts(&self, scheduler: &mut Scheduler, sender: NodeId) {
        for (position, applied) in self.logs[sender].open_conflicts() {
            scheduler.schedule_at(applied.max(scheduler.now()), Event::ConflictMet { sender, position });
        }
    }

    /// An operator has dealt with a conflict: the row there is kept, and the synchronisation goes on.
    pub(in super::super) fn conflict_repaired(&mut self, scheduler: &mut Scheduler, sender: NodeId, position: u64) {
        let now = scheduler.now();
        let log = &mut self.logs[sender];
        if let Some(entry) = log.get_mut(position) {
            entry.conflict.is_repaired = true;
        }
        log.release(now);
        self.expect_conflicts(scheduler, sender);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, pass, scheduler_at, secs};
    use super::super::alone::{Heard, NODES, account, policies, two_primaries, write, write_on};
    use super::*;
    use crate::scenario::ConflictPolicy::{Halt, Ignore, Overwrite};

    #[test]
    fn the_later_writer_wins_unless_it_has_seen_the_earlier_write() {
        let mut data = two_primaries();
        write(&mut data, 10, NODES[0], 5);
        write(&mut data, 11, NODES[1], 5);
        // The other key's write is at the second node by 25 s.
        write(&mut data, 20, NODES[0], 6);
        data.settle_applied(at(25), &mut Heard::default());
        write(&mut data, 25, NODES[1], 6);
        let account = data.close(at(60), Default::default(), &mut Heard::default());
        let tally = account.writes[0];
        assert_eq!((tally.acknowledged, tally.conflicting, tally.durable), (4, 1, 3));
        assert_eq!(account.keys_diverged, 0);
    }

    #[test]
    fn a_region_that_ignores_keeps_its_own_row_everywhere_if_the_other_overwrites() {
        for (receivers, conflicting, diverged) in
            [([Ignore, Overwrite], 1, 0), ([Ignore, Ignore], 0, 1), ([Overwrite, Overwrite], 0, 1)]
        {
            let mut data = Data::new(NODES[0], 8, SimDuration::ZERO, Some(&policies(receivers)), 1);
            write(&mut data, 10, NODES[0], 5);
            write(&mut data, 11, NODES[1], 5);
            let account = data.close(at(60), Default::default(), &mut Heard::default());
            assert_eq!(account.writes[0].conflicting, conflicting, "{receivers:?}");
            assert_eq!(account.keys_diverged, diverged, "{receivers:?}");
        }
    }

    #[test]
    fn a_region_that_halts_applies_nothing_until_the_conflict_is_repaired() {
        let mut data = Data::new(NODES[0], 8, SimDuration::ZERO, Some(&policies([Overwrite, Halt])), 1);
        let mut scheduler = scheduler_at(10);
        let sender = NODES[0];
        write_on(&mut data, &mut scheduler, sender, 5);
        assert_eq!(pass(&mut scheduler, 11), []);
        write_on(&mut data, &mut scheduler, NODES[1], 5);
        let met = Event::ConflictMet { sender, position: 1 };
        assert_eq!(pass(&mut scheduler, 15), [(at(15), met)]);
        data.conflict_met(&mut scheduler, (sender, 1), || secs(60));
        data.conflict_met(&mut scheduler, (sender, 1), || unreachable!("it has halted"));
        let repaired = Event::ConflictRepaired { sender, position: 1 };
        assert_eq!(pass(&mut scheduler, 80), [(at(75), repaired)]);
        data.settle_applied(scheduler.now(), &mut Heard::default());
        assert!(!data.logs[sender].is_empty(), "nothing is applied");
        data.conflict_repaired(&mut scheduler, sender, 1);
        data.settle_applied(scheduler.now(), &mut Heard::default());
        assert!(data.logs[sender].is_empty());
        assert_eq!(account(data, 90).acknowledged, 0);
    }
}
