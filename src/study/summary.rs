//! One metric of one design over all runs.

use super::Observation;
use crate::stats::{Estimate, LEVEL, TooFewRuns, kaplan_meier, mean_interval, quantile_interval, quantile_of_sorted};

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
    /// Of the censored ones, those that are known only to be greater than a number: these numbers in ascending order.
    pub watched: Vec<f64>,
    /// The quantiles of [`QUANTILES`], or how many runs each needs.
    pub quantiles: [Result<Estimate, TooFewRuns>; QUANTILES.len()],
}

impl Summary {
    /// Summarises the observations of all runs, in run order.
    pub fn of(observations: impl Iterator<Item = Observation>) -> Self {
        let observations: Vec<Observation> = observations.collect();
        let values: Vec<f64> = observations.iter().filter_map(|value| value.value_or_infinity()).collect();
        let censored = values.iter().filter(|value| value.is_infinite()).count() as u64;
        let mean = if censored == 0 { mean_interval(&values, LEVEL) } else { None };
        let (n, not_applicable) = (values.len() as u64, (observations.len() - values.len()) as u64);
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        let mut watched: Vec<f64> = observations.into_iter().filter_map(Observation::watched_for).collect();
        watched.sort_by(f64::total_cmp);
        let quantiles = QUANTILES.map(|p| quantile(&sorted, &watched, p));
        Summary { n, censored, not_applicable, mean, sorted, watched, quantiles }
    }

    /// Returns the p-quantile over runs with its interval: by order statistics, or by Kaplan and Meier's estimate where values
    /// are known only to be greater than a number.
    ///
    /// # Errors
    /// If there are too few runs for it.
    pub fn quantile(&self, p: f64) -> Result<Estimate, TooFewRuns> {
        quantile(&self.sorted, &self.watched, p)
    }

    /// Returns the values in ascending order without those that are known only to be greater than a number.
    pub fn seen(&self) -> &[f64] {
        seen(&self.sorted, &self.watched)
    }

    /// Least value; infinite if all are censored.
    pub fn min(&self) -> Option<f64> {
        self.sorted.first().copied()
    }

    /// Greatest value; infinite if any is censored.
    pub fn max(&self) -> Option<f64> {
        self.sorted.last().copied()
    }

    /// Returns the longest that any value was seen to be, or was watched.
    pub(super) fn longest(&self) -> f64 {
        let seen = self.seen().iter().rfind(|value| value.is_finite());
        seen.into_iter().chain(self.watched.last()).copied().fold(0.0, f64::max)
    }

    /// The quantile `p` of [`QUANTILES`], without an interval if there are too few runs for one: the sample's own.
    pub fn sample_quantile(&self, p: f64) -> Option<f64> {
        if self.watched.is_empty() {
            return quantile_of_sorted(&self.sorted, p);
        }
        self.quantile(p).ok().map(|estimate| estimate.point)
    }
}

fn quantile(sorted: &[f64], watched: &[f64], p: f64) -> Result<Estimate, TooFewRuns> {
    match watched {
        [] => quantile_interval(sorted, p, LEVEL),
        _ => kaplan_meier(seen(sorted, watched), watched, p, LEVEL),
    }
}

fn seen<'a>(sorted: &'a [f64], watched: &[f64]) -> &'a [f64] {
    &sorted[..sorted.len() - watched.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Observation::{Censored, CensoredAt, NotApplicable, Value};

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
    fn values_censored_at_a_number_take_the_mean_away_and_hold_the_quantiles_up() {
        // A quarter takes 1 to 25 s; in the others the incident was over after 30 s.
        let ended_first = std::iter::repeat_n(CensoredAt(30.0), 75);
        let summary = Summary::of((1..=25).map(|seconds| Value(f64::from(seconds))).chain(ended_first));
        assert_eq!((summary.n, summary.censored, summary.mean, summary.seen().len()), (100, 75, None, 25));
        let median = summary.quantiles[1].unwrap();
        assert_eq!((median.point, median.low), (f64::INFINITY, 30.0));
        assert_eq!(summary.quantile(0.2).unwrap().point, 20.0);
    }

    #[test]
    fn one_run_has_no_interval() {
        let summary = Summary::of([Value(1.0)].into_iter());
        assert_eq!((summary.mean, summary.min()), (None, Some(1.0)));
        assert!(summary.quantiles.iter().all(Result::is_err));
    }
}
