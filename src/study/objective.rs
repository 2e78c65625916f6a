//! In how many runs the recovery objectives were met.

use super::{DesignOutcome, MetricTable};
use crate::scenario::{ObjectiveKind, Objectives};
use crate::stats::{Estimate, LEVEL, wilson};
use crate::units::SimDuration;

/// The metric that an objective bounds.
pub(crate) const fn metric_of(kind: ObjectiveKind) -> &'static str {
    match kind {
        ObjectiveKind::Rto => "recovery_time_worst_s",
        ObjectiveKind::Rpo => "data_loss_window_s",
    }
}

/// In how many runs of a design an objective was met.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveResult {
    /// Name of the design.
    pub design: String,
    /// Which objective.
    pub kind: ObjectiveKind,
    /// The objective in seconds.
    pub target_s: f64,
    /// Runs that met it; a run with nothing to recover did.
    pub met: u64,
    /// Runs of the design.
    pub runs: u64,
    /// Runs that had not recovered by the horizon; they did not meet it.
    pub censored: u64,
    /// Share of runs that met it.
    pub share: Option<Estimate>,
}

/// Counts in how many runs of each design the objectives were met.
pub(crate) fn evaluate(
    objectives: &Objectives,
    designs: &[DesignOutcome],
    metrics: &MetricTable,
) -> Vec<ObjectiveResult> {
    let stated = [(ObjectiveKind::Rto, objectives.rto), (ObjectiveKind::Rpo, objectives.rpo)];
    let stated = stated.into_iter().filter_map(|(kind, target)| Some((kind, target?)));
    let pairs = designs.iter().flat_map(|design| stated.clone().map(move |(kind, target)| (design, kind, target)));
    pairs.map(|(design, kind, target)| objective(design, kind, target, metrics)).collect()
}

fn objective(
    design: &DesignOutcome,
    kind: ObjectiveKind,
    target: SimDuration,
    metrics: &MetricTable,
) -> ObjectiveResult {
    let summary = &design.summaries[metrics.position(metric_of(kind)).expect("a metric of the table")];
    let target_s = target.as_secs_f64();
    let within = summary.sorted.iter().filter(|&&value| value <= target_s).count() as u64;
    let runs = design.rows.len() as u64;
    let met = within + summary.not_applicable;
    ObjectiveResult {
        design: design.name.clone(),
        kind,
        target_s,
        met,
        runs,
        censored: summary.censored,
        share: wilson(met, runs, LEVEL),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::{StudySpec, run_with, synthetic};
    use super::*;
    use crate::model::Timing;

    #[test]
    fn a_run_with_nothing_to_recover_meets_the_objective_and_a_censored_one_does_not() {
        let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
        spec.scenario.objectives = Objectives { rto: Some(SimDuration::from_secs(4)), rpo: Some(SimDuration::ZERO) };
        spec.runs = Some(6);
        let simulate = |_, run: u64| {
            // Recoveries of 0, 1, 4 and 5 s, none needed, and one not seen.
            let mut outcome = synthetic::outage(run, [0, 1, 4, 5, 2, 2][run as usize]);
            match run {
                4 => outcome.incidents.clear(),
                5 => outcome.incidents[0].recovered = Timing::Censored,
                _ => (),
            }
            Ok(outcome)
        };
        let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
        let [rto, rpo] = &outcome.objectives[..] else { panic!("two objectives") };
        assert_eq!((rto.kind, rto.met, rto.runs, rto.censored), (ObjectiveKind::Rto, 4, 6, 1));
        // The window of loss is the run number modulo 3.
        assert_eq!((rpo.kind, rpo.met, rpo.target_s), (ObjectiveKind::Rpo, 2, 0.0));
        assert_eq!(rto.share.unwrap().point, 4.0 / 6.0);
    }
}
