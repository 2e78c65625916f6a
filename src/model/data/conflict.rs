//! Conflicts between two primaries: two writes to one key, neither having seen the other.
//!
//! A commit conflicts with every entry of its key that the other side has made and this side has not applied; that is
//! known at the commit, because only one of the two can be the later. What follows is the policy's:
//!
//! | policy | the earlier write | the later write |
//! |---|---|---|
//! | last writer wins | thrown away | stays |
//! | one region overwrites, the other ignores (or halts) | the write of the region that ignores stays everywhere, the other is thrown away | the same |
//! | the same policy in both regions | each stays in one region: the copies differ | the same |

use super::super::event::{Agenda, Event};
use super::super::node_id::NodeId;
use super::entry::Conflict;
use super::state::Data;
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
    pub(super) fn note_conflicts(&mut self, agenda: &mut Agenda, node: NodeId, key: u32, position: u64) {
        let now = agenda.now();
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
                agenda.at(entry.applied.max(now), Event::ConflictMet { sender, position: place });
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
                agenda.at(applied, Event::ConflictMet { sender: node, position });
            }
        }
    }

    /// The synchronisation meets a conflict at a region that halts: nothing more is applied there until an operator has acted, which
    /// takes `repair`.
    pub(in super::super) fn conflict_met(
        &mut self,
        agenda: &mut Agenda,
        (sender, position): (NodeId, u64),
        repair: impl FnOnce() -> SimDuration,
    ) {
        let now = agenda.now();
        let log = &mut self.logs[sender];
        let Some(entry) = log.get(position) else { return };
        if entry.applied != now || !entry.conflict.is_open() || log.is_halted() {
            return;
        }
        log.halt(now);
        agenda.after(repair(), Event::ConflictRepaired { sender, position });
    }

    /// The stream goes on, or its receiver is back: conflicts that halt it have a new time.
    pub(super) fn expect_conflicts(&self, agenda: &mut Agenda, sender: NodeId) {
        for (position, applied) in self.logs[sender].open_conflicts() {
            agenda.at(applied.max(agenda.now()), Event::ConflictMet { sender, position });
        }
    }

    /// An operator has dealt with a conflict: the row there is kept, and the synchronisation goes on.
    pub(in super::super) fn conflict_repaired(&mut self, agenda: &mut Agenda, sender: NodeId, position: u64) {
        let now = agenda.now();
        let log = &mut self.logs[sender];
        if let Some(entry) = log.get_mut(position) {
            entry.conflict.is_repaired = true;
        }
        log.release(now);
        self.expect_conflicts(agenda, sender);
    }
}
