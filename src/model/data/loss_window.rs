//! Windows of loss: the time from the acknowledgement of the oldest write that is lost, or stranded, to the end of its branch.
//!
//! A branch ends when its node dies or is fenced, or, if nobody stops it, when it is cut off. A node in an isolated region gives
//! nobody a success, so that its branch ended, for those outside, with the isolation: or with the last success that it gave after
//! that, be it one that was on its way or one given between two isolations.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::slab::Handle;
use super::super::world::World;
use super::Data;
use crate::units::{SimDuration, SimTime};

/// What is known of the ends of both branches, and the longest windows so far.
#[derive(Debug, Default)]
pub(super) struct LossWindows {
    /// When each node died, if it is dead.
    died: PerRegion<Option<SimTime>>,
    /// Since when each node's region has been isolated. If its branch is left behind meanwhile, that holds until it rejoins.
    isolated: PerRegion<Option<SimTime>>,
    /// The last success of a write of each node that a visitor got.
    acknowledged: PerRegion<SimTime>,
    lost: SimDuration,
    stranded: SimDuration,
}

impl Data {
    /// Returns the longest time from a lost, and from a stranded, write's acknowledgement to the end of its branch.
    pub(in super::super) fn windows(&self) -> (SimDuration, SimDuration) {
        (self.windows.lost, self.windows.stranded)
    }

    /// Notes that a visitor gets the success of a commit at a node at `at`.
    pub(super) fn success_of(&mut self, node: NodeId, at: SimTime) {
        let last = &mut self.windows.acknowledged[node];
        *last = (*last).max(at);
    }

    /// Notes that a node has died, and with it the branch that it may have written on its own.
    pub(super) fn node_ended(&mut self, node: NodeId, now: SimTime) {
        self.windows.died[node] = Some(now);
        let ended = self.branch_ended(node, now);
        if let Some(left) = &mut self.left_behind[node] {
            left.ended.get_or_insert(ended);
        }
        if node == self.primary {
            self.promotion.primary_ended = Some(ended);
        }
    }

    /// Notes that a node is back.
    pub(super) fn node_is_back(&mut self, node: NodeId) {
        self.windows.died[node] = None;
    }

    /// Notes that the region of a node is cut off from everybody outside.
    pub(in super::super) fn isolation_begins(&mut self, node: NodeId, now: SimTime) {
        self.windows.isolated[node].get_or_insert(now);
    }

    /// Notes that the region of a node is found again.
    pub(in super::super) fn isolation_ends(&mut self, node: NodeId) {
        if self.left_behind[node].is_none() {
            self.windows.isolated[node] = None;
        }
    }

    /// Returns when the branch of a node ended; if nothing has ended it, it is cut off at `cut`.
    pub(super) fn branch_ended(&self, node: NodeId, cut: SimTime) -> SimTime {
        let left = self.left_behind[node].and_then(|left| left.ended);
        let fenced = if node == self.primary { self.promotion.primary_ended } else { None };
        let ended = left.or(self.branch_is_gone[node]).or(fenced).or(self.windows.died[node]).unwrap_or(cut);
        match self.windows.isolated[node] {
            Some(isolated) => ended.min(isolated.max(self.windows.acknowledged[node])),
            None => ended,
        }
    }
}

impl World<'_> {
    /// Loses a commit that is on no surviving branch; its own ended at `ended`.
    pub(super) fn lose(&mut self, write: Handle, ended: SimTime) {
        if let Some(acknowledged) = self.ledger.lose(write) {
            let windows = &mut self.data.windows;
            windows.lost = windows.lost.max(ended.since(acknowledged));
        }
    }

    /// Strands a commit that is where nobody can reach it at the horizon; its branch ended at `ended`.
    pub(super) fn strand(&mut self, write: Handle, ended: SimTime) {
        if let Some(acknowledged) = self.ledger.strand(write) {
            let windows = &mut self.data.windows;
            windows.stranded = windows.stranded.max(ended.since(acknowledged));
        }
    }

    /// Loses, or strands, everything that was ever acknowledged: nobody can reach any copy at the horizon.
    pub(super) fn lose_both_nodes(&mut self, horizon: SimTime) {
        let data = &self.data;
        let [one, other] = NodeId::BOTH.map(|node| data.branch_ended(node, horizon));
        let ended = if data.is_multi_primary { one.max(other) } else { data.branch_ended(data.primary, horizon) };
        let window = ended.since(self.ledger.first_acknowledged());
        let is_lost = self.everything_is_destroyed();
        let windows = &mut self.data.windows;
        let longest = if is_lost { &mut windows.lost } else { &mut windows.stranded };
        *longest = (*longest).max(window);
    }
}
