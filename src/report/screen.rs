//! The last screen: which design, by what ratio and how sure, what is lost, and what to fix first, in 24 lines of 80 columns.
//!
//! Everything else is in the table (`--verbose`) and in the report. Of more than three designs the best and the worst are
//! shown, and the rest are counted. Lines that do not fit go, the least important first.

use std::fmt::Write;

use super::opening::{Room, first_to_fix, headline, ratios, stopped, warnings};
use super::wrap::{WIDTH, cut_end, fitting, wrapped};
use crate::results::words::{
    NARROW_BRIEF, Space, counted, duration, mean, mean_cut, most_in_runs, runs, unconfirmed_beside, unconfirmed_in,
    value, windows,
};
use crate::results::{Aspect, Judged, MetricPlace, ObjectiveFinding, Statistics, Study};

/// Most lines of the screen: with the three that close a command, the height of a terminal.
const LINES: usize = 21;
/// Most lines of the answer, which names as many designs as are the best.
const HEADLINE: usize = 4;
/// Most warnings that are shown.
const WARNINGS: usize = 2;
/// Most designs that have a column.
const COLUMNS: usize = 3;
/// Width of the column of titles.
const TITLE: usize = 22;

/// A part of the screen: the parts of the highest rank go first if there is no room.
struct ScreenPart {
    rank: u8,
    kind: ScreenPartKind,
    lines: Vec<String>,
}

/// Kind of a part, as far as others depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScreenPartKind {
    Warning,
    Row,
    /// The meaning of the stars in the rows.
    Legend,
    Other,
}

/// Renders the screen, at most 21 lines, ending with a line break.
pub fn screen(study: &Study) -> String {
    let shown = columns(study);
    let partial = study.partial.as_ref().map_or_else(Vec::new, |partial| wrapped("", &partial.sentence()));
    let mut answer = headline(study);
    if answer.len() > HEADLINE {
        answer.truncate(HEADLINE);
        answer[HEADLINE - 1] = cut_end(&format!("{} …", answer[HEADLINE - 1]), WIDTH);
    }
    let mut parts = vec![
        part(0, partial),
        part(0, answer),
        part(0, wrapped("", &made(study))),
        part(0, vec![String::new(), names(study, &shown)]),
    ];
    parts.extend(rows(study, &shown));
    parts.extend(
        objectives(study, &shown)
            .into_iter()
            .map(|line| ScreenPart { kind: ScreenPartKind::Row, ..part(1, vec![line]) }),
    );
    parts.extend(unconfirmed(study, &shown));
    parts.push(ScreenPart { kind: ScreenPartKind::Legend, ..part(1, wrapped("", NARROW_BRIEF)) });
    parts.push(part(6, vec![String::new()]));
    parts.extend(ratios(study, &shown).into_iter().map(|lines| part(1, lines)));
    parts.extend(stopped(study).map(|lines| part(2, lines)));
    let warned = warnings(study, &shown).into_iter().take(WARNINGS).zip([1, 2]);
    parts.extend(warned.map(|(lines, rank)| ScreenPart { kind: ScreenPartKind::Warning, ..part(rank, lines) }));
    parts.extend(first_to_fix(study, &shown, Room::Line).into_iter().map(|lines| part(0, lines)));
    parts.extend(expectations(study));
    let rows = |parts: &[ScreenPart]| parts.iter().filter(|part| part.kind == ScreenPartKind::Row).count();
    let made = rows(&parts);
    let parts = fitted(parts);
    let dropped = made - rows(&parts);
    let warned = parts.iter().filter(|part| part.kind == ScreenPartKind::Warning).count();
    let rest = rest(study.designs.len() - shown.len(), study.warnings.len() - warned, dropped);
    let lines = parts.into_iter().flat_map(|part| part.lines).take(LINES - 1).chain([rest]);
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn part(rank: u8, lines: Vec<String>) -> ScreenPart {
    ScreenPart { rank, kind: ScreenPartKind::Other, lines }
}

/// The parts that leave a line free: those of the highest rank are dropped until they do, the last of a rank first. The legend
/// goes with the last row that has a star.
fn fitted(mut parts: Vec<ScreenPart>) -> Vec<ScreenPart> {
    loop {
        let has_star =
            |part: &ScreenPart| part.kind == ScreenPartKind::Row && part.lines.iter().any(|line| line.contains(" *"));
        if !parts.iter().any(has_star) {
            parts.retain(|part| part.kind != ScreenPartKind::Legend);
        }
        let highest = parts.iter().map(|part| part.rank).max().unwrap_or(0);
        let is_full = parts.iter().map(|part| part.lines.len()).sum::<usize>() >= LINES;
        let last = parts.iter().rposition(|part| part.rank == highest && part.kind != ScreenPartKind::Legend);
        match last.filter(|_| is_full && highest > 0) {
            Some(last) => drop(parts.remove(last)),
            None => return parts,
        }
    }
}

/// The positions of the designs that have a column: all of up to three, else the best and the worst.
fn columns(study: &Study) -> Vec<usize> {
    let position = |name: &String| study.designs.iter().position(|design| design.name == *name);
    match study.designs.len() {
        count @ ..=COLUMNS => (0..count).collect(),
        _ => study.answer.extremes.iter().filter_map(position).collect(),
    }
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
    let names: Vec<&str> = shown.iter().map(|&design| study.designs[design].name.as_str()).collect();
    fitting(&names, width - 1).iter().fold(pad("", TITLE), |line, name| line + &pad(name, width))
}

/// A line for each metric of the screen that applies; the last of them go first.
fn rows(study: &Study, shown: &[usize]) -> Vec<ScreenPart> {
    let mut parts = Vec::new();
    for metric in study.shown_in(MetricPlace::Screen) {
        let definition = &study.metrics[metric];
        let all = || shown.iter().map(|&design| &study.designs[design].metrics[metric]);
        let counts_runs = definition.places.contains(&MetricPlace::ScreenRuns);
        // A design without a column may have what none of those shown has.
        let every = || study.designs.iter().map(|design| &design.metrics[metric]);
        let is_if_any = definition.places.contains(&MetricPlace::IfNotZero);
        if if is_if_any { every().any(|one| one.nonzero > 0) } else { all().any(|one| one.n > 0) } {
            let cells: Vec<String> = all()
                .map(|one| if counts_runs { brief(most_in_runs(one), width(shown)) } else { cell(one, width(shown)) })
                .collect();
            // Writes that were not simply kept are not dropped for a warning.
            let rank = match parts.len() {
                0 | 1 => 0,
                _ if counts_runs && all().any(|one| one.nonzero > 0) => 1,
                // Calm time, capacity and cost decide nothing about an outage.
                _ if definition.aspect.is_some_and(|aspect| !matches!(aspect, Aspect::Visitors | Aspect::Data)) => 3,
                _ => 2,
            };
            parts.push(ScreenPart {
                kind: ScreenPartKind::Row,
                ..part(rank, vec![row(&definition.title, &cells, shown)])
            });
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
            parts.push(ScreenPart {
                kind: ScreenPartKind::Row,
                ..part(3, vec![row("  95 % of runs under", &cells, shown)])
            });
        }
    }
    parts
}

/// Says in how many runs the recovery is not confirmed, which stays where a recovery time or an objective for it does.
fn unconfirmed(study: &Study, shown: &[usize]) -> Option<ScreenPart> {
    let metric = unconfirmed_beside(study, "recovery_time_s")?;
    let cells: Vec<String> =
        shown.iter().map(|&design| unconfirmed_in(&study.designs[design].metrics[metric])).collect();
    Some(ScreenPart { kind: ScreenPartKind::Row, ..part(1, vec![row("recovery unconfirmed", &cells, shown)]) })
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
    mean_cut(statistics, statistics.unit).unwrap_or(whole)
}

fn row(title: &str, cells: &[String], shown: &[usize]) -> String {
    let width = width(shown);
    let title = pad(&fit(title, TITLE), TITLE);
    cells.iter().fold(title, |line, cell| line + &pad(&fit(cell, width), width))
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
        None if one.runs == 1 => if one.met == 1 { "yes" } else { "no" }.to_owned(),
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

/// Says how many expectations hold, and names the first that does not.
fn expectations(study: &Study) -> Option<ScreenPart> {
    let run: Vec<_> = study.expectations.iter().filter(|one| one.verdict != Judged::NotRun).collect();
    let open = run.iter().filter(|one| one.verdict == Judged::NotEnoughRuns).count();
    let failed: Vec<_> =
        run.iter().filter(|one| !matches!(one.verdict, Judged::Pass | Judged::NotEnoughRuns)).collect();
    let hold = run.len() - failed.len() - open;
    let mut line = format!("Expectations: {hold} of {} hold", run.len());
    if open > 0 {
        let needed = run.iter().filter_map(|one| one.runs_needed).max();
        let needed = needed.map_or_else(String::new, |needed| format!(" ({} would do)", runs(needed)));
        let _ = write!(line, "; too few runs for {open}{needed}");
    }
    if let Some(first) = failed.first() {
        let _ = write!(line, "; fails: {}", first.sentence);
    }
    // That all hold is said by the exit status too.
    (!run.is_empty()).then(|| ScreenPart {
        kind: ScreenPartKind::Row,
        ..part(if failed.is_empty() && open == 0 { 4 } else { 1 }, wrapped("", &line))
    })
}

/// Says where the rest is: designs without a column, warnings and rows that are not shown, and all other metrics.
fn rest(designs: usize, warnings: usize, rows: usize) -> String {
    let all = [(designs, "design"), (warnings, "warning"), (rows, "row")];
    let some = all.into_iter().filter(|(count, _)| *count > 0).enumerate();
    let more = some.map(|(place, (count, what))| match place {
        0 => format!("{}, ", counted(count as u64, &format!("more {what}"))),
        _ => format!("{}, ", counted(count as u64, what)),
    });
    let more: String = more.collect();
    format!("--verbose or the report: {more}metrics and pairs")
}

fn width(shown: &[usize]) -> usize {
    (WIDTH - TITLE) / shown.len().max(1)
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.chars().count())))
}

/// A text that leaves at least one column free, cut if need be.
fn fit(text: &str, width: usize) -> String {
    cut_end(text, width - 1)
}
