//! A radix heap: buckets by the highest digit in which a time differs from the start of the present one; a small
//! bucket is sorted whole when its turn comes, a big one is dealt out to those below it.

use super::{Entry, Event, EventList};

/// A bucket of at most so many events is sorted whole.
const SMALL: usize = 64;
/// With more events than this at hand, the later ones go back to buckets.
const CROWDED: usize = 256;

/// A radix heap with digits of `BITS` bits.
pub(crate) struct Radix<const BITS: u32> {
    /// The events up to `near_last`, latest first.
    near: Vec<Entry>,
    near_last: u64,
    near_level: u32,
    base: u64,
    slots: Vec<Vec<Entry>>,
    used_slots: [u64; 64],
    used_levels: u64,
    sequence: u64,
}

impl<const BITS: u32> Default for Radix<BITS> {
    fn default() -> Self {
        Radix {
            near: Vec::new(),
            near_last: 0,
            near_level: 0,
            base: 0,
            slots: vec![Vec::new(); (64usize.div_ceil(BITS as usize)) << BITS],
            used_slots: [0; 64],
            used_levels: 0,
            sequence: 0,
        }
    }
}

impl<const BITS: u32> Radix<BITS> {
    #[inline]
    fn file(&mut self, entry: Entry) {
        let level = (63 - (entry.at ^ self.base).leading_zeros()) / BITS;
        let digit = (entry.at >> (level * BITS)) & ((1 << BITS) - 1);
        self.used_levels |= 1 << level;
        self.used_slots[level as usize] |= 1 << digit;
        self.slots[(level << BITS) as usize + digit as usize].push(entry);
    }

    fn set_near(&mut self, base: u64, level: u32) {
        self.base = base;
        self.near_level = level;
        self.near_last = base | (1u64.checked_shl(level * BITS).unwrap_or(0)).wrapping_sub(1);
    }

    #[cold]
    #[inline(never)]
    fn advance(&mut self) {
        while self.near.is_empty() && self.used_levels != 0 {
            let level = self.used_levels.trailing_zeros();
            let used = &mut self.used_slots[level as usize];
            let digit = used.trailing_zeros() as u64;
            *used &= *used - 1;
            if *used == 0 {
                self.used_levels &= self.used_levels - 1;
            }
            let index = (level << BITS) as usize + digit as usize;
            let mut slot = std::mem::take(&mut self.slots[index]);
            let above = u64::MAX.checked_shl((level + 1) * BITS).unwrap_or(0);
            let start = self.base & above | digit << (level * BITS);
            if slot.len() <= SMALL || level == 0 {
                self.set_near(start, level);
                std::mem::swap(&mut self.near, &mut slot);
                self.near.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key()));
            } else {
                self.set_near(start, 0);
                for &entry in &slot {
                    if entry.at == start { self.near.push(entry) } else { self.file(entry) }
                }
                slot.clear();
                self.near.reverse();
            }
            self.slots[index] = slot;
        }
    }

    #[cold]
    #[inline(never)]
    fn thin_out(&mut self) {
        let base = self.near[self.near.len() - 1].at;
        self.set_near(base, self.near_level - 1);
        let later = self.near.partition_point(|entry| entry.at > self.near_last);
        let rest = self.near.split_off(later);
        let later = std::mem::replace(&mut self.near, rest);
        for entry in later.into_iter().rev() {
            self.file(entry);
        }
    }
}

impl<const BITS: u32> EventList for Radix<BITS> {
    #[inline]
    fn push(&mut self, at: u64, event: Event) {
        self.sequence += 1;
        let entry = Entry { at, sequence: self.sequence, event };
        if at > self.near_last {
            self.file(entry);
            return;
        }
        let place = self.near.partition_point(|other| other.at > at);
        self.near.insert(place, entry);
        if self.near.len() > CROWDED && self.near_level > 0 {
            self.thin_out();
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, Event)> {
        if self.near.is_empty() {
            self.advance();
        }
        self.near.pop().map(|entry| (entry.at, entry.event))
    }
}
