//! `firedrill check`: runs scenarios and says which of their expectations hold, a line each. Writes no files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::{Args, value_parser};

use super::options::{Format, StudyOptions};
use super::perform::Job;
use super::{CliError, ExitStatus, interrupt, print};
use crate::report;

const EXAMPLES: &str = "\
Examples:
  firedrill check
  firedrill check scenarios/article.toml drills/
  firedrill check --set dns.answer_ttl=3m

A folder stands for the scenarios (*.toml) in it; one that makes no sense does not keep the others
from being checked. Exit status: 0 every expectation holds, 1 one does not, 2 a scenario is bad.";

/// Arguments of `firedrill check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    /// Scenario files, or folders of them
    #[arg(value_name = "PATH", default_value = "scenarios")]
    paths: Vec<PathBuf>,

    /// Number of runs of each design (default: the scenario's)
    #[arg(long, short = 'n', value_name = "N", value_parser = value_parser!(u64).range(1..))]
    runs: Option<u64>,

    /// Replace one value of each scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,

    /// Runs at a time (default: one per processor); the results do not depend on it
    #[arg(long, short = 'j', value_name = "J", value_parser = value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// Checks every scenario; a bad one does not keep the others from being checked.
///
/// # Errors
/// If a folder cannot be read, a study cannot be carried out or stdout cannot be written. A scenario that makes no sense is
/// reported on stderr and is an exit status.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let options = StudyOptions {
        designs: Vec::new(),
        runs: args.runs,
        first_run: 0,
        seed: None,
        overrides: args.overrides.clone(),
        force: false,
        jobs: args.jobs,
        check_determinism: false,
        out: None,
        format: Format::Text,
        quiet: true,
    };
    let mut status = ExitStatus::Good;
    for path in scenarios(&args.paths)? {
        match Job::prepare(&path, &options) {
            Ok(job) => status = status.worse(check(&job, &path, &interrupted)?),
            Err(error) => {
                print::print_chain(&error);
                status = status.worse(error.exit_status());
            }
        }
    }
    Ok(status)
}

/// The files that the paths stand for, those of a folder in order of name.
fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let cannot_read = |error| CliError::Usage(format!("{}: cannot be read: {error}", path.display()));
        let entries = fs::read_dir(path).map_err(cannot_read)?;
        let mut files =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(cannot_read)?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        if files.is_empty() {
            return Err(CliError::Usage(format!("{}: no scenario (*.toml) in this folder", path.display())));
        }
        files.sort();
        found.extend(files);
    }
    Ok(found)
}

/// Runs one scenario and prints what became of its expectations.
fn check(job: &Job, path: &Path, interrupted: &AtomicBool) -> Result<ExitStatus, CliError> {
    let outcome = job.run(|_| (), interrupted)?;
    let mut text = format!("{}\n", path.display());
    let lines = report::expectation_lines(&outcome);
    if lines.is_empty() {
        text.push_str("  no expectations\n");
    }
    for line in lines {
        text.push_str(&format!("  {line}\n"));
    }
    let status = if outcome.expectations_hold() {
        ExitStatus::Good
    } else {
        text.push_str(&format!("  to see more: {}\n", job.command()));
        ExitStatus::ExpectationNotMet
    };
    print::result(&text)?;
    Ok(status)
}
