//! Writes the results of a sweep: a table for the terminal, Markdown, `sweep.csv`, `sweep.json`, the charts and the
//! receipt.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::front::{front_markdown, front_table, write_front};
use super::wrap::paragraph;
use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::results::words::{Space, caveats, counted, exact, markdown_cell, mean, runs};
use crate::results::{Definition, MetricPlace, PointDesign, Statistics, StudyEstimate, SweepResults};
use crate::study::{FrontEntry, KeepError, Sweep};

/// The table for the terminal: a block for each metric, a row for each point, a column for each design.
pub fn sweep_table(results: &SweepResults) -> String {
    let names = results.designs();
    let keys = results.keys.join(", ");
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let points = 0..results.points.len();
    let left = widest(&mut points.map(|point| results.values(point).chars().count())).max(keys.chars().count());
    let column = widest(&mut names.iter().map(|name| name.chars().count())).max(26);
    let mut text = results.partial.map_or_else(String::new, |partial| format!("{}.\n", partial.sentence()));
    let _ = writeln!(text, "{}", extent(results));
    let shown = results.shown_in(MetricPlace::Sweep);
    for metric in &shown {
        let _ = writeln!(text, "\n{} (mean, and half of its 95 % interval)", metric.title);
        text.push_str(&row(&keys, left, names.iter().map(|name| (*name).to_owned()), column));
        for (place, point) in results.points.iter().enumerate() {
            let cells = point.designs.iter().filter_map(|design| cell(design, metric, Space::Column));
            text.push_str(&row(&results.values(place), left, cells, column));
        }
    }
    let caveats = caveats(statistics(results, &shown));
    if !caveats.is_empty() {
        let _ = writeln!(text, "\n{}", caveats.trim_start());
    }
    if !results.on_downtime.is_empty() {
        text.push('\n');
        results.on_downtime.iter().for_each(|note| paragraph(&mut text, "", &format!("{note}.")));
    }
    text + &front_table(results)
}

/// The same as Markdown, for a job summary or a comment.
pub fn sweep_markdown(results: &SweepResults) -> String {
    let keys = markdown_cell(&results.keys.join(", "));
    let mut text = format!("## {}: a sweep over {keys}\n\n", markdown_cell(&results.scenario));
    if let Some(partial) = &results.partial {
        let _ = writeln!(text, "**{}.**\n", partial.sentence());
    }
    let _ = writeln!(text, "{}, seed {}. Means with half of their 95 % intervals.", extent(results), results.seed);
    let shown = results.shown_in(MetricPlace::Sweep);
    let names: String = results.designs().iter().map(|name| format!(" {} |", markdown_cell(name))).collect();
    for metric in &shown {
        let _ = writeln!(text, "\n### {}\n\n| {keys} |{names}", markdown_cell(&metric.title));
        let _ = writeln!(text, "|---|{}", "---|".repeat(results.designs().len()));
        for (place, point) in results.points.iter().enumerate() {
            let cells = point.designs.iter().filter_map(|design| cell(design, metric, Space::Sentence));
            let cells: String = cells.map(|cell| format!(" {} |", markdown_cell(&cell))).collect();
            let _ = writeln!(text, "| {} |{cells}", markdown_cell(&results.values(place)));
        }
    }
    let caveats = caveats(statistics(results, &shown));
    for note in [caveats.trim_start()].into_iter().filter(|note| !note.is_empty()) {
        let _ = writeln!(text, "\n{}", markdown_cell(note));
    }
    for note in &results.on_downtime {
        let _ = writeln!(text, "\n{}.", markdown_cell(note));
    }
    text + &front_markdown(results)
}

/// Says how much was run.
fn extent(results: &SweepResults) -> String {
    let points = counted(results.points.len() as u64, "point");
    let points = if results.points.len() == 1 { points } else { format!("each of {points}") };
    format!("{} of each design at {points}", runs(results.runs))
}

/// All statistics of the metrics `shown`, in the order of the tables.
fn statistics<'a>(results: &'a SweepResults, shown: &'a [&Definition]) -> impl Iterator<Item = &'a Statistics> {
    let of_metric = |metric: &'a Definition| {
        let designs = results.points.iter().flat_map(|point| &point.designs);
        designs.filter_map(|design| design.statistics(&metric.name))
    };
    shown.iter().flat_map(move |metric| of_metric(metric))
}

fn row(first: &str, left: usize, cells: impl Iterator<Item = String>, column: usize) -> String {
    let cells: String = cells.map(|cell| format!("  {cell:>column$}")).collect();
    format!("  {first:left$}{cells}\n")
}

/// A mean as people read it.
fn cell(design: &PointDesign, metric: &Definition, space: Space) -> Option<String> {
    let statistics = design.statistics(&metric.name)?;
    Some(match statistics.n {
        0 => "does not apply".to_owned(),
        _ => mean(statistics, metric.unit, space),
    })
}

/// The line before a table of a sweep that was stopped before its end.
fn mark(results: &SweepResults, file: &mut dyn Write) -> io::Result<()> {
    results.partial.map_or(Ok(()), |partial| writeln!(file, "# {}", partial.sentence()))
}

/// Writes `sweep.csv`, `sweep.json`, `front.csv` if there are prices, the charts, the text of the scenario and the receipt into
/// `output`, and puts all in place. Returns the names of the files, without the receipt.
///
/// # Errors
/// If a chart cannot be drawn or a file cannot be written.
pub fn write_sweep(
    sweep: &Sweep,
    (results, front): (&SweepResults, Option<&[FrontEntry]>),
    scenario: &str,
    mut output: OutputDir,
) -> Result<Vec<String>, SweepError> {
    output.write("sweep.csv", |file| {
        mark(results, file)?;
        write_csv(results, file)
    })?;
    output.write("sweep.json", |file| file.write_all(results.to_json().as_bytes()))?;
    if let Some(rows) = &results.front {
        output.write("front.csv", |file| {
            mark(results, file)?;
            write_front(results, rows, file)
        })?;
    }
    // Only the charts go back to the entries.
    #[cfg(feature = "charts")]
    super::sweep_charts::write(sweep, front, &mut output)?;
    #[cfg(not(feature = "charts"))]
    let _ = front;
    output.write(super::file_names::SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    sweep.check()?;
    let files = output.files().clone();
    output.write(RECEIPT, |file| write_receipt(sweep, &files, file))?;
    output.commit()?;
    Ok(files.into_keys().collect())
}

/// Reason why a sweep left no files.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// A chart cannot be drawn or written.
    #[cfg(feature = "charts")]
    #[error(transparent)]
    Picture(#[from] super::charts::ChartsError),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The runs cannot be had back from where they are kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

/// A row for each point, design and metric.
fn write_csv(results: &SweepResults, file: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let columns = "design metric unit n censored mean mean_low mean_high median median_low median_high \
        median_runs_needed p95 p95_low p95_high p95_runs_needed";
    let header = ["point"].into_iter().chain(results.keys.iter().map(String::as_str)).chain(columns.split(' '));
    writer.write_record(header)?;
    for (place, point) in results.points.iter().enumerate() {
        for design in &point.designs {
            for statistics in &design.metrics {
                let fields = [place.to_string()].into_iter().chain(point.values.iter().cloned());
                let metric = [design.name.clone(), statistics.name.clone(), statistics.unit.name().to_owned()];
                let counts = [statistics.n.to_string(), statistics.censored.to_string()];
                let fields = fields.chain(metric).chain(counts).chain(estimate(statistics.mean));
                writer.write_record(fields.chain(quantile(statistics, 0.5)).chain(quantile(statistics, 0.95)))?;
            }
        }
    }
    writer.flush()
}

/// An estimate and the ends of its interval.
fn estimate(estimate: Option<StudyEstimate>) -> [String; 3] {
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

/// Writes the command that makes the same files again.
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
