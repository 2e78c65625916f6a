//! `firedrill compare`: runs the designs of one or more scenarios and compares them run by run.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::Args;

use super::left::open;
use super::options::StudyOptions;
use super::perform::{Job, Results, Subject, perform};
use super::{CliError, ExitStatus, interrupt, print, room, shard};
use crate::runlog::Header;

const EXAMPLES: &str = "\
Examples:
  firedrill compare scenarios/article.toml
  firedrill compare scenarios/article.toml --runs 50 --jobs 2 --out /tmp/drill
  firedrill compare scenarios/*.toml --out /tmp/drills

Of several scenarios each is compared in itself, and its results go to a folder of its own below DIR.";

/// Arguments of `firedrill compare`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompareArgs {
    /// Scenario files
    #[arg(value_name = "SCENARIO", required = true)]
    scenarios: Vec<PathBuf>,

    #[command(flatten)]
    options: StudyOptions,
}

/// Runs each scenario, writes its files and prints the comparison. All scenarios are checked before the first is run.
///
/// # Errors
/// If the input makes no sense or the work could not be done.
pub(crate) fn run(args: &CompareArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let jobs: Vec<Job> =
        args.scenarios.iter().map(|path| Job::prepare(path, &args.options)).collect::<Result<_, _>>()?;
    let mut names = BTreeSet::new();
    for job in &jobs {
        if !names.insert(job.name()) {
            return Err(CliError::Usage(format!(
                "two scenarios are named {:?}, so that the results of one would overwrite the other's",
                job.name()
            )));
        }
        if job.designs() < 2 {
            return Err(CliError::Usage(format!(
                "{:?}: a comparison needs two designs, and this is one; use `firedrill run`",
                job.name()
            )));
        }
    }
    // Opened before the first run, so that a bad place costs nobody a study.
    let place = |(position, job): (usize, &Job)| {
        let folder = match &args.options.out {
            Some(folder) if jobs.len() > 1 => folder.join(job.file_name()),
            _ => job.default_folder(&args.options),
        };
        let part = args.options.shard.map(shard::part);
        let header = Header { position: position as u64, shard: part, ..job.header("compare") };
        open(&folder, header, args.options.left)
    };
    let outputs = jobs.iter().enumerate().map(place).collect::<Result<Vec<_>, _>>()?;
    if let Some(part) = args.options.shard {
        for (job, opened) in jobs.into_iter().zip(outputs) {
            shard::make(&[job], opened, part, args.options.quiet, &interrupted)?;
        }
        return Ok(ExitStatus::Good);
    }
    let bytes = jobs.iter().zip(&outputs).map(|(job, opened)| job.bytes_on_disk(opened.log.runs())).sum();
    room::must_fit(outputs[0].output.path(), bytes, args.options.force)?;
    let mut results = Results::of(jobs.len(), args.options.format);
    let mut is_whole = true;
    for (position, (job, output)) in jobs.iter().zip(outputs).enumerate() {
        results.add(&perform(job, output, &args.options, Subject::Comparison, &interrupted)?)?;
        let rest: Vec<&str> = jobs[position + 1..].iter().map(Job::name).collect();
        if interrupted.load(Ordering::Relaxed) && !rest.is_empty() {
            print::note(&format!("interrupted; not begun: {}", rest.join(", ")));
            is_whole = false;
            break;
        }
    }
    let status = results.finish()?;
    Ok(if is_whole { status } else { status.worse(ExitStatus::NotDone) })
}
