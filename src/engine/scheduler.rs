//! The scheduler: a clock, and what is still to happen.
//!
//! Most events go to the event list. Two kinds need not, because more is known of them:
//!
//! - A *chain*: events of which one is pending at a time, as the arrivals of a population are. They are many, and would
//!   take turns in the event list to no purpose.
//! - *Lookahead bounds*: few, known early, and apt to change what becomes of other events. Until the next one, a model may
//!   settle at once what nothing else can alter.
//!
//! The order of all is one: time, then the order in which they were scheduled.

use std::hint::select_unpredictable;

use super::queue::{Entry, EventQueue, Key, NO_KEY, key, time};
use crate::units::{SimDuration, SimTime};

/// The clock and what is still to happen.
#[derive(Debug)]
pub struct Scheduler<E> {
    now: SimTime,
    /// Events scheduled so far.
    sequence: u64,
    list: EventQueue<E>,
    /// Latest first.
    bounds: Vec<Entry<E>>,
    /// Event of each chain.
    chains: Vec<E>,
    /// The key of the first lookahead bound, then of each chain's event.
    heads: Vec<Key>,
    /// The least of these, and its place; [`UNKNOWN`] from when an event of a chain is taken until that is looked for.
    first: (Key, usize),
    /// Tells if the event that the clock has moved to is in the list.
    next_is_in_list: bool,
    is_at_bound: bool,
    #[cfg(test)]
    never_at_rest: bool,
}

/// Place of the lookahead bounds among the heads.
const BOUNDS: usize = 0;

/// Before every key: numbers count from 1.
const UNKNOWN: Key = 0;

impl<E: Copy> Scheduler<E> {
    /// An empty scheduler at time zero.
    pub fn new() -> Self {
        Scheduler {
            now: SimTime::ZERO,
            sequence: 0,
            list: EventQueue::new(),
            bounds: Vec::new(),
            chains: Vec::new(),
            heads: vec![NO_KEY],
            first: (NO_KEY, BOUNDS),
            next_is_in_list: false,
            is_at_bound: false,
            #[cfg(test)]
            never_at_rest: false,
        }
    }

    /// From now on every moment is taken for a lookahead bound.
    #[cfg(test)]
    pub(crate) fn never_at_rest(&mut self) {
        self.never_at_rest = true;
    }

    /// The current moment.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Schedules `event` at `at`.
    ///
    /// # Panics
    /// If `at` is in the past.
    #[inline]
    pub fn schedule_at(&mut self, at: SimTime, event: E) {
        let key = self.key(at);
        self.list.push_numbered(Entry { key, event });
    }

    /// Schedules `event` after `delay`.
    #[inline]
    pub fn schedule_after(&mut self, delay: SimDuration, event: E) {
        self.schedule_at(self.now + delay, event);
    }

    /// The number of an event that may be scheduled later, as if it were now: see [`Scheduler::schedule_numbered`].
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// As [`Scheduler::schedule_at`], with the place among events of the same moment that `number` gives, which no other
    /// event has. The
    /// moment is yet to come.
    pub fn schedule_numbered(&mut self, at: SimTime, number: u64, event: E) {
        assert!(at > self.now, "an event in the past");
        self.list.push_late(Entry { key: key(at, number), event });
    }

    /// The key of the next event, at `at`.
    #[inline]
    fn key(&mut self, at: SimTime) -> Key {
        assert!(at >= self.now, "an event in the past");
        key(at, self.number())
    }

    /// Opens a chain of which each event is `event`, and returns its number, from 0. Every event of a chain costs a look at
    /// each chain: they should be few.
    pub fn open_chain(&mut self, event: E) -> usize {
        self.chains.push(event);
        self.heads.push(NO_KEY);
        self.chains.len() - 1
    }

    /// As [`Scheduler::schedule_at`], for the next event of a chain.
    ///
    /// # Panics
    /// If one is pending.
    #[inline]
    pub fn next_in_chain(&mut self, chain: usize, at: SimTime) {
        let key = self.key(at);
        let head = &mut self.heads[chain + 1];
        assert!(*head == NO_KEY, "one event of a chain at a time");
        *head = key;
        if self.first.0 != UNKNOWN {
            self.first = earlier((key, chain + 1), self.first);
        }
    }

    /// As [`Scheduler::schedule_at`], for an event that may change what becomes of others.
    pub fn schedule_bound(&mut self, at: SimTime, event: E) {
        let key = self.key(at);
        let place = self.bounds.partition_point(|other| other.key > key);
        self.bounds.insert(place, Entry { key, event });
        self.bounds_changed();
    }

    /// Tells if the event that was taken last is a lookahead bound.
    #[inline]
    pub fn is_at_bound(&self) -> bool {
        self.is_at_bound
    }

    /// Returns the time of the next lookahead bound; never, if none is known.
    #[inline]
    pub fn lookahead_bound(&self) -> SimTime {
        #[cfg(test)]
        if self.never_at_rest {
            return self.now;
        }
        time(self.heads[BOUNDS])
    }

    fn bounds_changed(&mut self) {
        self.heads[BOUNDS] = self.bounds.last().map_or(NO_KEY, |entry| entry.key);
        self.find_first();
    }

    #[inline]
    fn find_first(&mut self) {
        let mut first = (self.heads[BOUNDS], BOUNDS);
        for place in 1..self.heads.len() {
            first = earlier((self.heads[place], place), first);
        }
        self.first = first;
    }

    /// Moves the clock to the next event, which is to be [taken](Self::take) then. If none is left up to `horizon`, moves it
    /// there and returns false.
    #[inline(always)]
    pub(super) fn advance(&mut self, horizon: SimTime) -> bool {
        if self.first.0 == UNKNOWN {
            self.find_first();
        }
        let head = self.first.0;
        let in_list = self.list.first_key(head);
        let key = in_list.min(head);
        self.next_is_in_list = in_list < head;
        // (No event has the greatest number there is.)
        let goes_on = key < self::key(horizon, u64::MAX);
        self.now = if goes_on { time(key) } else { horizon };
        goes_on
    }

    /// Takes the event that the clock has moved to. (An `Option` of it would be taken apart and put together again.)
    #[inline(always)]
    pub(super) fn take(&mut self) -> E {
        self.is_at_bound = false;
        if self.next_is_in_list { self.list.take_first() } else { self.pop_head(self.first.1) }
    }

    #[inline]
    fn pop_head(&mut self, place: usize) -> E {
        if place == BOUNDS {
            return self.pop_bound();
        }
        self.heads[place] = NO_KEY;
        self.first.0 = UNKNOWN;
        self.chains[place - 1]
    }

    #[cold]
    #[inline(never)]
    fn pop_bound(&mut self) -> E {
        self.is_at_bound = true;
        let last = self.bounds.len() - 1;
        let event = self.bounds[last].event;
        self.bounds.truncate(last);
        self.bounds_changed();
        event
    }
}

/// The earlier of two heads. No branch: it could not be predicted.
#[inline]
fn earlier(one: (Key, usize), other: (Key, usize)) -> (Key, usize) {
    let is_earlier = one.0 < other.0;
    (select_unpredictable(is_earlier, one.0, other.0), select_unpredictable(is_earlier, one.1, other.1))
}

impl<E: Copy> Default for Scheduler<E> {
    fn default() -> Self {
        Scheduler::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    const CHAINS: usize = 3;

    /// Action on the scheduler, with a delay from now. The events of a chain are its number, the others have numbers of
    /// their own.
    #[derive(Clone, Copy, Debug)]
    enum Action {
        At(u64),
        /// Takes its number now, and is scheduled as late as can be.
        Reserve(u64),
        InChain(usize, u64),
        Bound(u64),
        Pop,
    }

    fn actions() -> impl Strategy<Value = Vec<Action>> {
        let delay = prop_oneof![3 => 0..3u64, 2 => 0..40u64, 1 => 0..5_000_000u64];
        let action = prop_oneof![
            3 => delay.clone().prop_map(Action::At),
            1 => delay.clone().prop_map(Action::Reserve),
            4 => (0..CHAINS, delay.clone()).prop_map(|(chain, delay)| Action::InChain(chain, delay)),
            1 => delay.prop_map(Action::Bound),
            6 => Just(Action::Pop),
        ];
        proptest::collection::vec(action, 0..400)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::cases::cases(256, 64)))]

        #[test]
        fn events_happen_in_the_order_of_a_sorted_map_wherever_they_were_put(actions in actions()) {
            let mut scheduler = Scheduler::new();
            (0..CHAINS).for_each(|chain| assert_eq!(scheduler.open_chain(chain), chain));
            let (mut shadow, mut bounds, mut chained) = (BTreeMap::new(), BTreeSet::new(), [None; CHAINS]);
            let mut reserved: Vec<(SimTime, u64, usize)> = Vec::new();
            let all = actions.len();
            for (number, action) in actions.into_iter().chain(std::iter::repeat_n(Action::Pop, all)).enumerate() {
                let number = CHAINS + number;
                let at = |delay| scheduler.now() + SimDuration::from_nanos(delay);
                match action {
                    Action::InChain(chain, delay) if chained[chain].is_none() => {
                        let at = at(delay);
                        chained[chain] = Some(number);
                        shadow.insert((at, number), chain);
                        scheduler.next_in_chain(chain, at);
                    }
                    Action::At(delay) | Action::InChain(_, delay) => {
                        let at = at(delay);
                        shadow.insert((at, number), number);
                        scheduler.schedule_at(at, number);
                    }
                    Action::Bound(delay) => {
                        let at = at(delay);
                        shadow.insert((at, number), number);
                        bounds.insert((at, number));
                        scheduler.schedule_bound(at, number);
                    }
                    Action::Reserve(delay) => {
                        let at = at(delay + 1);
                        shadow.insert((at, number), number);
                        reserved.push((at, scheduler.number(), number));
                    }
                    Action::Pop => {
                        let next = shadow.first_key_value().map_or(SimTime::NEVER, |((at, _), _)| *at);
                        reserved.retain(|&(at, place, number)| {
                            if at <= next {
                                scheduler.schedule_numbered(at, place, number);
                            }
                            at > next
                        });
                        let expected = shadow.pop_first();
                        prop_assert_eq!(scheduler.advance(SimTime::NEVER).then(|| scheduler.take()), expected.map(|(_, event)| event));
                        let Some((key, _)) = expected else { break };
                        prop_assert_eq!(scheduler.now(), key.0);
                        let was_bound = bounds.remove(&key);
                        prop_assert_eq!(scheduler.is_at_bound(), was_bound);
                        chained.iter_mut().filter(|pending| **pending == Some(key.1)).for_each(|pending| *pending = None);
                    }
                }
                let next = bounds.first().map_or(SimTime::NEVER, |(at, _)| *at);
                prop_assert_eq!(scheduler.lookahead_bound(), next);
            }
        }
    }
}
