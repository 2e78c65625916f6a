//! `std::collections::BinaryHeap`, the yardstick.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Entry, Event, EventList};

struct Latest(Entry);

impl PartialEq for Latest {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Latest {}
impl PartialOrd for Latest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Latest {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.0.at, other.0.sequence).cmp(&(self.0.at, self.0.sequence))
    }
}

/// A binary heap of the standard library.
#[derive(Default)]
pub(crate) struct StdHeap {
    heap: BinaryHeap<Latest>,
    sequence: u64,
}

impl EventList for StdHeap {
    #[inline]
    fn push(&mut self, at: u64, event: Event) {
        self.sequence += 1;
        self.heap.push(Latest(Entry { at, sequence: self.sequence, event }));
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, Event)> {
        self.heap.pop().map(|Latest(entry)| (entry.at, entry.event))
    }
}
