//! Evaluates expectations: whether they hold of the results.
//!
//! Censored values are greater than any bound: a recovery that the run did not see is no recovery in time.

use super::extreme::is_of_each_run;
use super::objective::ObjectiveResult;
use super::objective_metric::metric_of;
use crate::model::Phase;
use crate::results::{Direction, Unit};
use crate::scenario::{Bound, Expectation};
use crate::stats::{Estimate, LEVEL, Scatter, none_of, wilson};
use crate::study::compare::evidence::evidence;
use crate::study::compare::first_phase::{FirstPhase, phase_named};
use crate::study::compare::pairs::pairs_of;
use crate::study::compare::ratio::times;
use crate::study::design::DesignOutcome;
use crate::study::metric::named::Named;
use crate::study::metric::table::MetricTable;
use crate::study::record::column::Column;
use crate::study::statistics::attendance::Attendance;
use crate::study::statistics::sample::Sample;
use crate::study::statistics::statistic::{Statistic, StatisticValue};

/// The verdict on an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectationVerdict {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// There are too few runs to tell, or the metric applies to too few of them.
    NotEnoughRuns {
        /// Runs to which it applies.
        n: u64,
        /// Runs that it needs.
        needed: u64,
    },
    /// In too many runs of one of its designs no request met any incident.
    Unattended(Attendance),
    /// One of its designs was not run.
    NotRun,
}

/// An expectation and how it turned out.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectationResult {
    /// The expectation in words.
    pub text: String,
    /// Names of the designs that it is about.
    pub designs: Vec<String>,
    /// The verdict, by the measured value itself.
    pub verdict: ExpectationVerdict,
    /// The measured statistic or share; infinite if it is beyond what was seen.
    pub measured: Option<f64>,
    /// Number that the statistic is known to be greater than, if no more is known of it.
    pub more_than: Option<f64>,
    /// Its interval.
    pub interval: Option<Estimate>,
    /// True if the whole interval lies on the verdict's side of the bound, and is an interval to be trusted.
    pub clear: bool,
    /// Scatter that the interval of a mean is made of; of anything else [`Scatter::Seen`].
    pub scatter: Scatter,
    /// Censored runs.
    pub censored: u64,
    /// Of these, runs in which the incident was over first.
    pub ended_first: u64,
    /// The metric.
    pub metric: Named,
    /// The unit of what is measured, which may be a share of runs or a ratio rather than the metric itself.
    pub unit: Option<Unit>,
    /// If it must hold in each run, and did: most that the share of runs may be that break it, at 95 %.
    pub may_break: Option<f64>,
}

impl ExpectationResult {
    /// Tells whether nothing speaks against it: it passed, or its designs were not run.
    pub fn holds(&self) -> bool {
        matches!(self.verdict, ExpectationVerdict::Pass | ExpectationVerdict::NotRun)
    }
}

/// Parts that an expectation states: the words, the designs, and the metric.
struct Statement {
    text: String,
    designs: Vec<String>,
    metric: Named,
}

/// Evaluates checked expectations; `objectives` are those of the same designs.
pub(crate) fn evaluate(
    expectations: &[Expectation],
    designs: &[DesignOutcome],
    objectives: &[ObjectiveResult],
    metrics: &MetricTable,
) -> Vec<ExpectationResult> {
    let design = |name: &str| designs.iter().find(|design| design.name == name);
    let named = |name: &str| metrics.named(name).expect("a checked metric");
    let evaluate = |expectation: &Expectation| match expectation {
        Expectation::Within { design: name, metric, stat, bound } => {
            let statistic = Statistic::parse(stat).expect("a checked statistic");
            let named = named(metric);
            let sample = design(name).map(|design| Sample::of(design.rows.read(named.column())));
            let runs = sample.as_ref().map_or_else(
                || "the runs".to_owned(),
                |sample| match sample.n {
                    1 => "this 1 run".to_owned(),
                    n => format!("these {n} runs"),
                },
            );
            let text = match statistic {
                _ if is_of_each_run(statistic, bound) => {
                    format!("{name}: {metric} {} in each of {runs}", bound_text(bound))
                }
                Statistic::Min | Statistic::Max => {
                    format!("{name}: {stat} of {metric} over {runs} {}", bound_text(bound))
                }
                Statistic::Mean | Statistic::Quantile(_) => format!("{name}: {stat} of {metric} {}", bound_text(bound)),
            };
            let stated = Statement { text, designs: vec![name.clone()], metric: named };
            within(stated, sample.as_ref(), statistic, bound)
        }
        Expectation::Better { better, than, metric, share } => {
            let text = format!("{better} better than {than} in {metric} in at least a share of {share} of the runs");
            let stated = Statement { text, designs: vec![better.clone(), than.clone()], metric: named(metric) };
            let pairs = match (design(better), design(than)) {
                (Some(better), Some(than)) => Some(pairs_of(better, than, stated.metric)),
                _ => None,
            };
            let way = stated.metric.metric(metrics).better;
            wins(stated, pairs.as_ref().map(|pairs| &pairs.values[..]), way, *share)
        }
        Expectation::Times { better, than, metric, times } => {
            let named = named(metric);
            let (is_more, pair) = (named.metric(metrics).better == Direction::More, (design(better), design(than)));
            let [much, little] = if is_more { [better, than] } else { [than, better] };
            let text = format!("{much} has at least {times} times as much {metric} as {little}");
            let stated = Statement { text, designs: vec![better.clone(), than.clone()], metric: named };
            let pairs = match pair {
                (Some(better), Some(than)) if is_more => Some(pairs_of(than, better, named)),
                (Some(better), Some(than)) => Some(pairs_of(better, than, named)),
                _ => None,
            };
            as_many_times(stated, pairs.as_ref().map(|pairs| &pairs.values[..]), metrics, *times)
        }
        Expectation::FirstPhase { design: name, phase } => {
            let text = format!("{name}: more lost service in {phase} than in any other phase");
            let stated = Statement { text, designs: vec![name.clone()], metric: named("lost_service_s") };
            let phase = phase_named(phase).expect("a checked phase");
            first_phase(stated, design(name), phase)
        }
        Expectation::Objective { design: name, objective, share } => {
            let text = format!("{name}: {} met in at least a share of {share} of the runs", objective.name());
            let metric = named(metric_of(*objective));
            let stated = Statement { text, designs: vec![name.clone()], metric };
            let result = objectives.iter().find(|result| result.design == *name && result.kind == *objective);
            let censored = result.map_or(0, |result| result.censored);
            match result.map(|result| result.share) {
                Some(met) => share_of_runs(stated, met, censored, *share),
                None => unevaluated(stated, ExpectationVerdict::NotRun),
            }
        }
    };
    let untested = |expectation: &Expectation| match expectation {
        Expectation::Within { design: name, .. } | Expectation::FirstPhase { design: name, .. } => {
            too_unattended([design(name)])
        }
        Expectation::Better { better, than, .. } | Expectation::Times { better, than, .. } => {
            too_unattended([design(better), design(than)])
        }
        Expectation::Objective { design: name, objective, .. } => {
            let result = objectives.iter().find(|result| result.design == *name && result.kind == *objective);
            result.filter(|result| result.is_untested()).map(|result| result.attendance)
        }
    };
    let judged = |expectation: &Expectation| {
        let result = evaluate(expectation);
        match untested(expectation) {
            Some(attendance) if result.verdict != ExpectationVerdict::NotRun => {
                ExpectationResult { verdict: ExpectationVerdict::Unattended(attendance), clear: false, ..result }
            }
            _ => result,
        }
    };
    expectations.iter().map(judged).collect()
}

/// Returns the attendance of the first design of which too many runs went unattended.
fn too_unattended<const N: usize>(designs: [Option<&DesignOutcome>; N]) -> Option<Attendance> {
    let attendances = designs.into_iter().flatten().map(|design| Attendance::of(&design.rows));
    attendances.into_iter().find(|attendance| !attendance.is_enough())
}

fn bound_text(bound: &Bound) -> String {
    match (bound.min, bound.max) {
        (Some(min), Some(max)) => format!("between {min} and {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "measured".to_owned(),
    }
}

fn unevaluated(stated: Statement, verdict: ExpectationVerdict) -> ExpectationResult {
    let Statement { text, designs, metric } = stated;
    ExpectationResult {
        text,
        designs,
        verdict,
        measured: None,
        more_than: None,
        interval: None,
        clear: false,
        scatter: Scatter::Seen,
        censored: 0,
        ended_first: 0,
        metric,
        unit: None,
        may_break: None,
    }
}

fn within(stated: Statement, sample: Option<&Sample>, statistic: Statistic, bound: &Bound) -> ExpectationResult {
    let Some(sample) = sample else {
        return unevaluated(stated, ExpectationVerdict::NotRun);
    };
    let Some(found) = statistic.of(sample) else {
        return unevaluated(stated, ExpectationVerdict::NotEnoughRuns { n: sample.n, needed: statistic.runs_needed() });
    };
    let StatisticValue { point: measured, interval, .. } = found;
    let inside = |value: f64| bound.min.is_none_or(|min| value >= min) && bound.max.is_none_or(|max| value <= max);
    let pass = found.is_within(inside);
    let beyond = |interval: &Estimate| {
        bound.max.is_some_and(|max| interval.low > max) || bound.min.is_some_and(|min| interval.high < min)
    };
    let is_beside = interval.as_ref().is_none_or(|interval| match pass {
        true => inside(interval.low) && inside(interval.high),
        false => beyond(interval),
    });
    let scatter = if interval.is_some() { statistic.scatter(sample) } else { Scatter::Seen };
    let clear = is_beside && scatter.is_enough();
    let Statement { text, designs, metric } = stated;
    let verdict = if pass { ExpectationVerdict::Pass } else { ExpectationVerdict::Fail };
    ExpectationResult {
        text,
        designs,
        verdict,
        measured: Some(measured),
        more_than: found.more_than(),
        interval,
        clear,
        scatter,
        censored: sample.censored,
        ended_first: sample.watched.len() as u64,
        metric,
        unit: None,
        may_break: (pass && is_of_each_run(statistic, bound)).then(|| none_of(sample.n)),
    }
}

fn wins(stated: Statement, pairs: Option<&[(f64, f64)]>, way: Direction, share: f64) -> ExpectationResult {
    let Some(pairs) = pairs else {
        return unevaluated(stated, ExpectationVerdict::NotRun);
    };
    let better = |&&(first, second): &&(f64, f64)| match way {
        Direction::More => first > second,
        Direction::Less | Direction::Neither => first < second,
    };
    let won = pairs.iter().filter(better).count() as u64;
    let censored = pairs.iter().filter(|(first, second)| first.is_infinite() || second.is_infinite()).count() as u64;
    share_of_runs(stated, wilson(won, pairs.len() as u64, LEVEL), censored, share)
}

/// Judges whether the mean of the second of each pair is at least `times` that of the first.
fn as_many_times(
    stated: Statement,
    pairs: Option<&[(f64, f64)]>,
    metrics: &MetricTable,
    least: f64,
) -> ExpectationResult {
    let Some(pairs) = pairs else {
        return unevaluated(stated, ExpectationVerdict::NotRun);
    };
    if pairs.len() < 2 {
        return unevaluated(stated, ExpectationVerdict::NotEnoughRuns { n: pairs.len() as u64, needed: 2 });
    }
    let censored = pairs.iter().filter(|(less, more)| less.is_infinite() || more.is_infinite()).count() as u64;
    let is_enough = evidence(stated.metric.metric(metrics), pairs).is_enough();
    let (less, more): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let found = if censored == 0 { times(&less, &more) } else { None };
    let pass = found.is_some_and(|found| found.point >= least);
    let is_beside = found.is_some_and(|found| if pass { found.low >= least } else { found.high < least });
    ExpectationResult {
        measured: found.map(|found| found.point),
        interval: found,
        clear: is_beside && is_enough,
        censored,
        unit: Some(Unit::Count),
        ..unevaluated(stated, if pass { ExpectationVerdict::Pass } else { ExpectationVerdict::Fail })
    }
}

/// Judges whether a phase leads: it has the largest mean, and the difference from each other one is sure and counts.
fn first_phase(stated: Statement, design: Option<&DesignOutcome>, phase: Phase) -> ExpectationResult {
    let Some(design) = design else {
        return unevaluated(stated, ExpectationVerdict::NotRun);
    };
    let mut runs = vec![[0.0; Phase::ALL.len()]; design.rows.len()];
    for phase in Phase::ALL {
        let lost = design.rows.read(Column::LostIn(phase));
        runs.iter_mut().zip(lost).for_each(|(run, lost)| run[phase as usize] = lost.value().unwrap_or(0.0));
    }
    let FirstPhase { ahead_s, ahead, is_clear, runs_needed } = FirstPhase::of(&runs, phase);
    if let Some(needed) = runs_needed {
        return unevaluated(stated, ExpectationVerdict::NotEnoughRuns { n: runs.len() as u64, needed });
    }
    let verdict = if is_clear { ExpectationVerdict::Pass } else { ExpectationVerdict::Fail };
    let clear = is_clear || ahead.is_some_and(|ahead| ahead.high < 0.0);
    ExpectationResult { measured: Some(ahead_s), interval: ahead, clear, ..unevaluated(stated, verdict) }
}

/// Judges whether the share of runs in which something was so is at least `share`; `of_runs` is `None` of no runs.
fn share_of_runs(stated: Statement, of_runs: Option<Estimate>, censored: u64, share: f64) -> ExpectationResult {
    let Some(interval) = of_runs else {
        return unevaluated(stated, ExpectationVerdict::NotEnoughRuns { n: 0, needed: 1 });
    };
    let pass = interval.point >= share;
    let Statement { text, designs, metric } = stated;
    ExpectationResult {
        text,
        designs,
        verdict: if pass { ExpectationVerdict::Pass } else { ExpectationVerdict::Fail },
        measured: Some(interval.point),
        more_than: None,
        interval: Some(interval),
        clear: if pass { interval.low >= share } else { interval.high < share },
        scatter: Scatter::Seen,
        censored,
        ended_first: 0,
        metric,
        unit: Some(Unit::Share),
        may_break: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::run::spec::StudySpec;
    use crate::study::seen::observation::Observation;
    use crate::study::synthetic;

    fn sample(values: &[f64]) -> Sample {
        let observe =
            |&value: &f64| if value.is_infinite() { Observation::Censored } else { Observation::Value(value) };
        Sample::of(values.iter().map(observe))
    }

    fn stated() -> Statement {
        Statement { text: "text".into(), designs: vec!["a".into()], metric: Named::whole(0) }
    }

    fn at_most(max: f64, statistic: Statistic, values: &[f64]) -> ExpectationResult {
        let bound = Bound { min: None, max: Some(max) };
        within(stated(), Some(&sample(values)), statistic, &bound)
    }

    #[test]
    fn a_value_at_the_bound_passes() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let result = at_most(95.0, Statistic::Quantile(0.95), &values);
        assert_eq!((result.verdict, result.measured, result.clear), (ExpectationVerdict::Pass, Some(95.0), false));
        assert_eq!(at_most(94.9, Statistic::Quantile(0.95), &values).verdict, ExpectationVerdict::Fail);
        assert!(at_most(100.0, Statistic::Quantile(0.95), &values).clear);
        assert!(at_most(10.0, Statistic::Mean, &values).clear);
    }

    #[test]
    fn too_few_runs_are_said_with_the_number_needed() {
        let result = at_most(1.0, Statistic::Quantile(0.99), &[0.0; 298]);
        assert_eq!(result.verdict, ExpectationVerdict::NotEnoughRuns { n: 298, needed: 299 });
        assert!(!result.holds());
        assert_eq!(
            at_most(1.0, Statistic::Mean, &[0.0]).verdict,
            ExpectationVerdict::NotEnoughRuns { n: 1, needed: 2 }
        );
        assert_eq!(at_most(1.0, Statistic::Max, &[]).verdict, ExpectationVerdict::NotEnoughRuns { n: 0, needed: 1 });
    }

    #[test]
    fn a_censored_run_breaks_every_upper_bound_on_mean_and_maximum() {
        let values = [1.0, 2.0, f64::INFINITY];
        for statistic in [Statistic::Mean, Statistic::Max] {
            let result = at_most(1e12, statistic, &values);
            assert_eq!((result.verdict, result.measured), (ExpectationVerdict::Fail, Some(f64::INFINITY)));
            assert_eq!(result.censored, 1);
        }
        assert_eq!(at_most(1.0, Statistic::Min, &values).verdict, ExpectationVerdict::Pass);
    }

    #[test]
    fn a_statistic_of_which_only_a_lower_limit_is_known_meets_no_bound_beyond_it() {
        // Two are seen; in the others the incident was over after 10 s.
        let observed = [Observation::Value(2.0), Observation::Value(4.0)];
        let sample = Sample::of(observed.into_iter().chain([Observation::CensoredAt(10.0); 6]));
        let judged = |statistic, min, max| within(stated(), Some(&sample), statistic, &Bound { min, max }).verdict;
        let median = Statistic::Quantile(0.5);
        // (2 + 4 + 6 x 10) / 8 = 8.25 s at least; the median and the greatest are beyond 10 s.
        for (statistic, least) in [(Statistic::Mean, 8.25), (Statistic::Max, 10.0), (median, 10.0)] {
            assert_eq!(judged(statistic, None, Some(1e9)), ExpectationVerdict::Fail, "{statistic:?}");
            assert_eq!(judged(statistic, Some(least), None), ExpectationVerdict::Pass, "{statistic:?}");
            assert_eq!(judged(statistic, Some(least + 0.1), None), ExpectationVerdict::Fail, "{statistic:?}");
        }
        let result = within(stated(), Some(&sample), median, &Bound { min: None, max: Some(60.0) });
        assert_eq!((result.more_than, result.censored, result.ended_first, result.clear), (Some(10.0), 6, 6, false));
    }

    #[test]
    fn no_expectation_holds_where_no_request_met_the_incidents() {
        let evaluated = |unattended: u64| {
            let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
            let bound = Bound { min: None, max: Some(1e9) };
            spec.scenario.expectations = vec![Expectation::Within {
                design: "one".into(),
                metric: "downtime_s".into(),
                stat: "mean".into(),
                bound,
            }];
            spec.runs = Some(20);
            let simulate = |_, run| {
                let mut outcome = synthetic::outage(run, 2);
                if run < unattended {
                    outcome.incidents = vec![synthetic::unattended(10)];
                }
                Ok(outcome)
            };
            let never = std::sync::atomic::AtomicBool::new(false);
            crate::study::run::runner::run_with(&spec.prepare().unwrap(), simulate, |_| (), &never)
                .unwrap()
                .expectations[0]
                .verdict
        };
        assert_eq!((evaluated(0), evaluated(1)), (ExpectationVerdict::Pass, ExpectationVerdict::Pass));
        assert_eq!(evaluated(2), ExpectationVerdict::Unattended(Attendance { runs: 20, attended: 18, unattended: 2 }));
    }

    #[test]
    fn a_tie_is_no_win() {
        let pairs = [(1.0, 2.0), (1.0, 1.0), (0.0, 2.0), (3.0, 4.0)];
        let result = wins(stated(), Some(&pairs), Direction::Less, 0.75);
        assert_eq!((result.verdict, result.measured, result.clear), (ExpectationVerdict::Pass, Some(0.75), false));
        assert_eq!(wins(stated(), Some(&pairs), Direction::Less, 0.8).verdict, ExpectationVerdict::Fail);
        assert_eq!(wins(stated(), Some(&pairs), Direction::More, 0.1).measured, Some(0.0));
        assert_eq!(wins(stated(), None, Direction::More, 0.1).verdict, ExpectationVerdict::NotRun);
    }

    #[test]
    fn a_design_that_must_have_so_many_times_as_much_is_judged_by_the_ratio_of_the_means() {
        let metrics = MetricTable::new(&["north".into(), "south".into()]);
        // 40 to 59 s against twice as much and 0 to 4 s: on average 49.5 s against 101 s.
        let pairs: Vec<(f64, f64)> = (0..40)
            .map(|run| f64::from(40 + run % 20))
            .zip(0..)
            .map(|(less, run)| (less, 2.0 * less + f64::from(run % 5)))
            .collect();
        let judged = |pairs: &[(f64, f64)], least| as_many_times(stated(), Some(pairs), &metrics, least);
        let found = judged(&pairs, 2.0);
        assert_eq!((found.verdict, found.clear, found.unit), (ExpectationVerdict::Pass, true, Some(Unit::Count)));
        assert!((found.measured.unwrap() - 101.0 / 49.5).abs() < 1e-9, "{found:?}");
        assert_eq!((judged(&pairs, 2.1).verdict, judged(&pairs, 2.1).clear), (ExpectationVerdict::Fail, true));
        let none = judged(&[(0.0, 0.0), (0.0, 0.0)], 1.0);
        assert_eq!(
            (none.verdict, none.measured),
            (ExpectationVerdict::Fail, None),
            "nothing is no multiple of nothing"
        );
        let censored = judged(&[(1.0, f64::INFINITY), (1.0, 2.0)], 1.0);
        assert_eq!((censored.verdict, censored.censored), (ExpectationVerdict::Fail, 1));
        assert_eq!(judged(&pairs[..1], 2.0).verdict, ExpectationVerdict::NotEnoughRuns { n: 1, needed: 2 });
    }

    #[test]
    fn unknown_names_are_refused_with_what_is_allowed() {
        let refuse = |design: &str, metric: &str, stat: &str| {
            let mut spec = StudySpec::new(synthetic::scenario(&["one", "two"]));
            let bound = Bound { min: None, max: Some(1.0) };
            let (design, metric, stat) = (design.to_owned(), metric.to_owned(), stat.to_owned());
            spec.scenario.expectations = vec![Expectation::Within { design, metric, stat, bound }];
            spec.prepare().unwrap_err().to_string()
        };
        let error = refuse("one", "downtime", "p95");
        assert!(
            error
                .starts_with(r#"expect.0.metric: unknown metric "downtime" (did you mean "downtime_s"?); nearest of "#)
                && error.len() < 240,
            "{error}"
        );
        let error = refuse("one", "downtime_s", "median");
        assert!(error.starts_with(r#"expect.0.stat: unknown statistic "median"; allowed: mean, "#), "{error}");
        let error = refuse("tow", "downtime_s", "p95");
        assert_eq!(error, r#"expect.0.design: unknown design "tow" (did you mean "two"?); known: one, two"#);
    }
}
