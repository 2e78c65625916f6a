//! Findings as GitHub Actions annotations: workflow commands that mark the line of the scenario in a pull request.
//!
//! Format and escapes: GitHub, "Workflow commands for GitHub Actions", and `command.ts` of its toolkit.

use super::{Checked, Standing};

/// A line per failure and per scenario that could not be checked.
pub fn annotations(checked: &[Checked]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in checked {
        match &one.result {
            Err(error) => lines.push(command(&one.path, None, "cannot be checked", error)),
            Ok(findings) => {
                for finding in findings.all.iter().filter(|finding| finding.standing == Standing::Fail) {
                    let repeat = finding.replay.as_ref().map_or_else(String::new, |line| format!("\nrepeat: {line}"));
                    let message = format!("{}{repeat}", finding.found);
                    lines.push(command(&one.path, finding.line, &finding.text, &message));
                }
            }
        }
    }
    lines
}

fn command(file: &str, line: Option<usize>, title: &str, message: &str) -> String {
    let line = line.map_or_else(String::new, |line| format!(",line={line}"));
    format!("::error file={}{line},title={}::{}", property(file), property(title), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
