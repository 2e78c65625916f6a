//! Why a study that was to run until it knows enough made no more runs, in words.

use super::format::value;
use super::scatter::{doubt, up_to};
use crate::stats::Scatter;
use crate::study::{Reached, Stopping, StudyOutcome, Unit};

/// For example: `60 runs, 20 at a time: every interval is as narrow as was asked for (downtime_s.p95 +-10%)`.
pub(super) fn stopped(outcome: &StudyOutcome, stopping: &Stopping) -> String {
    let runs = outcome.subject.runs;
    let made = format!("{runs} runs, {} at a time", stopping.batch.min(runs));
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

/// How near a design came: `5 min 12 s; its interval reaches 41 s from it, 31 s are allowed`.
pub(super) fn found(outcome: &StudyOutcome, reached: &Reached) -> String {
    let unit = outcome.metrics.all().iter().find(|metric| metric.name == reached.metric).map(|metric| metric.unit);
    let unit = unit.unwrap_or(Unit::Count);
    if let Scatter::Unseen { others_at_most } = reached.scatter {
        return unseen(reached, others_at_most, unit);
    }
    match (&reached.estimate, reached.reach, reached.allowed) {
        (Some(estimate), Some(reach), Some(allowed)) if reach.is_finite() => {
            let size = |size: f64| super::format::difference(size, unit);
            let point = value(estimate.point, unit);
            let doubt = doubt(reached.scatter, estimate.n, unit).map_or_else(String::new, |doubt| format!("; {doubt}"));
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

/// What no run has shown: `0, the same in all 60 runs; at 95 %, up to 6.02 % of runs may have another value (1 % would do)`.
fn unseen(reached: &Reached, others_at_most: f64, unit: Unit) -> String {
    match (&reached.estimate, doubt(reached.scatter, reached.runs, unit)) {
        (Some(estimate), Some(doubt)) => format!("{}, {doubt}", value(estimate.point, unit)),
        _ => {
            let others = up_to(others_at_most, "may be such that it does");
            format!("it applies to none of {} runs; {others}", reached.runs)
        }
    }
}
