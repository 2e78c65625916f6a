//! Windows of loss: the time from the acknowledgement of the oldest write that is lost, or stranded, to the end of its branch.
//!
//! A branch ends when its node dies or is fenced, or, if nobody stops it, when it is cut off. A node in an isolated region gives
//! nobody a success, so that its branch ended, for those outside, with the isolation: or with the last success that it gave after
//! that, be it one that was on its way or one given between two isolations.

use super::super::node_id::NodeId;
use super::super::slab::Handle;
use super::Data;
use crate::units::SimTime;

impl Data {
    /// Notes that a node has died, and with it the branch that it may have written on its own.
    pub(super) fn node_ended(&mut self, node: NodeId, now: SimTime) {
        self.windows.note_death(node, Some(now));
        let ended = self.branch_ended(node, now);
        if let Some(left) = &mut self.left_behind[node] {
            left.ended.get_or_insert(ended);
        }
        if node == self.primary {
            self.promotion.primary_ended = Some(ended);
        }
    }

    /// Notes that the region of a node is cut off from everybody outside.
    pub(in super::super) fn isolation_begins(&mut self, node: NodeId, now: SimTime) {
        self.windows.isolation_begins(node, now);
    }

    /// Notes that the region of a node is found again.
    pub(in super::super) fn isolation_ends(&mut self, node: NodeId) {
        if self.left_behind[node].is_none() {
            self.windows.isolation_ends(node);
        }
    }

    /// Returns when the branch of a node ended; if nothing has ended it, it is cut off at `cut`.
    pub(super) fn branch_ended(&self, node: NodeId, cut: SimTime) -> SimTime {
        let left = self.left_behind[node].and_then(|left| left.ended);
        let fenced = if node == self.primary { self.promotion.primary_ended } else { None };
        self.windows.branch_ended(node, left.or(self.branch_is_gone[node]).or(fenced), cut)
    }

    /// Loses a commit that is on no surviving branch; its own ended at `ended`.
    pub(super) fn lose(&mut self, write: Handle, ended: SimTime) {
        if let Some(acknowledged) = self.ledger.lose(write) {
            self.windows.lose(acknowledged, ended);
        }
    }

    /// Strands a commit that is where nobody can reach it at the horizon; its branch ended at `ended`.
    pub(super) fn strand(&mut self, write: Handle, ended: SimTime) {
        if let Some(acknowledged) = self.ledger.strand(write) {
            self.windows.strand(acknowledged, ended);
        }
    }
}
