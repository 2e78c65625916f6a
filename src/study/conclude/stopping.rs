//! Why a study that was to run until it knows enough made no more runs.

use super::statistics::degenerate;
use crate::results::words::{difference, doubt, runs, up_to, value};
use crate::results::{Stopped, StudyEstimate, TargetFound, Unit};
use crate::stats::{RARE, Scatter};
use crate::study::judge::until::{Reached, Stopping};
use crate::study::outcome::StudyOutcome;

/// Returns the rule, how near every design came to every target, and both in words.
pub(super) fn stopped(outcome: &StudyOutcome, stopping: &Stopping) -> Stopped {
    let target = |reached: &Reached| TargetFound {
        target: reached.target.clone(),
        design: reached.design.clone(),
        met: reached.is_met,
        sentence: found(outcome, reached),
        estimate: reached.estimate.map(StudyEstimate::from),
        runs_needed: reached.runs_needed,
        reach: reached.reach,
        allowed: reached.allowed,
    };
    Stopped {
        sentence: sentence(outcome, stopping),
        runs_at_a_time: stopping.batch,
        max_runs: stopping.most_runs,
        met: stopping.knows_enough(),
        targets: stopping.reached.iter().map(target).collect(),
    }
}

/// Says, for example: `60 runs, 20 at a time: every interval is as narrow as was asked for (downtime_s.p95 +-10%)`.
fn sentence(outcome: &StudyOutcome, stopping: &Stopping) -> String {
    let made = outcome.subject.runs;
    let made = format!("{}, {} at a time", runs(made), stopping.batch.min(made));
    let mut targets: Vec<&str> = stopping.reached.iter().map(|reached| reached.target.as_str()).collect();
    targets.dedup();
    let listed = |wanted: fn(&Reached) -> bool| {
        let one = |reached: &Reached| format!("{} in {} ({})", reached.target, reached.design, found(outcome, reached));
        let listed: Vec<String> = stopping.reached.iter().filter(|reached| wanted(reached)).map(one).collect();
        listed.join("; ")
    };
    if !stopping.knows_enough() {
        let open = listed(|reached| !reached.is_met);
        return format!("{made}, as many as --max-runs allows, and not every target is met: {open}");
    }
    let settled = listed(Reached::is_settled);
    match (stopping.reached.iter().all(Reached::is_settled), settled.is_empty()) {
        (true, _) => format!("{made}: {settled}"),
        (false, true) => format!("{made}: every interval is as narrow as was asked for ({})", targets.join("; ")),
        (false, false) => format!(
            "{made}: every interval is as narrow as was asked for ({}), but for what has none: {settled}",
            targets.join("; ")
        ),
    }
}

/// Says how near a design came: `5 min 12 s; its interval reaches 41 s from it, 31 s are allowed`.
fn found(outcome: &StudyOutcome, reached: &Reached) -> String {
    let named = outcome.metrics.named(&reached.metric);
    let unit = named.map_or(Unit::Count, |named| named.metric(&outcome.metrics).unit);
    if let Scatter::Unseen { others_at_most } = reached.scatter {
        return unseen(reached, others_at_most, unit);
    }
    match (&reached.estimate, reached.reach, reached.allowed) {
        (Some(estimate), Some(reach), Some(allowed)) if reach.is_finite() => {
            let size = |size: f64| difference(size, unit);
            let point = value(estimate.point, unit);
            let degenerate = degenerate(reached.scatter).map(|degenerate| doubt(&degenerate, estimate.n, unit));
            let doubt = degenerate.map_or_else(String::new, |doubt| format!("; {doubt}"));
            format!("{point}; its interval reaches {} from it, allowed: {}{doubt}", size(reach), size(allowed))
        }
        (Some(estimate), Some(_), _) => {
            format!("{}; its interval ends beyond the horizon", value(estimate.point, unit))
        }
        (Some(_), ..) => "it lies beyond the horizon".to_owned(),
        (None, ..) => match reached.runs_needed {
            Some(needed) => format!("too few runs for it, which needs {needed}"),
            None => "some runs lie beyond the horizon".to_owned(),
        },
    }
}

/// Says what no run has shown: `0, the same in all 60 runs; at 95 %, up to 6.02 % of runs may have another value (1 % would do)`.
fn unseen(reached: &Reached, others_at_most: f64, unit: Unit) -> String {
    let degenerate = degenerate(reached.scatter).map(|degenerate| doubt(&degenerate, reached.runs, unit));
    match (&reached.estimate, degenerate) {
        (Some(estimate), Some(doubt)) => format!("{}, {doubt}", value(estimate.point, unit)),
        _ => {
            let others = up_to(others_at_most, RARE, "may be such that it does");
            format!("it applies to none of {}; {others}", runs(reached.runs))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use crate::results::Stopped;
    use crate::study::judge::until::{PrecisionTarget, Until};
    use crate::study::metric::table::MetricTable;
    use crate::study::run::runner::run_until;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;

    /// Why a study, 20 runs at a time, of one design whose downtime is `down` of the run number, made no more runs.
    fn stopped(target: &str, most_runs: u64, down: fn(u64) -> u32) -> Stopped {
        let mut spec = StudySpec::new(synthetic::scenario(&["a"]));
        spec.runs = Some(20);
        let metrics = MetricTable::new(&["north".into(), "south".into()]);
        let until = Until { targets: vec![PrecisionTarget::read(target, &metrics).unwrap()], most_runs };
        let simulate = |_, run| Ok(synthetic::outage(run, down(run)));
        let outcome =
            run_until(&spec.prepare().unwrap(), &until, None, simulate, |_| (), &AtomicBool::new(false)).unwrap();
        outcome.conclude().unwrap().until.unwrap()
    }

    #[test]
    fn what_is_the_same_in_all_runs_is_said_to_be_so_when_it_ends_a_study_and_when_it_does_not() {
        let ended = stopped("downtime_s.mean +-1s", 1_000, |_| 3);
        assert_eq!(
            ended.sentence,
            "400 runs, 20 at a time: downtime_s.mean +-1s in a (3 s, the same in all 400 runs; at 95 %, up to 0.951 % of \
             runs may have another value)"
        );
        assert!(ended.met);
        let short = stopped("downtime_s.mean +-1s", 60, |_| 3).sentence;
        assert!(
            short.contains("not every target is met: downtime_s.mean +-1s in a (3 s, the same in all 60"),
            "{short}"
        );
        assert!(short.ends_with("up to 6.02 % of runs may have another value (1 % would do))"), "{short}");
    }

    #[test]
    fn a_mean_that_hangs_on_a_few_runs_is_not_known() {
        let stopped = stopped("downtime_s.mean +-5s", 60, |run| if run % 30 == 7 { 9 } else { 3 });
        assert!(
            stopped.sentence.contains("allowed: 5 s; too narrow, since only 2 of 60 runs differ from 3 s, and 30 must"),
            "{}",
            stopped.sentence
        );
        assert!(!stopped.met);
    }

    #[test]
    fn a_metric_that_applies_to_no_run_is_said_to_do_so() {
        let stopped = stopped("time_to_fail_over_s.p95 +-10%", 40, |_| 3);
        assert!(
            stopped
                .sentence
                .contains("it applies to none of 40 runs; at 95 %, up to 8.76 % of runs may be such that it does"),
            "{}",
            stopped.sentence
        );
    }
}
