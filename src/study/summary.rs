//! One metric of one design over all runs.

use super::Observation;
use crate::stats::{Estimate, LEVEL, TooFewRuns, mean_interval, quantile_interval};

/// Quantiles over runs that every summary has.
pub const QUANTILES: [f64; 5] = [0.05, 0.5, 0.9, 0.95, 0.99];

/// One metric of one design over all runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Runs to which the metric applies, censored ones included.
    pub n: u64,
    /// Runs in which it was censored.
    pub censored: u64,
    /// Runs to which it does not apply.
    pub not_applicable: u64,
    /// Mean with its t interval; `None` with fewer than two runs or any censored one.
    pub mean: Option<Estimate>,
    /// Values in ascending order, censored ones as infinity at the end.
    pub sorted: Vec<f64>,
    /// The quantiles of [`QUANTILES`], or how many runs each needs.
    pub quantiles: [Result<Estimate, TooFewRuns>; QUANTILES.len()],
}

impl Summary {
    /// Summarises the observations of all runs, in run order.
    pub fn of(observations: impl Iterator<Item = Observation>) -> Self {
        let observations: Vec<Observation> = observations.collect();
        let values: Vec<f64> = observations.iter().filter_map(|value| value.value_or_infinity()).collect();
        let censored = values.iter().filter(|value| value.is_infinite()).count() as u64;
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        Summary {
            n: values.len() as u64,
            censored,
            not_applicable: (observations.len() - values.len()) as u64,
            mean: if censored == 0 { mean_interval(&values, LEVEL) } else { None },
            quantiles: QUANTILES.map(|p| quantile_interval(&sorted, p, LEVEL)),
            sorted,
        }
    }

    /// Least value; infinite if all are censored.
    pub fn min(&self) -> Option<f64> {
        self.sorted.first().copied()
    }

    /// Greatest value; infinite if any is censored.
    pub fn max(&self) -> Option<f64> {
        self.sorted.last().copied()
    }

    /// The quantile `p` of [`QUANTILES`], without an interval if there are too few runs for one: the sample's own.
    pub fn sample_quantile(&self, p: f64) -> Option<f64> {
        crate::stats::quantile_of_sorted(&self.sorted, p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Observation::{Censored, NotApplicable, Value};

    #[test]
    fn what_does_not_apply_is_counted_and_left_out() {
        let summary = Summary::of([Value(1.0), NotApplicable, Value(3.0)].into_iter());
        assert_eq!((summary.n, summary.not_applicable, summary.censored), (2, 1, 0));
        assert_eq!(summary.mean.unwrap().point, 2.0);
        assert_eq!(summary.quantiles[1], Err(TooFewRuns { n: 2, needed: 6 }));
    }

    #[test]
    fn a_censored_run_takes_the_mean_away_and_is_the_greatest() {
        let summary = Summary::of((0..9).map(|value| Value(f64::from(value))).chain([Censored]));
        assert_eq!((summary.mean, summary.censored, summary.max()), (None, 1, Some(f64::INFINITY)));
        let median = summary.quantiles[1].unwrap();
        assert_eq!((median.point, median.low, median.high), (4.0, 1.0, 8.0));
    }

    #[test]
    fn one_run_has_no_interval() {
        let summary = Summary::of([Value(1.0)].into_iter());
        assert_eq!((summary.mean, summary.min()), (None, Some(1.0)));
        assert!(summary.quantiles.iter().all(Result::is_err));
    }
}
