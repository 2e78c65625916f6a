//! `firedrill check`: runs scenarios and says which of their expectations hold, a line each. Writes no files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum, value_parser};

use super::baseline::Place;
use super::options::{self, StudyOptions};
use super::perform::Job;
use super::{CliError, ExitStatus, baseline, github, interrupt, print};
use crate::baseline::{Baseline, compare};
use crate::output::OutputFile;
use crate::report::check::{self, Checked, Findings};
use crate::scenario::printable;
use crate::study::StudyError;

const EXAMPLES: &str = "\
Examples:
  firedrill check
  firedrill check scenarios/article.toml drills/
  firedrill check --set dns.answer_ttl=3m
  firedrill check --junit results.xml --quiet
  firedrill check --save-baseline main && firedrill check --baseline main --set dns.answer_ttl=3m

A folder stands for the scenarios (*.toml) in it; one that makes no sense does not keep the others
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

    /// Compare with this baseline, and fail if anything is worse
    #[arg(long, value_name = "NAME", value_parser = baseline::name)]
    baseline: Option<String>,

    /// Keep the results as a new baseline, in baselines/NAME/ beside each scenario
    #[arg(long, value_name = "NAME", value_parser = baseline::name, conflicts_with = "baseline")]
    save_baseline: Option<String>,

    /// Write the findings as JUnit XML to FILE, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Print nothing but what fails
    #[arg(long, short)]
    quiet: bool,
}

/// How scenarios are run to be checked.
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

    /// Read data files, and scenarios that are links, outside the scenario's folder, too
    #[arg(long)]
    pub(crate) allow_outside: bool,

    /// Runs at a time (default: one per processor); the results do not depend on it
    #[arg(long, short = 'j', value_name = "J", value_parser = value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// What findings look like on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
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
            designs: Vec::new(),
            runs: self.runs,
            first_run: 0,
            seed: self.seed,
            overrides: self.overrides.clone(),
            force: false,
            allow_outside: self.allow_outside,
            jobs: self.jobs,
            check_determinism: false,
            until: Vec::new(),
            max_runs: 1,
            out: None,
            format: options::Format::Text,
            verbose: false,
            quiet: true,
        }
    }
}

/// Checks every scenario; a bad one does not keep the others from being checked.
///
/// # Errors
/// If a folder cannot be read, it is interrupted, or a result cannot be written. A scenario that makes no sense, or whose runs
/// fail, is reported on stderr and is an exit status.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let paths = scenarios(&args.paths)?;
    // Opened before the work, so that a bad path fails at once.
    let inputs = || paths.iter().map(PathBuf::as_path);
    let junit = args.junit.as_ref().map(|path| OutputFile::open(path, inputs())).transpose()?;
    let mut status = ExitStatus::Good;
    let mut checked = Vec::new();
    for path in &paths {
        let result = match check(path, args, junit.as_ref(), &interrupted) {
            Ok(findings) => {
                status = status.worse(if findings.hold() { ExitStatus::Good } else { ExitStatus::ExpectationNotMet });
                Ok(findings)
            }
            Err(stopped @ CliError::Study(StudyError::Cancelled { .. })) => return Err(stopped),
            Err(error) => {
                print::print_chain(&error);
                status = status.worse(error.exit_status());
                Err(print::chain(&error))
            }
        };
        let one = Checked { path: printable(&path.display().to_string()).into_owned(), result };
        if args.format == Format::Text {
            print::result(&check::text(&one, args.quiet))?;
        }
        checked.push(one);
    }
    match args.format {
        Format::Text if args.quiet => {}
        Format::Text => print::result(&format!("{}\n", check::totals(&checked)))?,
        Format::Json => print::result(&check::json(&checked))?,
        Format::Markdown => print::result(&check::markdown(&checked))?,
    }
    if let Some(file) = junit {
        file.write(check::junit(&checked).as_bytes())?;
    }
    github::tell(&checked);
    Ok(status)
}

/// Runs one scenario and finds out what holds.
fn check(
    path: &Path,
    args: &CheckArgs,
    junit: Option<&OutputFile>,
    interrupted: &AtomicBool,
) -> Result<Findings, CliError> {
    let job = Job::prepare(path, &args.how.for_study())?;
    junit.map_or(Ok(()), |file| file.differs_from(job.inputs()))?;
    let place = |name: &String| Place::of(path, name, args.how.allow_outside);
    let then = args.baseline.as_ref().map(|name| place(name).known()).transpose()?;
    // Read before the work, and opened if it will be written, so that a file in the way is said at once.
    let to_keep = args.save_baseline.as_ref().map(place);
    let kept = to_keep.as_ref().map_or(Ok(None), Place::vacant)?;
    let file = to_keep.as_ref().filter(|_| kept.is_none()).map(Place::open).transpose()?;
    job.warn_of_runs();
    let outcome = job.run(|_| (), interrupted)?;
    let mut findings = Findings::of(&outcome, job.expectation_lines());
    let now = || Baseline::of(&outcome, job.scenario().resolved());
    if let (Some(name), Some(then)) = (&args.baseline, &then) {
        findings.add_baseline(&outcome, name, &compare(then, &now(), &outcome.metrics));
    }
    // A baseline that differs is for `bless` to renew.
    match (&to_keep, kept, file) {
        (Some(place), Some(then), _) if then != now() => return Err(place.differs()),
        (Some(place), None, Some(file)) => place.write(file, &now())?,
        _ => {}
    }
    Ok(findings)
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
