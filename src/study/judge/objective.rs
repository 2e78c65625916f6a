//! In how many runs the recovery objectives were met.
//!
//! A run in which no request met any incident is left out; if these are too many, or nothing ever happened, the objective has
//! not been put to the test, and counts as met in no run.

use super::objective_metric::metric_of;
use crate::scenario::{ObjectiveKind, Objectives};
use crate::stats::{Estimate, LEVEL, wilson};
use crate::study::design::DesignOutcome;
use crate::study::metric::table::MetricTable;
use crate::study::seen::observation::Observation;
use crate::study::statistics::attendance::Attendance;
use crate::units::SimDuration;

/// In how many runs of a design an objective was met.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveResult {
    /// Name of the design.
    pub design: String,
    /// Which objective.
    pub kind: ObjectiveKind,
    /// The objective in seconds.
    pub target_s: f64,
    /// Runs that met it; a run with nothing to recover did. None if it was not put to the test.
    pub met: u64,
    /// Runs of the design, without those in which no request met any incident.
    pub runs: u64,
    /// In how many runs requests met the incidents.
    pub attendance: Attendance,
    /// Runs that had not recovered by the horizon; they did not meet it.
    pub censored: u64,
    /// Share of runs that met it.
    pub share: Option<Estimate>,
}

impl ObjectiveResult {
    /// Returns whether too few runs put it to the test.
    pub fn is_untested(&self) -> bool {
        !self.attendance.is_enough() || self.attendance.attended == 0
    }
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
    let position = metrics.position(metric_of(kind)).expect("a metric of the table");
    let attendance = Attendance::of(&design.rows);
    let target_s = target.as_secs_f64();
    let attended = design.rows.column(position).into_iter().zip(design.rows.unattended());
    let values: Vec<Observation> = attended.filter(|(_, unattended)| !unattended).map(|(value, _)| value).collect();
    let is_met = |value: &Observation| value.value_or_infinity().is_none_or(|value| value <= target_s);
    let runs = values.len() as u64;
    let result = ObjectiveResult {
        design: design.name.clone(),
        kind,
        target_s,
        met: values.iter().filter(|value| is_met(value)).count() as u64,
        runs,
        attendance,
        censored: values.iter().filter(|value| **value == Observation::Censored).count() as u64,
        share: None,
    };
    match result.is_untested() {
        true => ObjectiveResult { met: 0, ..result },
        false => ObjectiveResult { share: wilson(result.met, runs, LEVEL), ..result },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::model::Timing;
    use crate::study::run::runner::run_with;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;

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

    /// The objectives of 40 runs that recover at once, of which so many have an incident that nobody met, and so many none.
    fn rto(unattended: u64, calm: u64) -> ObjectiveResult {
        let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
        spec.scenario.objectives = Objectives { rto: Some(SimDuration::from_secs(4)), rpo: None };
        spec.runs = Some(40);
        let simulate = |_, run: u64| {
            let mut outcome = synthetic::outage(run, 2);
            if run < unattended {
                outcome.incidents[0] = synthetic::unattended(10);
            } else if run < unattended + calm {
                outcome.incidents.clear();
            }
            Ok(outcome)
        };
        let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
        outcome.objectives[0].clone()
    }

    #[test]
    fn a_run_whose_incident_no_request_met_is_left_out() {
        let few = rto(2, 0);
        assert_eq!((few.met, few.runs, few.attendance.unattended, few.is_untested()), (38, 38, 2, false));
    }

    #[test]
    fn an_objective_that_was_not_put_to_the_test_is_not_met() {
        for untested in [rto(3, 0), rto(40, 0), rto(0, 40)] {
            assert!(untested.is_untested() && untested.met == 0 && untested.share.is_none(), "{untested:?}");
        }
        assert!(!rto(0, 39).is_untested());
    }
}
