//! `failures.csv` and `incidents.csv`: what failed, why, and what became of each incident.

use std::io::{self, Write};

use super::rows::{Csv, censored, value};
use crate::results::words::exact;
use crate::study::{Cause, IncidentRow, Phase, RunRow, StudyOutcome, ViewRow, VisitorView};

/// `failures.csv`: failed requests by cause and, again, by phase; each of the two sums to the failures of its geography
/// and operation. Rows of no requests are left out except for all geographies and operations together, where the phase
/// rows also have the lost service in seconds.
pub(super) fn write_failures(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let header = ["design", "run", "geography", "operation", "kind", "name", "requests", "lost_service_s"];
    let mut csv = Csv::new(file, header)?;
    for design in &outcome.designs {
        for row in design.rows.iter() {
            for view in &row.views {
                for failure in failures(&row, view) {
                    csv.row([
                        design.name.as_str(),
                        &row.run.to_string(),
                        outcome.subject.geography_name(view.view),
                        view.view.operation_name(),
                        failure.kind,
                        failure.name,
                        &failure.requests.to_string(),
                        &failure.lost_s.map_or_else(String::new, exact),
                    ])?;
                }
            }
        }
    }
    csv.finish()
}

struct FailureRow {
    kind: &'static str,
    name: &'static str,
    requests: u64,
    lost_s: Option<f64>,
}

fn failures(row: &RunRow, view: &ViewRow) -> impl Iterator<Item = FailureRow> {
    let whole = view.view == VisitorView::WHOLE;
    let causes = Cause::ALL.into_iter().zip(view.failed_by_cause);
    let causes =
        causes.map(|(cause, requests)| FailureRow { kind: "cause", name: cause.name(), requests, lost_s: None });
    let phases = Phase::ALL.into_iter().zip(view.failed_by_phase).zip(row.lost_by_phase);
    let phases = phases.map(move |((phase, requests), lost_s)| FailureRow {
        kind: "phase",
        name: phase.name(),
        requests,
        lost_s: whole.then_some(lost_s),
    });
    causes.chain(phases).filter(move |failure| whole || failure.requests > 0)
}

/// `incidents.csv`: one row per design, run and occurrence.
pub(super) fn write_incidents(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let place = [
        "design",
        "run",
        "incident",
        "occurrence",
        "started_s",
        "ended_s",
        "effects_ended_s",
        "episode",
        "attended",
        "affected",
        "relapses",
        "unconfirmed",
    ]
    .map(str::to_owned);
    let times = IncidentRow::TIMES.into_iter().flat_map(|name| [name.to_owned(), format!("{name}_censored")]);
    let mut csv = Csv::new(file, place.into_iter().chain(times))?;
    for design in &outcome.designs {
        for row in design.rows.iter() {
            for incident in &row.incidents {
                let place = [
                    design.name.clone(),
                    row.run.to_string(),
                    outcome.subject.incidents[incident.incident].clone(),
                    incident.occurrence.to_string(),
                    exact(incident.started_s),
                    exact(incident.ended_s),
                    exact(incident.effects_ended_s),
                    incident.episode.to_string(),
                    u8::from(incident.attended).to_string(),
                    u8::from(incident.affected).to_string(),
                    incident.relapses.to_string(),
                    u8::from(incident.is_unconfirmed()).to_string(),
                ];
                let times = incident.times.into_iter().flat_map(|time| [value(time), censored(time)]);
                csv.row(place.into_iter().chain(times))?;
            }
        }
    }
    csv.finish()
}
