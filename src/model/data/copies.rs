//! The rows of both nodes, where they may come to differ, and the rule for conflicts between them.
//!
//! Rows are compared at the horizon, after what is still under way has been applied: keys whose copies differ are diverged
//! for good.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::commit_id::CommitId;
use super::entry::{Conflict, Entry};
use crate::scenario::{ConflictPolicy, Conflicts};

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
    const UNWRITTEN: Row = Row { node: CommitId::NONE.node, position: CommitId::NONE.position, knows: 0 };
}

impl Copies {
    pub(super) fn new(keys: u32, conflicts: &Conflicts) -> Self {
        let rows = || vec![Row::UNWRITTEN; keys as usize];
        Copies { rows: PerRegion::from_fn(|_| rows()), conflicts: conflicts.clone() }
    }

    /// A node has committed a write of its own.
    pub(super) fn written(&mut self, node: NodeId, position: u64, entry: &Entry) {
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
    pub(super) fn keeps_out(&self, sender: NodeId, conflict: Conflict) -> bool {
        match &self.conflicts {
            Conflicts::LastWriterWins => conflict.with_later,
            Conflicts::AtReceiver { policies, .. } => {
                conflict.is_any() && policies[sender.other().region().index()] != ConflictPolicy::Overwrite
            }
        }
    }

    /// Returns whether a node's row of a key was written by a commit, or by somebody who had seen it.
    pub(super) fn include(&self, node: NodeId, key: u32, commit: CommitId) -> bool {
        let row = self.rows[node][key as usize];
        commit.position < if row.node == commit.node { row.position + 1 } else { row.knows }
    }

    /// Returns whether a region halts at a conflict.
    pub(super) fn halt_at(&self, receiver: NodeId) -> bool {
        halts_at(&self.conflicts, receiver)
    }

    /// Returns whether a commit of `sender` with this conflict is thrown away in both regions.
    pub(super) fn throws_away(&self, sender: NodeId, conflict: Conflict) -> bool {
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

/// Returns whether a region halts at a conflict.
pub(super) fn halts_at(conflicts: &Conflicts, receiver: NodeId) -> bool {
    match conflicts {
        Conflicts::LastWriterWins => false,
        Conflicts::AtReceiver { policies, .. } => policies[receiver.region().index()] == ConflictPolicy::Halt,
    }
}
