//! The receipt: what to run to get the same files again. No dates, hosts, paths or thread counts.

use std::io::{self, Write};

use serde::Serialize;

use crate::study::StudyOutcome;

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
    files: &'a [String],
}

/// Writes the receipt of a study that consists of `files`.
pub(super) fn write(outcome: &StudyOutcome, files: &[String], mut file: impl Write) -> io::Result<()> {
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
        files,
    };
    serde_json::to_writer_pretty(&mut file, &receipt)?;
    writeln!(file)
}
