//! A distribution of durations, as it leaves the model.

use hdrhistogram::Histogram;

use crate::units::SimDuration;

/// A distribution of durations: exact count, sum and maximum, and quantiles to three significant digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Latency {
    /// Counts by microseconds.
    pub histogram: Histogram<u32>,
    /// Sum, in nanoseconds.
    pub sum_ns: u128,
    /// Greatest value.
    pub max: SimDuration,
}

impl Latency {
    /// An empty distribution.
    pub fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, 24 * 3600 * 1_000_000, 3).expect("valid bounds");
        Latency { histogram, sum_ns: 0, max: SimDuration::ZERO }
    }

    /// Adds one value; more than a day counts as a day in the histogram.
    #[inline]
    pub fn record(&mut self, value: SimDuration) {
        self.histogram.saturating_record((value.as_nanos() / 1_000).max(1));
        self.sum_ns += u128::from(value.as_nanos());
        self.max = self.max.max(value);
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// Adds all values of `other`.
    pub fn add(&mut self, other: &Latency) {
        if other.count() == 0 {
            return;
        }
        self.histogram.add(&other.histogram).expect("histograms of the same bounds");
        self.sum_ns += other.sum_ns;
        self.max = self.max.max(other.max);
    }
}

impl Default for Latency {
    fn default() -> Self {
        Latency::new()
    }
}
