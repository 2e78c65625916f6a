//! The command that makes the same files again.

use super::folder::Folder;
use crate::results::words::quoted;

/// The line that makes the same files again, from inside the folder.
pub(super) fn command(folder: &Folder) -> String {
    let receipt = &folder.receipt;
    let subcommand = if folder.study.comparisons.is_empty() { "run" } else { "compare" };
    let runs = receipt.until.as_ref().map_or(receipt.runs, |rule| rule.runs_at_a_time);
    let mut line = format!("firedrill {subcommand} scenario.toml --runs {runs} --seed {} --out again", receipt.seed);
    if let Some(rule) = &receipt.until {
        for target in &rule.targets {
            line.push_str(&format!(" --until {}", quoted(target)));
        }
        line.push_str(&format!(" --max-runs {}", rule.max_runs));
    }
    if receipt.first_run != 0 {
        line.push_str(&format!(" --first-run {}", receipt.first_run));
    }
    for setting in &receipt.settings {
        line.push_str(&format!(" --set {}", quoted(setting)));
    }
    let all = folder.scenario.parse::<toml::Table>().ok();
    let all = all.and_then(|scenario| Some(scenario.get("designs")?.as_table()?.len()));
    if all != Some(receipt.designs.len()) {
        for design in &receipt.designs {
            line.push_str(&format!(" --design {}", quoted(design)));
        }
    }
    line
}
