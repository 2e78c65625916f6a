//! `firedrill merge`: makes the whole of a study, a sweep or a check out of its parts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::error::CliError;
use super::exit::ExitStatus;
use super::left::Logged;
use super::options::{Format, StudyOptions};
use super::perform::{self, Job, Results, StudyKind};
use super::{check, print, results_folder, sweep};
use crate::output::{Existing, OutputDir, OutputError};
use crate::report::check::Checked;
use crate::runlog::{Aside, Header, LOG, RunLog};
use crate::study::{self, KeepError, KeptRuns, RunRecord, RunRow, SweepPoint};

const EXAMPLES: &str = "\
Examples:
  firedrill compare drill.toml --shard 1/3 --out part-1      (2/3 and 3/3 elsewhere)
  firedrill merge part-1 part-2 part-3 --out drill

The files are byte for byte those that one machine would make. The order of the parts does not
matter, and a part may be given twice. Parts of `check` make no files: their findings are printed.";

/// Arguments of `firedrill merge`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MergeArgs {
    /// Folders that --shard wrote, or folders of them
    #[arg(value_name = "DIR", required = true)]
    parts: Vec<PathBuf>,

    /// Folder for tables and charts (default: as without --shard)
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Format of the results on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    /// Print a table of all metrics, pairs and intervals instead of the summary of `compare`
    #[arg(long, help_heading = "Output")]
    verbose: bool,

    /// Print only errors and warnings on stderr; for a check, print only failures
    #[arg(long, help_heading = "Output")]
    quiet: bool,
}

/// One part.
#[derive(Debug)]
struct ShardLog {
    folder: PathBuf,
    log: Arc<RunLog>,
}

/// All parts of one study, in order, each once.
#[derive(Debug)]
struct Whole {
    parts: Vec<ShardLog>,
}

/// The runs of one study in all parts.
#[derive(Debug)]
struct Runs {
    whole: Arc<Whole>,
    point: u32,
    aside: Arc<Aside>,
}

impl KeptRuns for Runs {
    fn each(&self, visit: &mut dyn FnMut(RunRecord)) -> Result<(), KeepError> {
        self.whole.parts.iter().try_for_each(|part| Logged::of(&part.log, self.point).each(visit))
    }

    fn keep(&self, _record: &RunRecord) -> Result<(), KeepError> {
        Err(Arc::new(std::io::Error::other("parts are not added to")))
    }

    fn row(&self, slot: u32, run: u64) -> Result<RunRow, KeepError> {
        // Runs are dealt out in turn.
        let header = self.whole.header();
        let number = u64::from(self.point) * header.runs + run.saturating_sub(header.first_run);
        let part = &self.whole.parts[(number % self.whole.parts.len() as u64) as usize];
        Logged::of(&part.log, self.point).row(slot, run)
    }

    fn put_aside(&self, bytes: &[u8]) -> Result<u64, KeepError> {
        self.aside.put(bytes).map_err(|error| Arc::new(error) as KeepError)
    }

    fn read_aside(&self, place: u64, bytes: &mut [u8]) -> Result<(), KeepError> {
        self.aside.get(place, bytes).map_err(|error| Arc::new(error) as KeepError)
    }
}

/// Reads the parts, makes sure that they are all there, and writes and prints what the command would have that they are parts of.
///
/// # Errors
/// If a part is missing, is none, belongs to another study, is not whole or was changed; or if the results cannot be written.
pub(crate) fn run(args: &MergeArgs) -> Result<ExitStatus, CliError> {
    let mut found: BTreeMap<u64, Vec<ShardLog>> = BTreeMap::new();
    for shard in args.parts.iter().map(|folder| read(folder)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        found.entry(shard.log.header().position).or_default().push(shard);
    }
    let wholes = found.into_values().map(|parts| whole(parts).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let command = wholes[0].header().command.clone();
    if let Some(other) = wholes.iter().find(|whole| whole.header().command != command) {
        return Err(refused(
            &other.parts[0].folder,
            &format!("is of `{}`, not of `{command}`", other.header().command),
        ));
    }
    match command.as_str() {
        "check" => print_check(&wholes, args),
        "sweep" => write_sweep(&wholes[0], args),
        _ => write_studies(&wholes, &command, args),
    }
}

fn refused(folder: &Path, why: &str) -> CliError {
    CliError::Usage(format!("{}: {why}", folder.display()))
}

/// Reads the part in `folder`, or the parts in the folders in it.
fn read(folder: &Path) -> Result<Vec<ShardLog>, CliError> {
    let mut folders = vec![folder.to_owned()];
    if !folder.join(LOG).exists() {
        let entries =
            std::fs::read_dir(folder).map_err(|error| refused(folder, &format!("cannot be read: {error}")))?;
        folders = entries.flatten().map(|entry| entry.path()).filter(|inside| inside.join(LOG).is_file()).collect();
        folders.sort();
    }
    if folders.is_empty() {
        return Err(refused(folder, "holds no part of a study; --shard K/N writes one"));
    }
    let part = |folder: PathBuf| {
        if !Existing::verify(&folder).map_err(|error| CliError::Usage(error.to_string()))? {
            return Err(refused(&folder, "is no finished part; repeat the command that makes it with --resume"));
        }
        let log = RunLog::open_whole(&folder.join(LOG))?;
        if log.header().shard.is_none() {
            return Err(refused(&folder, "is a study that was stopped, and no part of one"));
        }
        Ok(ShardLog { folder, log: Arc::new(log) })
    };
    folders.into_iter().map(part).collect()
}

/// Puts the parts of one study in order.
fn whole(mut parts: Vec<ShardLog>) -> Result<Whole, CliError> {
    let number = |part: &ShardLog| part.log.header().shard.map_or((0, 0), |shard| (shard.part, shard.of));
    for part in &parts[1..] {
        if let Some(difference) = parts[0].log.header().difference_of_parts(part.log.header()) {
            let first = parts[0].folder.display();
            return Err(refused(&part.folder, &format!("belongs to another study than {first} ({difference})")));
        }
    }
    if parts[0].log.header().firedrill != env!("CARGO_PKG_VERSION") {
        let version = &parts[0].log.header().firedrill;
        let why = format!("is of version {version}, and this is {}", env!("CARGO_PKG_VERSION"));
        return Err(refused(&parts[0].folder, &why));
    }
    parts.sort_by_key(number);
    parts.dedup_by_key(|part| number(part));
    let (_, of) = number(&parts[0]);
    let missing: Vec<String> = (1..=of)
        .filter(|wanted| parts.binary_search_by_key(wanted, |part| number(part).0).is_err())
        .map(|missing| format!("{missing}/{of}"))
        .collect();
    if !missing.is_empty() {
        let scenario = &parts[0].log.header().scenario;
        return Err(CliError::Usage(format!("{scenario}: parts are missing: {}", missing.join(", "))));
    }
    for part in &parts {
        let (runs, expected) = (part.log.runs() as u64, part.log.header().expected().unwrap_or_default());
        if runs < expected {
            return Err(refused(&part.folder, &format!("holds {runs} of {expected} runs")));
        }
    }
    Ok(Whole { parts })
}

impl Whole {
    fn header(&self) -> &Header {
        self.parts[0].log.header()
    }

    /// The study at a point, read from the copy of its scenario in the first part.
    fn job(&self, point: usize) -> Result<Job, CliError> {
        let header = self.header();
        let options = StudyOptions {
            designs: header.designs.clone(),
            runs: Some(header.runs),
            first_run: header.first_run,
            seed: Some(header.seed),
            overrides: header.settings.clone(),
            force: header.force,
            ..StudyOptions::silent()
        };
        let values = &header.points[point].values;
        let varied: Vec<String> = header.keys.iter().zip(values).map(|(key, value)| format!("{key}={value}")).collect();
        let folder = &self.parts[0].folder;
        let job = Job::prepare_as(&folder.join("scenario.toml"), &header.path, &options, &varied)?;
        if job.hash() != header.points[point].scenario_sha256 {
            return Err(refused(folder, "its scenario is not the one that was run"));
        }
        Ok(job)
    }

    fn outcome(self: &Arc<Self>, job: &Job, point: usize, aside: &Arc<Aside>) -> Result<study::StudyOutcome, CliError> {
        job.conclude_from(Arc::new(Runs { whole: Arc::clone(self), point: point as u32, aside: Arc::clone(aside) }))
    }

    fn folder(&self, args: &MergeArgs, job: &Job, ending: &str) -> Result<PathBuf, OutputError> {
        results_folder::folder_or(args.out.as_ref(), || format!("{}{ending}", job.file_name()))
    }
}

/// Opens the folder for the results, which may be none of the parts.
fn open(folder: &Path, wholes: &[Arc<Whole>]) -> Result<OutputDir, CliError> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let parts = || wholes.iter().flat_map(|whole| &whole.parts);
    if real(folder).is_some_and(|place| parts().any(|part| real(&part.folder).is_some_and(|part| part == place))) {
        return Err(refused(folder, "is one of the parts; give another folder with --out"));
    }
    let output = OutputDir::open(folder)?;
    output.notes().iter().for_each(|line| print::note(&format!("note: {line}")));
    Ok(output)
}

fn write_studies(wholes: &[Arc<Whole>], command: &str, args: &MergeArgs) -> Result<ExitStatus, CliError> {
    let subject = if command == "run" { StudyKind::Designs } else { StudyKind::Comparison };
    let options =
        StudyOptions { format: args.format, verbose: args.verbose, quiet: args.quiet, ..StudyOptions::silent() };
    let mut results = Results::of(wholes.len(), args.format);
    for whole in wholes {
        let job = whole.job(0)?;
        let folder = match &args.out {
            Some(folder) if wholes.len() > 1 => folder.join(job.file_name()),
            _ => whole.folder(args, &job, "")?,
        };
        let mut output = open(&folder, wholes)?;
        job.copy_data(&mut output)?;
        job.warn_of_runs();
        let outcome = whole.outcome(&job, 0, &Arc::new(Aside::on_the_disk_of(output.staged())))?;
        results.add(&perform::finish(&job, outcome, output, &options, subject)?)?;
    }
    results.finish()
}

fn write_sweep(whole: &Arc<Whole>, args: &MergeArgs) -> Result<ExitStatus, CliError> {
    let header = whole.header();
    let jobs = (0..header.points.len()).map(|point| whole.job(point)).collect::<Result<Vec<_>, _>>()?;
    let folder = whole.folder(args, &jobs[0], "-sweep")?;
    let mut output = open(&folder, std::slice::from_ref(whole))?;
    jobs.iter().try_for_each(|job| job.copy_data(&mut output))?;
    let aside = Arc::new(Aside::on_the_disk_of(output.staged()));
    let point = |(point, job): (usize, &Job)| {
        Ok(SweepPoint { values: header.points[point].values.clone(), outcome: whole.outcome(job, point, &aside)? })
    };
    let points = jobs.iter().enumerate().map(point).collect::<Result<Vec<_>, CliError>>()?;
    let found = study::Sweep { keys: header.keys.clone(), settings: header.settings.clone(), points, partial: None };
    sweep::finish(&found, &jobs[0], output, args.format, args.quiet)
}

fn print_check(wholes: &[Arc<Whole>], args: &MergeArgs) -> Result<ExitStatus, CliError> {
    let mut status = ExitStatus::Good;
    let mut checked = Vec::new();
    for whole in wholes {
        let job = whole.job(0)?;
        job.warn_of_runs();
        // The parts may lie where nothing can be written.
        let aside = Arc::new(Aside::on_the_disk_of(&std::env::temp_dir()));
        let findings = check::findings(&job, &whole.outcome(&job, 0, &aside)?, None)?;
        status = status.worse(if findings.hold() { ExitStatus::Good } else { ExitStatus::ExpectationNotMet });
        checked.push(Checked { path: whole.header().path.clone(), result: Ok(findings) });
    }
    let format = match args.format {
        Format::Text => check::CheckFormat::Text,
        Format::Json => check::CheckFormat::Json,
        Format::Markdown => check::CheckFormat::Markdown,
    };
    check::print_all(&checked, format, args.quiet)?;
    Ok(status)
}
