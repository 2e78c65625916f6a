//! `firedrill explain`: what happened in one run, because of what, and what it cost.

use std::path::PathBuf;

use clap::{ArgGroup, Args, value_parser};

use super::error::CliError;
use super::exit::ExitStatus;
use super::options::{Format, StudyOptions};
use super::perform::Job;
use super::progress::ProgressLine;
use super::{interrupt, print};
use crate::explain;
use crate::model::Plan;
use crate::output::{Kind, OutputFile};
use crate::study::{Direction, StudyError, StudyOutcome};

const EXAMPLES: &str = "\
Examples:
  firedrill explain drill.toml --design active-active --run 17
  firedrill explain drill.toml --design active-passive --worst downtime_s --chart why.svg --trace why.json

The trace opens at ui.perfetto.dev. Every step names its cause, back to a fault or a planned change.";

/// Arguments of `firedrill explain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("which").required(true).args(["run", "worst", "median"]))]
pub(crate) struct ExplainArgs {
    /// Scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Design to explain; may be left out if there is only one
    #[arg(long, value_name = "NAME", help_heading = "Study")]
    design: Option<String>,

    /// Number of the run
    #[arg(long, value_name = "N", help_heading = "Study")]
    run: Option<u64>,

    /// Explain the run that is worst in this metric
    #[arg(long, value_name = "METRIC", help_heading = "Study")]
    worst: Option<String>,

    /// Explain the run that is the median in this metric
    #[arg(long, value_name = "METRIC", help_heading = "Study")]
    median: Option<String>,

    /// Number of runs to choose from (default: the scenario's)
    #[arg(long, short = 'n', value_name = "N", value_parser = value_parser!(u64).range(1..), help_heading = "Study")]
    runs: Option<u64>,

    /// Seed of the study (default: the scenario's)
    #[arg(long, value_name = "S", allow_negative_numbers = true, help_heading = "Study")]
    seed: Option<u64>,

    /// Replace one value of the scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE", help_heading = "Study")]
    overrides: Vec<String>,

    /// Also read data files, and scenarios behind links, outside the scenario's folder
    #[arg(long, help_heading = "Study")]
    allow_outside: bool,

    /// Draw the timeline as an SVG file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    chart: Option<PathBuf>,

    /// Write a trace that Perfetto and Chrome open
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    trace: Option<PathBuf>,

    /// Format of the explanation on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

/// Explains the run asked for.
///
/// # Errors
/// If the input is invalid, a run fails or a file cannot be written.
pub(crate) fn run(args: &ExplainArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let options = StudyOptions {
        designs: args.design.iter().cloned().collect(),
        runs: args.runs,
        seed: args.seed,
        overrides: args.overrides.clone(),
        allow_outside: args.allow_outside,
        ..StudyOptions::silent()
    };
    let job = Job::prepare(&args.scenario, &options)?;
    // Opened before the work; neither is the other, or a file that is read.
    let open = |kind: Kind, path: &PathBuf, other: Option<&PathBuf>| {
        OutputFile::open_for(kind, path, job.inputs().chain(other.map(PathBuf::as_path)))
    };
    let chart = args.chart.as_ref().map(|path| open(Kind::Svg, path, None)).transpose()?;
    let trace = args.trace.as_ref().map(|path| open(Kind::Trace, path, args.chart.as_ref())).transpose()?;
    let scenario = job.scenario();
    let names: Vec<&str> = scenario.designs.iter().map(|design| design.name.as_str()).collect();
    let design = match &args.design {
        Some(name) => names.iter().position(|known| known == name).unwrap_or_default(),
        None if names.len() == 1 => 0,
        None => return Err(CliError::Usage(format!("which design? give --design; known: {}", names.join(", ")))),
    };
    let number = match (&args.run, &args.worst, &args.median) {
        (Some(number), ..) => *number,
        (None, Some(metric), _) | (None, None, Some(metric)) => {
            job.knows(metric)?;
            let progress = ProgressLine::start(job.total_runs(), false);
            let outcome = job.run_and_forget("explain", |so_far| progress.report(so_far), &interrupted)?;
            progress.close();
            let chosen = chosen(&outcome, metric, args.worst.is_some());
            outcome.check().map_err(StudyError::Keep)?;
            chosen?
        }
        (None, None, None) => return Err(CliError::Usage("give --run, --worst or --median".to_owned())),
    };
    let explanation = explain::explain(&Plan::new(scenario), design, number)?;
    if let Some(file) = chart {
        file.write(explain::picture(&explanation).as_bytes())?;
    }
    if let Some(file) = trace {
        file.write(explain::trace(&explanation).as_bytes())?;
    }
    let text = match args.format {
        Format::Text => explain::text(&explanation),
        Format::Json => format!("{:#}\n", serde_json::json!(explanation)),
        Format::Markdown => explain::markdown(&explanation),
    };
    print::result(&text)?;
    let path = crate::study::quoted(&args.scenario.display().to_string());
    let design = crate::study::quoted(&explanation.design);
    print::note(&format!("again: firedrill explain {path} --design {design} --run {number}{}", settings(args)));
    Ok(ExitStatus::Good)
}

/// The rest of the line that repeats it.
fn settings(args: &ExplainArgs) -> String {
    let seed = args.seed.map(|seed| format!(" --seed {seed}"));
    let overrides = args.overrides.iter().map(|setting| format!(" --set {}", crate::study::quoted(setting)));
    let outside = args.allow_outside.then(|| " --allow-outside".to_owned());
    seed.into_iter().chain(overrides).chain(outside).collect()
}

/// The number of the run that is worst, or in the middle, of the first design.
fn chosen(outcome: &StudyOutcome, metric: &str, worst: bool) -> Result<u64, CliError> {
    let named = outcome.metrics.named(metric).map_err(CliError::Usage)?;
    let less_is_better = named.metric(&outcome.metrics).better != Direction::More;
    let values = outcome.observations(&outcome.designs[0], metric).unwrap_or_default();
    let runs = values.into_iter().zip(outcome.subject.first_run..);
    let mut values: Vec<(f64, u64)> = runs.filter_map(|(value, run)| Some((value.value_or_infinity()?, run))).collect();
    // Best first; the lower number among equals comes first in both.
    values.sort_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)));
    let place = match (worst, less_is_better) {
        (true, true) => values.len().saturating_sub(1),
        (true, false) => 0,
        (false, _) => values.len() / 2,
    };
    let chosen = values.get(place).map(|value| value.1);
    chosen.ok_or_else(|| CliError::Usage(format!("{metric} applies to no run")))
}
