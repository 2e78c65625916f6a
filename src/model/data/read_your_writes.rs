//! Read your writes: what a node shows of the writes that a session remembers.
//!
//! A read misses a write of its session if the node's row was not written by it, nor by somebody who had seen it, and shows no version
//! that was acknowledged after it. It does not matter why: the write may be on its way, left behind, lost, or thrown away by a
//! conflict.

use super::super::node_id::NodeId;
use super::super::slab::Handle;
use super::Data;
use super::commit_id::CommitId;
use super::own_writes::OwnWrite;
use crate::units::SimTime;

impl Data {
    /// Returns whether a session's read at a node at `at` could miss a write of its own, whatever key it reads.
    #[inline]
    pub(in super::super) fn could_miss_own_write(&self, first: Handle, node: NodeId, at: SimTime) -> bool {
        first != Handle::NONE && self.own_writes.list(first).any(|own| !self.includes(node, own.key, own.commit, at))
    }

    /// Returns whether a session's read of a key at a node at `at` misses a write of its own. What has been applied by then
    /// must have been taken out of the logs.
    pub(super) fn misses_own_write(&self, first: Handle, node: NodeId, key: u32, at: SimTime) -> bool {
        let Some(own) = self.own_writes.list(first).find(|own| own.key == key) else { return false };
        let latest = self.acknowledged.as_ref().map_or(SimTime::ZERO, |rows| rows.latest(node, key, at));
        latest < own.acknowledged && !self.includes(node, key, own.commit, at)
    }

    /// Returns whether a node's row of a key shows a commit, or a version by somebody who had seen it, at `at`.
    pub(super) fn includes(&self, node: NodeId, key: u32, commit: CommitId, at: SimTime) -> bool {
        let log = &self.logs[commit.node];
        log.survives(commit)
            && match &self.copies {
                Some(copies) => copies.include(node, key, commit),
                None => node == commit.node || log.has_applied(commit.position, at),
            }
    }

    /// Returns whether both nodes show a write, and nothing is on its way that could yet replace it without having seen it.
    pub(super) fn is_everywhere(&self, own: &OwnWrite, now: SimTime) -> bool {
        let other = &self.logs[own.commit.node.other()];
        let is_contested = self.is_multi_primary && other.oldest_of_key(own.key) > 0;
        !is_contested && NodeId::BOTH.into_iter().all(|node| self.includes(node, own.key, own.commit, now))
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Shipment;
    use super::*;
    use crate::units::SimDuration;

    const NODES: [NodeId; 2] = NodeId::BOTH;
    const KEY: u32 = 3;

    fn at(second: u64) -> SimTime {
        SimTime::from_nanos(second * 1_000_000_000)
    }

    /// Node 0 commits a write of the key, which takes 10 s to the other node and is acknowledged at once.
    fn write(data: &mut Data, first: Handle, now: SimTime) -> Handle {
        let shipment = Shipment {
            key: KEY,
            write: Handle::NONE,
            ship: SimDuration::from_secs(10),
            transmission: SimDuration::ZERO,
            way: SimDuration::ZERO,
            apply: SimDuration::ZERO,
            knows: 0,
            conflicts_with_earlier: false,
        };
        let (position, _) = data.logs[NODES[0]].append(now, shipment);
        let commit = CommitId { node: NODES[0], branch: data.logs[NODES[0]].branch(), position };
        data.note_acknowledged(commit, KEY, now, now);
        data.remember(first, (KEY, commit), now, now)
    }

    #[test]
    fn a_write_is_missed_at_the_other_node_until_it_has_come() {
        let mut data = Data::new(NODES[0], 8, SimDuration::ZERO, None, 1);
        let own = write(&mut data, Handle::NONE, at(1));
        assert!(data.misses_own_write(own, NODES[1], KEY, at(10)));
        assert!(!data.misses_own_write(own, NODES[1], KEY, at(11)));
        assert!(!data.misses_own_write(own, NODES[0], KEY, at(10)), "its own node has it");
        assert!(!data.misses_own_write(own, NODES[1], KEY + 1, at(10)), "another key");
    }

    #[test]
    fn a_lost_write_is_missed_at_both_nodes_until_a_later_acknowledged_version_is_seen() {
        let mut data = Data::new(NODES[0], 8, SimDuration::ZERO, None, 1);
        let own = write(&mut data, Handle::NONE, at(1));
        data.keep_acknowledgements();
        data.logs[NODES[0]].cut_off(at(5));
        let missed = |data: &Data, node, second| data.misses_own_write(own, node, KEY, at(second));
        assert!(missed(&data, NODES[0], 19) && missed(&data, NODES[1], 19), "on no branch that survives");
        // A new branch uses the position again, for somebody else's write.
        let other = write(&mut data, Handle::NONE, at(20));
        assert!(!missed(&data, NODES[0], 20), "the other version is acknowledged later");
        assert!(missed(&data, NODES[1], 20), "and is on its way to the second node");
        assert!(!data.misses_own_write(other, NODES[0], KEY, at(20)));
    }

    #[test]
    fn a_session_forgets_what_it_has_written_again_and_all_at_its_end() {
        let mut data = Data::new(NODES[0], 8, SimDuration::ZERO, None, 1);
        let own = write(&mut data, Handle::NONE, at(1));
        let own = write(&mut data, own, at(2));
        assert_eq!(data.own_writes.len(), 1);
        data.forget_writes(own);
        assert_eq!(data.own_writes.len(), 0);
    }
}
