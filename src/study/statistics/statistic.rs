//! Statistics of a metric over the runs of a design, and what is known of one whose value was not seen.

use super::sample::Sample;
use crate::stats::{Estimate, LEVEL, Scatter, mean, runs_needed, scatter};

/// A statistic of a metric over runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statistic {
    /// The mean.
    Mean,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
    /// A quantile, as a share inside (0, 1).
    Quantile(f64),
}

impl Statistic {
    /// Reads `mean`, `min`, `max`, or a percentile such as `p95` or `p99.9`, from `p0.001` to `p99.999`: what is beyond needs
    /// millions of runs.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "mean" => Some(Statistic::Mean),
            "min" => Some(Statistic::Min),
            "max" => Some(Statistic::Max),
            _ => {
                let digits = text.strip_prefix('p')?;
                let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                let percent: f64 = digits.parse().ok().filter(|_| plain)?;
                (0.001..=99.999).contains(&percent).then_some(Statistic::Quantile(percent / 100.0))
            }
        }
    }

    /// Least number of runs for it.
    pub(in crate::study) fn runs_needed(self) -> u64 {
        match self {
            Statistic::Min | Statistic::Max => 1,
            Statistic::Mean => 2,
            Statistic::Quantile(p) => runs_needed(p, LEVEL),
        }
    }

    /// Returns what the runs say of the scatter that its interval is made of; only a mean's is.
    pub(in crate::study) fn scatter(self, sample: &Sample) -> Scatter {
        if self == Statistic::Mean { scatter(&sample.sorted) } else { Scatter::Seen }
    }

    /// Its value, and its interval if it has one.
    pub(in crate::study) fn of(self, sample: &Sample) -> Option<StatisticValue> {
        let Sample { watched, .. } = sample;
        match self {
            Statistic::Min => {
                let (point, least) = (sample.min()?, watched.first().copied().unwrap_or(f64::INFINITY));
                Some(StatisticValue { point, least: point.min(least), interval: None })
            }
            Statistic::Max => {
                let least = if watched.is_empty() { f64::INFINITY } else { sample.longest() };
                let point = sample.max()?;
                Some(StatisticValue { point, least: point.min(least), interval: None })
            }
            Statistic::Mean if sample.censored > 0 => {
                let least = mean(&[sample.seen(), &watched[..]].concat())?;
                Some(StatisticValue { point: f64::INFINITY, least, interval: None })
            }
            Statistic::Mean => sample.mean.map(|mean| StatisticValue::exactly(mean.point, Some(mean))),
            Statistic::Quantile(p) => {
                let estimate = sample.quantile(p).ok()?;
                let is_beyond = estimate.point.is_infinite() && !watched.is_empty();
                let least = if is_beyond { sample.longest() } else { estimate.point };
                Some(StatisticValue { point: estimate.point, least, interval: Some(estimate) })
            }
        }
    }
}

/// A statistic of a metric, as far as the runs tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::study) struct StatisticValue {
    /// Its value; infinite if it lies beyond what was seen.
    pub(in crate::study) point: f64,
    /// Limit that it is no less than: its value, unless that is not known.
    pub(in crate::study) least: f64,
    /// Its interval, if it has one.
    pub(in crate::study) interval: Option<Estimate>,
}

impl StatisticValue {
    fn exactly(point: f64, interval: Option<Estimate>) -> Self {
        StatisticValue { point, least: point, interval }
    }

    /// Returns whether every value that it may have fits.
    pub(in crate::study) fn is_within(&self, fits: impl Fn(f64) -> bool) -> bool {
        fits(self.point) && fits(self.least)
    }

    /// Returns what it is known to be greater than, if no more is known.
    pub(in crate::study) fn more_than(&self) -> Option<f64> {
        (self.point.is_infinite() && self.least.is_finite()).then_some(self.least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_read_and_nonsense_is_refused() {
        assert_eq!(Statistic::parse("mean"), Some(Statistic::Mean));
        assert_eq!(Statistic::parse("p95"), Some(Statistic::Quantile(0.95)));
        assert_eq!(Statistic::parse("p99.9"), Some(Statistic::Quantile(99.9 / 100.0)));
        for text in
            ["p", "p0", "p100", "p1e-30", "p0.0000000000000000001", "p99.9999", "p-5", "pinf", "p1e1", "median", "95"]
        {
            assert_eq!(Statistic::parse(text), None, "{text}");
        }
    }
}
