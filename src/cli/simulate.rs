//! `firedrill run`: runs the designs of one scenario and reports what happened to each.

use std::path::PathBuf;

use clap::Args;

use super::complete::complete;
use super::error::CliError;
use super::exit::ExitStatus;
use super::left::open;
use super::options::StudyOptions;
use super::perform::{Job, StudyKind, already_there, perform};
use super::{interrupt, shard};
use crate::runlog::Header;

const EXAMPLES: &str = "\
Examples:
  firedrill run scenarios/article.toml
  firedrill run scenarios/article.toml --design active-active --runs 20 --out /tmp/drill
  firedrill run scenarios/article.toml --first-run 4711 --runs 1
  firedrill run scenarios/article.toml --set dns.answer_ttl=30s --format json";

/// Arguments of `firedrill run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RunArgs {
    /// Scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    #[command(flatten)]
    options: StudyOptions,
}

/// Runs the scenario, writes its files and prints its results.
///
/// # Errors
/// If the input is invalid or the work could not be done.
pub(crate) fn run(args: &RunArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let job = Job::prepare(&args.scenario, &args.options)?;
    let folder = job.default_folder(&args.options)?;
    let header = Header { shard: args.options.shard.map(shard::part), ..job.header("run") };
    if let Some(study) = complete(&folder, &header, &args.options) {
        job.warn_of_runs();
        let done = already_there(&study, &folder, &args.options, StudyKind::Designs);
        done.print()?;
        return Ok(done.status);
    }
    let opened = open(&folder, header, args.options.left)?;
    if let Some(part) = args.options.shard {
        return shard::make(&[job], opened, part, args.options.quiet, &interrupted);
    }
    job.must_fit(&folder, opened.log.runs())?;
    let done = perform(&job, opened, &args.options, StudyKind::Designs, &interrupted)?;
    done.print()?;
    Ok(done.status)
}
