//! Why a study that was to run until it knows enough made no more runs, in words.

use super::format::value;
use crate::study::{Reached, Stopping, StudyOutcome, Unit};

/// For example: `60 runs, 20 at a time: every interval is as narrow as was asked for (downtime_s.p95 +-10%)`.
pub(super) fn stopped(outcome: &StudyOutcome, stopping: &Stopping) -> String {
    let runs = outcome.subject.runs;
    let made = format!("{runs} runs, {} at a time", stopping.batch.min(runs));
    let mut targets: Vec<&str> = stopping.reached.iter().map(|reached| reached.target.as_str()).collect();
    targets.dedup();
    if stopping.knows_enough() {
        return format!("{made}: every interval is as narrow as was asked for ({})", targets.join("; "));
    }
    let open: Vec<String> = stopping
        .reached
        .iter()
        .filter(|reached| !reached.is_met)
        .map(|reached| format!("{} in {} ({})", reached.target, reached.design, found(outcome, reached)))
        .collect();
    format!("{made}, as many as --max-runs allows, and not every interval is narrow enough: {}", open.join("; "))
}

/// How near a design came: `5 min 12 s; its interval reaches 41 s from it, 31 s are allowed`.
pub(super) fn found(outcome: &StudyOutcome, reached: &Reached) -> String {
    let unit = outcome.metrics.all().iter().find(|metric| metric.name == reached.metric).map(|metric| metric.unit);
    let unit = unit.unwrap_or(Unit::Count);
    match (&reached.estimate, reached.reach, reached.allowed) {
        (Some(estimate), Some(reach), Some(allowed)) if reach.is_finite() => {
            let size = |size: f64| super::format::difference(size, unit);
            let point = value(estimate.point, unit);
            format!("{point}; its interval reaches {} from it, allowed: {}", size(reach), size(allowed))
        }
        (Some(estimate), Some(_), _) => {
            format!("{}; its interval ends beyond the horizon", value(estimate.point, unit))
        }
        (Some(_), ..) => "it lies beyond the horizon".to_owned(),
        (None, ..) if reached.is_met => "it applies to no run".to_owned(),
        (None, ..) => match reached.runs_needed {
            Some(needed) => format!("too few runs for it, which needs {needed}"),
            None => "some runs lie beyond the horizon".to_owned(),
        },
    }
}
