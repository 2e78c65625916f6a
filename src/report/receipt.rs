//! The receipt of a study: what to run to get the same files again.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::results::{Receipt, RunRule};
use crate::study::{Stopping, StudyOutcome};

/// Writes the receipt of a study that consists of `files`, each with its SHA-256.
pub(super) fn write(outcome: &StudyOutcome, files: BTreeMap<String, String>, mut file: impl Write) -> io::Result<()> {
    let subject = &outcome.subject;
    let receipt = Receipt {
        firedrill: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: subject.scenario.clone(),
        scenario_sha256: subject.hash.clone(),
        seed: subject.seed,
        first_run: subject.first_run,
        runs: subject.runs,
        partial: outcome.partial,
        designs: outcome.designs.iter().map(|design| design.name.clone()).collect(),
        settings: subject.settings.clone(),
        until: outcome.stopping.as_ref().map(rule),
        files,
    };
    serde_json::to_writer_pretty(&mut file, &receipt)?;
    writeln!(file)
}

fn rule(stopping: &Stopping) -> RunRule {
    let mut targets: Vec<String> = stopping.reached.iter().map(|reached| reached.target.clone()).collect();
    targets.dedup();
    RunRule { targets, runs_at_a_time: stopping.batch, max_runs: stopping.most_runs, met: stopping.knows_enough() }
}
