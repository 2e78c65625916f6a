//! Expectations on the least or the greatest value of a metric: they speak of each run, so how strict they are hangs on how many
//! runs there are.

use crate::results::Unit;
use crate::results::words::counted;
use crate::scenario::{Bound, Expectation, Scenario};
use crate::study::metric::table::MetricTable;
use crate::study::statistics::statistic::Statistic;

/// An expectation that another number of runs makes another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HangsOnRuns {
    /// Place of the expectation in the file, from 0.
    pub expectation: usize,
    /// The message about it.
    pub message: String,
}

/// Returns whether the statistic is beyond `bound` as soon as one run is.
pub(in crate::study) fn is_of_each_run(statistic: Statistic, bound: &Bound) -> bool {
    match statistic {
        Statistic::Max => bound.max.is_some() && bound.min.is_none(),
        Statistic::Min => bound.min.is_some() && bound.max.is_none(),
        Statistic::Mean | Statistic::Quantile(_) => false,
    }
}

/// Lists the expectations of `scenario` that hold in more or fewer studies because each design has its number of runs and not
/// `usual`, the file's. A bound at the end of the metric's range is not among them: it says "never" or "always", and is meant
/// for any number of runs.
pub fn hangs_on_runs(scenario: &Scenario, usual: u64) -> Vec<HangsOnRuns> {
    let runs = scenario.study.runs;
    if runs == usual {
        return Vec::new();
    }
    let metrics = MetricTable::of(scenario);
    let message = |expectation: &Expectation| {
        let Expectation::Within { metric, stat, bound, .. } = expectation else { return None };
        let statistic = Statistic::parse(stat).filter(|statistic| is_of_each_run(*statistic, bound))?;
        let unit = metrics.named(metric).ok()?.metric(&metrics).unit;
        let bound = if statistic == Statistic::Max { bound.max? } else { bound.min? };
        if !is_inside(bound, unit) {
            return None;
        }
        let easier = if runs > usual { "less easily" } else { "more easily" };
        Some(format!(
            "{stat} = {bound} must hold in every run, so it is met {easier} by {} than by the {usual} of the file; a quantile such \
             as p95 does not depend on how many there are",
            counted(runs, "run")
        ))
    };
    let expectations = scenario.expectations.iter().enumerate();
    expectations.filter_map(|(expectation, one)| Some(HangsOnRuns { expectation, message: message(one)? })).collect()
}

/// Returns whether the bound lies inside the range of a metric: no metric is below 0, and no share above 1.
fn is_inside(bound: f64, unit: Unit) -> bool {
    bound > 0.0 && (unit != Unit::Share || bound < 1.0)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::study::design::DesignOutcome;
    use crate::study::judge::expectation::evaluate;
    use crate::study::run::runner::run_with;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;

    fn messages(metric: &str, stat: &str, (min, max): (Option<f64>, Option<f64>), runs: u64) -> Vec<String> {
        let mut scenario = synthetic::scenario(&["one"]);
        let (design, metric, stat) = ("one".to_owned(), metric.to_owned(), stat.to_owned());
        scenario.expectations = vec![Expectation::Within { design, metric, stat, bound: Bound { min, max } }];
        scenario.study.runs = runs;
        hangs_on_runs(&scenario, 6).into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn a_bound_on_a_maximum_is_stricter_with_more_runs_and_looser_with_fewer() {
        let more = messages("writes_lost", "max", (None, Some(5.0)), 30);
        assert!(more[0].contains("so it is met less easily by 30 runs than by the 6 of the file;"), "{more:?}");
        let fewer = messages("writes_lost", "max", (None, Some(5.0)), 3);
        assert!(fewer[0].contains("so it is met more easily by 3 runs"), "{fewer:?}");
        assert!(messages("writes_lost", "max", (None, Some(5.0)), 6).is_empty(), "as many as the file says");
        assert_eq!(messages("availability_requests", "min", (Some(0.9995), None), 30).len(), 1);
    }

    #[test]
    fn a_bound_at_the_end_of_the_range_means_the_same_for_any_number_of_runs() {
        assert!(messages("writes_lost", "max", (None, Some(0.0)), 30).is_empty());
        assert!(messages("availability_requests", "min", (Some(1.0), None), 30).is_empty());
        assert!(messages("availability_requests", "min", (Some(0.0), None), 30).is_empty());
    }

    #[test]
    fn other_statistics_do_not_hang_on_the_number_of_runs() {
        assert!(messages("writes_lost", "mean", (None, Some(5.0)), 30).is_empty());
        assert!(messages("writes_lost", "p95", (None, Some(5.0)), 30).is_empty());
        assert!(messages("writes_lost", "max", (Some(5.0), None), 30).is_empty(), "one run is enough");
    }

    #[test]
    fn a_bound_on_a_maximum_is_stated_of_each_run_with_the_share_that_may_still_break_it() {
        let said = |stat: &str, min: Option<f64>, max: Option<f64>, designs: &[DesignOutcome]| {
            let (design, metric, stat) = ("one".to_owned(), "writes_lost".to_owned(), stat.to_owned());
            let expectation = Expectation::Within { design, metric, stat, bound: Bound { min, max } };
            let metrics = MetricTable::of(&synthetic::scenario(&["one"]));
            evaluate(&[expectation], designs, &[], &metrics).remove(0)
        };
        let study = run_with(
            &StudySpec { runs: Some(60), ..StudySpec::new(synthetic::scenario(&["one"])) }.prepare().unwrap(),
            |_, run| Ok(synthetic::outage(run, 3)),
            |_| (),
            &AtomicBool::new(false),
        );
        let designs = study.unwrap().designs;
        let result = said("max", None, Some(5.0), &designs);
        assert_eq!(result.text, "one: writes_lost at most 5 in each of these 60 runs");
        // Wilson's interval of 0 of 60: 1.96^2 / (60 + 1.96^2) = 3.84 / 63.84.
        assert!((result.may_break.unwrap() - 0.0602).abs() < 5e-5, "{:?}", result.may_break);
        assert_eq!(said("min", Some(0.0), None, &designs).text, "one: writes_lost at least 0 in each of these 60 runs");
        let some = said("max", Some(0.0), None, &designs);
        assert_eq!(some.text, "one: max of writes_lost over these 60 runs at least 0");
        assert_eq!(some.may_break, None, "one run that keeps it is enough");
        assert_eq!(said("max", None, Some(-1.0), &designs).may_break, None, "it is broken already");
        assert_eq!(said("max", None, Some(5.0), &[]).text, "one: writes_lost at most 5 in each of the runs");
        assert_eq!(said("p95", None, Some(5.0), &designs).text, "one: p95 of writes_lost at most 5");
    }
}
