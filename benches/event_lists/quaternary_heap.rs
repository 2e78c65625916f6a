//! A heap with four children to a node: half as deep as a binary one.

use super::{Entry, Event, EventList};

/// A 4-ary heap on packed keys.
#[derive(Default)]
pub(crate) struct QuaternaryHeap {
    heap: Vec<Entry>,
    sequence: u64,
}

impl QuaternaryHeap {
    /// Puts `entry` in the hole at the root.
    #[inline]
    fn sift_down(&mut self, entry: Entry) {
        let heap = &mut self.heap[..];
        let key = entry.key();
        let mut hole = 0;
        loop {
            let first = 4 * hole + 1;
            let Some(children) = heap.get(first..(first + 4).min(heap.len())) else { break };
            let mut least = 0;
            let mut least_key = u128::MAX;
            for (index, child) in children.iter().enumerate() {
                let child = child.key();
                (least, least_key) = if child < least_key { (index, child) } else { (least, least_key) };
            }
            if least_key >= key {
                break;
            }
            heap[hole] = heap[first + least];
            hole = first + least;
        }
        heap[hole] = entry;
    }
}

impl EventList for QuaternaryHeap {
    #[inline]
    fn push(&mut self, at: u64, event: Event) {
        self.sequence += 1;
        let entry = Entry { at, sequence: self.sequence, event };
        let mut hole = self.heap.len();
        self.heap.push(entry);
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.heap[parent].key() <= entry.key() {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, Event)> {
        let last = self.heap.pop()?;
        let Some(&first) = self.heap.first() else { return Some((last.at, last.event)) };
        self.sift_down(last);
        Some((first.at, first.event))
    }
}
