//! Deadlines that nearly never pass, kept out of the event list.
//!
//! A request that may take at most three seconds and takes forty milliseconds would leave an event pending for three
//! seconds that then does nothing. Deadlines of one constant length come in order, so a queue is enough: one wake-up
//! event at a time stands for all of them, and those whose business is done are dropped when it comes.

use std::collections::VecDeque;

use crate::units::SimTime;

/// Deadlines in non-decreasing order, with at most one wake-up pending in the agenda.
#[derive(Clone, Debug)]
pub struct Deadlines<T> {
    pending: VecDeque<(SimTime, T)>,
    wake_up: Option<SimTime>,
}

impl<T> Deadlines<T> {
    /// No deadlines.
    pub fn new() -> Self {
        Deadlines { pending: VecDeque::new(), wake_up: None }
    }

    /// Adds a deadline. `Some(at)` asks the caller to schedule a wake-up for `at`, at which it calls
    /// [`expire`](Self::expire); `None` means that one is already on its way.
    ///
    /// # Errors
    /// Hands `item` back if `at` is earlier than the deadline added last and still kept: the caller schedules an event
    /// of its own for it.
    pub fn push(&mut self, at: SimTime, item: T) -> Result<Option<SimTime>, T> {
        if self.pending.back().is_some_and(|&(latest, _)| at < latest) {
            return Err(item);
        }
        self.pending.push_back((at, item));
        if self.wake_up.is_some() {
            return Ok(None);
        }
        self.wake_up = Some(at);
        Ok(Some(at))
    }

    /// To be called at the wake-up: appends to `out` the items due by `now` that are still `live`, in the order in which
    /// they were added, forgets the dead ones in front, and returns the time of the next wake-up, which the caller
    /// schedules. Before the wake-up it does nothing.
    pub fn expire(&mut self, now: SimTime, mut live: impl FnMut(&T) -> bool, out: &mut Vec<T>) -> Option<SimTime> {
        if self.wake_up.is_none_or(|wake_up| now < wake_up) {
            return None;
        }
        while let Some((at, item)) = self.pending.pop_front() {
            if !live(&item) {
                continue;
            }
            if at > now {
                self.pending.push_front((at, item));
                break;
            }
            out.push(item);
        }
        self.wake_up = self.pending.front().map(|&(at, _)| at);
        self.wake_up
    }

    /// Number of deadlines kept, dead ones among them.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }
}

impl<T> Default for Deadlines<T> {
    fn default() -> Self {
        Deadlines::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    proptest! {
        /// Each item: how long after the one before it is added, and how long until it is done (deadline: after 100).
        #[test]
        fn exactly_those_not_done_at_their_deadline_expire_then_and_one_wake_up_is_pending_at_most(
            items in prop::collection::vec((0..60u64, 1..140u64), 1..200)
        ) {
            const LIMIT: u64 = 100;
            let mut added = BTreeMap::<u64, Vec<usize>>::new();
            let mut done = Vec::new();
            let mut naive = BTreeSet::new();
            let mut now = 0;
            for (index, (gap, takes)) in items.into_iter().enumerate() {
                now += gap;
                added.entry(now).or_default().push(index);
                done.push(now + takes);
                if takes > LIMIT {
                    naive.insert((now + LIMIT, index));
                }
            }
            let mut deadlines = Deadlines::new();
            let (mut wake_up, mut expired) = (None, BTreeSet::new());
            for now in 0..=now + LIMIT {
                if wake_up == Some(now) {
                    let mut out = Vec::new();
                    let next = deadlines.expire(at(now), |&item: &usize| done[item] > now, &mut out);
                    prop_assert!(out.is_sorted());
                    expired.extend(out.into_iter().map(|item| (now, item)));
                    wake_up = next.map(SimTime::as_nanos);
                    prop_assert!(wake_up.is_none_or(|next| next > now));
                }
                for &item in added.get(&now).into_iter().flatten() {
                    if let Some(asked) = deadlines.push(at(now + LIMIT), item).expect("in order") {
                        prop_assert_eq!(wake_up, None, "two wake-ups");
                        wake_up = Some(asked.as_nanos());
                    }
                }
            }
            prop_assert_eq!(expired, naive);
            prop_assert!(deadlines.is_empty());
        }
    }

    #[test]
    fn a_deadline_out_of_order_is_handed_back_and_changes_nothing() {
        let mut deadlines = Deadlines::new();
        assert_eq!(deadlines.push(at(10), 'a'), Ok(Some(at(10))));
        assert_eq!(deadlines.push(at(9), 'b'), Err('b'));
        assert_eq!(deadlines.push(at(10), 'c'), Ok(None));
        assert_eq!(deadlines.len(), 2);
    }

    #[test]
    fn nothing_expires_before_the_wake_up() {
        let mut deadlines = Deadlines::new();
        let mut out = Vec::new();
        assert_eq!(deadlines.push(at(10), 'a'), Ok(Some(at(10))));
        assert_eq!(deadlines.expire(at(9), |_| true, &mut out), None);
        assert_eq!(deadlines.push(at(11), 'b'), Ok(None), "the wake-up at 10 is still on its way");
        assert_eq!(deadlines.expire(at(10), |_| true, &mut out), Some(at(11)));
        assert_eq!(out, ['a']);
    }
}
