//! The last screen: which design, by what ratio and how sure, what is lost, and what to fix first, in 24 lines of 80 columns.
//!
//! Everything else is in the table (`--verbose`) and in the report. Of more than three designs the best and the worst are
//! shown, and the rest are counted. Lines that do not fit go, the least important first.

use std::fmt::Write;

use super::wrap::{WIDTH, wrapped};
use crate::results::words::{Space, duration, mean, mean_alone, most_in_runs, runs, share, value, windows};
use crate::results::{Design, Judged, ObjectiveFinding, Place, Statistics, Step, Study};

/// Most lines of the screen: with the three that close a command, the height of a terminal.
const LINES: usize = 21;
/// Most warnings that are shown.
const WARNINGS: usize = 2;
/// Most designs that have a column.
const COLUMNS: usize = 3;
/// Width of the column of titles.
const TITLE: usize = 22;

/// A part of the screen: the parts of the highest rank go first if there is no room.
struct Part {
    rank: u8,
    lines: Vec<String>,
}

/// Renders the screen, at most 21 lines, ending with a line break.
pub fn screen(study: &Study) -> String {
    let shown = columns(study);
    let partial = study.partial.as_ref().map_or_else(Vec::new, |partial| wrapped("", &partial.sentence()));
    let mut parts = vec![
        part(0, partial),
        part(0, wrapped("", &format!("{}: {}", study.scenario, study.answer.headline))),
        part(4, wrapped("", &made(study))),
        part(0, vec![String::new(), names(study, &shown)]),
    ];
    parts.extend(rows(study, &shown));
    parts.extend(objectives(study, &shown).into_iter().map(|line| part(2, vec![line])));
    parts.push(part(6, vec![String::new()]));
    let ratios =
        study.ratios.iter().filter(|ratio| shown.iter().any(|&design| study.designs[design].name == ratio.than));
    parts.extend(ratios.map(|ratio| part(1, wrapped("", &ratio.sentence))));
    let stopped = study.until.iter().map(|until| format!("Stopped after {}.", until.sentence));
    parts.extend(stopped.map(|sentence| part(2, wrapped("", &sentence))));
    parts.extend(
        study.warnings.iter().take(WARNINGS).map(|warning| part(2, wrapped("", &format!("Warning: {warning}")))),
    );
    parts.extend(shown.iter().filter_map(|&design| first_to_fix(&study.designs[design])).map(|lines| part(1, lines)));
    parts.extend(expectations(study));
    parts.push(part(0, vec![rest(study, &shown)]));
    fitted(parts).concat()
}

fn part(rank: u8, lines: Vec<String>) -> Part {
    Part { rank, lines }
}

/// The lines that fit, each with its break: parts of the highest rank are dropped until they do, the last of a rank first.
fn fitted(mut parts: Vec<Part>) -> Vec<String> {
    while parts.iter().map(|part| part.lines.len()).sum::<usize>() > LINES {
        let highest = parts.iter().map(|part| part.rank).max().unwrap_or(0);
        match parts.iter().rposition(|part| part.rank == highest) {
            Some(last) if highest > 0 => drop(parts.remove(last)),
            _ => break,
        }
    }
    parts.into_iter().flat_map(|part| part.lines).take(LINES).map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The positions of the designs that have a column: all of up to three, else the best and the worst by lost service.
fn columns(study: &Study) -> Vec<usize> {
    let all: Vec<usize> = (0..study.designs.len()).collect();
    if all.len() <= COLUMNS {
        return all;
    }
    let lost = |&design: &usize| {
        study.statistics(design, "lost_service_s").and_then(Statistics::middle).unwrap_or(f64::INFINITY)
    };
    let by_loss = |one: &usize, other: &usize| lost(one).total_cmp(&lost(other));
    let best = all.iter().copied().min_by(by_loss);
    let worst = all.iter().copied().max_by(by_loss);
    best.into_iter().chain(worst.filter(|worst| Some(*worst) != best)).collect()
}

fn made(study: &Study) -> String {
    let made = if study.runs == 1 {
        format!("run {}", study.first_run)
    } else {
        format!("means of {} ± half a 95 % interval", runs(study.runs))
    };
    format!("{made}, seed {}, in {}", study.seed, windows(study))
}

fn names(study: &Study, shown: &[usize]) -> String {
    let width = width(shown);
    shown.iter().fold(pad("", TITLE), |line, &design| line + &pad(&fit(&study.designs[design].name, width), width))
}

/// A line for each metric of the screen that applies; the last of them go first.
fn rows(study: &Study, shown: &[usize]) -> Vec<Part> {
    let mut parts = Vec::new();
    for metric in study.shown_in(Place::Screen) {
        let definition = &study.metrics[metric];
        let all = || shown.iter().map(|&design| &study.designs[design].metrics[metric]);
        let counts_runs = definition.places.contains(&Place::ScreenRuns);
        let is_shown = if counts_runs { all().any(|one| one.nonzero > 0) } else { all().any(|one| one.n > 0) };
        if is_shown || definition.name == "writes_lost" {
            let cells: Vec<String> = all()
                .map(|one| if counts_runs { brief(most_in_runs(one), width(shown)) } else { cell(one, width(shown)) })
                .collect();
            parts.push(part(if parts.len() < 2 { 0 } else { 2 }, vec![row(&definition.title, &cells, shown)]));
        }
        if definition.name == "downtime_s" && study.runs > 1 {
            let tail = |one: &Statistics| match one.quantile(0.95).and_then(|quantile| quantile.estimate) {
                Some(estimate) => value(estimate.point, one.unit),
                None => "-".to_owned(),
            };
            let cells: Vec<String> = all().map(tail).collect();
            if cells.iter().all(|cell| cell == "-") {
                continue;
            }
            parts.push(part(3, vec![row("  95 % of runs under", &cells, shown)]));
        }
    }
    parts
}

/// `149 runs, at most 31`, shorter where a column is narrow.
fn brief(text: String, width: usize) -> String {
    if text.chars().count() < width { text } else { text.replace("at most", "≤") }
}

fn cell(statistics: &Statistics, width: usize) -> String {
    let whole = mean(statistics, statistics.unit, Space::Column);
    if whole.chars().count() < width {
        return whole;
    }
    mean_alone(statistics, statistics.unit).unwrap_or(whole)
}

fn row(title: &str, cells: &[String], shown: &[usize]) -> String {
    let width = width(shown);
    let title = pad(&fit(title, TITLE), TITLE);
    cells.iter().fold(title, |line, cell| line + &pad(&fit(cell, width), width))
}

/// `Fix first in active-active: undetected, 61 % (dns.health_checks.interval = 10s)`; where others may cost as much, these too.
fn first_to_fix(design: &Design) -> Option<Vec<String>> {
    let lead = design.waterfall.lead.as_ref()?;
    let steps: Vec<_> = lead.phases.iter().take(2).filter_map(|phase| design.waterfall.step(phase)).collect();
    let line = |has_value: bool| {
        let named: Vec<String> = steps.iter().map(|step| cause(step, has_value)).collect();
        wrapped("", &format!("Fix first in {}: {}", design.name, named.join(" or ")))
    };
    // A value that takes another line is in the report.
    Some(line(true)).filter(|lines| lines.len() == 1).or_else(|| Some(line(false)))
}

/// `undetected 61 % (dns.health_checks.interval = 10s)`.
fn cause(step: &Step, has_value: bool) -> String {
    let setting = match (&step.key, &step.value) {
        (Some(key), Some(value)) if has_value => format!(" ({key} = {value})"),
        (Some(key), _) => format!(" ({key})"),
        (None, _) => String::new(),
    };
    format!("{} {}{setting}", step.phase, share(step.share))
}

/// A line for each objective: in how many runs each design met it.
fn objectives(study: &Study, shown: &[usize]) -> Vec<String> {
    let mut kinds: Vec<(&str, f64)> = Vec::new();
    for one in &study.objectives {
        if !kinds.contains(&(one.objective.as_str(), one.target_s)) {
            kinds.push((&one.objective, one.target_s));
        }
    }
    let found = |one: &ObjectiveFinding| match &one.untested {
        Some(_) => "not put to the test".to_owned(),
        None => format!("{} of {}", one.met, runs(one.runs)),
    };
    let line = |(kind, target_s): (&str, f64)| {
        let of_design = |&design: &usize| {
            let name = &study.designs[design].name;
            study
                .objectives
                .iter()
                .find(|one| one.objective == kind && one.design == *name)
                .map_or_else(String::new, found)
        };
        let cells: Vec<String> = shown.iter().map(of_design).collect();
        row(&format!("{kind} of {} met", duration(target_s)), &cells, shown)
    };
    kinds.into_iter().map(line).collect()
}

/// How many expectations hold, and the first that does not.
fn expectations(study: &Study) -> Option<Part> {
    let run: Vec<_> = study.expectations.iter().filter(|one| one.verdict != Judged::NotRun).collect();
    let failed: Vec<_> = run.iter().filter(|one| one.verdict != Judged::Pass).collect();
    let hold = run.len() - failed.len();
    let mut line = format!("Expectations: {hold} of {} hold", run.len());
    if let Some(first) = failed.first() {
        let _ = write!(line, "; not {}", first.sentence);
    }
    // That all hold is said by the exit status too.
    (!run.is_empty()).then(|| part(if failed.is_empty() { 4 } else { 1 }, wrapped("", &line)))
}

/// Says where the rest is: designs without a column, warnings that are not shown, and every metric.
fn rest(study: &Study, shown: &[usize]) -> String {
    let more = [
        (study.designs.len() - shown.len(), "more designs"),
        (study.warnings.len().saturating_sub(WARNINGS), "more warnings"),
    ];
    let more: String =
        more.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}, ")).collect();
    format!("--verbose or the report: {more}all metrics and pairs")
}

fn width(shown: &[usize]) -> usize {
    (WIDTH - TITLE) / shown.len().max(1)
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.chars().count())))
}

/// A text that leaves at least one column free, cut if need be.
fn fit(text: &str, width: usize) -> String {
    if text.chars().count() < width {
        return text.to_owned();
    }
    text.chars().take(width - 2).chain(['…']).collect()
}
