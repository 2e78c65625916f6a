//! The table for the terminal: what is shown of each design, objectives, expectations and comparisons, in 80 columns.

use std::fmt::Write;

use super::wrap::{WIDTH, paragraph};
use crate::results::words::{
    Space, caveats, duration, ends, in_runs, mean, most_in_runs, runs, significant, value, windows,
};
use crate::results::{
    Definition, Design, ExpectationFinding, Judged, ObjectiveFinding, Place, Statistics, Study, Unit,
};

/// Width of the column of titles.
const TITLE: usize = 26;
/// Least width of a design's column.
const COLUMN: usize = 27;

/// The part of a metric that a line of the table shows.
#[derive(Clone, Copy)]
enum Cell {
    /// Mean and half the width of its interval.
    Mean,
    /// A quantile over runs.
    Quantile(f64),
    /// The interval of a quantile over runs.
    QuantileInterval(f64),
    /// The number of runs that were censored; only shown if there are any.
    Censored,
    /// The number of runs in which it is not 0, and the most; only shown if there are any.
    Runs,
    /// The mean in one geography.
    Geography(usize),
}

/// The lines below a mean if quantiles are shown.
const QUANTILES: [Cell; 5] = [
    Cell::Quantile(0.5),
    Cell::QuantileInterval(0.5),
    Cell::Quantile(0.95),
    Cell::QuantileInterval(0.95),
    Cell::Censored,
];

/// The whole table, ending with a line break.
pub fn table(study: &Study) -> String {
    let mut text = String::new();
    preamble(study, &mut text);
    let per_block = ((WIDTH - TITLE) / COLUMN).max(1);
    for block in study.designs.chunks(per_block) {
        text.push('\n');
        design_block(study, block, &mut text);
    }
    let footnote = footnote(study) + &caveats(shown(study));
    text.push('\n');
    paragraph(&mut text, "", &footnote);
    section(&mut text, "Objectives", study.objectives.iter().map(objective));
    section(&mut text, "Expectations", study.expectations.iter().map(expectation));
    for pair in &study.comparisons {
        let _ = writeln!(text, "\n{} against {}, run by run", pair.first, pair.second);
        for sentence in &pair.sentences {
            paragraph(&mut text, "  ", sentence);
        }
    }
    text
}

fn preamble(study: &Study, text: &mut String) {
    if let Some(partial) = &study.partial {
        paragraph(text, "", &format!("{}.", partial.sentence()));
    }
    let made = if study.runs == 1 {
        format!("run {}", study.first_run)
    } else {
        format!("{} of each design", runs(study.runs))
    };
    let _ = writeln!(text, "{}: {made}, seed {}", study.scenario, study.seed);
    paragraph(text, "", &study.description);
    let measured = format!(
        "Measured: {} of {} simulated, in {}; a window is down when fewer than {} of its requests succeed.",
        duration(study.measured_to_s - study.measured_from_s),
        duration(study.horizon_s),
        windows(study),
        value(study.slo, Unit::Share),
    );
    paragraph(text, "", &measured);
    for warning in &study.warnings {
        paragraph(text, "", &format!("Warning: {warning}"));
    }
    if let Some(until) = &study.until {
        paragraph(text, "", &format!("Stopped after {}.", until.sentence));
    }
}

fn footnote(study: &Study) -> String {
    match study.runs {
        1 => "One run: no intervals. - does not apply.".to_owned(),
        runs => format!(
            "Means over {runs} runs, ± half of their 95 % interval (t); quantiles are over runs, their \
             95 % intervals those of order statistics. - does not apply.{}",
            if is_of_fewer(study) { " A metric that applies to fewer has their number beside it." } else { "" }
        ),
    }
}

/// Tells whether a metric that is shown applies to some runs of a design and not to others.
fn is_of_fewer(study: &Study) -> bool {
    shown(study).any(|statistics| statistics.n > 0 && statistics.not_applicable > 0)
}

/// Every metric of every design of which the table shows the mean.
fn shown(study: &Study) -> impl Iterator<Item = &Statistics> {
    study.shown_in(Place::Terminal).into_iter().flat_map(|metric| study.of_all_designs(metric))
}

/// The lines of the table: metric and what is shown of it.
fn lines(study: &Study) -> impl Iterator<Item = (usize, Cell)> {
    study.shown_in(Place::Terminal).into_iter().flat_map(|metric| {
        let has_quantiles = study.metrics[metric].places.contains(&Place::TerminalQuantiles);
        let quantiles: &[Cell] = if has_quantiles { &QUANTILES } else { &[] };
        let places = &study.metrics[metric].places;
        let by_runs = places.contains(&Place::ScreenRuns).then_some(Cell::Runs);
        let geographies = if places.contains(&Place::ByGeography) { study.geographies() } else { 0 };
        let others = quantiles.iter().copied().chain(by_runs).chain((0..geographies).map(Cell::Geography));
        std::iter::once(Cell::Mean).chain(others).map(move |cell| (metric, cell))
    })
}

fn design_block(study: &Study, designs: &[Design], text: &mut String) {
    let width = (WIDTH - TITLE) / designs.len();
    let mut line = pad("", TITLE);
    for design in designs {
        line.push_str(&pad(&shortened(&design.name, width - 1), width));
    }
    let _ = writeln!(text, "{}", line.trim_end());
    for (metric, cell) in lines(study) {
        let definition = &study.metrics[metric];
        let all = || designs.iter().filter_map(|design| shown_of(design, metric, &definition.name, cell));
        // The writes of the ledger's other columns are shown as soon as there are any.
        let is_rest = definition.places.contains(&Place::ScreenRuns) && definition.name != LOST;
        if !is_worth_showing(cell, study.runs, all()) || (is_rest && all().all(|one| one.nonzero == 0)) {
            continue;
        }
        let mut line = pad(&title(study, definition, cell), TITLE);
        for statistics in all() {
            line.push_str(&pad(&cell_text(cell, statistics), width));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// The metric that is shown though it is 0 in all runs.
const LOST: &str = "writes_lost";

/// The statistics of a design that a line shows.
fn shown_of<'a>(design: &'a Design, metric: usize, name: &str, cell: Cell) -> Option<&'a Statistics> {
    match cell {
        Cell::Geography(place) => design.geographies.get(place)?.metrics.iter().find(|one| one.name == name),
        _ => Some(&design.metrics[metric]),
    }
}

/// Leaves out quantiles of one run, and counts of censored runs where there are none.
fn is_worth_showing<'a>(cell: Cell, runs: u64, mut all: impl Iterator<Item = &'a Statistics>) -> bool {
    match cell {
        Cell::Mean => all.any(|statistics| statistics.n > 0),
        Cell::Quantile(_) => runs > 1 && all.any(|statistics| statistics.n > 0),
        Cell::QuantileInterval(p) => {
            all.any(|statistics| statistics.quantile(p).is_some_and(|quantile| quantile.estimate.is_some()))
        }
        Cell::Censored => all.any(|statistics| statistics.censored > 0),
        Cell::Runs => runs > 1 && all.any(|statistics| statistics.nonzero > 0),
        Cell::Geography(_) => all.any(|statistics| statistics.n > 0),
    }
}

fn title(study: &Study, metric: &Definition, cell: Cell) -> String {
    match cell {
        Cell::Mean => metric.title.clone(),
        Cell::Quantile(0.5) => "  median".to_owned(),
        Cell::Quantile(p) => format!("  p{}", significant(p * 100.0, 3)),
        Cell::QuantileInterval(_) => "    95 % interval".to_owned(),
        Cell::Censored => "  not by the horizon".to_owned(),
        Cell::Runs => "  in".to_owned(),
        Cell::Geography(place) => {
            let name = study.designs.first().and_then(|design| design.geographies.get(place));
            format!("  {}", shortened(name.map_or("", |geography| &geography.name), TITLE - 3))
        }
    }
}

fn cell_text(cell: Cell, statistics: &Statistics) -> String {
    let unit = statistics.unit;
    match cell {
        Cell::Mean | Cell::Geography(_) => mean(statistics, unit, Space::Column),
        Cell::Runs => most_in_runs(statistics),
        _ if statistics.n == 0 => "-".to_owned(),
        Cell::Quantile(p) => match statistics.quantile(p).map(|quantile| (quantile.estimate, quantile.runs_needed)) {
            Some((Some(estimate), _)) => value(estimate.point, unit),
            Some((None, Some(needed))) => format!("needs {needed} runs"),
            Some((None, None)) | None => "-".to_owned(),
        },
        Cell::QuantileInterval(p) => match statistics.quantile(p).and_then(|quantile| quantile.estimate) {
            Some(estimate) if estimate.low == estimate.high => "the same at both ends".to_owned(),
            Some(estimate) => format!("{} to {}", value(estimate.low, unit), value(estimate.high, unit)),
            None => String::new(),
        },
        Cell::Censored => format!("{} of {} runs", statistics.censored, statistics.n),
    }
}

/// Paragraphs under a heading, if there are any.
fn section(text: &mut String, heading: &str, paragraphs: impl Iterator<Item = String>) {
    for (place, words) in paragraphs.enumerate() {
        if place == 0 {
            let _ = writeln!(text, "\n{heading}");
        }
        paragraph(text, "  ", &words);
    }
}

fn objective(objective: &ObjectiveFinding) -> String {
    if let Some(why) = &objective.untested {
        let target = duration(objective.target_s);
        return format!("{}: {} of {target} not met: {why}", objective.design, objective.objective);
    }
    let mut line = format!(
        "{}: {} of {} met {}",
        objective.design,
        objective.objective,
        duration(objective.target_s),
        in_runs(objective.met, objective.runs)
    );
    if let Some(share) = &objective.share {
        let _ = write!(line, " ({})", ends(share, Unit::Share));
    }
    if objective.censored > 0 {
        let _ = write!(line, "; {} had not recovered by the horizon and count as not met", objective.censored);
    }
    line
}

fn expectation(finding: &ExpectationFinding) -> String {
    let verdict = match finding.verdict {
        Judged::Pass => "pass",
        Judged::Fail | Judged::NotEnoughRuns | Judged::Unattended => "FAIL",
        Judged::NotRun => "not run",
    };
    format!("{verdict}  {}", finding.sentence)
}

fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count()).max(1);
    format!("{text}{}", " ".repeat(missing))
}

fn shortened(name: &str, width: usize) -> String {
    if name.chars().count() <= width {
        return name.to_owned();
    }
    let kept: String = name.chars().take(width - 1).collect();
    format!("{kept}…")
}
