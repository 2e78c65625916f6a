//! The agenda: a clock, and what is still to happen.
//!
//! Most events go to the event list. Two kinds need not, because more is known of them:
//!
//! - A *chain*: events of which one is pending at a time, as the arrivals of a population are. They are many, and would
//!   take turns in the event list to no purpose.
//! - *Turning points*: few, known early, and apt to change what becomes of other events. Until the next one, a model may
//!   settle at once what nothing else can alter.
//!
//! The order of all is one: time, then the order in which they were put on the agenda.

use std::hint::select_unpredictable;

use super::queue::{Entry, EventQueue, Key, NO_KEY, key, time};
use crate::units::{SimDuration, SimTime};

/// The clock and what is still to happen.
#[derive(Debug)]
pub struct Agenda<E> {
    now: SimTime,
    /// Events put on the agenda so far.
    sequence: u64,
    list: EventQueue<E>,
    /// Latest first.
    turning_points: Vec<Entry<E>>,
    /// Event of each chain.
    chains: Vec<E>,
    /// The key of the first turning point, then of each chain's event.
    heads: Vec<Key>,
    /// The least of these, and its place; [`UNKNOWN`] from when an event of a chain is taken until that is looked for.
    first: (Key, usize),
    /// Tells if the event that the clock has moved to is in the list.
    next_is_in_list: bool,
    is_at_turning_point: bool,
    #[cfg(test)]
    never_at_rest: bool,
}

/// Place of the turning points among the heads.
const TURNING_POINTS: usize = 0;

/// Before every key: numbers count from 1.
const UNKNOWN: Key = 0;

impl<E: Copy> Agenda<E> {
    /// An empty agenda at time zero.
    pub fn new() -> Self {
        Agenda {
            now: SimTime::ZERO,
            sequence: 0,
            list: EventQueue::new(),
            turning_points: Vec::new(),
            chains: Vec::new(),
            heads: vec![NO_KEY],
            first: (NO_KEY, TURNING_POINTS),
            next_is_in_list: false,
            is_at_turning_point: false,
            #[cfg(test)]
            never_at_rest: false,
        }
    }

    /// From now on every moment is taken for a turning point.
    #[cfg(test)]
    pub(crate) fn never_at_rest(&mut self) {
        self.never_at_rest = true;
    }

    /// The current moment.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Lets `event` happen at `at`, which must not be past.
    #[inline]
    pub fn at(&mut self, at: SimTime, event: E) {
        let key = self.key(at);
        self.list.push_numbered(Entry { key, event });
    }

    /// Lets `event` happen after `delay`.
    #[inline]
    pub fn after(&mut self, delay: SimDuration, event: E) {
        self.at(self.now + delay, event);
    }

    /// The number of an event that may be put on the agenda later, as if it were now: see [`Agenda::at_numbered`].
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// As [`Agenda::at`], with the place among events of the same moment that `number` gives, which no other event has. The
    /// moment is yet to come.
    pub fn at_numbered(&mut self, at: SimTime, number: u64, event: E) {
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

    /// As [`Agenda::at`], for the next event of a chain.
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

    /// As [`Agenda::at`], for an event that may change what becomes of others.
    pub fn turning_point(&mut self, at: SimTime, event: E) {
        let key = self.key(at);
        let place = self.turning_points.partition_point(|other| other.key > key);
        self.turning_points.insert(place, Entry { key, event });
        self.turning_points_changed();
    }

    /// Tells if the event that was taken last is a turning point.
    #[inline]
    pub fn is_at_turning_point(&self) -> bool {
        self.is_at_turning_point
    }

    /// Returns the time of the next turning point; never, if none is known.
    #[inline]
    pub fn next_turning_point(&self) -> SimTime {
        #[cfg(test)]
        if self.never_at_rest {
            return self.now;
        }
        time(self.heads[TURNING_POINTS])
    }

    fn turning_points_changed(&mut self) {
        self.heads[TURNING_POINTS] = self.turning_points.last().map_or(NO_KEY, |entry| entry.key);
        self.find_first();
    }

    #[inline]
    fn find_first(&mut self) {
        let mut first = (self.heads[TURNING_POINTS], TURNING_POINTS);
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
        self.is_at_turning_point = false;
        if self.next_is_in_list { self.list.take_first() } else { self.pop_head(self.first.1) }
    }

    #[inline]
    fn pop_head(&mut self, place: usize) -> E {
        if place == TURNING_POINTS {
            return self.pop_turning_point();
        }
        self.heads[place] = NO_KEY;
        self.first.0 = UNKNOWN;
        self.chains[place - 1]
    }

    #[cold]
    #[inline(never)]
    fn pop_turning_point(&mut self) -> E {
        self.is_at_turning_point = true;
        let last = self.turning_points.len() - 1;
        let event = self.turning_points[last].event;
        self.turning_points.truncate(last);
        self.turning_points_changed();
        event
    }
}

/// The earlier of two heads. No branch: it could not be predicted.
#[inline]
fn earlier(one: (Key, usize), other: (Key, usize)) -> (Key, usize) {
    let is_earlier = one.0 < other.0;
    (select_unpredictable(is_earlier, one.0, other.0), select_unpredictable(is_earlier, one.1, other.1))
}

impl<E: Copy> Default for Agenda<E> {
    fn default() -> Self {
        Agenda::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    const CHAINS: usize = 3;

    /// Action on the agenda, with a delay from now. The events of a chain are its number, the others have numbers of
    /// their own.
    #[derive(Clone, Copy, Debug)]
    enum Action {
        At(u64),
        /// Takes its number now, and goes on the agenda as late as can be.
        Reserve(u64),
        InChain(usize, u64),
        TurningPoint(u64),
        Pop,
    }

    fn actions() -> impl Strategy<Value = Vec<Action>> {
        let delay = prop_oneof![3 => 0..3u64, 2 => 0..40u64, 1 => 0..5_000_000u64];
        let action = prop_oneof![
            3 => delay.clone().prop_map(Action::At),
            1 => delay.clone().prop_map(Action::Reserve),
            4 => (0..CHAINS, delay.clone()).prop_map(|(chain, delay)| Action::InChain(chain, delay)),
            1 => delay.prop_map(Action::TurningPoint),
            6 => Just(Action::Pop),
        ];
        proptest::collection::vec(action, 0..400)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::cases::cases(256, 64)))]

        #[test]
        fn events_happen_in_the_order_of_a_sorted_map_wherever_they_were_put(actions in actions()) {
            let mut agenda = Agenda::new();
            (0..CHAINS).for_each(|chain| assert_eq!(agenda.open_chain(chain), chain));
            let (mut shadow, mut turning_points, mut chained) = (BTreeMap::new(), BTreeSet::new(), [None; CHAINS]);
            let mut reserved: Vec<(SimTime, u64, usize)> = Vec::new();
            let all = actions.len();
            for (number, action) in actions.into_iter().chain(std::iter::repeat_n(Action::Pop, all)).enumerate() {
                let number = CHAINS + number;
                let at = |delay| agenda.now() + SimDuration::from_nanos(delay);
                match action {
                    Action::InChain(chain, delay) if chained[chain].is_none() => {
                        let at = at(delay);
                        chained[chain] = Some(number);
                        shadow.insert((at, number), chain);
                        agenda.next_in_chain(chain, at);
                    }
                    Action::At(delay) | Action::InChain(_, delay) => {
                        let at = at(delay);
                        shadow.insert((at, number), number);
                        agenda.at(at, number);
                    }
                    Action::TurningPoint(delay) => {
                        let at = at(delay);
                        shadow.insert((at, number), number);
                        turning_points.insert((at, number));
                        agenda.turning_point(at, number);
                    }
                    Action::Reserve(delay) => {
                        let at = at(delay + 1);
                        shadow.insert((at, number), number);
                        reserved.push((at, agenda.number(), number));
                    }
                    Action::Pop => {
                        let next = shadow.first_key_value().map_or(SimTime::NEVER, |((at, _), _)| *at);
                        reserved.retain(|&(at, place, number)| {
                            if at <= next {
                                agenda.at_numbered(at, place, number);
                            }
                            at > next
                        });
                        let expected = shadow.pop_first();
                        prop_assert_eq!(agenda.advance(SimTime::NEVER).then(|| agenda.take()), expected.map(|(_, event)| event));
                        let Some((key, _)) = expected else { break };
                        prop_assert_eq!(agenda.now(), key.0);
                        let was_turning_point = turning_points.remove(&key);
                        prop_assert_eq!(agenda.is_at_turning_point(), was_turning_point);
                        chained.iter_mut().filter(|pending| **pending == Some(key.1)).for_each(|pending| *pending = None);
                    }
                }
                let next = turning_points.first().map_or(SimTime::NEVER, |(at, _)| *at);
                prop_assert_eq!(agenda.next_turning_point(), next);
            }
        }
    }
}
