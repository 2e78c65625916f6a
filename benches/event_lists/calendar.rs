//! A calendar whose days are sorted when they come; the length of a day follows the number of events in it.

use super::{Entry, Event, EventList};

const DAYS: usize = 1024;
const WANTED: usize = 16;

/// A lazily sorted calendar with adaptive width, and a store for what is beyond the year.
pub(crate) struct Calendar {
    days: Vec<Vec<Entry>>,
    used: [u64; DAYS / 64],
    /// The events of this day, latest first.
    today: Vec<Entry>,
    /// Number of the present day, counted from time zero.
    day: u64,
    /// First day of the next year.
    year_end: u64,
    beyond: Vec<Entry>,
    /// A day has 2^`shift` nanoseconds.
    shift: u32,
    sequence: u64,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar {
            days: vec![Vec::new(); DAYS],
            used: [0; DAYS / 64],
            today: Vec::new(),
            day: 0,
            year_end: DAYS as u64,
            beyond: Vec::new(),
            shift: 20,
            sequence: 0,
        }
    }
}

impl Calendar {
    #[inline]
    fn file(&mut self, entry: Entry) {
        let day = entry.at >> self.shift;
        if day < self.year_end {
            let index = day as usize % DAYS;
            self.used[index / 64] |= 1 << (index % 64);
            self.days[index].push(entry);
        } else {
            self.beyond.push(entry);
        }
    }

    #[cold]
    #[inline(never)]
    fn advance(&mut self) {
        // Days of one year never wrap: a year starts at a multiple of its length.
        let start = self.day as usize % DAYS;
        let mut word = start / 64;
        let mut bits = self.used[word] & (u64::MAX << (start % 64));
        while bits == 0 && word + 1 < DAYS / 64 {
            word += 1;
            bits = self.used[word];
        }
        if bits == 0 {
            return self.new_year();
        }
        let index = word * 64 + bits.trailing_zeros() as usize;
        self.used[word] &= !(1 << (index % 64));
        self.day = self.year_end - DAYS as u64 + index as u64;
        std::mem::swap(&mut self.today, &mut self.days[index]);
        self.today.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key()));
    }

    /// Starts the year of the first event beyond, with days as long as the events there ask for.
    fn new_year(&mut self) {
        let mut beyond = std::mem::take(&mut self.beyond);
        beyond.sort_unstable_by_key(Entry::key);
        let Some(first) = beyond.first() else { return };
        let sample = &beyond[..beyond.len().min(DAYS * WANTED / 16)];
        let span = sample[sample.len() - 1].at - first.at;
        let width = (span / sample.len() as u64 * WANTED as u64).max(1);
        self.shift = (63 - width.leading_zeros()).min(50);
        self.day = first.at >> self.shift;
        self.year_end = (self.day / DAYS as u64 + 1) * DAYS as u64;
        for entry in beyond {
            self.file(entry);
        }
        self.advance();
    }
}

impl EventList for Calendar {
    #[inline]
    fn push(&mut self, at: u64, event: Event) {
        self.sequence += 1;
        let entry = Entry { at, sequence: self.sequence, event };
        if at >> self.shift <= self.day {
            let place = self.today.partition_point(|other| other.at > at);
            self.today.insert(place, entry);
        } else {
            self.file(entry);
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<(u64, Event)> {
        if self.today.is_empty() {
            self.advance();
        }
        self.today.pop().map(|entry| (entry.at, entry.event))
    }
}
