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
    /// The pending event of each chain.
    chains: Vec<Option<E>>,
    /// The key of the first turning point, then of each chain's event.
    heads: Vec<Key>,
    /// The least of these, and its place.
    first: (Key, usize),
    #[cfg(test)]
    never_at_rest: bool,
}

/// Place of the turning points among the heads.
const TURNING_POINTS: usize = 0;

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

    /// The key of the next event, at `at`.
    #[inline]
    fn key(&mut self, at: SimTime) -> Key {
        assert!(at >= self.now, "an event in the past");
        self.sequence += 1;
        key(at, self.sequence)
    }

    /// Opens a chain, and returns its number, from 0. Every event of a chain costs a look at each chain: they should be few.
    pub fn open_chain(&mut self) -> usize {
        self.chains.push(None);
        self.heads.push(NO_KEY);
        self.chains.len() - 1
    }

    /// As [`Agenda::at`], for the next event of a chain.
    ///
    /// # Panics
    /// If one is pending.
    #[inline]
    pub fn next_in_chain(&mut self, chain: usize, at: SimTime, event: E) {
        let key = self.key(at);
        assert!(self.chains[chain].is_none(), "one event of a chain at a time");
        self.chains[chain] = Some(event);
        self.heads[chain + 1] = key;
        if key < self.first.0 {
            self.first = (key, chain + 1);
        }
    }

    /// As [`Agenda::at`], for an event that may change what becomes of others.
    pub fn turning_point(&mut self, at: SimTime, event: E) {
        let key = self.key(at);
        let place = self.turning_points.partition_point(|other| other.key > key);
        self.turning_points.insert(place, Entry { key, event });
        self.turning_points_changed();
    }

    /// When the next turning point is; never, if none is known.
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
        let mut first = (NO_KEY, TURNING_POINTS);
        for (place, &head) in self.heads.iter().enumerate() {
            if head < first.0 {
                first = (head, place);
            }
        }
        self.first = first;
    }

    /// Takes the next event and moves the clock to it; at the end, or beyond `horizon`, moves the clock there instead.
    #[inline]
    pub(super) fn advance(&mut self, horizon: SimTime) -> Option<E> {
        let (in_list, (head, place)) = (self.list.first_key(self.first.0), self.first);
        let key = in_list.min(head);
        if time(key) > horizon || key == NO_KEY {
            self.now = horizon;
            return None;
        }
        self.now = time(key);
        if in_list < head { self.list.pop().map(|(_, event)| event) } else { self.pop_head(place) }
    }

    #[inline]
    fn pop_head(&mut self, place: usize) -> Option<E> {
        let Some(chain) = place.checked_sub(1) else { return self.pop_turning_point() };
        self.heads[place] = NO_KEY;
        self.find_first();
        self.chains[chain].take()
    }

    #[cold]
    fn pop_turning_point(&mut self) -> Option<E> {
        let entry = self.turning_points.pop();
        self.turning_points_changed();
        entry.map(|entry| entry.event)
    }
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

    /// What to do to the agenda, with a delay from now. An event is its number.
    #[derive(Clone, Copy, Debug)]
    enum Action {
        At(u64),
        InChain(usize, u64),
        TurningPoint(u64),
        Pop,
    }

    fn actions() -> impl Strategy<Value = Vec<Action>> {
        let delay = prop_oneof![3 => 0..3u64, 2 => 0..40u64, 1 => 0..5_000_000u64];
        let action = prop_oneof![
            3 => delay.clone().prop_map(Action::At),
            4 => (0..CHAINS, delay.clone()).prop_map(|(chain, delay)| Action::InChain(chain, delay)),
            1 => delay.prop_map(Action::TurningPoint),
            6 => Just(Action::Pop),
        ];
        proptest::collection::vec(action, 0..400)
    }

    proptest! {
        #[test]
        fn events_happen_in_the_order_of_a_sorted_map_wherever_they_were_put(actions in actions()) {
            let mut agenda = Agenda::new();
            (0..CHAINS).for_each(|chain| assert_eq!(agenda.open_chain(), chain));
            let (mut shadow, mut turning_points, mut chained) = (BTreeMap::new(), BTreeSet::new(), [None; CHAINS]);
            let all = actions.len();
            for (number, action) in actions.into_iter().chain(std::iter::repeat_n(Action::Pop, all)).enumerate() {
                let at = |delay| agenda.now() + SimDuration::from_nanos(delay);
                match action {
                    Action::InChain(chain, delay) if chained[chain].is_none() => {
                        let at = at(delay);
                        chained[chain] = Some(number);
                        shadow.insert((at, number), number);
                        agenda.next_in_chain(chain, at, number);
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
                    Action::Pop => {
                        let expected = shadow.pop_first();
                        prop_assert_eq!(agenda.advance(SimTime::NEVER), expected.map(|(_, number)| number));
                        let Some((key, number)) = expected else { break };
                        prop_assert_eq!(agenda.now(), key.0);
                        turning_points.remove(&key);
                        chained.iter_mut().filter(|pending| **pending == Some(number)).for_each(|pending| *pending = None);
                    }
                }
                let next = turning_points.first().map_or(SimTime::NEVER, |(at, _)| *at);
                prop_assert_eq!(agenda.next_turning_point(), next);
            }
        }
    }
}
