//! Notes the rows that show an acknowledged version, and its time: a session that has lost a write may see it in its
//! place.
//!
//! Kept from the first commit that can be lost on, and always with two primaries; before that nobody asks. A row shows a version
//! if it was written by it, or by somebody who had seen it. Acknowledgements are noted as soon as they are known, which can be
//! before they arrive, and count from their arrival on.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::entry::Entry;
use crate::units::SimTime;

/// Per node and key: the latest acknowledgement that has arrived, and the next that will; 0 for none. Arrays, so that a table of
/// many keys is given by the system as it is used.
type Times = [u64; 2];

/// Times at which the versions in the rows of both nodes were acknowledged.
#[derive(Debug)]
pub(super) struct Acknowledged {
    rows: PerRegion<Vec<Times>>,
}

impl Acknowledged {
    pub(super) fn new(keys: u32) -> Self {
        let rows = || vec![[0; 2]; keys as usize];
        Acknowledged { rows: PerRegion::from_fn(|_| rows()) }
    }

    /// Notes that a version in a node's row is acknowledged at `at`, as is known `now`.
    pub(super) fn note(&mut self, node: NodeId, key: u32, at: SimTime, now: SimTime) {
        let [arrived, next] = &mut self.rows[node][key as usize];
        let (at, now) = (at.as_nanos(), now.as_nanos());
        if *next <= now {
            *arrived = (*arrived).max(*next);
            *next = 0;
        }
        if at <= now {
            *arrived = (*arrived).max(at);
        } else {
            *next = if *next == 0 { at } else { at.min(*next) };
        }
    }

    /// Notes that a node writes its row with a commit of the other one. If neither had seen the other, nothing that was
    /// there is shown any more.
    pub(super) fn applied(&mut self, node: NodeId, entry: &Entry, now: SimTime) {
        if entry.conflict.is_any() {
            self.forget(node, entry.key);
        }
        if entry.acknowledged < SimTime::NEVER {
            self.note(node, entry.key, entry.acknowledged, now);
        }
    }

    /// Forgets the versions in a node's row, which is again as it was before them.
    pub(super) fn forget(&mut self, node: NodeId, key: u32) {
        self.rows[node][key as usize] = [0; 2];
    }

    /// Gives a node what the other one shows, of which it gets a full copy.
    pub(super) fn copied_to(&mut self, node: NodeId) {
        self.rows[node] = self.rows[node.other()].clone();
    }

    /// Returns the latest acknowledgement by `by` of a version that a node's row shows.
    pub(super) fn latest(&self, node: NodeId, key: u32, by: SimTime) -> SimTime {
        let [arrived, next] = self.rows[node][key as usize];
        SimTime::from_nanos(if next <= by.as_nanos() { arrived.max(next) } else { arrived })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [NodeId; 2] = NodeId::BOTH;

    fn at(second: u64) -> SimTime {
        SimTime::from_nanos(second * 1_000_000_000)
    }

    #[test]
    fn an_acknowledgement_counts_from_its_arrival_on() {
        let mut table = Acknowledged::new(2);
        table.note(NODES[0], 1, at(5), at(3));
        assert_eq!(table.latest(NODES[0], 1, at(4)), at(0));
        assert_eq!(table.latest(NODES[0], 1, at(5)), at(5));
        // A later one is noted before it arrives: until then the one before it is the latest.
        table.note(NODES[0], 1, at(9), at(8));
        assert_eq!(table.latest(NODES[0], 1, at(8)), at(5));
        assert_eq!(table.latest(NODES[0], 1, at(9)), at(9));
        assert_eq!(table.latest(NODES[1], 1, at(9)), at(0), "the other node has its own row");
    }

    #[test]
    fn a_row_that_goes_back_shows_nothing() {
        let mut table = Acknowledged::new(1);
        table.note(NODES[0], 0, at(5), at(5));
        table.copied_to(NODES[1]);
        table.forget(NODES[0], 0);
        assert_eq!((table.latest(NODES[0], 0, at(9)), table.latest(NODES[1], 0, at(9))), (at(0), at(5)));
    }
}
