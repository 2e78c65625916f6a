//! `firedrill report`: writes the report of results that are there.

use std::path::PathBuf;

use clap::Args;

use super::error::CliError;
use super::exit::ExitStatus;
use super::print;
use crate::report;

const EXAMPLES: &str = "\
Examples:
  firedrill report firedrill-out/article
  firedrill report drills/*

Nothing is simulated again: the report is made from the files in DIR.";

/// Arguments of `firedrill report`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReportArgs {
    /// Folders that `run` or `compare` wrote
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
}

/// Writes `report.html` into each folder and prints where it is.
///
/// # Errors
/// If a folder holds no results, or the report cannot be written.
pub(crate) fn run(args: &ReportArgs) -> Result<ExitStatus, CliError> {
    for folder in &args.folders {
        let file = report::write_report(folder)?;
        print::result(&format!("{}\n", file.display()))?;
    }
    Ok(ExitStatus::Good)
}
