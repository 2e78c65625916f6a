//! Findings as GitHub Actions annotations: workflow commands that mark the line of the scenario in a pull request.
//!
//! A step shows ten errors and ten notices at most, so each design has one error, whatever fails of it. Format and escapes:
//! GitHub, "Workflow commands for GitHub Actions", and `command.ts` of its toolkit.

use super::changes::{self, MOST_LINES};
use super::{Checked, ScenarioFindings};
use crate::results::{Finding, FindingStanding};

/// Level of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Notice,
    Error,
}

/// Lists an error for each scenario that could not be checked and each design of which something fails, each scenario's after a
/// notice of what has changed in it since its baseline.
pub fn annotations(checked: &[Checked]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in checked {
        match &one.result {
            Err(error) => lines.push(command(Level::Error, &one.path, None, "cannot be checked", error)),
            Ok(findings) => {
                lines.extend(notice(&one.path, findings));
                let failed: Vec<&Finding> =
                    findings.all.iter().filter(|finding| finding.standing == FindingStanding::Fail).collect();
                let mut designs: Vec<Option<&str>> = Vec::new();
                for finding in &failed {
                    let design = finding.design();
                    if !designs.contains(&design) {
                        designs.push(design);
                    }
                }
                for design in designs {
                    let of_it: Vec<&Finding> =
                        failed.iter().copied().filter(|finding| finding.design() == design).collect();
                    lines.push(error(one, design, &of_it, &findings.notes));
                }
            }
        }
    }
    lines
}

fn notice(path: &str, findings: &ScenarioFindings) -> Option<String> {
    let since = findings.since.as_ref().filter(|since| !since.changes.is_empty())?;
    let title = format!("changed since baseline {:?}", since.baseline);
    Some(command(Level::Notice, path, None, &title, &changes::lines(&since.changes, MOST_LINES).join("\n")))
}

/// One error for everything that fails of `design`, at the first line that the file has for it.
fn error(checked: &Checked, design: Option<&str>, failed: &[&Finding], notes: &[String]) -> String {
    let (title, mut message) = match failed {
        [one] => (one.text.clone(), vec![one.found.clone()]),
        _ => (
            format!("{}: {} fail", design.unwrap_or("the scenario"), failed.len()),
            failed.iter().map(|finding| format!("{}: {}", finding.text, finding.found)).collect(),
        ),
    };
    message.extend(notes.iter().map(|note| format!("note: {note}")));
    let mut repeats: Vec<&str> = failed.iter().filter_map(|finding| finding.replay.as_deref()).collect();
    repeats.dedup();
    message.extend(repeats.into_iter().map(|repeat| format!("repeat: {repeat}")));
    let line = failed.iter().find_map(|finding| finding.line);
    command(Level::Error, &checked.path, line, &title, &message.join("\n"))
}

fn command(level: Level, file: &str, line: Option<usize>, title: &str, message: &str) -> String {
    let level = match level {
        Level::Notice => "notice",
        Level::Error => "error",
    };
    let line = line.map_or_else(String::new, |line| format!(",line={line}"));
    format!("::{level} file={}{line},title={}::{}", property(file), property(title), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
