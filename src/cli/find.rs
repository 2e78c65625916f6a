//! `firedrill find`: the largest or smallest value of a key with which a condition still holds.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::error::CliError;
use super::exit::ExitStatus;
use super::left::{Logged, Opened, open, tell};
use super::load::warn;
use super::options::Format;
use super::perform::Job;
use super::results_folder::folder_or;
use super::sweep::SweepOptions;
use super::{interrupt, print, room};
use crate::report;
use crate::results::words::counted;
use crate::runlog::{Header, Point};
use crate::scenario::Cost;
use crate::study::{Condition, Range, StudyError, most_values, search};

const EXAMPLES: &str = "\
Examples:
  firedrill find drill.toml --vary dns.answer_ttl=5s..1h --such-that 'share(downtime_s > 300) < 10%' --runs 400
  firedrill find drill.toml --vary regions.west.app.instances=1..20 --such-that 'p95(lost_service_s) < 2m'

Statistics are mean, min, max, a quantile such as p95, and the share of runs. The bound of a time is
a duration or a number in the metric's unit (the end of its name), that of a share a percent or a
number from 0 to 1, that of other metrics a number. Each design is searched separately, with the
same visitors and faults at every value. Exit status 1 if a design has no answer.";

/// Arguments of `firedrill find`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FindArgs {
    /// Scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Key and the range to search, as in `dns.answer_ttl=5s..1h`
    #[arg(long = "vary", value_name = "KEY=LOW..HIGH", help_heading = "Study")]
    vary: String,

    /// Condition that must hold, as in `share(downtime_s > 300) < 1%`
    #[arg(long, value_name = "CONDITION", help_heading = "Study")]
    such_that: String,

    /// Most bisection steps after the first five values
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = value_parser!(u32).range(1..=30), help_heading = "Execution")]
    steps: u32,

    #[command(flatten)]
    options: SweepOptions,
}

/// Searches for each design, writes the files and prints what was found.
///
/// # Errors
/// If the input is invalid or a study could not be carried out.
pub(crate) fn run(args: &FindArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let range: Range = args.vary.parse().map_err(|error| CliError::Usage(format!("--vary {error}")))?;
    let keys = [range.key.clone()];
    let job_at = |value: &str| args.options.at(&args.scenario, &keys, &[value.to_owned()]);
    // Both ends are checked before anything is run, and so is the condition.
    let (first, last) = (job_at(&range.at(0.0))?, job_at(&range.at(1.0))?);
    warn(first.warnings().iter().chain(last.warnings()));
    let condition = Condition::read(&args.such_that, first.metrics())
        .map_err(|error| CliError::Usage(format!("--such-that {error}")))?;
    last.knows(&condition.metric)?;
    let (runs, needed) = (first.scenario().study.runs, condition.runs_needed());
    if runs < needed {
        return Err(CliError::Usage(format!(
            "--such-that {condition}: needs {}, and there {} {runs} (--runs)",
            counted(needed, "run"),
            if runs == 1 { "is" } else { "are" }
        )));
    }
    if let Some(needed) = condition.runs_to_be_sure().filter(|needed| runs < *needed && !args.options.quiet) {
        print::note(&format!(
            "with {} no value can be sure to hold; that takes {needed} at least (--runs)",
            counted(runs, "run")
        ));
    }
    let ends = [first.cost(), last.cost()].map(|cost| cost.times(most_values(args.steps, first.designs()) as f64));
    if let Some(excess) = ends.iter().find_map(Cost::excess) {
        let values = most_values(args.steps, first.designs());
        return Err(CliError::Usage(format!("up to {values} values: {excess}; lower --runs or --steps")));
    }
    let folder = folder_or(args.options.out.as_ref(), || format!("{}-find", first.file_name()))?;
    let search_for = [&args.vary, &args.such_that, &args.steps.to_string()].map(Clone::clone);
    let at = |(job, end): (&Job, f64)| Point { values: vec![range.at(end)], scenario_sha256: job.hash() };
    let header = Header {
        points: [(&first, 0.0), (&last, 1.0)].map(at).to_vec(),
        keys: keys.to_vec(),
        search: search_for.to_vec(),
        settings: args.options.overrides.clone(),
        ..first.header("find")
    };
    let mut opened = open(&folder, header, args.options.left)?;
    room::must_fit(&folder, ends[0].disk.runs.max(ends[1].disk.runs), false)?;
    first.copy_data(&mut opened.output)?;
    last.copy_data(&mut opened.output)?;
    // Values are tried in an order that follows from the results, so a number tells which one a study is of.
    let mut studies = 0;
    let found = search(&range, &condition, args.steps, |value| {
        if !args.options.quiet {
            print::note(&format!("{}={value}", range.key));
        }
        let kept = Logged::of(&opened.log, studies);
        studies += 1;
        match job_at(value)?.run(Some(kept), |_| (), &interrupted) {
            Ok(outcome) if outcome.partial.is_none() => Ok(Some(outcome)),
            Ok(_) | Err(CliError::Study(StudyError::Cancelled { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    });
    if !matches!(found, Err(CliError::Study(StudyError::Run(_)))) {
        opened.keep()?;
    }
    let Opened { mut output, log } = opened;
    let written = found.and_then(|found| {
        let total = runs * first.designs() as u64;
        let found = found.ok_or(StudyError::Cancelled { runs: log.runs() as u64, total })?;
        if found.is_partial {
            output.list_log()?;
        }
        let which =
            format!("at the low end of a search, {}={} (find.csv has all values tried)", range.key, range.at(0.0));
        first.write_resolved(runs, Some(&which), &mut output)?;
        let results = found.conclude();
        report::write_find(&found, &results, first.text(), output)?;
        print::result(&match args.options.format {
            Format::Text => report::find_text(&results),
            Format::Json => results.to_json(),
            Format::Markdown => report::find_markdown(&results),
        })?;
        Ok(found)
    });
    if written.is_err() {
        tell(&log);
    }
    let found = written?;
    if !args.options.quiet {
        print::note(&format!("files: {}", folder.display()));
    }
    if found.is_partial {
        return Ok(ExitStatus::NotDone);
    }
    let all_found = found.designs.iter().all(|(_, point)| point.is_found());
    Ok(if all_found { ExitStatus::Good } else { ExitStatus::ExpectationNotMet })
}
