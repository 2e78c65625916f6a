//! Counts the servers of a pool that are reserved for the fast path, over time.
//!
//! Time is cut into steps, and a reservation counts in every step that it touches: what is counted is never less than what
//! is reserved. A reservation takes at most [`LANES`] steps, whose counts are looked at and raised side by side.

use super::super::whole;
use crate::units::{SimDuration, SimTime};

/// Steps that a reservation may take.
const LANES: usize = 8;
/// So many steps ahead a reservation can begin, or nearly: a quarter of a second with short services. What begins later does
/// not take the fast path.
const AHEAD: usize = 256;

/// Servers that may be reserved in a step.
const MOST: usize = i16::MAX as usize - 1;

/// All bits of the steps that a reservation takes, and none of the others, from a place on that tells how many it takes. (One
/// row for
/// each number of steps would be simpler, but the compiler sees through that, and then does not look at the lanes side by side.)
const TAKEN: [i16; 2 * LANES] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

/// Counts of reservations, step by step.
#[derive(Debug)]
pub(super) struct Slots {
    /// Length of a step: two to this power, in nanoseconds.
    bits: u32,
    /// The step of the first count.
    first: u64,
    counts: Box<[i16; 2 * AHEAD]>,
    /// No count is higher.
    highest: i16,
}

/// Reason why no slot was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It takes too many steps, or lies too far ahead.
    Unsuitable,
    /// In some step there may be no server.
    NoServer,
}

/// A slot that can be reserved, until another one is or time goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    place: usize,
    counts: [i16; LANES],
    highest: i16,
}

impl Slots {
    /// Of services that take `mean` seconds on average. Those of five times that, or of 7 ms, always fit.
    pub(super) fn new(mean: f64) -> Self {
        const SHORTEST_S: f64 = 0.001;
        let step = SimDuration::from_secs_f64((mean * 0.75).clamp(SHORTEST_S, 3600.0));
        let bits = step.as_nanos().next_power_of_two().ilog2();
        Slots { bits, first: 0, counts: Box::new([0; 2 * AHEAD]), highest: 0 }
    }

    #[inline]
    fn step(&self, at: SimTime) -> u64 {
        at.as_nanos() >> self.bits
    }

    /// Time has gone on to `now`: lets the first count be of a step that is not too long ago.
    #[inline]
    fn go_on(&mut self, now: SimTime) {
        let step = self.step(now);
        if step - self.first >= AHEAD as u64 {
            self.forget_before(step);
        }
    }

    #[cold]
    fn forget_before(&mut self, step: u64) {
        if step - self.first < 2 * AHEAD as u64 {
            self.counts.copy_within(AHEAD.., 0);
            self.counts[AHEAD..].fill(0);
            self.first += AHEAD as u64;
        } else {
            self.counts.fill(0);
            self.first = step;
        }
    }

    /// Finds a slot of one of `servers` from `from`, which is not before `now`, to `to`.
    #[inline]
    pub(super) fn find(&mut self, servers: usize, now: SimTime, from: SimTime, to: SimTime) -> Result<Slot, Refusal> {
        self.go_on(now);
        let place = whole::index(self.step(from) - self.first);
        let steps = whole::index(self.step(to) - self.step(from)) + 1;
        let taken = TAKEN.get(LANES.wrapping_sub(steps)..).and_then(|taken| taken.first_chunk::<LANES>());
        let counts = self.counts.get(place..).and_then(|counts| counts.first_chunk::<LANES>());
        let (Some(taken), Some(counts)) = (taken, counts) else { return Err(Refusal::Unsuitable) };
        // All bits are minus one.
        let counts: [i16; LANES] = std::array::from_fn(|lane| counts[lane] - taken[lane]);
        // Where nothing is taken, more may have been reserved than there are servers now.
        let highest = (0..LANES).map(|lane| counts[lane] & taken[lane]).fold(0, i16::max);
        if highest as usize <= servers.min(MOST) { Ok(Slot { place, counts, highest }) } else { Err(Refusal::NoServer) }
    }

    /// Reserves a slot.
    #[inline]
    pub(super) fn reserve(&mut self, slot: Slot) {
        self.counts[slot.place..slot.place + LANES].copy_from_slice(&slot.counts);
        self.highest = self.highest.max(slot.highest);
    }

    /// Tells whether a server is reserved for nobody from `now` on.
    #[inline]
    pub(super) fn leave_one_of(&mut self, servers: usize, now: SimTime) -> bool {
        servers > self.highest as usize || servers > self.most(now)
    }

    /// Returns the most servers that are reserved in any step from `now` on.
    fn most(&mut self, now: SimTime) -> usize {
        self.go_on(now);
        let place = whole::index(self.step(now) - self.first);
        self.highest = self.counts[place..].iter().copied().max().unwrap_or(0);
        self.highest as usize
    }

    /// Cancels all reservations.
    pub(super) fn cancel_all(&mut self) {
        self.counts.fill(0);
        self.highest = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(micros: u64) -> SimTime {
        SimTime::from_nanos(micros * 1000)
    }

    #[test]
    fn a_slot_is_of_a_server_that_nobody_else_has_reserved_meanwhile() {
        let mut slots = Slots::new(0.001);
        let mut reserve = |servers, from, to| {
            let slot = slots.find(servers, at(0), at(from), at(to))?;
            slots.reserve(slot);
            Ok(())
        };
        assert_eq!(reserve(1, 10_000, 12_000), Ok(()));
        assert_eq!(reserve(1, 11_000, 14_000), Err(Refusal::NoServer));
        assert_eq!(reserve(1, 20_000, 21_000), Ok(()));
        assert_eq!(reserve(2, 11_000, 14_000), Ok(()));
        assert_eq!(reserve(2, 11_000, 11_000), Err(Refusal::NoServer));
        assert_eq!(reserve(0, 50_000, 50_000), Err(Refusal::NoServer));
        assert_eq!(reserve(9, 10_000, 30_000), Err(Refusal::Unsuitable), "too long");
        assert_eq!(reserve(9, 900_000, 900_000), Err(Refusal::Unsuitable), "too far ahead");
        let leaves = [(3, 0, true), (2, 0, false), (2, 15_000, true), (1, 15_000, false), (1, 30_000, true)];
        for (servers, now, is_left) in leaves {
            assert_eq!(slots.leave_one_of(servers, at(now)), is_left, "one of {servers} from {now} us on");
        }
        let slot = slots.find(1, at(30_000), at(31_000), at(32_000)).expect("a free server");
        slots.reserve(slot);
        slots.cancel_all();
        assert!(slots.leave_one_of(1, at(30_000)));
    }

    #[test]
    fn services_of_five_times_the_mean_fit_however_far_time_has_gone() {
        for mean in [0.0, 0.001, 0.02, 3.0] {
            let mut slots = Slots::new(mean);
            let mut now = SimTime::ZERO;
            for jump in [0.0, 0.1, 1.0, 10.0, 1000.0, 0.5, 5000.0] {
                now = now + SimDuration::from_secs_f64(jump);
                let to = now + SimDuration::from_secs_f64((mean * 5.0).max(0.007));
                let slot = slots.find(1, now, now, to).expect("a free server");
                slots.reserve(slot);
                assert!(!slots.leave_one_of(1, to) && slots.find(1, now, to, to).is_err());
                slots.cancel_all();
            }
        }
    }

    proptest! {
        #[test]
        fn never_more_are_reserved_than_there_are(
            mean in 0.0..0.05f64,
            servers in 1..6usize,
            asked in prop::collection::vec((0..400_000u64, 0..300_000u64, 0..40_000u64), 1..200),
        ) {
            let mut slots = Slots::new(mean);
            let (mut now, mut made) = (0, Vec::new());
            for (passes, ahead, lasts) in asked {
                now += passes / 10;
                let (from, to) = (now + ahead, now + ahead + lasts);
                if let Ok(slot) = slots.find(servers, at(now), at(from), at(to)) {
                    slots.reserve(slot);
                    made.push((from, to));
                }
                let busy = |moment| made.iter().filter(|(from, to)| (*from..=*to).contains(&moment)).count();
                let most = made.iter().filter(|(_, to)| *to >= now).map(|(from, _)| busy((*from).max(now))).max();
                prop_assert!(most.unwrap_or(0) <= slots.most(at(now)).min(servers));
            }
        }
    }
}
