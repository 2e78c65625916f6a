//! What a sweep found: a table for the terminal, `sweep.csv`, the charts and the receipt.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::format::{exact, value};
use super::front::{front_table, write_front};
use super::table::{caveats, mean_of};
use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::stats::{LEVEL, quantile_interval};
use crate::study::{DesignOutcome, Metric, StudyOutcome, Sweep};

/// Metrics of the table for the terminal.
const SHOWN: [&str; 5] = ["downtime_s", "lost_service_s", "recovery_time_s", "writes_lost", "cost_per_month"];

/// The table for the terminal: a block for each metric, a row for each point, a column for each design.
pub fn sweep_table(sweep: &Sweep) -> String {
    let first = &sweep.points[0].outcome;
    let names: Vec<&str> = first.designs.iter().map(|design| design.name.as_str()).collect();
    let point = |values: &[String]| values.join(", ");
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let left = widest(&mut sweep.points.iter().map(|at| point(&at.values).chars().count()))
        .max(sweep.keys.join(", ").chars().count());
    let column = widest(&mut names.iter().map(|name| name.chars().count())).max(26);
    let mut text = format!("{} runs of each design at each of {} points\n", first.subject.runs, sweep.points.len());
    for metric in SHOWN.iter().filter_map(|name| first.metrics.all().iter().find(|metric| metric.name == *name)) {
        text.push_str(&format!("\n{} (mean, and half of its 95 % interval)\n", metric.title));
        text.push_str(&row(&sweep.keys.join(", "), left, names.iter().map(|name| (*name).to_owned()), column));
        for at in &sweep.points {
            let cells = at.outcome.designs.iter().map(|design| cell(&at.outcome, design, metric));
            text.push_str(&row(&point(&at.values), left, cells, column));
        }
    }
    let shown = sweep.points.iter().flat_map(|at| {
        let summaries = move |design| SHOWN.iter().filter_map(move |name| at.outcome.summary(design, name));
        at.outcome.designs.iter().flat_map(summaries)
    });
    let caveats = caveats(shown);
    if !caveats.is_empty() {
        text.push_str(&format!("\n{}\n", caveats.trim_start()));
    }
    if let Some(front) = sweep.front() {
        text.push_str(&front_table(sweep, &front));
    }
    text
}

fn row(first: &str, left: usize, cells: impl Iterator<Item = String>, column: usize) -> String {
    let cells: String = cells.map(|cell| format!("  {cell:>column$}")).collect();
    format!("  {first:left$}{cells}\n")
}

/// A mean as people read it.
fn cell(outcome: &StudyOutcome, design: &DesignOutcome, metric: &Metric) -> String {
    let Some(summary) = outcome.summary(design, &metric.name) else { return String::new() };
    match &summary.mean {
        Some(mean) => mean_of(summary, mean, metric.unit),
        None if summary.censored > 0 => format!("beyond horizon in {}", summary.censored),
        None if summary.n == 0 => "does not apply".to_owned(),
        None if summary.not_applicable > 0 => {
            format!("{} in 1 of {} runs", value(summary.sorted[0], metric.unit), 1 + summary.not_applicable)
        }
        None => value(summary.sorted[0], metric.unit),
    }
}

/// Writes `sweep.csv`, `front.csv` if there are prices, the charts, the text of the scenario and the receipt into `output`, and
/// puts all in place. Returns the names of the files, without the receipt.
///
/// # Errors
/// If a chart cannot be drawn or a file cannot be written.
pub fn write_sweep(sweep: &Sweep, scenario: &str, mut output: OutputDir) -> Result<Vec<String>, SweepError> {
    output.write("sweep.csv", |file| write_csv(sweep, file))?;
    let front = sweep.front();
    if let Some(front) = &front {
        output.write("front.csv", |file| write_front(sweep, front, file))?;
    }
    #[cfg(feature = "charts")]
    super::sweep_pictures::write(sweep, front.as_deref(), &mut output)?;
    output.write(super::SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    let files = output.files().clone();
    output.write(RECEIPT, |file| write_receipt(sweep, &files, file))?;
    output.commit()?;
    Ok(files.into_keys().collect())
}

/// Why a sweep left no files.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// A chart cannot be drawn or written.
    #[cfg(feature = "charts")]
    #[error(transparent)]
    Picture(#[from] super::PictureError),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// A row for each point, design and metric.
fn write_csv(sweep: &Sweep, file: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let columns = "design metric unit n censored mean mean_low mean_high median median_low median_high \
        median_runs_needed p95 p95_low p95_high p95_runs_needed";
    let header = ["point"].into_iter().chain(sweep.keys.iter().map(String::as_str)).chain(columns.split(' '));
    writer.write_record(header)?;
    for (place, point) in sweep.points.iter().enumerate() {
        for design in &point.outcome.designs {
            for (metric, summary) in point.outcome.metrics.all().iter().zip(&design.summaries) {
                let number = |value: f64| if value.is_finite() { exact(value) } else { String::new() };
                let estimate = |estimate: Option<&crate::stats::Estimate>| match estimate {
                    Some(estimate) => [estimate.point, estimate.low, estimate.high].map(number),
                    None => [const { String::new() }; 3],
                };
                // Where the runs are too few for a quantile, the number that it needs stands in its place.
                let quantile = |p: f64| match quantile_interval(&summary.sorted, p, LEVEL) {
                    Ok(quantile) => estimate(Some(&quantile)).into_iter().chain([String::new()]),
                    Err(refused) => estimate(None).into_iter().chain([refused.needed.to_string()]),
                };
                let fields = [place.to_string()].into_iter().chain(point.values.iter().cloned());
                let fields = fields.chain([design.name.clone(), metric.name.clone(), metric.unit.name().to_owned()]);
                let fields = fields.chain([summary.n.to_string(), summary.censored.to_string()]);
                let fields = fields.chain(estimate(summary.mean.as_ref()));
                let fields = fields.chain(quantile(0.5)).chain(quantile(0.95));
                writer.write_record(fields)?;
            }
        }
    }
    writer.flush()
}

/// What to run to get the same files again.
fn write_receipt(sweep: &Sweep, files: &BTreeMap<String, String>, mut file: impl Write) -> io::Result<()> {
    let subject = &sweep.points[0].outcome.subject;
    let points: Vec<_> = sweep.points.iter().map(|point| &point.values).collect();
    let receipt = serde_json::json!({
        "firedrill": env!("CARGO_PKG_VERSION"),
        "scenario": subject.scenario,
        "scenario_sha256": sweep.points.iter().map(|point| &point.outcome.subject.hash).collect::<Vec<_>>(),
        "seed": subject.seed,
        "runs": subject.runs,
        "designs": sweep.points[0].outcome.designs.iter().map(|design| &design.name).collect::<Vec<_>>(),
        "settings": sweep.settings,
        "keys": sweep.keys,
        "points": points,
        "files": files,
    });
    writeln!(file, "{receipt:#}")
}
