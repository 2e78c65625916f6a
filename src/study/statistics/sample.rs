//! All values of one metric of one design, in order.

use crate::stats::{Estimate, LEVEL, Sorted, TooFewRuns, kaplan_meier, mean_interval, quantile, quantile_interval};
use crate::study::seen::observation::Observation;

/// All values of one metric of one design: a number for each run, so it is made when it is needed.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Runs to which the metric applies, censored ones included.
    pub n: u64,
    /// Runs in which it was censored.
    pub censored: u64,
    /// Runs to which it does not apply.
    pub not_applicable: u64,
    /// Mean with its t interval; `None` with fewer than two runs or any censored one.
    pub mean: Option<Estimate>,
    /// Values in ascending order, censored ones as infinity at the end.
    pub sorted: Sorted,
    /// Of the censored ones, those that are known only to be greater than a number: these numbers in ascending order.
    pub watched: Sorted,
}

impl Sample {
    /// Takes the observations of all runs, in run order.
    pub fn of(observations: impl IntoIterator<Item = Observation>) -> Self {
        let (mut not_applicable, mut values, mut watched) = (0, Vec::new(), Vec::new());
        for observation in observations {
            match observation.value_or_infinity() {
                Some(value) => values.push(value),
                None => not_applicable += 1,
            }
            watched.extend(observation.watched_for());
        }
        let censored = values.iter().filter(|value| value.is_infinite()).count() as u64;
        let mean = if censored == 0 { mean_interval(&values, LEVEL) } else { None };
        let (sorted, watched) = (Sorted::new(values), Sorted::new(watched));
        Sample { n: sorted.len() as u64, censored, not_applicable, mean, sorted, watched }
    }

    /// Returns the p-quantile over runs with its interval: by order statistics, or by Kaplan and Meier's estimate where values
    /// are known only to be greater than a number.
    ///
    /// # Errors
    /// If there are too few runs for it.
    pub fn quantile(&self, p: f64) -> Result<Estimate, TooFewRuns> {
        match &self.watched[..] {
            [] => quantile_interval(&self.sorted, p, LEVEL),
            watched => kaplan_meier(self.seen(), watched, p, LEVEL),
        }
    }

    /// Returns the values in ascending order without those that are known only to be greater than a number.
    pub fn seen(&self) -> &[f64] {
        &self.sorted[..self.sorted.len() - self.watched.len()]
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
    pub(in crate::study) fn longest(&self) -> f64 {
        let seen = self.seen().iter().rfind(|value| value.is_finite());
        seen.into_iter().chain(self.watched.last()).copied().fold(0.0, f64::max)
    }

    /// The quantile `p`, without an interval if there are too few runs for one: the sample's own.
    pub fn sample_quantile(&self, p: f64) -> Option<f64> {
        if self.watched.is_empty() {
            return quantile(&self.sorted, p);
        }
        self.quantile(p).ok().map(|estimate| estimate.point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::seen::observation::Observation::{CensoredAt, Value};

    #[test]
    fn values_censored_at_a_number_take_the_mean_away_and_hold_the_quantiles_up() {
        // A quarter takes 1 to 25 s; in the others the incident was over after 30 s.
        let ended_first = std::iter::repeat_n(CensoredAt(30.0), 75);
        let sample = Sample::of((1..=25).map(|seconds| Value(f64::from(seconds))).chain(ended_first));
        assert_eq!((sample.n, sample.censored, sample.mean, sample.seen().len()), (100, 75, None, 25));
        let median = sample.summary().quantiles[1].unwrap();
        assert_eq!((median.point, median.low), (f64::INFINITY, 30.0));
        assert_eq!(sample.quantile(0.2).unwrap().point, 20.0);
    }
}
