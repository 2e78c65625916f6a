//! What a sweep found: a table for the terminal, `sweep.csv`, the charts and the receipt.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::front::{front_table, write_front};
use super::wrap::paragraph;
use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::results::words::{Space, caveats, counted, exact, mean, runs};
use crate::results::{Estimate, Place, Statistics};
use crate::study::{KeepError, Metric, Partial, Sweep};

/// The table for the terminal: a block for each metric, a row for each point, a column for each design.
///
/// # Errors
/// If the runs cannot be had back from where they are kept.
pub fn sweep_table(sweep: &Sweep) -> Result<String, KeepError> {
    let first = &sweep.points[0].outcome;
    let names: Vec<&str> = first.designs.iter().map(|design| design.name.as_str()).collect();
    let point = |values: &[String]| values.join(", ");
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let left = widest(&mut sweep.points.iter().map(|at| point(&at.values).chars().count()))
        .max(sweep.keys.join(", ").chars().count());
    let column = widest(&mut names.iter().map(|name| name.chars().count())).max(26);
    let points = counted(sweep.points.len() as u64, "point");
    let points = if sweep.points.len() == 1 { points } else { format!("each of {points}") };
    let mut text = sweep.partial.map_or_else(String::new, |partial| format!("{}.\n", partial_words(partial)));
    text += &format!("{} of each design at {points}\n", runs(first.subject.runs));
    let mut shown = Vec::new();
    for metric in first.metrics.shown_in(Place::Sweep) {
        let metric = &first.metrics.all()[metric];
        text.push_str(&format!("\n{} (mean, and half of its 95 % interval)\n", metric.title));
        text.push_str(&row(&sweep.keys.join(", "), left, names.iter().map(|name| (*name).to_owned()), column));
        for (place, at) in sweep.points.iter().enumerate() {
            let all: Vec<Statistics> =
                (0..names.len()).filter_map(|design| sweep.statistics(place, design, metric)).collect();
            text.push_str(&row(&point(&at.values), left, all.iter().map(|of| cell(of, metric)), column));
            shown.extend(all);
        }
    }
    let caveats = caveats(shown.iter());
    if !caveats.is_empty() {
        text.push_str(&format!("\n{}\n", caveats.trim_start()));
    }
    let notes = sweep.on_downtime();
    if !notes.is_empty() {
        text.push('\n');
        notes.iter().for_each(|note| paragraph(&mut text, "", &format!("{note}.")));
    }
    if let Some(front) = sweep.front()? {
        text.push_str(&front_table(sweep, &front));
    }
    Ok(text)
}

/// Says how much there is of a sweep that was stopped before its end.
pub(super) fn partial_words(partial: Partial) -> String {
    format!("PARTIAL: stopped after {} of {} points; nothing here is the whole sweep", partial.made, partial.asked)
}

/// The line before a table of a sweep that was stopped before its end.
fn mark(sweep: &Sweep, file: &mut dyn Write) -> io::Result<()> {
    sweep.partial.map_or(Ok(()), |partial| writeln!(file, "# {}", partial_words(partial)))
}

fn row(first: &str, left: usize, cells: impl Iterator<Item = String>, column: usize) -> String {
    let cells: String = cells.map(|cell| format!("  {cell:>column$}")).collect();
    format!("  {first:left$}{cells}\n")
}

/// A mean as people read it.
fn cell(statistics: &Statistics, metric: &Metric) -> String {
    match statistics.n {
        0 => "does not apply".to_owned(),
        _ => mean(statistics, metric.unit, Space::Column),
    }
}

/// Writes `sweep.csv`, `front.csv` if there are prices, the charts, the text of the scenario and the receipt into `output`, and
/// puts all in place. Returns the names of the files, without the receipt.
///
/// # Errors
/// If a chart cannot be drawn or a file cannot be written.
pub fn write_sweep(sweep: &Sweep, scenario: &str, mut output: OutputDir) -> Result<Vec<String>, SweepError> {
    output.write("sweep.csv", |file| {
        mark(sweep, file)?;
        write_csv(sweep, file)
    })?;
    let front = sweep.front()?;
    if let Some(front) = &front {
        output.write("front.csv", |file| {
            mark(sweep, file)?;
            write_front(sweep, front, file)
        })?;
    }
    #[cfg(feature = "charts")]
    super::sweep_charts::write(sweep, front.as_deref(), &mut output)?;
    output.write(super::SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    sweep.check()?;
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
    Picture(#[from] super::ChartsError),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The runs cannot be had back from where they are kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

/// A row for each point, design and metric.
fn write_csv(sweep: &Sweep, file: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let columns = "design metric unit n censored mean mean_low mean_high median median_low median_high \
        median_runs_needed p95 p95_low p95_high p95_runs_needed";
    let header = ["point"].into_iter().chain(sweep.keys.iter().map(String::as_str)).chain(columns.split(' '));
    writer.write_record(header)?;
    for (place, point) in sweep.points.iter().enumerate() {
        for (design, name) in point.outcome.designs.iter().map(|design| &design.name).enumerate() {
            for metric in point.outcome.metrics.all() {
                let Some(statistics) = sweep.statistics(place, design, metric) else { continue };
                let fields = [place.to_string()].into_iter().chain(point.values.iter().cloned());
                let fields = fields.chain([name.clone(), metric.name.clone(), metric.unit.name().to_owned()]);
                let fields = fields.chain([statistics.n.to_string(), statistics.censored.to_string()]);
                let fields = fields.chain(estimate(statistics.mean));
                writer.write_record(fields.chain(quantile(&statistics, 0.5)).chain(quantile(&statistics, 0.95)))?;
            }
        }
    }
    writer.flush()
}

/// An estimate and the ends of its interval.
fn estimate(estimate: Option<Estimate>) -> [String; 3] {
    let number = |value: f64| if value.is_finite() { exact(value) } else { String::new() };
    estimate.map_or_else(Default::default, |estimate| [estimate.point, estimate.low, estimate.high].map(number))
}

/// A quantile and, where the runs are too few for it, the number that it needs.
fn quantile(statistics: &Statistics, p: f64) -> [String; 4] {
    let quantile = statistics.quantile(p);
    let [point, low, high] = estimate(quantile.and_then(|quantile| quantile.estimate));
    let needed = quantile.and_then(|quantile| quantile.runs_needed).map_or_else(String::new, |runs| runs.to_string());
    [point, low, high, needed]
}

/// What to run to get the same files again.
fn write_receipt(sweep: &Sweep, files: &BTreeMap<String, String>, mut file: impl Write) -> io::Result<()> {
    let subject = &sweep.points[0].outcome.subject;
    let points: Vec<_> = sweep.points.iter().map(|point| &point.values).collect();
    let mut receipt = serde_json::json!({
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
    if let Some(partial) = sweep.partial {
        receipt["partial"] = serde_json::json!({ "made": partial.made, "asked": partial.asked });
    }
    writeln!(file, "{receipt:#}")
}
