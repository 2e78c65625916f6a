//! The table for the terminal: headline metrics per design, objectives, expectations and comparisons, in 80 columns.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::check::expectation_found;
use super::format::{duration, significant, value};
use super::sentence::sentences;
use super::stopping::stopped;
use crate::stats::{Estimate, Scatter, TooFewRuns, none_of, scatter};
use crate::study::{DesignOutcome, ExpectationResult, Metric, StudyOutcome, Summary, Unit, Verdict};

/// Width of a line.
const WIDTH: usize = 80;
/// Width of the column of titles.
const TITLE: usize = 26;
/// Least width of a design's column.
const COLUMN: usize = 27;

/// What a line of the table shows of a metric.
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
}

/// The lines: metric, what is shown of it.
const LINES: [(&str, Cell); 27] = [
    ("availability_requests", Cell::Mean),
    ("availability_time", Cell::Mean),
    ("downtime_s", Cell::Mean),
    ("downtime_s", Cell::Quantile(0.5)),
    ("downtime_s", Cell::QuantileInterval(0.5)),
    ("downtime_s", Cell::Quantile(0.95)),
    ("downtime_s", Cell::QuantileInterval(0.95)),
    ("longest_downtime_s", Cell::Mean),
    ("lost_service_s", Cell::Mean),
    ("dns_verdict_s", Cell::Mean),
    ("time_to_fail_over_s", Cell::Mean),
    ("recovery_time_s", Cell::Mean),
    ("recovery_time_s", Cell::Quantile(0.5)),
    ("recovery_time_s", Cell::QuantileInterval(0.5)),
    ("recovery_time_s", Cell::Quantile(0.95)),
    ("recovery_time_s", Cell::QuantileInterval(0.95)),
    ("recovery_time_s", Cell::Censored),
    ("writes_acknowledged", Cell::Mean),
    ("writes_lost", Cell::Mean),
    ("data_loss_window_s", Cell::Mean),
    ("stale_read_share", Cell::Mean),
    ("latency_p50_ms", Cell::Mean),
    ("latency_p99_ms", Cell::Mean),
    ("attempts_per_request", Cell::Mean),
    ("idle_capacity", Cell::Mean),
    ("instance_hours", Cell::Mean),
    ("cost_per_month", Cell::Mean),
];

/// The whole table, ending with a line break.
pub fn table(outcome: &StudyOutcome) -> String {
    let mut text = String::new();
    preamble(outcome, &mut text);
    let per_block = ((WIDTH - TITLE) / COLUMN).max(1);
    for block in outcome.designs.chunks(per_block) {
        text.push('\n');
        design_block(outcome, block, &mut text);
    }
    let footnote = footnote(outcome) + &caveats(shown(outcome));
    text.push('\n');
    paragraph(&mut text, "", &footnote);
    objectives(outcome, &mut text);
    expectations(outcome, &mut text);
    for comparison in &outcome.comparisons {
        let _ = writeln!(text, "\n{} against {}, run by run", comparison.first, comparison.second);
        for sentence in sentences(outcome, comparison) {
            paragraph(&mut text, "  ", &sentence);
        }
    }
    text
}

fn preamble(outcome: &StudyOutcome, text: &mut String) {
    let subject = &outcome.subject;
    let runs = if subject.runs == 1 {
        format!("run {}", subject.first_run)
    } else {
        format!("{} runs of each design", subject.runs)
    };
    let _ = writeln!(text, "{}: {runs}, seed {}", subject.scenario, subject.seed);
    paragraph(text, "", &subject.description);
    let measured = format!(
        "Measured: {} of {} simulated, in windows of {}; a window is down when fewer than {} of its requests succeed.",
        duration(subject.measured_s()),
        duration(subject.horizon_s),
        duration(subject.span.window.as_secs_f64()),
        value(subject.slo, Unit::Share),
    );
    paragraph(text, "", &measured);
    if let Some(stopping) = &outcome.stopping {
        paragraph(text, "", &format!("Stopped after {}.", stopped(outcome, stopping)));
    }
}

fn footnote(outcome: &StudyOutcome) -> String {
    match outcome.subject.runs {
        1 => "One run: no intervals. - does not apply.".to_owned(),
        runs => format!(
            "Means over {runs} runs, ± half of their 95 % interval (t); quantiles are over runs, their \
             95 % intervals those of order statistics. - does not apply.{}",
            if fewer(outcome) { " A metric that applies to fewer has their number beside it." } else { "" }
        ),
    }
}

/// Whether a metric that is shown applies to some runs of a design and not to others.
fn fewer(outcome: &StudyOutcome) -> bool {
    shown(outcome).any(|summary| summary.n > 0 && summary.not_applicable > 0)
}

/// Every metric of every design of which the table shows the mean.
fn shown(outcome: &StudyOutcome) -> impl Iterator<Item = &Summary> {
    let means = LINES.iter().filter(|(_, cell)| matches!(cell, Cell::Mean));
    let positions = means.filter_map(|(name, _)| outcome.metrics.position(name));
    positions.flat_map(|position| outcome.designs.iter().map(move |design| &design.summaries[position]))
}

fn design_block(outcome: &StudyOutcome, designs: &[DesignOutcome], text: &mut String) {
    let width = (WIDTH - TITLE) / designs.len();
    let mut line = pad("", TITLE);
    for design in designs {
        line.push_str(&pad(&shortened(&design.name, width - 1), width));
    }
    let _ = writeln!(text, "{}", line.trim_end());
    for (name, cell) in LINES {
        let Some(position) = outcome.metrics.position(name) else { continue };
        let metric = &outcome.metrics.all()[position];
        let summaries = || designs.iter().map(|design| &design.summaries[position]);
        if !worth_showing(cell, outcome.subject.runs, summaries()) {
            continue;
        }
        let mut line = pad(&title(metric, cell), TITLE);
        for summary in summaries() {
            line.push_str(&pad(&cell_text(metric, cell, summary), width));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// Leaves out quantiles of one run, and counts of censored runs where there are none.
fn worth_showing<'a>(cell: Cell, runs: u64, mut summaries: impl Iterator<Item = &'a Summary>) -> bool {
    match cell {
        Cell::Mean => summaries.any(|summary| summary.n > 0),
        Cell::Quantile(_) => runs > 1 && summaries.any(|summary| summary.n > 0),
        Cell::QuantileInterval(p) => summaries.any(|summary| quantile(summary, p).is_some_and(Result::is_ok)),
        Cell::Censored => summaries.any(|summary| summary.censored > 0),
    }
}

fn title(metric: &Metric, cell: Cell) -> String {
    match cell {
        Cell::Mean => metric.title.clone(),
        Cell::Quantile(0.5) => "  median".to_owned(),
        Cell::Quantile(p) => format!("  p{}", significant(p * 100.0, 3)),
        Cell::QuantileInterval(_) => "    95 % interval".to_owned(),
        Cell::Censored => "  not by the horizon".to_owned(),
    }
}

/// A quantile of those that every summary has.
fn quantile(summary: &Summary, p: f64) -> Option<&Result<Estimate, TooFewRuns>> {
    let place = crate::study::QUANTILES.iter().position(|&known| known == p)?;
    Some(&summary.quantiles[place])
}

fn cell_text(metric: &Metric, cell: Cell, summary: &Summary) -> String {
    if summary.n == 0 {
        return "-".to_owned();
    }
    match cell {
        Cell::Mean => match (summary.mean, summary.min()) {
            (Some(mean), _) => mean_of(summary, &mean, metric.unit),
            (None, Some(only)) if summary.n == 1 && summary.censored == 0 => match summary.not_applicable {
                0 => value(only, metric.unit),
                others => format!("{} in 1 of {} runs", value(only, metric.unit), 1 + others),
            },
            _ => format!("{} beyond horizon", summary.censored),
        },
        Cell::Quantile(p) => match quantile(summary, p) {
            Some(Ok(quantile)) => value(quantile.point, metric.unit),
            Some(Err(refused)) => format!("needs {} runs", refused.needed),
            None => "-".to_owned(),
        },
        Cell::QuantileInterval(p) => match quantile(summary, p) {
            Some(Ok(quantile)) if quantile.low == quantile.high => "the same at both ends".to_owned(),
            Some(Ok(quantile)) => {
                format!("{} to {}", value(quantile.low, metric.unit), value(quantile.high, metric.unit))
            }
            Some(Err(_)) | None => String::new(),
        },
        Cell::Censored => format!("{} of {} runs", summary.censored, summary.n),
    }
}

/// A margin this small beside its mean is the rounding of the sum over equal runs.
const ROUNDING: f64 = 1e-9;

/// Beside a mean whose interval is too narrow.
const TOO_NARROW: &str = " *";

/// A mean with half of its interval, as far as that is one.
pub(super) fn mean_of(summary: &Summary, mean: &Estimate, unit: Unit) -> String {
    let text = if is_same(mean.point, mean.half_width()) {
        mean_text(mean, unit)
    } else {
        margin(mean.point, mean.half_width(), unit) + &of_fewer(summary)
    };
    text + mark(scatter(&summary.sorted))
}

/// To how many runs it applies, if not to all, as short as a column is narrow: ` (150)`.
fn of_fewer(summary: &Summary) -> String {
    if summary.not_applicable == 0 { String::new() } else { format!(" ({})", summary.n) }
}

/// What stands beside a mean if its interval is too narrow.
pub(super) fn mark(scatter: Scatter) -> &'static str {
    match scatter {
        Scatter::Rare { .. } => TOO_NARROW,
        Scatter::Seen | Scatter::Unseen { .. } => "",
    }
}

/// A mean with half of its interval; equal values have none, and are counted instead.
pub(super) fn mean_text(mean: &Estimate, unit: Unit) -> String {
    match is_same(mean.point, mean.half_width()) {
        true => format!("{} in all {} runs", value(mean.point, unit), mean.n),
        false => margin(mean.point, mean.half_width(), unit),
    }
}

fn is_same(mean: f64, margin: f64) -> bool {
    margin <= ROUNDING * mean.abs()
}

/// What a table says of the means that it shows and that have no interval to be trusted, if there are any.
pub(super) fn caveats<'a>(shown: impl Iterator<Item = &'a Summary>) -> String {
    let with_mean = shown.filter(|summary| summary.mean.is_some());
    let (mut equal, mut is_narrow) = (BTreeSet::new(), false);
    for summary in with_mean {
        match scatter(&summary.sorted) {
            Scatter::Unseen { .. } => drop(equal.insert(summary.n)),
            Scatter::Rare { .. } => is_narrow = true,
            Scatter::Seen => (),
        }
    }
    let mut text = caveat_of_equal(&equal);
    if is_narrow {
        text.push_str(&format!(" {NARROW}"));
    }
    text
}

/// What `*` says.
pub(super) const NARROW: &str =
    "* Most runs have the same value, and fewer than 30 another: the interval is too narrow.";

/// What is said of means that are the same in all runs, for so many runs.
pub(super) fn caveat_of_equal(runs: &BTreeSet<u64>) -> String {
    let (Some(least), Some(most)) = (runs.first(), runs.last()) else { return String::new() };
    let others = value(none_of(*least), Unit::Share);
    if least == most {
        format!(" Where all {least} runs have the same value, at 95 % up to {others} of runs may have another.")
    } else {
        format!(
            " Where all {least} to {most} runs have the same value, at 95 % up to {others} to {} of runs may have another.",
            value(none_of(*most), Unit::Share)
        )
    }
}

/// A mean and half of its interval.
pub(super) fn margin(mean: f64, margin: f64, unit: Unit) -> String {
    if is_same(mean, margin) {
        return format!("{} in every run", value(mean, unit));
    }
    match unit {
        Unit::Share => format!("{} ± {}", value(mean, unit), significant(margin * 100.0, 2)),
        _ => format!("{} ± {}", value(mean, unit), margin_text(margin, mean, unit)),
    }
}

/// A margin to two significant digits, in the unit's own scale; below a second in seconds beside a mean in seconds.
fn margin_text(margin: f64, mean: f64, unit: Unit) -> String {
    let rounded = |number: f64| significant(number, 2).parse::<f64>().unwrap_or(number);
    match unit {
        Unit::Seconds if margin < 1.0 && mean.abs() >= 1.0 => format!("{} s", significant(margin, 2)),
        Unit::Milliseconds if margin < 1.0 && (1.0..1e3).contains(&mean.abs()) => {
            format!("{} ms", significant(margin, 2))
        }
        Unit::Seconds | Unit::Milliseconds => value(rounded(margin), unit),
        Unit::Share
        | Unit::Count
        | Unit::PerRequest
        | Unit::Bytes
        | Unit::BytesPerSecond
        | Unit::Hours
        | Unit::Money => significant(margin, 2),
    }
}

fn objectives(outcome: &StudyOutcome, text: &mut String) {
    if outcome.objectives.is_empty() {
        return;
    }
    text.push_str("\nObjectives\n");
    for objective in &outcome.objectives {
        let mut line = format!(
            "{}: {} of {} met in {} of {} runs",
            objective.design,
            objective.kind.name(),
            duration(objective.target_s),
            objective.met,
            objective.runs
        );
        if let Some(share) = &objective.share {
            let _ = write!(
                line,
                " (95 % interval {} to {})",
                value(share.low, Unit::Share),
                value(share.high, Unit::Share)
            );
        }
        if objective.censored > 0 {
            let _ = write!(line, "; {} had not recovered by the horizon and count as not met", objective.censored);
        }
        paragraph(text, "  ", &line);
    }
}

fn expectations(outcome: &StudyOutcome, text: &mut String) {
    if outcome.expectations.is_empty() {
        return;
    }
    text.push_str("\nExpectations\n");
    for result in &outcome.expectations {
        paragraph(text, "  ", &expectation(outcome, result));
    }
}

fn expectation(outcome: &StudyOutcome, result: &ExpectationResult) -> String {
    let verdict = match result.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail | Verdict::NotEnoughRuns { .. } => "FAIL",
        Verdict::NotRun => return format!("not run  {}", result.text),
    };
    format!("{verdict}  {}: {}", result.text, expectation_found(outcome, result))
}

/// An expectation and what was found of it, without the verdict.
pub(super) fn findings(outcome: &StudyOutcome, result: &ExpectationResult) -> String {
    match result.verdict {
        Verdict::NotRun => result.text.clone(),
        _ => format!("{}: {}", result.text, expectation_found(outcome, result)),
    }
}

/// Writes a paragraph wrapped to the width of a line; an indented one hangs two columns deeper.
fn paragraph(text: &mut String, indent: &str, words: &str) {
    let hanging = if indent.is_empty() { "" } else { "    " };
    let mut line = indent.to_owned();
    let mut empty = true;
    for word in glued(words) {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = hanging.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    let _ = writeln!(text, "{line}");
}

/// The words of a text, with a number and its unit as one.
fn glued(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let unit =
            ["%", "s", "ms", "µs", "min", "h", "d", "points"].contains(&word.trim_end_matches([',', ')', ';', ':']));
        match words.last_mut().filter(|last| unit && last.ends_with(|end: char| end.is_ascii_digit())) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
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
