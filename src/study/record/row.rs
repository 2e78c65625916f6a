//! The small rows that a run is folded to as soon as it ends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Cause, IncidentOutcome, Operation, Phase, RunOutcome};
use crate::study::metric::incidents::observation as incidents_observation;
use crate::study::metric::table::MetricTable;
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;
use crate::study::seen::view::VisitorView;

/// One design in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRow {
    /// Run number.
    pub run: u64,
    /// All metrics, in the order of the metric table.
    pub values: Vec<Observation>,
    /// By place in the metric table: what a metric of calm time was before the first incident, by which designs are compared.
    calm_before: BTreeMap<usize, Observation>,
    /// Every geography and operation, all first, in the order of [`VisitorView::all`].
    pub views: Vec<ViewRow>,
    /// Lost service by phase, in seconds.
    pub lost_by_phase: [f64; Phase::ALL.len()],
    /// Occurrences of incidents, by start.
    pub incidents: Vec<IncidentRow>,
}

/// One view of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewRow {
    /// Whose requests.
    pub view: VisitorView,
    /// The metrics by view, in the order of the metric table.
    pub values: Vec<Observation>,
    /// Failed requests by cause.
    pub failed_by_cause: [u64; Cause::ALL.len()],
    /// Failed requests by phase.
    pub failed_by_phase: [u64; Phase::ALL.len()],
}

/// One occurrence of an incident in one run of one design.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentRow {
    /// Place of the incident in the file.
    pub incident: usize,
    /// Which occurrence, from 0.
    pub occurrence: u32,
    /// Its beginning, in seconds from the start of the run.
    pub started_s: f64,
    /// Its end.
    pub ended_s: f64,
    /// The end of what it left behind.
    pub effects_ended_s: f64,
    /// Number of its episode in the run.
    pub episode: u32,
    /// True if a request met it.
    pub attended: bool,
    /// True if it took visitors below the service level.
    pub affected: bool,
    /// Bad windows that ended a stable stretch before the recovery.
    pub relapses: u32,
    /// True if the run goes on for long enough after the recovery to see another relapse.
    pub confirmed: bool,
    /// Times since it began (the last: since it ended), in the order of [`IncidentRow::TIMES`].
    pub times: [Observation; IncidentRow::TIMES.len()],
}

impl IncidentRow {
    /// Names of the times.
    pub const TIMES: [&'static str; 8] = [
        "dns_verdict_s",
        "database_verdict_s",
        "time_to_fail_over_s",
        "time_to_fail_over_reads_s",
        "time_to_fail_over_writes_s",
        "recovery_time_s",
        "first_recovery_time_s",
        "backlog_cleared_s",
    ];

    /// Returns whether it was recovered from, so late that a relapse would not have been seen.
    pub fn is_unconfirmed(&self) -> bool {
        let recovery = Self::TIMES.into_iter().zip(self.times).find(|(name, _)| *name == "recovery_time_s");
        !self.confirmed && recovery.is_some_and(|(_, time)| time.value().is_some())
    }

    fn of(incident: &IncidentOutcome) -> Self {
        IncidentRow {
            incident: incident.incident,
            occurrence: incident.occurrence,
            started_s: incident.started.as_secs_f64(),
            ended_s: incident.ended.as_secs_f64(),
            effects_ended_s: incident.effects_ended.as_secs_f64(),
            episode: incident.episode,
            attended: incident.attended,
            affected: incident.affected,
            relapses: incident.relapses,
            confirmed: incident.confirmed,
            times: [
                incident.dns_verdict,
                incident.database_verdict,
                incident.first_failed_over(),
                incident.failed_over[Operation::Read as usize],
                incident.failed_over[Operation::Write as usize],
                incident.recovered,
                incident.first_recovered,
                incident.backlog_cleared,
            ]
            .map(incidents_observation),
        }
    }
}

impl RunRow {
    /// Returns whether there were incidents, and no request met any of them.
    pub(crate) fn is_unattended(&self) -> bool {
        !self.incidents.is_empty() && self.incidents.iter().all(|incident| !incident.attended)
    }

    /// The value of a metric by which two designs are compared.
    pub(crate) fn for_pairs(&self, position: usize) -> Observation {
        self.calm_before.get(&position).copied().unwrap_or(self.values[position])
    }

    /// Folds `run`.
    pub(crate) fn of(run: &RunOutcome, metrics: &MetricTable, slo: f64) -> Self {
        let whole = Seen::of(run, VisitorView::WHOLE, slo, metrics.prices()).under(metrics.thresholds());
        let views = VisitorView::all(run.visitors.len()).map(|view| {
            let seen = Seen::of(run, view, slo, metrics.prices());
            ViewRow {
                view,
                values: metrics.observe_view(&seen),
                failed_by_cause: seen.tally.failed_by_cause,
                failed_by_phase: seen.tally.failed_by_phase,
            }
        });
        RunRow {
            run: run.run,
            values: metrics.observe_all(&whole),
            calm_before: metrics.observe_for_pairs(&whole),
            views: views.collect(),
            lost_by_phase: whole.lost_by_phase.unwrap_or_default(),
            incidents: run.incidents.iter().map(IncidentRow::of).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Load;
    use crate::study::synthetic;

    #[test]
    fn designs_are_compared_by_calm_time_before_the_first_incident_alone_if_there_is_enough_of_it() {
        let metrics = MetricTable::new(&["north".into(), "south".into()]);
        let position = |name: &str| metrics.position(name).unwrap();
        let load = |busy| Load { app_busy_ns: busy, app_on_ns: 8, ..Load::default() };
        let row = |seconds| {
            let mut run = synthetic::run(1);
            run.calm.before = synthetic::calm_time(seconds, load(2));
            run.calm.again = synthetic::calm_time(100, load(6));
            RunRow::of(&run, &metrics, 0.95)
        };
        let (enough, little) = (row(300), row(299));
        // 2 of 8 before, 6 of 8 again, in each region.
        for row in [&enough, &little] {
            assert_eq!(row.values[position("utilisation_calm")], Observation::Value(0.5));
        }
        assert_eq!(enough.for_pairs(position("utilisation_calm")), Observation::Value(0.25));
        assert_eq!(little.for_pairs(position("utilisation_calm")), Observation::NotApplicable);
        assert_eq!(little.for_pairs(position("calm_before_s")), Observation::Value(299.0));
    }

    #[test]
    fn a_row_has_every_metric_and_every_view() {
        let metrics = MetricTable::new(&["north".into(), "south".into()]);
        let row = RunRow::of(&synthetic::outage(3, 4), &metrics, 0.95);
        assert_eq!((row.run, row.values.len(), row.views.len()), (3, metrics.all().len(), 6));
        assert_eq!(row.views[0].values[..], row.values[..metrics.by_view().len()]);
        assert_eq!(row.views[0].failed_by_phase[Phase::Undetected as usize], 400);
        assert_eq!(row.lost_by_phase.iter().sum::<f64>(), 4.0);
        assert_eq!(row.incidents[0].times[0], Observation::Value(5.0));
        assert_eq!(row.incidents[0].times[1], Observation::NotApplicable);
    }
}
