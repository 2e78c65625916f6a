//! `firedrill sweep`: the designs of a scenario at several points, under the same visitors and faults.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, value_parser};

use super::error::CliError;
use super::exit::ExitStatus;
use super::left::{LeftOptions, Logged, Opened, open, tell};
use super::load::warn;
use super::options::{Format, StudyOptions};
use super::perform::{Job, first_point};
use super::progress::ProgressLine;
use super::results_folder::folder_or;
use super::{interrupt, print, room, shard};
use crate::output::OutputDir;
use crate::report;
use crate::runlog::{Header, Point};
use crate::scenario::MOST_EVENTS;
use crate::study::{Partial, Range, Shard, StudyError, Sweep, SweepPoint, Variation, grid, quantity, spread};
use crate::units::words::amount;

const EXAMPLES: &str = "\
Examples:
  firedrill sweep scenarios/region-outage.toml --vary dns.answer_ttl=10s,30s,60s,300s
  firedrill sweep drill.toml --vary dns.answer_ttl=10s,60s --vary dns.health_checks.interval=5s,15s,60s
  firedrill sweep drill.toml --points 30 --vary dns.answer_ttl=5s..10m --vary incidents.0.lasts=1m..1h

Any key of the file can be varied except name, study.runs and study.seed: every point has the same
seed and run numbers, so that points differ by the values and not by chance.";

/// Arguments of `firedrill sweep`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SweepArgs {
    /// Scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Key and its values, as in `dns.answer_ttl=10s,30s`; with --points its range, as in `dns.answer_ttl=5s..1h`.
    /// May be given several times: all combinations are run
    #[arg(long = "vary", value_name = "KEY=VALUES", required = true, help_heading = "Study")]
    vary: Vec<String>,

    /// Number of points, spread evenly over the ranges, instead of all combinations
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(2..=10_000), help_heading = "Study")]
    points: Option<u64>,

    /// Run only part K of N of all points, as in 2/8, for `firedrill merge`; auto/N takes K from the task index of
    /// a Kubernetes indexed job, an AWS Batch array or a Slurm array
    #[arg(long, value_name = "K/N", value_parser = shard::shard, help_heading = "Study")]
    shard: Option<Shard>,

    #[command(flatten)]
    options: SweepOptions,
}

/// Options of a sweep: the runs at each point, and the folder of its results.
#[derive(Debug, Args)]
pub(crate) struct SweepOptions {
    /// Only this design; may be given several times (default: all designs of the scenario)
    #[arg(long = "design", value_name = "NAME", help_heading = "Study")]
    pub(crate) designs: Vec<String>,

    /// Number of runs of each design at each point (default: the scenario's)
    #[arg(long, short = 'n', value_name = "N", value_parser = value_parser!(u64).range(1..), help_heading = "Study")]
    pub(crate) runs: Option<u64>,

    /// Seed of all studies (default: the scenario's)
    #[arg(long, value_name = "S", allow_negative_numbers = true, help_heading = "Study")]
    pub(crate) seed: Option<u64>,

    /// Replace one value of the scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE", help_heading = "Study")]
    pub(crate) overrides: Vec<String>,

    /// Also read data files, and scenarios behind links, outside the scenario's folder
    #[arg(long, help_heading = "Study")]
    pub(crate) allow_outside: bool,

    /// Runs at a time (default: one per processor); the results do not depend on it
    #[arg(long, short = 'j', value_name = "J", value_parser = value_parser!(u16).range(1..), help_heading = "Execution")]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) left: LeftOptions,

    /// Folder for the files (default: firedrill-out/<scenario name>-sweep, or -find)
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,

    /// Format of the results on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(crate) format: Format,

    /// Print only errors and warnings on stderr
    #[arg(long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

impl SweepOptions {
    /// The study at a point: the scenario with the point's settings over those given.
    pub(crate) fn at(&self, path: &Path, keys: &[String], values: &[String]) -> Result<Job, CliError> {
        let varied: Vec<String> = keys.iter().zip(values).map(|(key, value)| format!("{key}={value}")).collect();
        let options = StudyOptions {
            designs: self.designs.clone(),
            runs: self.runs,
            seed: self.seed,
            overrides: self.overrides.clone(),
            allow_outside: self.allow_outside,
            jobs: self.jobs,
            ..StudyOptions::silent()
        };
        Job::prepare_with(path, &options, &varied)
    }
}

/// Runs every point, writes the files and prints the table. All points are checked before the first is run.
///
/// # Errors
/// If the input is invalid or the work could not be done.
pub(crate) fn run(args: &SweepArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let usage = |error: crate::study::VaryError| CliError::Usage(format!("--vary {error}"));
    let (keys, points) = match args.points {
        None => {
            let parse = |text: &String| text.parse::<Variation>().map_err(usage);
            let variations = args.vary.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
            (variations.iter().map(|variation| variation.key.clone()).collect::<Vec<_>>(), grid(&variations))
        }
        Some(points) => {
            let parse = |text: &String| text.parse::<Range>().map_err(usage);
            let ranges = args.vary.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
            if ranges.len() > 8 {
                return Err(CliError::Usage("--points spreads over at most 8 keys".to_owned()));
            }
            let mut points = spread(&ranges, points);
            if ranges.len() == 1 {
                points.sort_by(|one, other| {
                    quantity(&one[0]).partial_cmp(&quantity(&other[0])).unwrap_or(Ordering::Equal)
                });
                points.dedup();
            }
            (ranges.iter().map(|range| range.key.clone()).collect(), points)
        }
    };
    if let Some(twice) = keys.iter().enumerate().find(|(place, key)| keys[..*place].contains(key)) {
        return Err(CliError::Usage(format!("--vary {}: is given twice", twice.1)));
    }
    let options = &args.options;
    let jobs: Vec<Job> =
        points.iter().map(|values| options.at(&args.scenario, &keys, values)).collect::<Result<_, _>>()?;
    let events: f64 = jobs.iter().map(|job| job.cost().events).sum();
    if events > MOST_EVENTS as f64 {
        let (events, most) = (amount(events), amount(MOST_EVENTS as f64));
        return Err(CliError::Usage(format!(
            "{} points: about {events} events would be simulated, more than {most}; lower --runs or the number of points",
            jobs.len()
        )));
    }
    warn(jobs.iter().flat_map(Job::warnings));
    let folder = folder_or(options.out.as_ref(), || format!("{}-sweep", jobs[0].file_name()))?;
    let header = Header { shard: args.shard.map(shard::part), ..header(&jobs, &keys, &points, options) };
    let mut opened = open(&folder, header, options.left)?;
    if let Some(part) = args.shard {
        return shard::make(&jobs, opened, part, options.quiet, &interrupted);
    }
    let bytes: f64 = jobs.iter().map(|job| job.cost().disk.runs).sum();
    let there = opened.log.runs() as f64 / opened.log.header().expected().unwrap_or(1) as f64;
    room::must_fit(&folder, bytes * (1.0 - there), false)?;
    jobs.iter().try_for_each(|job| job.copy_data(&mut opened.output))?;
    let found = run_points(&jobs, points, options, &mut opened, &interrupted);
    let Opened { output, log } = opened;
    let written = found.and_then(|(found, partial)| {
        let sweep = Sweep { keys, settings: options.overrides.clone(), points: found, partial };
        finish(&sweep, &jobs[0], output, options.format, options.quiet)
    });
    if written.is_err() {
        tell(&log);
    }
    written
}

/// Writes and prints what was found; `first` is the study at the first point.
///
/// # Errors
/// If a file or stdout cannot be written.
pub(crate) fn finish(
    sweep: &Sweep,
    first: &Job,
    mut output: OutputDir,
    format: Format,
    quiet: bool,
) -> Result<ExitStatus, CliError> {
    let folder = output.path().to_owned();
    let which = first_point(&sweep.keys, &sweep.points[0].values);
    first.write_resolved(first.scenario().study.runs, Some(&which), &mut output)?;
    let front = sweep.front().map_err(StudyError::Keep)?;
    let results = sweep.conclude(front.as_deref()).map_err(StudyError::Keep)?;
    let files = report::write_sweep(sweep, (&results, front.as_deref()), first.text(), output)?;
    print::result(&match format {
        Format::Text => report::sweep_table(&results),
        Format::Json => results.to_json(),
        Format::Markdown => report::sweep_markdown(&results),
    })?;
    if !quiet {
        print::note(&format!("files: {}", folder.display()));
        if cfg!(feature = "charts") {
            print::note(&charts(&files, sweep.keys.len()));
        }
    }
    Ok(if sweep.partial.is_some() { ExitStatus::NotDone } else { ExitStatus::Good })
}

/// Of what studies the log of a sweep is.
fn header(jobs: &[Job], keys: &[String], points: &[Vec<String>], options: &SweepOptions) -> Header {
    let at = |(job, values): (&Job, &Vec<String>)| Point { values: values.clone(), scenario_sha256: job.hash() };
    Header {
        points: jobs.iter().zip(points).map(at).collect(),
        keys: keys.to_vec(),
        settings: options.overrides.clone(),
        ..jobs[0].header("sweep")
    }
}

/// Makes the studies of all points that are not in the log. If it is interrupted, there are those that are whole.
fn run_points(
    jobs: &[Job],
    points: Vec<Vec<String>>,
    options: &SweepOptions,
    opened: &mut Opened,
    interrupted: &Arc<AtomicBool>,
) -> Result<(Vec<SweepPoint>, Option<Partial>), CliError> {
    let mut found = Vec::new();
    for (number, (values, job)) in points.into_iter().zip(jobs).enumerate() {
        if !options.quiet {
            print::note(&format!("point {} of {}: {}", number + 1, jobs.len(), values.join(", ")));
        }
        let progress = ProgressLine::start(job.total_runs(), options.quiet);
        let kept = Logged::of(&opened.log, number as u32);
        let outcome = job.run(Some(kept), |so_far| progress.report(so_far), interrupted);
        progress.close();
        match outcome {
            Ok(outcome) if outcome.partial.is_none() => found.push(SweepPoint { values, outcome }),
            Ok(_) | Err(CliError::Study(StudyError::Cancelled { .. })) if !found.is_empty() => {
                opened.keep()?;
                opened.output.list_log()?;
                let partial = Partial { made: found.len() as u64, asked: jobs.len() as u64 };
                return Ok((found, Some(partial)));
            }
            Ok(_) => {
                opened.keep()?;
                let total = job.total_runs();
                return Err(StudyError::Cancelled { runs: opened.log.runs() as u64, total }.into());
            }
            Err(error) => {
                if !matches!(error, CliError::Study(StudyError::Run(_))) {
                    opened.keep()?;
                }
                return Err(error);
            }
        }
    }
    opened.keep()?;
    Ok((found, None))
}

/// Says which charts are among `files`, and why there are no more.
fn charts(files: &[String], keys: usize) -> String {
    let name = |file: &String| file.strip_prefix("charts/")?.strip_suffix(".svg").map(str::to_owned);
    let mut names: Vec<String> = files.iter().filter_map(name).collect();
    names.sort();
    let drawn = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    match keys {
        1 | 2 => format!("charts: {drawn}"),
        _ => format!("charts: {drawn}; metrics are drawn over one or two keys, and not over {keys}"),
    }
}
