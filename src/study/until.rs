//! When a study knows enough: `downtime_s.p95 +-10%`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::expectation::Statistic;
use super::vary::Quantity;
use super::{MetricTable, RunRow, Summary};

/// How narrow the interval of a statistic is to be, in every design.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As it was written.
    text: String,
    /// The metric's name.
    pub metric: String,
    statistic: Statistic,
    half_width: HalfWidth,
}

/// Half of an interval's width.
#[derive(Clone, Copy, Debug, PartialEq)]
enum HalfWidth {
    /// As a share of the estimate.
    Relative(f64),
    /// In the metric's unit.
    Absolute(f64),
}

/// A target that is not understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "{text:?} is no target; it is written METRIC.STATISTIC +-WIDTH, as in 'downtime_s.p95 +-10%' or 'downtime_s.mean +-5s'"
)]
pub struct TargetError {
    /// The text.
    pub text: String,
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        read(text).ok_or_else(|| TargetError { text: text.to_owned() })
    }
}

fn read(text: &str) -> Option<Target> {
    let (what, width) = text.split_once("+-").or_else(|| text.split_once('±'))?;
    let (metric, statistic) = what.trim().split_once('.')?;
    let statistic =
        Statistic::parse(statistic).filter(|statistic| !matches!(statistic, Statistic::Min | Statistic::Max))?;
    let half_width = match Quantity::parse(width)? {
        Quantity::Percent(percent) => HalfWidth::Relative(percent / 100.0),
        quantity => HalfWidth::Absolute(quantity.value()),
    };
    let (HalfWidth::Relative(size) | HalfWidth::Absolute(size)) = half_width;
    (size > 0.0).then(|| Target { text: text.trim().to_owned(), metric: metric.to_owned(), statistic, half_width })
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Target {
    /// Whether the runs of one design are enough. A metric that applies to no run is known; one of which runs lie beyond
    /// the horizon is not.
    pub(super) fn is_met<'a>(&self, rows: impl Iterator<Item = &'a RunRow>, metrics: &MetricTable) -> bool {
        let Some(position) = metrics.position(&self.metric) else { return false };
        let summary = Summary::of(rows.map(|row| row.values[position]));
        if summary.n == 0 {
            return true;
        }
        let Some((point, Some(interval))) = self.statistic.of(&summary) else { return false };
        let widest = match self.half_width {
            HalfWidth::Relative(share) => share * point.abs(),
            HalfWidth::Absolute(width) => width,
        };
        // Intervals of quantiles are not symmetric: both sides count.
        (interval.high - point).max(point - interval.low) <= widest
    }
}

/// A rule for the number of runs: batches of the scenario's number of runs, until every target is met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Until {
    /// What is to be known; with none, one batch is run.
    pub targets: Vec<Target>,
    /// Most runs of each design, a last batch cut to it.
    pub most_runs: u64,
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::atomic::AtomicBool;

    use rayon::prelude::*;

    use super::super::{StudyOutcome, StudySpec, run_until, synthetic};
    use super::*;
    use crate::engine::Stream;

    #[test]
    fn targets_are_read() {
        let target: Target = "downtime_s.p95 +-10%".parse().unwrap();
        assert_eq!((target.metric.as_str(), target.half_width), ("downtime_s", HalfWidth::Relative(0.1)));
        assert_eq!(target.statistic, Statistic::Quantile(0.95));
        let target: Target = "lost_service_s.mean ± 1m".parse().unwrap();
        assert_eq!((target.statistic, target.half_width), (Statistic::Mean, HalfWidth::Absolute(60.0)));
        for text in ["downtime_s +-10%", "downtime_s.p95", "downtime_s.max +-1%", "downtime_s.p95 +-0", "a.b +-1s"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }

    /// The outcome of a synthetic study number `study` with `jobs` threads: downtime is uniform on 0 to 19 s, in every run anew.
    fn outcome(study: u64, target: &str, jobs: usize) -> StudyOutcome {
        let mut spec = StudySpec::new(synthetic::scenario(&["a"]));
        (spec.runs, spec.jobs) = (Some(20), NonZeroUsize::new(jobs));
        let until = Until { targets: vec![target.parse().unwrap()], most_runs: 1_000 };
        let simulate = |_, run| {
            let uniform = Stream::root(study, run).uniform(0);
            Ok(synthetic::outage(run, (uniform * 20.0) as u32))
        };
        run_until(&spec.prepare().unwrap(), &until, simulate, |_| (), &AtomicBool::new(false)).unwrap()
    }

    fn downtime(outcome: &StudyOutcome) -> &Summary {
        outcome.summary(&outcome.designs[0], "downtime_s").unwrap()
    }

    #[test]
    fn a_study_stops_at_the_first_batch_that_knows_enough_whatever_the_threads() {
        let alone = outcome(1, "downtime_s.mean +-10%", 1);
        let mean = downtime(&alone).mean.unwrap();
        assert!(mean.half_width() <= 0.1 * mean.point && alone.subject.runs.is_multiple_of(20), "{mean:?}");
        let rows = |outcome: &StudyOutcome| outcome.designs[0].rows.clone();
        let before = Summary::of(
            rows(&alone)[..alone.subject.runs as usize - 20]
                .iter()
                .map(|row| row.values[alone.metrics.position("downtime_s").unwrap()]),
        );
        assert!(before.mean.is_none_or(|mean| mean.half_width() > 0.1 * mean.point), "a batch too many");
        assert_eq!(rows(&alone), rows(&outcome(1, "downtime_s.mean +-10%", 7)));
    }

    #[test]
    fn what_cannot_be_known_stops_at_the_most_runs() {
        assert_eq!(outcome(1, "downtime_s.mean +-0.001s", 2).subject.runs, 1_000);
    }

    #[test]
    fn intervals_still_cover_the_truth_after_stopping() {
        // Stopping when an interval happens to be narrow costs a little of its coverage: 95 % before, and with a standard
        // error of 1.4 points here at least 92 % after.
        let covered = |target: &str, holds: fn(&Summary) -> bool| {
            let studies = (0..250_u64).into_par_iter();
            studies.filter(|study| holds(downtime(&outcome(*study, target, 1)))).count() as f64 / 250.0
        };
        let mean = covered("downtime_s.mean +-10%", |summary| summary.mean.unwrap().contains(9.5));
        let median = covered("downtime_s.p50 +-2s", |summary| summary.quantiles[1].unwrap().contains(9.0));
        assert!(mean > 0.92 && median > 0.92, "mean {mean}, median {median}");
    }
}
