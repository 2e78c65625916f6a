//! One part of a study, made into a folder of its own that `merge` puts together with the others.

use std::env;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::error::CliError;
use super::exit::ExitStatus;
use super::left::{Logged, Opened, tell};
use super::perform::{Job, first_point};
use super::progress::ProgressLine;
use super::{print, room};
use crate::output::{OutputDir, RECEIPT};
use crate::runlog::{Header, Part, RunLog};
use crate::study::{Shard, StudyError};

/// Variables with the number of a task in an array, counted from 0, and the variable with the least number where that is another.
const INDICES: [(&str, Option<&str>); 3] = [
    ("JOB_COMPLETION_INDEX", None),
    ("AWS_BATCH_JOB_ARRAY_INDEX", None),
    ("SLURM_ARRAY_TASK_ID", Some("SLURM_ARRAY_TASK_MIN")),
];

/// Reads a shard: `K/N`, or `auto/N` with K from the variable that the engine sets.
pub(crate) fn shard(text: &str) -> Result<Shard, String> {
    shard_in(text, &|name| env::var(name).ok())
}

fn shard_in(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, String> {
    let Some(of) = text.strip_prefix("auto/") else { return text.parse::<Shard>().map_err(|error| error.to_string()) };
    let of: u64 = of.parse().map_err(|_| format!("auto/N needs a number of parts, not {of:?}"))?;
    let number =
        |name: &str| variable(name).map(|text| text.parse::<u64>().map_err(|_| format!("{name} is no number")));
    let found = INDICES.iter().find_map(|(name, least)| number(name).map(|index| (name, least, index)));
    let Some((name, least, index)) = found else {
        let names = INDICES.map(|(name, _)| name).join(", ");
        return Err(format!("auto/N takes K from {names}, and none of them is set"));
    };
    let least = least.and_then(number).transpose()?.unwrap_or(0);
    let index = index?;
    let part = index.checked_sub(least).and_then(|index| Shard::new(index + 1, of));
    part.ok_or_else(|| format!("{name} is {index}, which is none of {of} parts counted from {least}"))
}

/// As a log has it.
pub(crate) fn part(shard: Shard) -> Part {
    Part { part: shard.part, of: shard.of }
}

/// Makes the runs of `shard` that are not there, of the studies `jobs` one after the other, and writes the folder.
///
/// # Errors
/// If a run fails, it is interrupted or cannot be written; the runs that there are stay for `--resume`, and that is said.
pub(crate) fn make(
    jobs: &[Job],
    opened: Opened,
    shard: Shard,
    quiet: bool,
    interrupted: &Arc<AtomicBool>,
) -> Result<ExitStatus, CliError> {
    let Opened { output, log } = opened;
    let made = carry_out(jobs, (output, &log), shard, quiet, interrupted);
    if made.is_err() {
        tell(&log);
    }
    made.map(|()| ExitStatus::Good)
}

fn carry_out(
    jobs: &[Job],
    (mut output, log): (OutputDir, &Arc<RunLog>),
    shard: Shard,
    quiet: bool,
    interrupted: &Arc<AtomicBool>,
) -> Result<(), CliError> {
    jobs.iter().try_for_each(|job| job.copy_data(&mut output))?;
    let header = log.header();
    let total = header.expected().unwrap_or_default();
    if !quiet {
        print::note(&format!("{}: part {shard} of {} runs, seed {}", header.scenario, header.runs, header.seed));
    }
    let mut bytes: f64 = jobs.iter().map(|job| job.cost().disk.runs).sum();
    // With more parts than runs, some are empty.
    let missing = if total == 0 { 0.0 } else { 1.0 - log.runs() as f64 / total as f64 };
    bytes *= missing / shard.of as f64;
    room::must_fit(output.path(), bytes, jobs.iter().any(Job::is_forced))?;
    let mut is_whole = true;
    let mut failed = None;
    for (point, job) in jobs.iter().enumerate() {
        let progress = ProgressLine::start(total, quiet);
        let offset = point as u64 * header.runs;
        match job.run_shard(
            (shard, offset),
            Logged::of(log, point as u32),
            |so_far| progress.report(so_far),
            interrupted,
        ) {
            Ok(whole) => is_whole &= whole,
            Err(error) => failed = Some(error),
        }
        if failed.is_some() || !is_whole {
            break;
        }
    }
    if log.runs() > 0 && !matches!(failed, Some(CliError::Study(StudyError::Run(_)))) {
        output.keep();
    }
    log.flush()?;
    if let Some(error) = failed {
        return Err(error);
    }
    if !is_whole {
        return Err(StudyError::Cancelled { runs: log.runs() as u64, total }.into());
    }
    let which = (!header.keys.is_empty()).then(|| first_point(&header.keys, &header.points[0].values));
    jobs[0].write_scenario(which.as_deref(), &mut output)?;
    output.list_log()?;
    let receipt = receipt(header, shard, &output);
    output.write(RECEIPT, |file| writeln!(file, "{receipt:#}"))?;
    let folder = output.path().to_owned();
    output.commit()?;
    if !quiet {
        print::note(&format!("part {shard}: {}; `firedrill merge` puts all parts together", folder.display()));
    }
    Ok(())
}

/// The manifest of the folder: its kind, and the files in it.
fn receipt(header: &Header, shard: Shard, output: &OutputDir) -> serde_json::Value {
    serde_json::json!({
        "firedrill": header.firedrill,
        "scenario": header.scenario,
        "scenario_sha256": header.points.iter().map(|point| &point.scenario_sha256).collect::<Vec<_>>(),
        "seed": header.seed,
        "first_run": header.first_run,
        "runs": header.runs,
        "designs": header.designs,
        "settings": header.settings,
        "shard": shard.to_string(),
        "files": output.files(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_is_taken_from_the_index_that_an_engine_gives_its_tasks() {
        let with = |set: &[(&str, &str)], text: &str| {
            let variable =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            shard_in(text, &variable).map(|shard| shard.to_string())
        };
        assert_eq!(with(&[("JOB_COMPLETION_INDEX", "0")], "auto/8"), Ok("1/8".into()));
        assert_eq!(with(&[("AWS_BATCH_JOB_ARRAY_INDEX", "7")], "auto/8"), Ok("8/8".into()));
        let slurm = [("SLURM_ARRAY_TASK_ID", "8"), ("SLURM_ARRAY_TASK_MIN", "1")];
        assert_eq!(with(&slurm, "auto/8"), Ok("8/8".into()));
        assert_eq!(with(&slurm, "2/8"), Ok("2/8".into()));
        assert!(with(&[], "auto/8").unwrap_err().contains("JOB_COMPLETION_INDEX"));
        assert!(with(&[("JOB_COMPLETION_INDEX", "8")], "auto/8").unwrap_err().contains("none of 8 parts"));
        assert!(with(&[("JOB_COMPLETION_INDEX", "x")], "auto/8").unwrap_err().contains("is no number"));
        assert!(with(&[], "auto/x").is_err() && with(&[], "auto").is_err());
    }
}
