//! Ends of both branches, as far as they are known, and the longest windows of loss so far.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use crate::units::{SimDuration, SimTime};

/// Ends of both branches, as far as they are known, and the longest windows so far.
#[derive(Debug, Default)]
pub(super) struct LossWindows {
    /// Time at which each node died, if it is dead.
    died: PerRegion<Option<SimTime>>,
    /// Since when each node's region has been isolated. If its branch is left behind meanwhile, that holds until it rejoins.
    isolated: PerRegion<Option<SimTime>>,
    /// The last success of a write of each node that a visitor got.
    acknowledged: PerRegion<SimTime>,
    lost: SimDuration,
    stranded: SimDuration,
}

impl LossWindows {
    /// The longest time from a lost, and from a stranded, write's acknowledgement to the end of its branch.
    pub(super) fn longest(&self) -> (SimDuration, SimDuration) {
        (self.lost, self.stranded)
    }

    /// Notes that a visitor gets the success of a commit at a node at `at`.
    pub(super) fn success(&mut self, node: NodeId, at: SimTime) {
        let last = &mut self.acknowledged[node];
        *last = (*last).max(at);
    }

    /// Notes that a node has died, or, with `None`, that it is back.
    pub(super) fn note_death(&mut self, node: NodeId, died: Option<SimTime>) {
        self.died[node] = died;
    }

    /// Notes that the region of a node is cut off from everybody outside.
    pub(super) fn isolation_begins(&mut self, node: NodeId, now: SimTime) {
        self.isolated[node].get_or_insert(now);
    }

    /// Notes that the region of a node is found again.
    pub(super) fn isolation_ends(&mut self, node: NodeId) {
        self.isolated[node] = None;
    }

    /// Returns when the branch of a node ended: at `known`, if that is known, or with the node; if nothing has ended it,
    /// it is cut off
    /// at `cut`. For those outside it ended with the isolation of its region, or with the last success after that.
    pub(super) fn branch_ended(&self, node: NodeId, known: Option<SimTime>, cut: SimTime) -> SimTime {
        let ended = known.or(self.died[node]).unwrap_or(cut);
        match self.isolated[node] {
            Some(isolated) => ended.min(isolated.max(self.acknowledged[node])),
            None => ended,
        }
    }

    /// A write that was acknowledged at `acknowledged` is lost; its branch ended at `ended`.
    pub(super) fn lose(&mut self, acknowledged: SimTime, ended: SimTime) {
        self.lost = self.lost.max(ended.since(acknowledged));
    }

    /// A write that was acknowledged at `acknowledged` is stranded; its branch ended at `ended`.
    pub(super) fn strand(&mut self, acknowledged: SimTime, ended: SimTime) {
        self.stranded = self.stranded.max(ended.since(acknowledged));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, secs};
    use super::*;

    const NODES: [NodeId; 2] = NodeId::BOTH;

    #[test]
    fn a_branch_ends_as_is_known_or_with_its_node_or_when_it_is_cut_off() {
        let mut windows = LossWindows::default();
        assert_eq!(windows.branch_ended(NODES[0], None, at(90)), at(90));
        windows.note_death(NODES[0], Some(at(20)));
        assert_eq!(windows.branch_ended(NODES[0], None, at(90)), at(20));
        assert_eq!(windows.branch_ended(NODES[0], Some(at(15)), at(90)), at(15));
        assert_eq!(windows.branch_ended(NODES[1], None, at(90)), at(90), "the other node lives");
        windows.note_death(NODES[0], None);
        assert_eq!(windows.branch_ended(NODES[0], None, at(90)), at(90));
    }

    #[test]
    fn an_isolated_branch_ended_with_its_last_success() {
        let mut windows = LossWindows::default();
        windows.isolation_begins(NODES[0], at(30));
        windows.isolation_begins(NODES[0], at(40));
        assert_eq!(windows.branch_ended(NODES[0], None, at(90)), at(30), "the first isolation counts");
        windows.success(NODES[0], at(31));
        windows.success(NODES[0], at(25));
        assert_eq!(windows.branch_ended(NODES[0], None, at(90)), at(31), "one was on its way");
        windows.isolation_ends(NODES[0]);
        assert_eq!(windows.branch_ended(NODES[0], None, at(90)), at(90));
    }

    #[test]
    fn the_longest_window_counts() {
        let mut windows = LossWindows::default();
        windows.lose(at(10), at(14));
        windows.lose(at(12), at(14));
        windows.strand(at(20), at(21));
        assert_eq!(windows.longest(), (secs(4), secs(1)));
    }
}
