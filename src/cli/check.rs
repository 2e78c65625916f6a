//! `firedrill check`: runs scenarios and says which of their expectations hold, a line each. Writes no files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum, value_parser};

use super::baseline::BaselinePlace;
use super::compare::have_different_names;
use super::error::CliError;
use super::exit::ExitStatus;
use super::left::{self, LeftOptions};
use super::options::StudyOptions;
use super::perform::Job;
use super::{baseline, github, interrupt, print, shard};
use crate::baseline::{Baseline, compare};
use crate::output::{Kind, OutputFile};
use crate::report::check::{self, Checked, ScenarioFindings, Since};
use crate::results::words::downtime_notes;
use crate::runlog::Header;
use crate::scenario::printable;
use crate::study::{Shard, StudyError, StudyOutcome};

const EXAMPLES: &str = "\
Examples:
  firedrill check
  firedrill check scenarios/article.toml drills/
  firedrill check --set dns.answer_ttl=3m
  firedrill check --junit results.xml --quiet
  firedrill check --save-baseline main && firedrill check --baseline main --set dns.answer_ttl=3m

A folder stands for the scenarios (*.toml) in it; an invalid one does not stop the others
from being checked. Exit status: 0 everything holds, 1 something does not, 2 bad input,
3 a file cannot be written.";

/// Arguments of `firedrill check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    /// Scenario files, or folders of them
    #[arg(value_name = "PATH", default_value = "scenarios")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    how: CheckOptions,

    /// Compare with this baseline, and fail if a metric is worse
    #[arg(long, value_name = "NAME", value_parser = baseline::name)]
    baseline: Option<String>,

    /// Save the results as a new baseline, in baselines/NAME/ beside each scenario
    #[arg(long, value_name = "NAME", value_parser = baseline::name, conflicts_with = "baseline")]
    save_baseline: Option<String>,

    /// Run only part K of N of the study, as in 2/8, for `firedrill merge`; auto/N takes K from the task index of a Kubernetes
    /// indexed job, an AWS Batch array or a Slurm array
    #[arg(long, value_name = "K/N", value_parser = shard::shard, requires = "out",
          conflicts_with_all = ["baseline", "save_baseline", "junit"])]
    shard: Option<Shard>,

    /// Folder for the part; of several scenarios, of folders in it
    #[arg(long, value_name = "DIR", requires = "shard")]
    out: Option<PathBuf>,

    /// Resume the interrupted part in this folder, or start a new one if there is none
    #[arg(long, requires = "shard", conflicts_with = "discard")]
    resume: bool,

    /// Delete the runs of the interrupted part in this folder
    #[arg(long, requires = "shard")]
    discard: bool,

    /// Write the findings as JUnit XML to FILE, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Format of the findings on stdout
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,

    /// Print only failures
    #[arg(long, short)]
    quiet: bool,
}

/// Options of a check.
#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Number of runs of each design (default: the scenario's)
    #[arg(long, short = 'n', value_name = "N", value_parser = value_parser!(u64).range(1..))]
    runs: Option<u64>,

    /// Seed of the studies (default: the scenario's)
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    seed: Option<u64>,

    /// Replace one value of each scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,

    /// Also read data files, and scenarios behind links, outside the scenario's folder
    #[arg(long)]
    pub(crate) allow_outside: bool,

    /// Runs at a time (default: one per processor); the results do not depend on it
    #[arg(long, short = 'j', value_name = "J", value_parser = value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// Format of findings on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Lines to read
    Text,
    /// One JSON array, an object per scenario
    Json,
    /// Tables in Markdown
    Markdown,
}

impl CheckOptions {
    /// As options of a study that prints and writes nothing.
    pub(crate) fn for_study(&self) -> StudyOptions {
        StudyOptions {
            runs: self.runs,
            seed: self.seed,
            overrides: self.overrides.clone(),
            allow_outside: self.allow_outside,
            jobs: self.jobs,
            ..StudyOptions::silent()
        }
    }
}

/// Checks every scenario; a bad one does not keep the others from being checked.
///
/// # Errors
/// If a folder cannot be read, it is interrupted, or a result cannot be written. A scenario that is invalid, or whose runs
/// fail, is reported on stderr and is an exit status.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let paths = scenarios(&args.paths)?;
    if let (Some(part), Some(out)) = (args.shard, &args.out) {
        return make_part(&paths, args, (part, out), &interrupted);
    }
    // Opened before the work, so that a bad path fails at once.
    let junit = args.junit.as_ref().map(|path| open_junit(path, &paths, args)).transpose()?;
    // So are all baselines: what cannot be read or kept is said before the first run.
    let prepared: Vec<_> = paths.iter().map(|path| Prepared::new(path, args)).collect();
    prepared.iter().filter_map(|one| one.as_ref().err()).for_each(print::print_chain);
    let mut status = ExitStatus::Good;
    let mut checked = Vec::new();
    let mut cut_off = None;
    for (path, prepared) in paths.iter().zip(prepared) {
        let is_prepared = prepared.is_ok();
        let result = match prepared.and_then(|one| one.check(args, &interrupted)) {
            Ok(findings) => {
                status = status.worse(if findings.hold() { ExitStatus::Good } else { ExitStatus::ExpectationNotMet });
                Ok(findings)
            }
            // What is finished is written all the same.
            Err(stopped @ CliError::Study(StudyError::Cancelled { .. })) => {
                cut_off = Some(stopped);
                break;
            }
            Err(error) => {
                if is_prepared {
                    print::print_chain(&error);
                }
                status = status.worse(error.exit_status());
                Err(print::chain(&error))
            }
        };
        let one = Checked { path: printable(&path.display().to_string()).into_owned(), result };
        if args.format == CheckFormat::Text {
            print::result(&check::text(&one, args.quiet))?;
        }
        checked.push(one);
    }
    if args.format == CheckFormat::Text {
        if !args.quiet {
            print::result(&format!("{}\n", check::totals(&checked)))?;
        }
    } else {
        print_all(&checked, args.format, args.quiet)?;
    }
    if let Some(file) = junit {
        file.write(check::junit(&checked).as_bytes())?;
    }
    github::tell(&checked);
    let Some(stopped) = cut_off else { return Ok(status) };
    for path in &paths[checked.len()..] {
        print::note(&format!("{}: was not checked", printable(&path.display().to_string())));
    }
    Err(stopped)
}

/// Opens the file for the findings, which may be nothing that is read or kept for any of the scenarios: not their files, their
/// data or their baselines.
fn open_junit(path: &Path, scenarios: &[PathBuf], args: &CheckArgs) -> Result<OutputFile, CliError> {
    let mut inputs = scenarios.to_vec();
    for scenario in scenarios {
        // An invalid one is reported when its turn comes.
        if let Ok(job) = Job::prepare_with(scenario, &args.how.for_study(), &[]) {
            inputs.extend(job.inputs().map(Path::to_owned));
        }
        let baselines = args.baseline.iter().chain(&args.save_baseline);
        inputs
            .extend(baselines.map(|name| BaselinePlace::of(scenario, name, args.how.allow_outside).file().to_owned()));
    }
    Ok(OutputFile::open_for(Kind::JUnit, path, inputs.iter().map(PathBuf::as_path))?)
}

/// Makes a part of the runs of every scenario, each into a folder.
fn make_part(
    paths: &[PathBuf],
    args: &CheckArgs,
    (part, out): (Shard, &Path),
    interrupted: &Arc<AtomicBool>,
) -> Result<ExitStatus, CliError> {
    let prepare = |path: &PathBuf| Job::prepare(path, &args.how.for_study());
    let jobs = paths.iter().map(prepare).collect::<Result<Vec<_>, _>>()?;
    have_different_names(jobs.iter().map(Job::name))?;
    let left = LeftOptions { resume: args.resume, discard: args.discard };
    let mut opened = Vec::new();
    for (position, job) in jobs.iter().enumerate() {
        let folder = if jobs.len() > 1 { out.join(job.file_name()) } else { out.to_owned() };
        let header = Header { position: position as u64, shard: Some(shard::part(part)), ..job.header("check") };
        opened.push(left::open(&folder, header, left)?);
    }
    for (job, opened) in jobs.into_iter().zip(opened) {
        shard::make(&[job], opened, part, args.quiet, interrupted)?;
    }
    Ok(ExitStatus::Good)
}

/// Finds out what holds, and what is worse than in the baseline of a name if there is one.
pub(crate) fn findings(
    job: &Job,
    outcome: &StudyOutcome,
    baseline: Option<(&str, &Baseline)>,
) -> Result<ScenarioFindings, CliError> {
    let study = outcome.conclude().map_err(StudyError::Keep)?;
    let mut all = outcome.findings(&study, job.expectation_lines());
    let mut since = None;
    if let Some((name, then)) = baseline {
        let comparison = compare(then, &baseline::of(job, outcome)?, &outcome.metrics);
        all.extend(comparison.findings(outcome, name));
        since = Some(Since { baseline: name.to_owned(), changes: comparison.changes });
    }
    outcome.check().map_err(StudyError::Keep)?;
    Ok(ScenarioFindings {
        scenario: study.scenario.clone(),
        hash: outcome.subject.hash.clone(),
        seed: study.seed,
        runs: study.runs,
        since,
        notes: downtime_notes(&study, &all),
        all,
    })
}

/// Prints all that was checked.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn print_all(checked: &[Checked], format: CheckFormat, quiet: bool) -> Result<(), CliError> {
    match format {
        CheckFormat::Text => {
            checked.iter().try_for_each(|one| print::result(&check::text(one, quiet)))?;
            if quiet { Ok(()) } else { print::result(&format!("{}\n", check::totals(checked))) }
        }
        CheckFormat::Json => print::result(&check::json(checked)),
        CheckFormat::Markdown => print::result(&check::markdown(checked)),
    }
}

/// A scenario that is ready to be checked: read, its baseline too, and the file for a new one opened.
struct Prepared {
    job: Job,
    then: Option<Baseline>,
    to_keep: Option<ToKeep>,
}

/// Place of a new baseline: one that is there, which may turn out to be the same, or a file opened for it.
struct ToKeep {
    place: BaselinePlace,
    kept: Option<Baseline>,
    file: Option<OutputFile>,
}

impl Prepared {
    fn new(path: &Path, args: &CheckArgs) -> Result<Self, CliError> {
        let job = Job::prepare(path, &args.how.for_study())?;
        let place = |name: &String| BaselinePlace::of(path, name, args.how.allow_outside);
        let then = args.baseline.as_ref().map(|name| place(name).known()).transpose()?;
        let to_keep = args.save_baseline.as_ref().map(|name| ToKeep::open(place(name), &job)).transpose()?;
        Ok(Prepared { job, then, to_keep })
    }

    /// Runs the scenario and finds out what holds.
    fn check(self, args: &CheckArgs, interrupted: &Arc<AtomicBool>) -> Result<ScenarioFindings, CliError> {
        let Prepared { job, then, to_keep } = self;
        job.warn_of_runs();
        let outcome = job.run_and_forget("check", |_| (), interrupted)?;
        if let Some(to_keep) = to_keep {
            to_keep.keep(&baseline::of(&job, &outcome)?)?;
        }
        findings(&job, &outcome, args.baseline.as_deref().zip(then.as_ref()))
    }
}

impl ToKeep {
    fn open(place: BaselinePlace, job: &Job) -> Result<Self, CliError> {
        let kept = place.vacant()?;
        let file = if kept.is_none() { Some(place.open(job.inputs())?) } else { None };
        Ok(ToKeep { place, kept, file })
    }

    /// Writes the baseline, or refuses if another one is there: that is for `bless` to renew.
    fn keep(self, now: &Baseline) -> Result<(), CliError> {
        match (self.kept, self.file) {
            (Some(then), _) if then != *now => Err(self.place.differs()),
            (None, Some(file)) => self.place.write(file, now),
            (Some(_), _) | (None, None) => Ok(()),
        }
    }
}

/// Lists the files that the paths stand for, those of a folder in order of name. Files of a folder that begin with a dot are
/// left out: editors and systems put them beside others.
pub(crate) fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
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
        let is_hidden = |file: &Path| file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml") && !is_hidden(file));
        if files.is_empty() {
            return Err(CliError::Usage(format!("{}: no scenario (*.toml) in this folder", path.display())));
        }
        files.sort();
        found.extend(files);
    }
    Ok(found)
}
