//! Studies that are complete in their folders already, so that `--resume` makes none of their runs again.

use std::fs;
use std::path::Path;

use super::options::StudyOptions;
use super::print;
use crate::output::{Existing, OutputDir, RECEIPT};
use crate::report::SUMMARY;
use crate::results::{Receipt, RunRule, Study};
use crate::runlog::Header;

/// Returns the results in `folder`, and says so, if `options` ask to go on with what is there and it is the whole study `header`.
pub(crate) fn complete(folder: &Path, header: &Header, options: &StudyOptions) -> Option<Study> {
    let is_wanted = options.left.resume && header.shard.is_none() && !options.check_determinism;
    let study = is_wanted.then(|| read(folder, header)).flatten()?;
    print::note(&format!("{}: already complete in {}, and not made again", header.scenario, folder.display()));
    Some(study)
}

/// Reads the results in `folder` if they are those of the study `header`, whole and unchanged, and no other study was cut off there.
/// Anything else is for the one who makes the study to find and to name.
fn read(folder: &Path, header: &Header) -> Option<Study> {
    if !folder.is_dir() || !OutputDir::open(folder).ok()?.logs_left().is_empty() || !Existing::verify(folder).ok()? {
        return None;
    }
    let receipt: Receipt = serde_json::from_slice(&fs::read(folder.join(RECEIPT)).ok()?).ok()?;
    let study = Study::from_json(&fs::read_to_string(folder.join(SUMMARY)).ok()?).ok()?;
    let is_whole = receipt.partial.is_none() && receipt.files.contains_key("report.html") == cfg!(feature = "charts");
    (is_whole && is_of(&receipt, header) && study.comparisons.is_empty() == (header.command == "run")).then_some(study)
}

/// Returns true if the receipt is that of the study `header`.
fn is_of(receipt: &Receipt, header: &Header) -> bool {
    let has_as_many_runs = match &receipt.until {
        None => header.until.is_empty() && receipt.runs == header.runs,
        Some(RunRule { targets, runs_at_a_time, max_runs, met: _ }) => {
            (targets, *runs_at_a_time, *max_runs) == (&header.until, header.runs, header.max_runs)
        }
    };
    let hashes = header.points.iter().map(|point| &point.scenario_sha256);
    has_as_many_runs
        && receipt.firedrill == header.firedrill
        && receipt.scenario == header.scenario
        && hashes.eq([&receipt.scenario_sha256])
        && (receipt.seed, receipt.first_run) == (header.seed, header.first_run)
        && receipt.designs == header.designs
        && receipt.settings == header.settings
}
