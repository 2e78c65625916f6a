//! The event lists that lost, kept so that the choice can be measured again; and what all of them have in common.

mod calendar;
mod quaternary_heap;
mod radix;
mod std_heap;

pub(crate) use calendar::Calendar;
pub(crate) use quaternary_heap::QuaternaryHeap;
pub(crate) use radix::Radix;
pub(crate) use std_heap::StdHeap;

/// An event as the model has them: a small closed enum.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// Something of one session.
    Session(u32),
}

/// Event list: pops by time, and first in first out among equal times.
pub(crate) trait EventList: Default {
    /// Adds an event at `at` nanoseconds.
    fn push(&mut self, at: u64, event: Event);
    /// Takes out the first event.
    fn pop(&mut self) -> Option<(u64, Event)>;
}

/// An event with its place in the order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    at: u64,
    sequence: u64,
    event: Event,
}

impl Entry {
    /// The place in the order as one number.
    #[inline]
    fn key(&self) -> u128 {
        (self.at as u128) << 64 | self.sequence as u128
    }
}
