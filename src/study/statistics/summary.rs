//! One metric of one design over all runs, in a few numbers.

use super::sample::Sample;
use super::statistic::Statistic;
use crate::stats::{Estimate, Scatter, TooFewRuns, scatter};
use crate::study::seen::observation::Observation;

/// Quantiles over runs that every summary has.
pub const QUANTILES: [f64; 5] = [0.05, 0.5, 0.9, 0.95, 0.99];

/// One metric of one design over all runs. It takes no more room with more runs; all values are in a [`Sample`].
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Runs to which the metric applies, censored ones included.
    pub n: u64,
    /// Runs in which it was censored.
    pub censored: u64,
    /// Of these, runs in which it is known only to be greater than a number.
    pub ended_first: u64,
    /// Runs to which it does not apply.
    pub not_applicable: u64,
    /// Runs in which it is not 0.
    pub nonzero: u64,
    /// Mean with its t interval; `None` with fewer than two runs or any censored one.
    pub mean: Option<Estimate>,
    /// Least value; infinite if all are censored.
    pub min: Option<f64>,
    /// Greatest value; infinite if any is censored.
    pub max: Option<f64>,
    /// Scatter of the values, of which the interval of the mean is made.
    pub scatter: Scatter,
    /// The quantiles of [`QUANTILES`], or how many runs each needs.
    pub quantiles: [Result<Estimate, TooFewRuns>; QUANTILES.len()],
    /// The same of the sample itself, which need no number of runs.
    pub sample_quantiles: [Option<f64>; QUANTILES.len()],
    /// Numbers that values are known to be greater than, where no more is known of them.
    pub more_than: [Option<f64>; QUANTILES.len()],
}

impl Summary {
    /// Summarises the observations of all runs, in run order.
    pub fn of(observations: impl IntoIterator<Item = Observation>) -> Self {
        Sample::of(observations).summary()
    }
}

impl Sample {
    /// Returns what is kept of it.
    pub fn summary(&self) -> Summary {
        Summary {
            n: self.n,
            censored: self.censored,
            ended_first: self.watched.len() as u64,
            not_applicable: self.not_applicable,
            nonzero: self.sorted.iter().filter(|&&value| value != 0.0).count() as u64,
            mean: self.mean,
            min: self.min(),
            max: self.max(),
            scatter: scatter(&self.sorted),
            quantiles: QUANTILES.map(|p| self.quantile(p)),
            sample_quantiles: QUANTILES.map(|p| self.sample_quantile(p)),
            more_than: QUANTILES.map(|p| Statistic::Quantile(p).of(self).and_then(|found| found.more_than())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::seen::observation::Observation::{Censored, NotApplicable, Value};

    #[test]
    fn what_does_not_apply_is_counted_and_left_out() {
        let summary = Summary::of([Value(1.0), NotApplicable, Value(3.0)]);
        assert_eq!((summary.n, summary.not_applicable, summary.censored), (2, 1, 0));
        assert_eq!(summary.mean.unwrap().point, 2.0);
        assert_eq!(summary.quantiles[1], Err(TooFewRuns { n: 2, needed: 6 }));
    }

    #[test]
    fn a_censored_run_takes_the_mean_away_and_is_the_greatest() {
        let summary = Summary::of((0..9).map(|value| Value(f64::from(value))).chain([Censored]));
        assert_eq!((summary.mean, summary.censored, summary.max), (None, 1, Some(f64::INFINITY)));
        let median = summary.quantiles[1].unwrap();
        assert_eq!((median.point, median.low, median.high), (4.0, 1.0, 8.0));
    }

    #[test]
    fn one_run_has_no_interval() {
        let summary = Summary::of([Value(1.0)]);
        assert_eq!((summary.mean, summary.min), (None, Some(1.0)));
        assert!(summary.quantiles.iter().all(Result::is_err));
    }
}
