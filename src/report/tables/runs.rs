//! `runs.csv` and `by_geography.csv`: every metric of every run.

use std::io::{self, Write};

use super::rows::{Csv, censored, value};
use crate::results::rows::{self, Cell, RunValues};
use crate::study::{DesignOutcome, Metric, Observation, RunRow, StudyOutcome};

/// `runs.csv`: one row per design and run, one column per metric.
pub(super) fn write_runs(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let metrics = outcome.metrics.all();
    let runs =
        outcome.designs.iter().flat_map(|design| design.rows.iter().map(move |row| run_values(design, metrics, &row)));
    rows::write(strings(["design", "run"]).chain(header(metrics)), runs, file)
}

fn run_values(design: &DesignOutcome, metrics: &[Metric], row: &RunRow) -> RunValues {
    let cells = metrics.iter().zip(&row.values).flat_map(|(metric, &observation)| {
        let flag = match observation {
            Observation::NotApplicable => Cell(None),
            Observation::Value(_) => Cell(Some(0.0)),
            Observation::Censored | Observation::CensoredAt(_) => Cell(Some(1.0)),
        };
        let value = observation.value().or(observation.watched_for());
        std::iter::once(Cell(value)).chain(metric.censorable.then_some(flag))
    });
    RunValues { design: design.name.clone(), run: row.run, values: cells.collect() }
}

/// `by_geography.csv`: one row per design, run, geography and operation, `all` among them.
pub(super) fn write_by_geography(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let metrics = outcome.metrics.by_view();
    let mut csv = Csv::new(file, strings(["design", "run", "geography", "operation"]).chain(header(metrics)))?;
    for design in &outcome.designs {
        for row in design.rows.iter() {
            for view in &row.views {
                let place = [
                    design.name.clone(),
                    row.run.to_string(),
                    outcome.subject.geography_name(view.view).to_owned(),
                    view.view.operation_name().to_owned(),
                ];
                csv.row(place.into_iter().chain(fields(metrics, &view.values)))?;
            }
        }
    }
    csv.finish()
}

fn strings<const N: usize>(names: [&str; N]) -> impl Iterator<Item = String> {
    names.map(str::to_owned).into_iter()
}

/// Names of metrics; one that may be censored is followed by the column that says so.
fn header(metrics: &[Metric]) -> impl Iterator<Item = String> {
    metrics.iter().flat_map(|metric| {
        let censored = metric.censorable.then(|| format!("{}_censored", metric.name));
        std::iter::once(metric.name.clone()).chain(censored)
    })
}

fn fields(metrics: &[Metric], values: &[Observation]) -> impl Iterator<Item = String> {
    metrics.iter().zip(values).flat_map(|(metric, &observation)| {
        std::iter::once(value(observation)).chain(metric.censorable.then(|| censored(observation)))
    })
}
