//! The receipt: what to run to get the same files again. No dates, hosts, paths or thread counts.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::study::{Stopping, StudyOutcome};

#[derive(Serialize)]
struct Receipt<'a> {
    firedrill: &'static str,
    scenario: &'a str,
    scenario_sha256: &'a str,
    seed: u64,
    first_run: u64,
    runs: u64,
    designs: Vec<&'a str>,
    settings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Until<'a>>,
    files: &'a BTreeMap<String, String>,
}

/// The rule for the number of runs, if it was left to the results, and how it ended.
#[derive(Serialize)]
struct Until<'a> {
    targets: Vec<&'a str>,
    runs_at_a_time: u64,
    max_runs: u64,
    met: bool,
}

impl<'a> From<&'a Stopping> for Until<'a> {
    fn from(stopping: &'a Stopping) -> Self {
        let mut targets: Vec<&str> = stopping.reached.iter().map(|reached| reached.target.as_str()).collect();
        targets.dedup();
        Until { targets, runs_at_a_time: stopping.batch, max_runs: stopping.most_runs, met: stopping.knows_enough() }
    }
}

/// Writes the receipt of a study that consists of `files`, each with its SHA-256.
pub(super) fn write(outcome: &StudyOutcome, files: &BTreeMap<String, String>, mut file: impl Write) -> io::Result<()> {
    let subject = &outcome.subject;
    let receipt = Receipt {
        firedrill: env!("CARGO_PKG_VERSION"),
        scenario: &subject.scenario,
        scenario_sha256: &subject.hash,
        seed: subject.seed,
        first_run: subject.first_run,
        runs: subject.runs,
        designs: outcome.designs.iter().map(|design| design.name.as_str()).collect(),
        settings: &subject.settings,
        until: outcome.stopping.as_ref().map(Until::from),
        files,
    };
    serde_json::to_writer_pretty(&mut file, &receipt)?;
    writeln!(file)
}
