//! Findings as lines for the terminal: what has changed in the scenario, then a sign, what was stated, what was measured.

use std::fmt::Write;

use super::Checked;
use super::changes::{self, MOST_LINES};
use crate::results::words::{counted, is_of_windows};
use crate::results::{Finding, FindingStanding};

/// The lines of one scenario; `quiet` leaves out all that does not fail, and is empty if nothing does.
pub fn text(checked: &Checked, quiet: bool) -> String {
    let Ok(findings) = &checked.result else { return String::new() };
    let shown: Vec<&Finding> =
        findings.all.iter().filter(|finding| !quiet || finding.standing == FindingStanding::Fail).collect();
    if quiet && shown.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", checked.path);
    if let Some(since) = findings.since.as_ref().filter(|since| !since.changes.is_empty()) {
        let _ = writeln!(text, "  changed since baseline {:?}:", since.baseline);
        for line in changes::lines(&since.changes, MOST_LINES) {
            let _ = writeln!(text, "    {line}");
        }
    }
    if findings.all.is_empty() {
        text.push_str("  nothing is expected of it\n");
    }
    for (place, finding) in shown.iter().enumerate() {
        let _ = writeln!(text, "  {} {}: {}", finding.standing.sign(), finding.text, finding.found);
        // Several failures in a row that one line repeats have it once, after the last.
        let next = shown.get(place + 1).and_then(|next| next.replay.as_ref());
        if let Some(replay) = finding.replay.as_ref().filter(|replay| next != Some(*replay)) {
            let _ = writeln!(text, "    repeat: {replay}");
        }
    }
    // What fails may be about something else.
    if shown.iter().any(|finding| finding.metric.as_deref().is_some_and(is_of_windows)) {
        for note in &findings.notes {
            let _ = writeln!(text, "  note: {note}");
        }
    }
    text
}

/// Counts the statements of all scenarios that hold, that fail and that are undecided, in one line.
pub fn totals(checked: &[Checked]) -> String {
    let found = checked.iter().filter_map(|one| one.result.as_ref().ok()).flat_map(|findings| &findings.all);
    let (mut held, mut failed, mut undecided) = (0, 0, 0);
    for finding in found {
        match finding.standing {
            FindingStanding::Pass => held += 1,
            FindingStanding::Fail => failed += 1,
            FindingStanding::Undecided => undecided += 1,
            FindingStanding::Noted => {}
        }
    }
    let bad = checked.iter().filter(|one| one.result.is_err()).count();
    let scenarios = counted(checked.len() as u64, "scenario");
    let mut line = format!("{scenarios}: {held} hold, {failed} fail");
    if undecided > 0 {
        let _ = write!(line, ", {undecided} undecided (pass; more runs may tell)");
    }
    if bad > 0 {
        let _ = write!(line, "; {bad} could not be checked");
    }
    line
}
