//! Targets that say when a study knows enough: `downtime_s.p95 +-10%`.
//!
//! A target is met when the interval of its statistic is narrow enough, and is an interval. That of a mean is none while all runs
//! have the same value, and is too narrow while most of them have and few others were seen (see `stats::scatter`): then the
//! target is not met, however narrow the interval looks. Quantiles have exact intervals that need no such care.
//!
//! A value that is the same in all of at least 381 runs ends a study too, or what never varies would keep it going for ever. No interval of
//! the mean is claimed then, and what is printed says so. The same holds of a metric that applies to none of so many runs.

use std::fmt;

use thiserror::Error;

use crate::stats::{Estimate, Scatter, none_of};
use crate::study::metric::named::Named;
use crate::study::metric::table::MetricTable;
use crate::study::record::column::Column;
use crate::study::statistics::sample::Sample;
use crate::study::statistics::statistic::{Statistic, StatisticValue};
use crate::study::vary::in_unit::{UnitError, in_unit};
use crate::study::vary::variation::Amount;

/// A target for the interval of a statistic: so narrow is it to be, in every design.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionTarget {
    /// As it was written.
    text: String,
    /// The metric's name.
    pub metric: String,
    named: Named,
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

/// An invalid target.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TargetError {
    /// It is not written like one.
    #[error("{text:?}: expected METRIC.STATISTIC +-WIDTH, as in 'downtime_s.p95 +-10%' or 'downtime_s.mean +-5s'")]
    NoTarget {
        /// The text.
        text: String,
    },
    /// There is no such metric.
    #[error("{text}: {message}")]
    UnknownMetric {
        /// The text.
        text: String,
        /// The mistake, with the nearest names.
        message: String,
    },
    /// The width does not fit the metric.
    #[error("{text}: {error}; a percent is one of the estimate")]
    Misfit {
        /// The text.
        text: String,
        /// The mistake, and what is allowed.
        #[source]
        error: UnitError,
    },
}

/// The metric, the statistic and the width, as they are written.
fn written(text: &str) -> Option<(&str, Statistic, Amount)> {
    let (what, width) = text.split_once("+-").or_else(|| text.split_once('±'))?;
    let (metric, statistic) = what.trim().split_once('.')?;
    let statistic =
        Statistic::parse(statistic).filter(|statistic| !matches!(statistic, Statistic::Min | Statistic::Max))?;
    let width = Amount::parse(width).filter(|width| width.value() > 0.0)?;
    Some((metric, statistic, width))
}

impl fmt::Display for PrecisionTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl PrecisionTarget {
    /// Reads a target for one of `metrics`. A percent is one of the estimate; any other width is in the metric's unit.
    ///
    /// # Errors
    /// If it is no target, names no metric, or the width does not fit.
    pub fn read(text: &str, metrics: &MetricTable) -> Result<Self, TargetError> {
        let text = text.trim().to_owned();
        let Some((metric, statistic, width)) = written(&text) else { return Err(TargetError::NoTarget { text }) };
        let named = match metrics.named(metric) {
            Ok(named) => named,
            Err(message) => return Err(TargetError::UnknownMetric { text, message }),
        };
        let half_width = match width {
            Amount::Percent(percent) => Ok(HalfWidth::Relative(percent / 100.0)),
            width => in_unit(width, metric, named.metric(metrics).unit).map(HalfWidth::Absolute),
        };
        match half_width {
            Ok(half_width) => Ok(PrecisionTarget { metric: metric.to_owned(), named, statistic, half_width, text }),
            Err(error) => Err(TargetError::Misfit { text, error }),
        }
    }

    /// Returns how near the runs of one design come, whose values in a column are `sample`. What lies beyond the horizon is not known.
    pub(in crate::study) fn reached(&self, design: &str, sample: impl FnOnce(Column) -> Sample) -> Reached {
        let (target, metric, design) = (self.text.clone(), self.metric.clone(), design.to_owned());
        let mut reached = Reached { target, metric, design, ..Reached::default() };
        self.judge(&sample(self.column()), &mut reached);
        reached
    }

    /// Returns the column that it is about.
    pub(in crate::study) fn column(&self) -> Column {
        self.named.column()
    }

    fn judge(&self, sample: &Sample, reached: &mut Reached) {
        reached.runs = sample.n + sample.not_applicable;
        if sample.n == 0 {
            reached.scatter = Scatter::Unseen { others_at_most: none_of(reached.runs) };
            reached.is_met = reached.scatter.is_enough();
            return;
        }
        let Some(StatisticValue { point, interval: Some(interval), .. }) = self.statistic.of(sample) else {
            let needed = self.statistic.runs_needed();
            reached.runs_needed = (sample.n < needed).then_some(needed);
            return;
        };
        reached.estimate = Some(interval);
        if !point.is_finite() {
            return;
        }
        reached.scatter = self.statistic.scatter(sample);
        if let Scatter::Unseen { .. } = reached.scatter {
            (reached.runs, reached.is_met) = (sample.n, reached.scatter.is_enough());
            return;
        }
        // Intervals of quantiles are not symmetric: both sides count.
        let reach = (interval.high - point).max(point - interval.low);
        let allowed = match self.half_width {
            HalfWidth::Relative(share) => share * point.abs(),
            HalfWidth::Absolute(width) => width,
        };
        (reached.reach, reached.allowed) = (Some(reach), Some(allowed));
        reached.is_met = reach <= allowed && reached.scatter.is_enough();
    }
}

/// A rule for the number of runs: batches of the scenario's number of runs, until every target is met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Until {
    /// Targets to reach; with none, one batch is run.
    pub targets: Vec<PrecisionTarget>,
    /// Most runs of each design; the batch that would exceed it is cut, be it the first.
    pub most_runs: u64,
}

/// Why a study that was to run until it knows enough made no more runs: it knew enough, or was allowed no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Stopping {
    /// Runs of each design that were added at a time.
    pub batch: u64,
    /// Most runs of each design that were allowed.
    pub most_runs: u64,
    /// Every target in every design, by the runs that were made.
    pub reached: Vec<Reached>,
}

/// The distance at which one design came to a target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reached {
    /// The target, as it was written.
    pub target: String,
    /// The metric's name.
    pub metric: String,
    /// Name of the design.
    pub design: String,
    /// The statistic with its interval; `None` if the runs are too few for one, or the metric does not apply.
    pub estimate: Option<Estimate>,
    /// Runs that the statistic needs, if the metric applies to fewer.
    pub runs_needed: Option<u64>,
    /// Runs that were looked at: all, or those with the value that is the same in all of them.
    pub runs: u64,
    /// Scatter that the interval is made of; always [`Scatter::Seen`] of a quantile. Unseen with no
    /// estimate, the metric applies to no run.
    pub scatter: Scatter,
    /// Reach of the interval from the estimate, on its wider side; infinite if it ends beyond the horizon.
    pub reach: Option<f64>,
    /// Reach that is allowed.
    pub allowed: Option<f64>,
    /// True if it reaches no further, or what no run has shown is settled.
    pub is_met: bool,
}

impl Reached {
    /// True if it is met by no interval, but since what no run has shown is rare at most.
    pub fn is_settled(&self) -> bool {
        self.is_met && matches!(self.scatter, Scatter::Unseen { .. })
    }
}

impl Stopping {
    /// Tells whether every target is met in every design.
    pub fn knows_enough(&self) -> bool {
        self.reached.iter().all(|reached| reached.is_met)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::sync::atomic::AtomicBool;

    use rayon::prelude::*;

    use super::*;
    use crate::cases::cases;
    use crate::engine::Stream;
    use crate::study::outcome::StudyOutcome;
    use crate::study::run::runner::run_until;
    use crate::study::run::spec::StudySpec;
    use crate::study::seen::observation::Observation;
    use crate::study::statistics::summary::Summary;
    use crate::study::synthetic;

    fn metrics() -> MetricTable {
        MetricTable::new(&["north".into(), "south".into()])
    }

    fn read(text: &str) -> PrecisionTarget {
        PrecisionTarget::read(text, &metrics()).unwrap()
    }

    #[test]
    fn targets_are_read() {
        let target = read("downtime_s.p95 +-10%");
        assert_eq!((target.metric.as_str(), target.half_width), ("downtime_s", HalfWidth::Relative(0.1)));
        assert_eq!(target.statistic, Statistic::Quantile(0.95));
        let target = read("lost_service_s.mean ± 1m");
        assert_eq!((target.statistic, target.half_width), (Statistic::Mean, HalfWidth::Absolute(60.0)));
        for text in ["downtime_s +-10%", "downtime_s.p95", "downtime_s.max +-1%", "downtime_s.p95 +-0", "a.b +-1s"] {
            assert!(matches!(PrecisionTarget::read(text, &metrics()), Err(TargetError::NoTarget { .. })), "{text}");
        }
    }

    #[test]
    fn widths_are_in_the_unit_of_the_metric_or_refused() {
        for (text, width) in [
            ("latency_p50_ms.mean +-5ms", HalfWidth::Absolute(5.0)),
            ("latency_p50_ms.mean +-5", HalfWidth::Absolute(5.0)),
            ("instance_hours_north.mean +-30m", HalfWidth::Absolute(0.5)),
            ("downtime_s.mean +-500ms", HalfWidth::Absolute(0.5)),
            ("writes_lost.mean +-2", HalfWidth::Absolute(2.0)),
            ("writes_lost.mean +-2%", HalfWidth::Relative(0.02)),
            ("stale_read_share.mean +-2%", HalfWidth::Relative(0.02)),
            ("stale_read_share.mean +-0.02", HalfWidth::Absolute(0.02)),
        ] {
            assert_eq!(read(text).half_width, width, "{text}");
        }
        let refused = |text: &str| PrecisionTarget::read(text, &metrics()).unwrap_err().to_string();
        assert_eq!(
            refused("writes_lost.mean +-5s"),
            "writes_lost.mean +-5s: 5s does not fit writes_lost, which is a count; allowed: a number; a percent is one of the \
             estimate"
        );
        assert!(refused("stale_read_share.mean +-5s").contains("5s does not fit stale_read_share, which is a share"));
        assert!(refused("downtime.mean +-5s").contains("unknown metric \"downtime\" (did you mean \"downtime_s\"?)"));
    }

    /// The outcome of a synthetic study number `study` with `jobs` threads and at most `most_runs` runs, 20 at a time: downtime
    /// is uniform on 0 to 19 s, in every run anew.
    fn outcome(study: u64, target: &str, jobs: usize, most_runs: u64) -> StudyOutcome {
        let mut spec = StudySpec::new(synthetic::scenario(&["a"]));
        (spec.runs, spec.jobs) = (Some(20), NonZeroUsize::new(jobs));
        let until = Until { targets: vec![read(target)], most_runs };
        let simulate = |_, run| {
            let uniform = Stream::root(study, run).uniform(0);
            Ok(synthetic::outage(run, (uniform * 20.0) as u32))
        };
        run_until(&spec.prepare().unwrap(), &until, None, simulate, |_| (), &AtomicBool::new(false)).unwrap()
    }

    fn downtime(outcome: &StudyOutcome) -> &Summary {
        outcome.summary(&outcome.designs[0], "downtime_s").unwrap()
    }

    #[test]
    fn a_study_stops_at_the_first_batch_that_knows_enough_whatever_the_threads() {
        let alone = outcome(1, "downtime_s.mean +-10%", 1, 1_000);
        let mean = downtime(&alone).mean.unwrap();
        assert!(mean.half_width() <= 0.1 * mean.point && alone.subject.runs.is_multiple_of(20), "{mean:?}");
        let downtimes = alone.observations(&alone.designs[0], "downtime_s").unwrap();
        let before = Summary::of(downtimes[..alone.subject.runs as usize - 20].iter().copied());
        assert!(before.mean.is_none_or(|mean| mean.half_width() > 0.1 * mean.point), "a batch too many");
        let many = outcome(1, "downtime_s.mean +-10%", 7, 1_000);
        let rows = |outcome: &StudyOutcome| format!("{:?}", outcome.designs[0].rows);
        assert_eq!((rows(&alone), &alone.stopping), (rows(&many), &many.stopping));
        let stopping = alone.stopping.unwrap();
        assert!(stopping.knows_enough() && stopping.reached[0].reach < stopping.reached[0].allowed, "{stopping:?}");
    }

    #[test]
    fn what_cannot_be_known_stops_at_the_most_runs_and_says_so() {
        for most_runs in [1_000, 50, 7] {
            let outcome = outcome(1, "downtime_s.mean +-0.001s", 2, most_runs);
            let stopping = outcome.stopping.unwrap();
            assert_eq!((outcome.subject.runs, stopping.batch, stopping.most_runs), (most_runs, 20, most_runs));
            assert!(!stopping.knows_enough(), "{stopping:?}");
        }
    }

    #[test]
    fn targets_that_are_met_with_the_last_run_allowed_are_met() {
        let runs = outcome(1, "downtime_s.mean +-10%", 2, 1_000).subject.runs;
        let outcome = outcome(1, "downtime_s.mean +-10%", 2, runs);
        assert!(outcome.subject.runs == runs && outcome.stopping.unwrap().knows_enough());
    }

    #[test]
    fn what_lies_beyond_the_horizon_is_not_known() {
        let target = read("recovery_time_s.p95 +-10%");
        let sample = |runs: usize, censored: usize| {
            let value = |run| if run < censored { Observation::Censored } else { Observation::Value(5.0) };
            Sample::of((0..runs).map(value))
        };
        let reached = |censored| target.reached("a", |_| sample(100, censored));
        assert!(reached(0).is_met);
        // The estimate is seen, and its interval is not; the estimate itself is not.
        for (censored, reach) in [(3, Some(f64::INFINITY)), (50, None)] {
            let reached = reached(censored);
            assert!(!reached.is_met && reached.reach == reach, "{reached:?}");
        }
        let few = target.reached("a", |_| sample(20, 0));
        assert!(!few.is_met && few.runs_needed == Some(59), "{few:?}");
    }

    /// Judges so many runs of each value by a target.
    fn judged(text: &str, values: &[(Observation, u64)]) -> Reached {
        let target = read(text);
        let values = values.iter().flat_map(|&(value, count)| (0..count).map(move |_| value));
        let mut reached = Reached::default();
        target.judge(&Sample::of(values), &mut reached);
        reached
    }

    #[test]
    fn a_mean_of_equal_values_is_settled_when_another_is_rare_and_not_before() {
        for text in ["writes_lost.mean +-0.05", "writes_lost.mean +-10%"] {
            let zeros = |runs| judged(text, &[(Observation::Value(0.0), runs)]);
            for (runs, settled) in [(2, false), (380, false), (381, true)] {
                let reached = zeros(runs);
                assert_eq!((reached.is_met, reached.is_settled(), reached.runs), (settled, settled, runs), "{text}");
                assert_eq!(reached.reach, None, "equal values have no interval");
            }
        }
        // The interval of a quantile is one all the same.
        let quantile = judged("writes_lost.p95 +-0.05", &[(Observation::Value(0.0), 59)]);
        assert!(quantile.is_met && !quantile.is_settled(), "{quantile:?}");
    }

    #[test]
    fn a_mean_that_hangs_on_a_few_runs_is_not_known() {
        let with = |others| {
            judged("writes_lost.mean +-5", &[(Observation::Value(0.0), 900), (Observation::Value(9.0), others)])
        };
        for (others, is_met) in [(1, false), (29, false), (30, true)] {
            let reached = with(others);
            assert!(reached.reach <= reached.allowed && reached.is_met == is_met, "{reached:?}");
        }
    }

    #[test]
    fn a_metric_that_applies_to_no_run_is_settled_when_it_can_apply_to_few() {
        let none = |runs| judged("recovery_time_s.p95 +-10%", &[(Observation::NotApplicable, runs)]);
        assert!(!none(1).is_met && !none(380).is_met && none(381).is_settled());
    }

    /// The share of `studies` whose interval holds the truth when they stop, and their mean number of runs. Downtime is
    /// `draw` of a uniform value; `batch` runs are added at a time, by the rule of [`run_until`].
    fn coverage(studies: u64, text: &str, batch: u64, draw: fn(f64) -> f64) -> (f64, f64) {
        let target = read(text);
        let grid = (0..200_000).map(|place| Observation::Value(draw((f64::from(place) + 0.5) / 200_000.0)));
        let all = Sample::of(grid);
        let truth = match target.statistic {
            Statistic::Quantile(p) => all.sample_quantile(p).unwrap(),
            _ => all.mean.unwrap().point,
        };
        let one = |study: u64| {
            let stream = Stream::root(study, 0);
            let mut values = Vec::new();
            loop {
                let next = values.len() as u64..values.len() as u64 + batch;
                values.extend(next.map(|run| Observation::Value(draw(stream.uniform(run)))));
                let mut reached = Reached::default();
                target.judge(&Sample::of(values.iter().copied()), &mut reached);
                if reached.is_met {
                    return (reached.estimate.unwrap().contains(truth), values.len() as u64);
                }
            }
        };
        let found: Vec<(bool, u64)> = (0..studies).into_par_iter().map(one).collect();
        let share = |count: u64| count as f64 / studies as f64;
        (share(found.iter().filter(|one| one.0).count() as u64), share(found.iter().map(|one| one.1).sum()))
    }

    const EVEN: fn(f64) -> f64 = |uniform| 20.0 * uniform;
    const SKEWED: fn(f64) -> f64 = |uniform| -20.0 * crate::maths::ln(1.0 - uniform);
    /// Nothing in nineteen runs of twenty.
    const RARELY: fn(f64) -> f64 = |uniform| if uniform < 0.95 { 0.0 } else { SKEWED(20.0 * (uniform - 0.95)) };

    /// Studies of each test of coverage, and what more their share may miss where they are few: their standard error is twice
    /// that of all of them.
    fn studies() -> (u64, f64) {
        let studies = cases(2_000, 500);
        (studies, if studies < 2_000 { 0.015 } else { 0.0 })
    }

    #[test]
    #[expect(clippy::disallowed_macros, reason = "the test prints its coverage")]
    fn intervals_still_cover_the_truth_after_stopping() {
        // Nominal: 95 %. The standard error of 2,000 studies is 0.5 points, so a rule that costs two points of coverage fails here
        // but for one time in twenty-five; `docs/studies.md` gives the figures.
        let (studies, slack) = studies();
        for (draw, text, batch) in [
            (EVEN, "downtime_s.mean +-10%", 20),
            (SKEWED, "downtime_s.mean +-20%", 50),
            (SKEWED, "downtime_s.p50 +-20%", 50),
            (SKEWED, "downtime_s.p95 +-20%", 50),
        ] {
            let (covered, runs) = coverage(studies, text, batch, draw);
            println!("{text}, {batch} at a time: {:.2} % of {studies} studies, after {runs:.0} runs", 100.0 * covered);
            assert!((0.94 - slack..=0.97 + slack).contains(&covered), "{text}: {covered} after {runs} runs");
        }
    }

    #[test]
    #[expect(clippy::disallowed_macros, reason = "the test prints its coverage")]
    fn intervals_of_what_is_rare_cover_it_after_stopping_nearly_as_often() {
        // Without the rule for rare values, half of them would.
        let (studies, slack) = studies();
        let (covered, runs) = coverage(studies, "downtime_s.mean +-1s", 20, RARELY);
        println!("rare, 20 at a time: {:.2} % of {studies} studies, after {runs:.0} runs", 100.0 * covered);
        assert!((0.92 - slack..=0.97 + slack).contains(&covered), "{covered} after {runs} runs");
    }

    #[test]
    #[expect(clippy::disallowed_macros, reason = "the test prints its coverage")]
    fn a_wide_target_and_a_handful_of_runs_at_a_time_cost_coverage() {
        // Few runs look narrow by chance so often that it shows: the test above can fail.
        let (covered, runs) = coverage(2_000, "downtime_s.mean +-40%", 5, SKEWED);
        println!("five at a time: {:.2} % of 2000 studies, after {runs:.0} runs", 100.0 * covered);
        assert!((0.85..0.93).contains(&covered), "{covered} after {runs} runs");
    }
}
