//! Simulated time as an integer count of nanoseconds.
//!
//! `u64` nanoseconds reach 584 years, and integers add up to the same bytes on every machine.

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A moment of simulated time, in nanoseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SimTime(u64);

/// A length of simulated time, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SimDuration(u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: SimTime = SimTime(0);
    /// A moment that never comes.
    pub const NEVER: SimTime = SimTime(u64::MAX);

    /// The moment `nanos` nanoseconds after the start of the run.
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        SimTime(nanos)
    }

    /// Nanoseconds since the start of the run.
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start of the run, rounded to the nearest `f64`.
    #[inline]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The time from `earlier` to this moment, or zero if `earlier` is later.
    #[inline]
    pub const fn since(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }

    /// The moment `duration` before this one, or the start of the run if that is earlier.
    #[inline]
    pub const fn saturating_sub(self, duration: SimDuration) -> SimTime {
        SimTime(self.0.saturating_sub(duration.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: SimDuration = SimDuration(0);
    /// The longest duration there is: 584 years.
    pub const MAX: SimDuration = SimDuration(u64::MAX);

    /// A duration of `nanos` nanoseconds.
    #[inline]
    pub const fn from_nanos(nanos: u64) -> Self {
        SimDuration(nanos)
    }

    /// A duration of `secs` seconds.
    ///
    /// # Panics
    /// If it is longer than 584 years.
    #[inline]
    pub const fn from_secs(secs: u64) -> Self {
        match secs.checked_mul(1_000_000_000) {
            Some(nanos) => SimDuration(nanos),
            None => panic!("a duration of more than 584 years"),
        }
    }

    /// A duration of `secs` seconds, rounded to the nearest nanosecond; negative becomes zero, and too long the longest
    /// there is.
    #[inline]
    pub fn from_secs_f64(secs: f64) -> Self {
        SimDuration((secs * 1e9 + 0.5) as u64)
    }

    /// The duration in nanoseconds.
    #[inline]
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The duration in seconds, rounded to the nearest `f64`.
    #[inline]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Half of it, rounded down to a nanosecond.
    #[inline]
    pub const fn half(self) -> SimDuration {
        SimDuration(self.0 / 2)
    }

    /// `count` times as long.
    #[inline]
    pub const fn times(self, count: u64) -> SimDuration {
        SimDuration(self.0 * count)
    }
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    #[inline]
    fn add(self, duration: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(duration.0))
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    #[inline]
    fn add(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0.saturating_add(other.0))
    }
}

impl AddAssign for SimDuration {
    #[inline]
    fn add_assign(&mut self, other: SimDuration) {
        *self = *self + other;
    }
}

impl Sub for SimDuration {
    type Output = SimDuration;
    #[inline]
    fn sub(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0.saturating_sub(other.0))
    }
}
