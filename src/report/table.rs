//! The table for the terminal: what is shown of each design, objectives, expectations and comparisons, in 80 columns.

use std::fmt::Write;

use super::opening::opening;
use super::wrap::{WIDTH, cut_end, fitting, paragraph, wrapped};
use crate::results::words::{
    Space, UNCONFIRMED, caveats, column_notes, duration, mean, mean_cut, most_in_runs, objective_found,
    objective_stated, quantile, quantile_interval, runs, runs_of_each, significant, unconfirmed_beside, unconfirmed_in,
    value, windows,
};
use crate::results::{
    Definition, DesignResults, ExpectationFinding, Judged, MetricPlace, ObjectiveFinding, Statistics, Study, Unit,
};

/// Width of the column of titles.
const TITLE: usize = 26;
/// Least width of a design's column.
const COLUMN: usize = 27;

/// The part of a metric that a line of the table shows.
#[derive(Clone, Copy)]
enum LinePart {
    /// Mean and half the width of its interval.
    Mean,
    /// A quantile over runs.
    Quantile(f64),
    /// The median of a metric whose quantiles are not shown, where some runs leave it without a mean.
    Median,
    /// The interval of a quantile over runs.
    QuantileInterval(f64),
    /// The number of runs that were censored; only shown if there are any.
    Censored,
    /// The number of runs in which it is not 0, and the most; only shown if there are any.
    Runs,
    /// The number of runs in which a recovery is not confirmed.
    Unconfirmed,
    /// The mean in one geography.
    Geography(usize),
}

/// The lines below a mean if quantiles are shown.
const QUANTILES: [LinePart; 5] = [
    LinePart::Quantile(0.5),
    LinePart::QuantileInterval(0.5),
    LinePart::Quantile(0.95),
    LinePart::QuantileInterval(0.95),
    LinePart::Censored,
];

/// The whole table, ending with a line break.
pub fn table(study: &Study) -> String {
    let mut text = String::new();
    if let Some(partial) = &study.partial {
        paragraph(&mut text, "", &format!("{}.", partial.sentence()));
    }
    opening(study, facts(study)).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    let per_block = ((WIDTH - TITLE) / COLUMN).max(1);
    let names: Vec<&str> = study.designs.iter().map(|design| design.name.as_str()).collect();
    for (number, block) in study.designs.chunks(per_block).enumerate() {
        let width = (WIDTH - TITLE) / block.len();
        // Names are to stay apart over all blocks.
        let heads = fitting(&names, width - 1);
        text.push('\n');
        design_block(study, block, &heads[number * per_block..], &mut text);
    }
    let is_unconfirmed = lines(study).any(|(_, cell)| matches!(cell, LinePart::Unconfirmed));
    let unconfirmed = if is_unconfirmed { format!(" {UNCONFIRMED}") } else { String::new() };
    let footnote = footnote(study) + &unconfirmed + &column_notes(shown(study)) + &caveats(shown(study));
    text.push('\n');
    paragraph(&mut text, "", &footnote);
    section(&mut text, "Objectives", study.objectives.iter().map(objective));
    section(&mut text, "Expectations", study.expectations.iter().map(expectation));
    for pair in &study.comparisons {
        text.push('\n');
        paragraph(&mut text, "", &format!("{} against {}, run by run", pair.first, pair.second));
        for sentence in &pair.sentences {
            paragraph(&mut text, "  ", sentence);
        }
    }
    text
}

/// Says what was run and measured.
fn facts(study: &Study) -> Vec<String> {
    let made = match study.runs {
        1 => format!("Run {}", study.first_run),
        runs => runs_of_each(runs, study.designs.len()),
    };
    let mut lines = vec![format!("{made}, seed {}", study.seed)];
    if !study.description.is_empty() {
        lines.extend(wrapped("", &study.description));
    }
    let measured = format!(
        "Measured: {} of {} simulated, in {}; a window is down when fewer than {} of its requests succeed.",
        duration(study.measured_to_s - study.measured_from_s),
        duration(study.horizon_s),
        windows(study),
        value(study.slo, Unit::Share),
    );
    lines.extend(wrapped("", &measured));
    lines
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
    study.shown_in(MetricPlace::Terminal).into_iter().flat_map(|metric| study.with_geographies(metric))
}

/// The lines of the table: metric and what is shown of it.
fn lines(study: &Study) -> impl Iterator<Item = (usize, LinePart)> {
    study.shown_in(MetricPlace::Terminal).into_iter().flat_map(|metric| {
        let has_quantiles = study.metrics[metric].places.contains(&MetricPlace::TerminalQuantiles);
        let quantiles: &[LinePart] = if has_quantiles { &QUANTILES } else { &[LinePart::Median] };
        let places = &study.metrics[metric].places;
        let by_runs = places.contains(&MetricPlace::ScreenRuns).then_some(LinePart::Runs);
        let geographies = if places.contains(&MetricPlace::ByGeography) { study.geographies() } else { 0 };
        let others = quantiles.iter().copied().chain(by_runs).chain((0..geographies).map(LinePart::Geography));
        let beside = unconfirmed_beside(study, &study.metrics[metric].name).map(|count| (count, LinePart::Unconfirmed));
        std::iter::once(LinePart::Mean).chain(others).map(move |cell| (metric, cell)).chain(beside)
    })
}

fn design_block(study: &Study, designs: &[DesignResults], heads: &[String], text: &mut String) {
    let width = (WIDTH - TITLE) / designs.len();
    let mut line = pad("", TITLE);
    for name in &heads[..designs.len()] {
        line.push_str(&pad(name, width));
    }
    let _ = writeln!(text, "{}", line.trim_end());
    for (metric, cell) in lines(study) {
        let definition = &study.metrics[metric];
        let all = || designs.iter().filter_map(|design| shown_of(design, metric, &definition.name, cell));
        if !is_worth_showing(cell, study.runs, all()) || study.is_left_out(metric) {
            continue;
        }
        let title = title(study, definition, cell);
        let (above, title) = broken(&title);
        if let Some(above) = above {
            let _ = writeln!(text, "{above}");
        }
        let mut line = pad(&title, TITLE);
        for statistics in all() {
            line.push_str(&pad(&cell_text(cell, statistics, width), width));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// The statistics of a design that a line shows.
fn shown_of<'a>(design: &'a DesignResults, metric: usize, name: &str, cell: LinePart) -> Option<&'a Statistics> {
    match cell {
        LinePart::Geography(place) => design.geographies.get(place)?.metrics.iter().find(|one| one.name == name),
        _ => Some(&design.metrics[metric]),
    }
}

/// Leaves out quantiles of one run, and counts of censored runs where there are none.
fn is_worth_showing<'a>(cell: LinePart, runs: u64, mut all: impl Iterator<Item = &'a Statistics>) -> bool {
    match cell {
        LinePart::Mean => all.any(|statistics| statistics.n > 0),
        LinePart::Quantile(_) => runs > 1 && all.any(|statistics| statistics.n > 0),
        LinePart::Median => all.any(|statistics| statistics.censored > 0 && quantile(statistics, 0.5).is_some()),
        LinePart::QuantileInterval(p) => {
            all.any(|statistics| statistics.quantile(p).is_some_and(|quantile| quantile.estimate.is_some()))
        }
        LinePart::Censored => all.any(|statistics| statistics.censored > 0),
        LinePart::Runs => runs > 1 && all.any(|statistics| statistics.nonzero > 0),
        LinePart::Unconfirmed => true,
        LinePart::Geography(_) => all.any(|statistics| statistics.n > 0),
    }
}

fn title(study: &Study, metric: &Definition, cell: LinePart) -> String {
    match cell {
        LinePart::Mean => metric.title.clone(),
        LinePart::Quantile(0.5) | LinePart::Median => "  median".to_owned(),
        LinePart::Quantile(p) => format!("  p{}", significant(p * 100.0, 3)),
        LinePart::QuantileInterval(_) => "    95 % interval".to_owned(),
        LinePart::Censored => "  not by the horizon".to_owned(),
        LinePart::Runs => "  in".to_owned(),
        LinePart::Unconfirmed => "  unconfirmed".to_owned(),
        LinePart::Geography(place) => {
            let name = study.designs.first().and_then(|design| design.geographies.get(place));
            format!("  {}", name.map_or("", |geography| &geography.name))
        }
    }
}

fn cell_text(cell: LinePart, statistics: &Statistics, width: usize) -> String {
    let unit = statistics.unit;
    match cell {
        LinePart::Mean | LinePart::Geography(_) => match mean(statistics, unit, Space::Column) {
            whole if whole.chars().count() < width => whole,
            whole => mean_cut(statistics, unit).unwrap_or(whole),
        },
        LinePart::Runs => most_in_runs(statistics),
        LinePart::Unconfirmed => unconfirmed_in(statistics),
        _ if statistics.n == 0 => "-".to_owned(),
        LinePart::Quantile(_) | LinePart::Median => {
            let p = if let LinePart::Quantile(p) = cell { p } else { 0.5 };
            let needed = statistics.quantile(p).and_then(|quantile| quantile.runs_needed);
            match (quantile(statistics, p), needed) {
                (Some(quantile), _) => quantile,
                (None, Some(needed)) => format!("needs {}", runs(needed)),
                (None, None) => "-".to_owned(),
            }
        }
        LinePart::QuantileInterval(p) => match statistics.quantile(p).and_then(|quantile| quantile.estimate) {
            Some(estimate) if estimate.low == estimate.high => "the same at both ends".to_owned(),
            Some(_) => quantile_interval(statistics, p).unwrap_or_default(),
            None => String::new(),
        },
        LinePart::Censored => format!("{} of {}", statistics.censored, runs(statistics.n)),
    }
}

/// A title that is too long for its column, broken at the last blank that helps: what stands in a line of its own, and the rest.
fn broken(title: &str) -> (Option<&str>, String) {
    let fits = |text: &str| text.chars().count() < TITLE;
    let helps = |at: &usize| !title[..*at].trim().is_empty() && fits(&title[..*at]);
    let blank = title.rmatch_indices(' ').map(|(at, _)| at).find(helps);
    match blank.filter(|_| !fits(title)) {
        Some(at) => (Some(&title[..at]), cut_end(&format!("  {}", &title[at + 1..]), TITLE - 1)),
        None => (None, cut_end(title, TITLE - 1)),
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

fn objective(finding: &ObjectiveFinding) -> String {
    format!("{} {}", objective_stated(finding), objective_found(finding))
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
