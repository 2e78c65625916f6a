//! Findings as Markdown: a table per scenario, for a job summary or a comment.

use std::fmt::Write;

use super::text::totals;
use super::{Checked, Since, changes};
use crate::results::words::{fenced, markdown_cell, markdown_code};
use crate::results::{Finding, FindingStanding};

/// All scenarios, those with failures first.
pub fn markdown(checked: &[Checked]) -> String {
    let mut text = format!("## firedrill check\n\n{}\n", totals(checked));
    let fails = |one: &&Checked| one.result.as_ref().map_or(true, |findings| !findings.hold());
    let (bad, good): (Vec<&Checked>, Vec<&Checked>) = checked.iter().partition(fails);
    for one in bad.into_iter().chain(good) {
        let _ = writeln!(text, "\n### {}\n", markdown_code(&one.path));
        match &one.result {
            Err(error) => {
                let _ = writeln!(text, "Could not be checked:\n\n{}", fenced("text", error));
            }
            Ok(findings) if findings.all.is_empty() => text.push_str("Nothing is expected of it.\n"),
            Ok(findings) => {
                findings.since.iter().for_each(|since| changed(since, &mut text));
                text.push_str("| | stated | found |\n|---|---|---|\n");
                findings.all.iter().for_each(|finding| row(finding, &mut text));
                for note in &findings.notes {
                    let _ = writeln!(text, "\n{}.", markdown_cell(note));
                }
                repeats(&findings.all, &mut text);
            }
        }
    }
    text
}

/// Writes the changes of the scenario, if there are any.
fn changed(since: &Since, text: &mut String) {
    if !since.changes.is_empty() {
        let lines = changes::lines(&since.changes, usize::MAX).join("\n");
        let _ = writeln!(text, "Changed since baseline `{}`:\n\n{}\n", since.baseline, fenced("text", &lines));
    }
}

fn row(finding: &Finding, text: &mut String) {
    let sign = finding.standing.sign();
    let _ = writeln!(text, "| {sign} | {} | {} |", markdown_cell(&finding.text), markdown_cell(&finding.found));
}

/// The lines that repeat what failed.
fn repeats(findings: &[Finding], text: &mut String) {
    let failed = findings.iter().filter(|finding| finding.standing == FindingStanding::Fail);
    let mut lines: Vec<&str> = failed.filter_map(|finding| finding.replay.as_deref()).collect();
    lines.dedup();
    if !lines.is_empty() {
        let _ = writeln!(text, "\nTo repeat what failed:\n\n{}", fenced("sh", &lines.join("\n")));
    }
}
