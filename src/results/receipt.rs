//! The receipt: what to run to get the same files again. No dates, hosts, paths or thread counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::partial::Partial;

/// The content of `receipt.json` of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Version of the program.
    pub firedrill: String,
    /// Name of the scenario.
    pub scenario: String,
    /// SHA-256 of the checked scenario.
    pub scenario_sha256: String,
    /// Seed of the study.
    pub seed: u64,
    /// Number of the first run.
    pub first_run: u64,
    /// Runs of each design.
    pub runs: u64,
    /// The runs that there are, if the study was stopped before its end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<Partial>,
    /// Names of the designs.
    pub designs: Vec<String>,
    /// Settings from the command line.
    pub settings: Vec<String>,
    /// The rule for the number of runs, if it was left to the results.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<RunRule>,
    /// All files of the folder but the receipt, each with its SHA-256.
    pub files: BTreeMap<String, String>,
}

/// The rule for the number of runs, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRule {
    /// The targets, as they were written.
    pub targets: Vec<String>,
    /// Runs that were added at a time.
    pub runs_at_a_time: u64,
    /// Most runs that were allowed.
    pub max_runs: u64,
    /// True if every target was met.
    pub met: bool,
}
