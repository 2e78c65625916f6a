//! The clock of a resolver: exact, or one that counts whole seconds, as Unbound's does. An entry of T seconds that is fetched
//! within one of its seconds then serves to the end of the T-th second after that one, T to T + 1 s later.

use crate::engine::Stream;
use crate::maths;
use crate::units::{SimDuration, SimTime};

const SECOND: SimDuration = SimDuration::from_secs(1);

/// The clock of a resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResolverClock {
    /// Part of its second that had passed at the start of the run; `None` of an exact clock.
    passed: Option<SimDuration>,
}

impl ResolverClock {
    /// A clock that is exact, or one whose seconds begin at a moment of its own.
    pub(super) fn new(counts_whole_seconds: bool, stream: Stream) -> Self {
        // Counters up to 3 are those of the entries at the start.
        let passed = || SimDuration::from_secs_f64(stream.uniform(4));
        ResolverClock { passed: counts_whole_seconds.then(passed) }
    }

    /// Returns the moment at which an entry of that TTL runs out if it is fetched now.
    pub(super) fn end_of(self, now: SimTime, ttl: SimDuration) -> SimTime {
        match self.passed {
            None => now + ttl,
            Some(passed) => second_of(now, passed) + whole(ttl) + SECOND,
        }
    }

    /// Returns the moment until which a client keeps an entry that runs out at `end`: it is told how many seconds are left.
    #[inline]
    pub(super) fn kept_until(self, now: SimTime, end: SimTime) -> SimTime {
        match self.passed {
            None => end,
            Some(passed) => now + end.saturating_sub(SECOND).since(second_of(now, passed)),
        }
    }

    /// Returns whether no more than a tenth of the life of an entry of that TTL is left.
    pub(super) fn is_nearly_over(self, now: SimTime, end: SimTime, ttl: SimDuration) -> bool {
        match self.passed {
            None => now >= end.saturating_sub(tenth(ttl)),
            Some(passed) => second_of(now, passed) >= end.saturating_sub(SECOND).saturating_sub(whole(tenth(ttl))),
        }
    }

    /// Returns the moment at which the entry runs out that long use at a `rate` of look-ups has left at the start of the run: the
    /// start, if none.
    ///
    /// With an exact clock an entry is there with probability rate T / (1 + rate T), the rest of its life uniform on (0, T): the
    /// renewal argument for Poisson look-ups. With one of whole seconds, each cycle passes the last T seconds of its life once,
    /// the second of its fetching in part, and waits for 1 / (1 - exp(-rate)) seconds, in which it has no entry up to the fetching.
    /// So at a moment o seconds into a second the three have weights T, (1 - exp(-rate o)) / q and exp(-rate o) / q, with q =
    /// 1 - exp(-rate).
    pub(super) fn stationary_end(self, rate: f64, ttl: SimDuration, [is_there, left]: [f64; 2]) -> SimTime {
        let start = SimTime::ZERO;
        let Some(passed) = self.passed else {
            let busy = rate * ttl.as_secs_f64();
            let life = SimDuration::from_secs_f64(ttl.as_secs_f64() * left);
            return if is_there < busy / (1.0 + busy) { start + life } else { start };
        };
        let asked = 1.0 - maths::exp(-rate);
        if asked <= 0.0 {
            return start;
        }
        let seconds = whole(ttl).as_secs_f64();
        let place = is_there * (seconds + 1.0 / asked);
        let fetched = (1.0 - maths::exp(-rate * passed.as_secs_f64())) / asked;
        let ends = if place < seconds {
            place.floor()
        } else if place < seconds + fetched {
            seconds
        } else {
            return start;
        };
        start + (SECOND - passed) + SimDuration::from_secs_f64(ends)
    }
}

/// Returns the beginning of the second that holds a moment; of the first one, the start of the run.
#[inline]
fn second_of(now: SimTime, passed: SimDuration) -> SimTime {
    let into = (now.as_nanos() + passed.as_nanos()) % SECOND.as_nanos();
    now.saturating_sub(SimDuration::from_nanos(into))
}

fn whole(duration: SimDuration) -> SimDuration {
    duration - SimDuration::from_nanos(duration.as_nanos() % SECOND.as_nanos())
}

fn tenth(duration: SimDuration) -> SimDuration {
    SimDuration::from_nanos(duration.as_nanos() / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: u64) -> SimTime {
        SimTime::from_nanos(millis * 1_000_000)
    }

    const TEN: SimDuration = SimDuration::from_secs(10);

    /// A clock whose seconds begin at 0.7 s, 1.7 s, …
    const WHOLE: ResolverClock = ResolverClock { passed: Some(SimDuration::from_nanos(300_000_000)) };

    #[test]
    fn an_entry_lives_for_its_ttl_and_on_to_the_end_of_a_second() {
        let exact = ResolverClock::new(false, Stream::root(1, 1));
        assert_eq!(
            (exact.end_of(millis(2_500), TEN), WHOLE.end_of(millis(2_500), TEN)),
            (millis(12_500), millis(12_700))
        );
        assert_eq!([1_700, 2_699].map(|at| WHOLE.end_of(millis(at), TEN)), [millis(12_700); 2]);
        // A client is told 10 s at first, and none in the last second.
        let kept = [2_500, 2_700, 12_000].map(|at| WHOLE.kept_until(millis(at), millis(12_700)));
        assert_eq!(kept, [millis(12_500), millis(11_700), millis(12_000)]);
        assert_eq!(exact.kept_until(millis(2_500), millis(12_700)), millis(12_700));
    }

    #[test]
    fn the_last_tenth_of_a_life_is_that_of_the_clock() {
        let exact = ResolverClock::new(false, Stream::root(1, 1));
        assert_eq!([11_499, 11_500].map(|at| exact.is_nearly_over(millis(at), millis(12_500), TEN)), [false, true]);
        // One second of ten is left to be told from 10.7 s on.
        assert_eq!([10_699, 10_700].map(|at| WHOLE.is_nearly_over(millis(at), millis(12_700), TEN)), [false, true]);
    }

    #[test]
    fn what_long_use_has_left_ends_with_a_second_of_the_clock() {
        let end = |is_there: f64| WHOLE.stationary_end(1.0, TEN, [is_there, 0.5]);
        // Of 11.582 parts ten are the seconds that are left; 0.3 s into the second (1 - exp(-0.3)) / 0.632 = 0.41 is its fetching.
        assert_eq!([0.0, 0.5, 0.86, 0.89, 0.91].map(end), [700, 5_700, 9_700, 10_700, 0].map(millis));
        assert_eq!(WHOLE.stationary_end(0.0, TEN, [0.0, 0.0]), SimTime::ZERO);
    }
}
