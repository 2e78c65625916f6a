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
//!
//! Rows are compared at the horizon, after what is still under way has been applied: keys whose copies differ are diverged
//! for good.

use super::super::event::Event;
use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::region::LastWrite;
use super::super::world::{Agenda, World};
use super::Data;
use super::entry::{Conflict, Entry};
use crate::scenario::{ConflictPolicy, Conflicts};
use crate::units::SimTime;

/// The version of every row at both nodes, and the rule for conflicts.
#[derive(Debug)]
pub(super) struct Copies {
    /// Per node and key.
    rows: PerRegion<Vec<Row>>,
    conflicts: Conflicts,
}

/// The commit that a row was last written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    /// The node that made it; with position 0, there is none.
    node: NodeId,
    position: u64,
    /// The commits of the other node before this position had been applied where it was made.
    knows: u64,
}

impl Row {
    /// The row of a key that nobody has written.
    const UNWRITTEN: Row = Row { node: LastWrite::NONE.node, position: LastWrite::NONE.position, knows: 0 };
}

impl Copies {
    pub(super) fn new(keys: u32, conflicts: &Conflicts) -> Self {
        let rows = || vec![Row::UNWRITTEN; keys as usize];
        Copies { rows: PerRegion::from_fn(|_| rows()), conflicts: conflicts.clone() }
    }

    /// A node has committed a write of its own.
    fn written(&mut self, node: NodeId, position: u64, entry: &Entry) {
        self.rows[node][entry.key as usize] = Row { node, position, knows: entry.knows };
    }

    /// Applies a commit of `sender` at the other node. Returns whether its row is written by it.
    pub(super) fn applied(&mut self, sender: NodeId, position: u64, entry: &Entry) -> bool {
        let is_kept = !self.keeps_out(sender, entry.conflict);
        if is_kept {
            let row = Row { node: sender, position, knows: entry.knows };
            self.rows[sender.other()][entry.key as usize] = row;
        }
        is_kept
    }

    /// Returns whether a commit of `sender` with this conflict never gets into the other node's row.
    fn keeps_out(&self, sender: NodeId, conflict: Conflict) -> bool {
        match &self.conflicts {
            Conflicts::LastWriterWins => conflict.with_later,
            Conflicts::AtReceiver { policies, .. } => {
                conflict.is_any() && policies[sender.other().region().index()] != ConflictPolicy::Overwrite
            }
        }
    }

    /// Returns whether a node's row of a key was written by a commit, or by somebody who had seen it.
    pub(super) fn include(&self, node: NodeId, key: u32, commit: LastWrite) -> bool {
        let row = self.rows[node][key as usize];
        commit.position < if row.node == commit.node { row.position + 1 } else { row.knows }
    }

    /// Whether a commit of `sender` with this conflict is thrown away in both regions.
    fn throws_away(&self, sender: NodeId, conflict: Conflict) -> bool {
        match &self.conflicts {
            Conflicts::LastWriterWins => conflict.with_later,
            Conflicts::AtReceiver { policies, .. } => {
                let (own, other) = (policies[sender.region().index()], policies[sender.other().region().index()]);
                conflict.is_any() && own == ConflictPolicy::Overwrite && other != ConflictPolicy::Overwrite
            }
        }
    }

    /// A node gets a full copy of the other one.
    pub(super) fn copied_to(&mut self, node: NodeId) {
        self.rows[node] = self.rows[node.other()].clone();
    }

    /// Keys whose rows differ.
    pub(super) fn diverged(&self) -> u64 {
        let [one, other] = NodeId::BOTH.map(|node| &self.rows[node]);
        one.iter().zip(other).filter(|(a, b)| a != b).count() as u64
    }
}

impl Data {
    /// Whether a commit of `sender` with this conflict is thrown away in both regions.
    pub(super) fn is_thrown_away(&self, sender: NodeId, conflict: Conflict) -> bool {
        self.copies.as_ref().is_some_and(|copies| copies.throws_away(sender, conflict))
    }

    /// Returns whether a commit of `sender` with this conflict never gets into the other node's row.
    pub(super) fn is_kept_out(&self, sender: NodeId, conflict: Conflict) -> bool {
        self.copies.as_ref().is_some_and(|copies| copies.keeps_out(sender, conflict))
    }
}

impl World<'_> {
    /// A primary of two is about to commit a write to a key: whether it conflicts with what is on the way here.
    pub(super) fn conflicts_on_the_way(&self, node: NodeId, key: u32) -> bool {
        self.data.copies.is_some() && self.data.logs[node.other()].oldest_of_key(key) > 0
    }

    /// A primary of two has committed: the entries of that key on the way here now conflict with it.
    pub(super) fn note_conflicts(&mut self, agenda: &mut Agenda, node: NodeId, key: u32, position: u64) {
        let now = agenda.now();
        let Some(copies) = &mut self.data.copies else { return };
        if let Some(entry) = self.data.logs[node].get(position) {
            copies.written(node, position, entry);
        }
        let sender = node.other();
        let halts = halts_at(&copies.conflicts, node);
        let ledger = &mut self.ledger;
        self.data.logs[sender].meet(key, |place, entry| {
            let before = Conflict { with_later: false, ..entry.conflict };
            if copies.throws_away(sender, entry.conflict) && !copies.throws_away(sender, before) {
                ledger.conflict(entry.write);
            }
            if halts && entry.applied < SimTime::NEVER {
                agenda.at(entry.applied.max(now), Event::ConflictMet { sender, position: place });
            }
        });
        let own = self.data.logs[node].get(position).map(|entry| (entry.write, entry.conflict, entry.applied));
        if let Some((write, conflict, applied)) = own
            && conflict.with_earlier
        {
            if copies.throws_away(node, conflict) {
                self.ledger.conflict(write);
            }
            if halts_at(&copies.conflicts, sender) && applied < SimTime::NEVER {
                agenda.at(applied, Event::ConflictMet { sender: node, position });
            }
        }
    }

    /// The synchronisation meets a conflict at a region that halts: nothing more is applied there until an operator acts.
    pub(in super::super) fn conflict_met(&mut self, agenda: &mut Agenda, sender: NodeId, position: u64) {
        let now = agenda.now();
        let log = &mut self.data.logs[sender];
        let Some(entry) = log.get(position) else { return };
        if entry.applied != now || !entry.conflict.is_open() || log.is_halted() {
            return;
        }
        log.halt(now);
        let repair = self.setting.of_design().repair.as_ref().expect("a repair time for conflicts that halt");
        let stream = self.setting.streams.repairs(sender).child(position);
        agenda.after(repair.duration(stream.mark(0)), Event::ConflictRepaired { sender, position });
    }

    /// The stream goes on, or its receiver is back: conflicts that halt it have a new time.
    pub(super) fn expect_conflicts(&mut self, agenda: &mut Agenda, sender: NodeId) {
        for (position, applied) in self.data.logs[sender].open_conflicts() {
            agenda.at(applied.max(agenda.now()), Event::ConflictMet { sender, position });
        }
    }

    /// An operator has dealt with a conflict: the row there is kept, and the synchronisation goes on.
    pub(in super::super) fn conflict_repaired(&mut self, agenda: &mut Agenda, sender: NodeId, position: u64) {
        let now = agenda.now();
        let log = &mut self.data.logs[sender];
        if let Some(entry) = log.get_mut(position) {
            entry.conflict.is_repaired = true;
        }
        log.release(now);
        self.expect_conflicts(agenda, sender);
    }
}

/// Whether a region halts at a conflict.
pub(super) fn halts_at(conflicts: &Conflicts, receiver: NodeId) -> bool {
    match conflicts {
        Conflicts::LastWriterWins => false,
        Conflicts::AtReceiver { policies, .. } => policies[receiver.region().index()] == ConflictPolicy::Halt,
    }
}
