//! `firedrill compare`: runs the designs of one or more scenarios and compares them run by run.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::Args;

use super::complete::complete;
use super::error::CliError;
use super::exit::ExitStatus;
use super::left::{Opened, open};
use super::options::StudyOptions;
use super::perform::{Job, Results, StudyKind, already_there, perform};
use super::{interrupt, print, room, shard};
use crate::results::Study;
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

/// The folder for one scenario's results.
#[derive(Debug)]
enum ResultsPlace {
    /// It waits for them.
    Open(Box<Opened>),
    /// They are all there already.
    Complete(PathBuf, Box<Study>),
}

/// Runs each scenario, writes its files and prints the comparison. All scenarios are checked before the first is run.
///
/// # Errors
/// If the input is invalid or the work could not be done.
pub(crate) fn run(args: &CompareArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let jobs: Vec<Job> =
        args.scenarios.iter().map(|path| Job::prepare(path, &args.options)).collect::<Result<_, _>>()?;
    have_different_names(jobs.iter().map(Job::name))?;
    for job in &jobs {
        if job.designs() < 2 {
            return Err(CliError::Usage(format!(
                "{:?}: a comparison needs two designs, and this is one; use `firedrill run`",
                job.name()
            )));
        }
    }
    // Opened before the first run, so that a bad place costs nobody a study.
    let place = |(position, job): (usize, &Job)| -> Result<ResultsPlace, CliError> {
        let folder = match &args.options.out {
            Some(folder) if jobs.len() > 1 => folder.join(job.file_name()),
            _ => job.default_folder(&args.options)?,
        };
        let part = args.options.shard.map(shard::part);
        let header = Header { position: position as u64, shard: part, ..job.header("compare") };
        if let Some(study) = complete(&folder, &header, &args.options) {
            return Ok(ResultsPlace::Complete(folder, Box::new(study)));
        }
        Ok(ResultsPlace::Open(Box::new(open(&folder, header, args.options.left)?)))
    };
    let places = jobs.iter().enumerate().map(place).collect::<Result<Vec<_>, _>>()?;
    if let Some(part) = args.options.shard {
        for (job, place) in jobs.into_iter().zip(places) {
            let ResultsPlace::Open(opened) = place else { continue };
            shard::make(&[job], *opened, part, args.options.quiet, &interrupted)?;
        }
        return Ok(ExitStatus::Good);
    }
    let to_write = || {
        jobs.iter().zip(&places).filter_map(|(job, place)| match place {
            ResultsPlace::Open(opened) => Some((job, opened)),
            ResultsPlace::Complete(..) => None,
        })
    };
    if let Some((_, first)) = to_write().next() {
        let bytes = to_write().map(|(job, opened)| job.bytes_on_disk(opened.log.runs())).sum();
        room::must_fit(first.output.path(), bytes, args.options.force)?;
    }
    let mut results = Results::of(jobs.len(), args.options.format);
    let mut is_whole = true;
    for (position, (job, place)) in jobs.iter().zip(places).enumerate() {
        let done = match place {
            ResultsPlace::Open(opened) => perform(job, *opened, &args.options, StudyKind::Comparison, &interrupted)?,
            ResultsPlace::Complete(folder, study) => {
                job.warn_of_runs();
                already_there(&study, &folder, &args.options, StudyKind::Comparison)
            }
        };
        results.add(&done)?;
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

/// Makes sure that no two scenarios have one name, as the folder of each has its name.
///
/// # Errors
/// If two have.
pub(crate) fn have_different_names<'a>(mut names: impl Iterator<Item = &'a str>) -> Result<(), CliError> {
    let mut seen = BTreeSet::new();
    match names.find(|name| !seen.insert(*name)) {
        None => Ok(()),
        Some(name) => Err(CliError::Usage(format!(
            "two scenarios are named {name:?}, so that the results of one would overwrite the other's"
        ))),
    }
}
