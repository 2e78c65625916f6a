//! Options that `run` and `compare` share.

use std::path::PathBuf;

use clap::{Args, ValueEnum, value_parser};

use super::left::LeftOptions;
use super::shard;
use crate::study::Shard;

/// Options of a study: its scenarios, its number of runs, and the folder of its results.
#[derive(Debug, Args)]
pub(crate) struct StudyOptions {
    /// Only this design; may be given several times (default: all designs of the scenario)
    #[arg(long = "design", value_name = "NAME", help_heading = "Study")]
    pub(crate) designs: Vec<String>,

    /// Number of runs of each design (default: the scenario's)
    #[arg(long, short = 'n', value_name = "N", value_parser = value_parser!(u64).range(1..), help_heading = "Study")]
    pub(crate) runs: Option<u64>,

    /// Add runs in batches until an interval is narrow enough in every design, as in `downtime_s.p95 +-10%` or
    /// `lost_service_s.mean +-5s`; a width is a percent of the estimate, a duration, or a number in the metric's unit. May be
    /// given several times
    #[arg(long, value_name = "TARGET", help_heading = "Study")]
    pub(crate) until: Vec<String>,

    /// Most runs of each design with --until, first batch included
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = value_parser!(u64).range(1..=1_000_000), requires = "until", help_heading = "Study")]
    pub(crate) max_runs: u64,

    /// Run only part K of N of the study, as in 2/8, for `firedrill merge`; auto/N takes K from the task index of a Kubernetes
    /// indexed job, an AWS Batch array or a Slurm array
    #[arg(long, value_name = "K/N", value_parser = shard::shard, conflicts_with = "until", help_heading = "Study")]
    pub(crate) shard: Option<Shard>,

    /// Number of the first run; run 4711 alone is the same as run 4711 of a study
    #[arg(long, value_name = "K", default_value_t = 0, help_heading = "Study")]
    pub(crate) first_run: u64,

    /// Seed of the study (default: the scenario's)
    #[arg(long, value_name = "S", allow_negative_numbers = true, help_heading = "Study")]
    pub(crate) seed: Option<u64>,

    /// Replace one value of the scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE", help_heading = "Study")]
    pub(crate) overrides: Vec<String>,

    /// Run even if the estimated number of requests is above the limit
    #[arg(long, help_heading = "Study")]
    pub(crate) force: bool,

    /// Also read data files, and scenarios behind links, outside the scenario's folder
    #[arg(long, help_heading = "Study")]
    pub(crate) allow_outside: bool,

    /// Runs at a time (default: one per processor); the results do not depend on it
    #[arg(long, short = 'j', value_name = "J", value_parser = value_parser!(u16).range(1..), help_heading = "Execution")]
    pub(crate) jobs: Option<u16>,

    /// Make every run twice, event by event, and stop at the first event that differs
    #[arg(long, help_heading = "Execution")]
    pub(crate) check_determinism: bool,

    #[command(flatten)]
    pub(crate) left: LeftOptions,

    /// Folder for tables and charts (default: firedrill-out/<scenario name>)
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,

    /// Format of the results on stdout
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(crate) format: Format,

    /// Print a table of all metrics, pairs and intervals instead of the summary of `compare`
    #[arg(long, help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Print only errors and warnings on stderr: no progress, no closing lines
    #[arg(long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// Format of results on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables to read
    Text,
    /// One JSON document; of several scenarios, an array
    Json,
    /// Markdown, for a job summary or a comment
    Markdown,
}

impl StudyOptions {
    /// Everything as the scenario says, and no words.
    pub(crate) fn silent() -> Self {
        StudyOptions {
            designs: Vec::new(),
            runs: None,
            until: Vec::new(),
            max_runs: 1,
            shard: None,
            first_run: 0,
            seed: None,
            overrides: Vec::new(),
            force: false,
            allow_outside: false,
            jobs: None,
            check_determinism: false,
            left: LeftOptions::default(),
            out: None,
            format: Format::Text,
            verbose: false,
            quiet: true,
        }
    }
}
