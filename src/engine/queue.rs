//! The event list: events in order of `(time, sequence)`.
//!
//! A radix heap, after Ahuja, Mehlhorn, Orlin and Tarjan (1990), with digits of five bits. A time is filed by the
//! highest digit in which it differs from a base that no pending event precedes, and by the value of that digit:
//!
//! ```text
//! base   3 17 28  1
//! time   3 17 30  4   differs first in digit 1 (from the right, counted from 0), where it has 30: slot (1, 30)
//! ```
//!
//! So the first events are in the lowest used slot of the lowest used level. When its turn comes, a small slot is
//! sorted whole and becomes `near`, with its next neighbours if it holds very few events; events are popped from there. A big
//! slot is first dealt out to the levels below. There is no width to tune: the slots get as fine as the events are dense. The
//! events of all slots share one store, whose places are used again, so that few pending events stay in the nearest cache.
//! `docs/design.md` has the measurements.

use std::cmp::Reverse;

use crate::units::SimTime;

/// Bits of a digit.
const BITS: u32 = 5;
/// Values of a digit.
const DIGITS: usize = 1 << BITS;
/// Digits of a time.
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;
/// As long as so few events are near, more are taken.
const FEW: usize = 4;
/// A slot of at most so many events is sorted whole.
const SMALL: usize = 12;
/// Number of near events beyond which the later ones are filed again.
const CROWDED: usize = 48;

/// Pending events, popped by time, and first in first out among equal times.
///
/// Made for a clock that never goes back: an event earlier than the last one popped is still popped in its place, but
/// many of them are slow.
#[derive(Debug)]
pub struct EventQueue<E> {
    /// The events before `near_end`, latest first; and those at `near_end` that were there when their slot came up.
    near: Vec<Entry<E>>,
    /// New events before this moment go to `near`.
    near_end: u64,
    /// `near` came from a slot of this level; at level 0 a slot is a single nanosecond.
    near_level: u32,
    /// Base with which filed events are compared.
    base: u64,
    /// The places of filed events, free ones among them.
    filed: Vec<Entry<E>>,
    /// For each place, the next of the same slot, or the next free one.
    next: Vec<u32>,
    /// The first free place.
    free: u32,
    /// Slot by slot and level by level, each slot in no order.
    slots: [Slot; LEVELS * DIGITS],
    /// For each level a bit for each slot that is not empty.
    used_slots: [u64; LEVELS],
    /// A bit for each level that is not empty.
    used_levels: u16,
    /// Time of the last event popped.
    last: u64,
    len: usize,
    sequence: u64,
}

/// The place of the first event of a slot, and the number of its events.
#[derive(Clone, Copy, Debug)]
struct Slot {
    first: u32,
    len: u32,
}

/// No place.
const NONE: u32 = u32::MAX;

const EMPTY: Slot = Slot { first: NONE, len: 0 };

/// Time and number of an event, in one word that compares as both.
pub(super) type Key = u128;

/// After every event.
pub(super) const NO_KEY: Key = Key::MAX;

/// The key of an event at `at` with a number.
#[inline]
pub(super) fn key(at: SimTime, number: u64) -> Key {
    Key::from(at.as_nanos()) << 64 | Key::from(number)
}

/// The time of a key.
#[inline]
pub(super) fn time(key: Key) -> SimTime {
    SimTime::from_nanos((key >> 64) as u64)
}

/// An event and its key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<E> {
    pub(super) key: Key,
    pub(super) event: E,
}

impl<E> Entry<E> {
    #[inline]
    fn at(&self) -> u64 {
        time(self.key).as_nanos()
    }
}

impl<E: Copy> EventQueue<E> {
    /// An empty list.
    pub fn new() -> Self {
        EventQueue {
            near: Vec::new(),
            near_end: 0,
            near_level: 0,
            base: 0,
            filed: Vec::new(),
            next: Vec::new(),
            free: NONE,
            slots: [EMPTY; LEVELS * DIGITS],
            used_slots: [0; LEVELS],
            used_levels: 0,
            last: 0,
            len: 0,
            sequence: 0,
        }
    }

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, at: SimTime, event: E) {
        self.sequence += 1;
        self.push_numbered(Entry { key: key(at, self.sequence), event });
    }

    /// Adds an event with a higher number than all that are pending. (Numbers come from here or from elsewhere, not from both.)
    #[inline]
    pub(super) fn push_numbered(&mut self, entry: Entry<E>) {
        self.len += 1;
        if entry.at() >= self.near_end {
            return self.file(entry);
        }
        let place = self.near.partition_point(|other| other.key > entry.key);
        self.near.insert(place, entry);
        // (`near_end` is exact only before the end of time, and the 36 years before that need no speed.)
        if self.near.len() > CROWDED && self.near_level > 0 && self.near_end != u64::MAX {
            self.thin_out();
        }
    }

    /// As [`push_numbered`](Self::push_numbered), for a number that may be lower than others.
    pub(super) fn push_late(&mut self, entry: Entry<E>) {
        if self.near.first().is_none_or(|last| last.key < entry.key) {
            return self.push_numbered(entry);
        }
        self.len += 1;
        let place = self.near.partition_point(|other| other.key > entry.key);
        self.near.insert(place, entry);
    }

    /// The key of the first event; [`NO_KEY`] if there is none, or certainly none before `limit`. What comes after `limit` is
    /// left where it is: to bring it near would crowd everything that is yet to be pushed before it.
    #[inline]
    pub(super) fn first_key(&mut self, limit: Key) -> Key {
        if self.near.is_empty() {
            self.advance(time(limit).as_nanos());
        }
        self.near.last().map_or(NO_KEY, |entry| entry.key)
    }

    /// Takes out the first event.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, E)> {
        if self.near.is_empty() {
            self.advance(u64::MAX);
        }
        if self.near.is_empty() {
            return None;
        }
        let event = self.take_first();
        Some((SimTime::from_nanos(self.last), event))
    }

    /// Takes out the first event, which [`first_key`](Self::first_key) has found.
    #[inline]
    pub(super) fn take_first(&mut self) -> E {
        let last = self.near.len() - 1;
        let entry = self.near[last];
        self.near.truncate(last);
        self.len -= 1;
        self.last = entry.at();
        entry.event
    }

    /// Number of pending events.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Tells if none is pending.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts an event, not earlier than the base, in its slot.
    #[inline]
    fn file(&mut self, entry: Entry<E>) {
        let place = self.free;
        if place == NONE {
            return self.file_in_new_place(entry);
        }
        self.free = self.next[place as usize];
        self.filed[place as usize] = entry;
        self.link(entry.at(), place);
    }

    #[cold]
    #[inline(never)]
    fn file_in_new_place(&mut self, entry: Entry<E>) {
        let place = u32::try_from(self.filed.len()).ok().filter(|place| *place != NONE);
        self.filed.push(entry);
        self.next.push(NONE);
        self.link(entry.at(), place.expect("fewer than 2^32 events at a time"));
    }

    /// Lets the filed event at a place be the first of the slot for its time.
    #[inline]
    fn link(&mut self, at: u64, place: u32) {
        // The lowest bit makes an event at the base itself differ at level 0.
        let level = ((at ^ self.base) | 1).ilog2() / BITS;
        let digit = (at >> (level * BITS)) as usize % DIGITS;
        self.used_levels |= 1 << level;
        self.used_slots[level as usize] |= 1 << digit;
        let slot = &mut self.slots[level as usize * DIGITS + digit];
        self.next[place as usize] = slot.first;
        slot.first = place;
        slot.len += 1;
    }

    /// Lets `near` be what comes before the end of the slot of `level` that `base` is in; at level 0, before `base`, so
    /// that what is pushed at that very nanosecond stays behind what is near.
    fn start_at(&mut self, base: u64, level: u32) {
        self.base = base;
        self.near_level = level;
        self.near_end = if level == 0 { base } else { end_of_slot(base, level) };
    }

    /// Refills `near` from the first slots, unless they start after `limit`.
    #[cold]
    #[inline(never)]
    fn advance(&mut self, limit: u64) {
        while self.near.len() < FEW && self.used_levels != 0 {
            let level = self.used_levels.trailing_zeros();
            let digit = self.used_slots[level as usize].trailing_zeros();
            let above = u64::MAX.checked_shl((level + 1) * BITS).unwrap_or(0);
            let start = (self.base & above) | (u64::from(digit) << (level * BITS));
            let slot = self.slots[level as usize * DIGITS + digit as usize];
            let is_small = slot.len as usize <= SMALL;
            if self.near.is_empty() {
                if start > limit {
                    break;
                }
                self.start_at(start, if is_small { level } else { 0 });
            } else if is_small && level > 0 && level == self.near_level {
                // The next slot of the same level: `base` stays before both.
                self.near_end = end_of_slot(start, level);
            } else {
                break;
            }
            self.empty(level, digit);
            if is_small || level == 0 {
                self.bring_near(slot);
            } else {
                self.deal_out(slot);
            }
        }
        if self.near.len() > 1 {
            self.near.sort_unstable_by_key(|entry| Reverse(entry.key));
        }
    }

    /// Draws a slot as empty.
    #[inline]
    fn empty(&mut self, level: u32, digit: u32) {
        self.slots[level as usize * DIGITS + digit as usize] = EMPTY;
        let used = &mut self.used_slots[level as usize];
        *used &= !(1 << digit);
        self.used_levels &= !(u16::from(*used == 0) << level);
    }

    /// Appends the events of a slot to `near`, and frees their places.
    #[inline]
    fn bring_near(&mut self, slot: Slot) {
        let mut place = slot.first as usize;
        loop {
            self.near.push(self.filed[place]);
            if self.next[place] == NONE {
                break;
            }
            place = self.next[place] as usize;
        }
        self.next[place] = self.free;
        self.free = slot.first;
    }

    /// Files the events of a slot anew, from the base that is in it.
    #[inline]
    fn deal_out(&mut self, slot: Slot) {
        let mut place = slot.first;
        while place != NONE {
            let next = self.next[place as usize];
            self.link(self.filed[place as usize].at(), place);
            place = next;
        }
    }

    /// Takes `near` one level down and files what is then beyond it.
    #[cold]
    #[inline(never)]
    fn thin_out(&mut self) {
        self.start_at(self.last.max(self.base), self.near_level - 1);
        let beyond = self.near.partition_point(|entry| entry.at() >= self.near_end);
        let rest = self.near.split_off(beyond);
        for entry in std::mem::replace(&mut self.near, rest) {
            self.file(entry);
        }
    }
}

/// The end of the slot of `level` that `at` is in.
#[inline]
fn end_of_slot(at: u64, level: u32) -> u64 {
    (at | ((1u64 << (level * BITS)) - 1)).saturating_add(1)
}

impl<E: Copy> Default for EventQueue<E> {
    fn default() -> Self {
        EventQueue::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Action on the list, with times relative to the last one popped.
    #[derive(Clone, Debug)]
    enum Action {
        Push(u64),
        PushAbsolute(u64),
        Burst(u64, u16),
        Pop(u16),
    }

    fn actions() -> impl Strategy<Value = Vec<Action>> {
        let delay = prop_oneof![
            3 => Just(0u64),
            2 => 0..4u64,
            4 => 0..100_000_000u64,
            2 => (0..64u32).prop_map(|bit| 1u64 << bit),
            1 => any::<u64>(),
        ];
        let action = prop_oneof![
            4 => delay.clone().prop_map(Action::Push),
            1 => prop_oneof![Just(u64::MAX), Just(u64::MAX - 1), 0..1000u64].prop_map(Action::PushAbsolute),
            1 => (delay, 1..400u16).prop_map(|(delay, count)| Action::Burst(delay, count)),
            3 => (1..30u16).prop_map(Action::Pop),
            1 => (1..600u16).prop_map(Action::Pop),
        ];
        prop::collection::vec(action, 1..80)
    }

    /// The list beside a map that is right by construction.
    #[derive(Default)]
    struct Shadowed {
        list: EventQueue<u64>,
        shadow: BTreeMap<(u64, u64), u64>,
        pushed: u64,
        now: u64,
    }

    impl Shadowed {
        fn push(&mut self, at: u64) {
            self.pushed += 1;
            self.list.push(SimTime::from_nanos(at), self.pushed);
            self.shadow.insert((at, self.pushed), self.pushed);
        }

        fn pop(&mut self) -> bool {
            let expected = self.shadow.pop_first().map(|((at, _), event)| (SimTime::from_nanos(at), event));
            let popped = self.list.pop();
            assert_eq!(popped, expected);
            assert_eq!(self.list.len(), self.shadow.len());
            assert_eq!(self.list.is_empty(), self.shadow.is_empty());
            self.now = popped.map_or(self.now, |(at, _)| at.as_nanos());
            popped.is_some()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::cases::cases(400, 100)))]

        #[test]
        fn pops_in_the_order_of_a_sorted_map_whatever_is_pushed(actions in actions()) {
            let mut both = Shadowed::default();
            for action in actions {
                match action {
                    Action::Push(delay) => both.push(both.now.saturating_add(delay)),
                    Action::PushAbsolute(at) => both.push(at),
                    Action::Burst(step, count) => (0..u64::from(count)).for_each(|index| {
                        both.push(both.now.saturating_add(index.wrapping_mul(step) % 50_000_000));
                    }),
                    Action::Pop(count) => (0..count).for_each(|_| { both.pop(); }),
                }
            }
            while both.pop() {}
        }
    }

    #[test]
    fn equal_times_come_first_in_first_out_even_when_pushed_while_that_moment_is_popped() {
        let mut list = EventQueue::new();
        let moment = SimTime::from_nanos(7_000_000_123);
        (0..100_000u32).for_each(|event| list.push(moment, event));
        for expected in 0..100_000 {
            assert_eq!(list.pop(), Some((moment, expected)));
            list.push(moment, 100_000 + expected);
        }
        for expected in 100_000..200_000 {
            assert_eq!(list.pop(), Some((moment, expected)));
        }
        assert!(list.is_empty());
    }

    #[test]
    fn what_is_far_away_does_not_crowd_what_is_pushed_before_it() {
        let mut both = Shadowed::default();
        both.push(0);
        both.pop();
        both.push(3_600_000_000_000);
        for millis in 1..20_000u64 {
            // Something else happens every millisecond, up to which the list is looked at.
            let now = SimTime::from_nanos(millis * 1_000_000);
            while both.list.first_key(key(now, 0)) <= key(now, 0) {
                both.pop();
            }
            both.push(now.as_nanos() + 5_000_000_000);
            assert!(both.list.near.len() <= CROWDED, "{} near after {millis} ms", both.list.near.len());
        }
        while both.pop() {}
    }

    #[test]
    fn a_crowd_that_gathers_in_a_quiet_hour_is_sorted_too() {
        let mut both = Shadowed::default();
        both.push(0);
        both.push(3_600_000_000_000);
        both.pop();
        for index in 0..20_000u64 {
            both.push(both.now + index.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 60_000_000_000);
            if index % 3 == 0 {
                both.pop();
            }
        }
        while both.pop() {}
        assert!(both.now >= 3_600_000_000_000);
    }
}
