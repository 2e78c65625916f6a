//! What `firedrill check` found, for people and for machines: text, JSON, Markdown, JUnit and GitHub annotations.
//!
//! Every statement that was checked becomes a [`Finding`]; the formats only write findings down. Nothing is left out of one
//! format that another has, and no format carries a date, a duration or a host.

mod baseline;
mod changes;
mod differences;
mod github;
mod json;
mod junit;
mod markdown;
mod text;

use super::format::{duration, share};
use crate::baseline::Change;
use crate::stats::Estimate;
use crate::study::{ExpectationResult, ObjectiveResult, StudyOutcome, Verdict};

pub use differences::differences;
pub use github::annotations;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use text::{text, totals};

/// One scenario that was checked, or could not be.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The file, as the user named it.
    pub path: String,
    /// What was found, or why nothing could be.
    pub result: Result<Findings, String>,
}

/// What was found of one scenario.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Name of the scenario.
    pub scenario: String,
    /// Its hash; see [`Subject`](crate::study::Subject::hash).
    pub hash: String,
    /// Seed of the study.
    pub seed: u64,
    /// Runs of each design.
    pub runs: u64,
    /// What has changed in the scenario since the baseline that it is compared with, if there is one.
    pub since: Option<Since>,
    /// One per statement that was checked.
    pub all: Vec<Finding>,
}

/// What has changed in a scenario since a baseline was kept.
#[derive(Clone, Debug)]
pub struct Since {
    /// Name of the baseline.
    pub baseline: String,
    /// The keys whose values are not what they were; none if the scenario is the same.
    pub changes: Vec<Change>,
}

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An `[[expect]]` table.
    Expectation,
    /// The `[objectives]` table.
    Objective,
    /// A baseline.
    Baseline,
}

/// How a statement fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Pass,
    /// It does not hold, or there are too few runs for what the scenario asks.
    Fail,
    /// There are too few runs to tell, and nothing depends on it.
    Undecided,
    /// Said for information, or about a design that was not run.
    Noted,
}

/// One statement and how it fared.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Where it comes from.
    pub source: Source,
    /// Name of the design that it is about; the first if it is about two.
    pub design: Option<String>,
    /// What was stated, the bound included.
    pub text: String,
    /// How it fared.
    pub standing: Standing,
    /// What was measured, with its interval, in words.
    pub found: String,
    /// The number measured; infinite if it lies beyond the horizon.
    pub measured: Option<f64>,
    /// Its interval.
    pub interval: Option<Estimate>,
    /// Most that the share of runs may be that break what no run has broken.
    pub may_break: Option<f64>,
    /// Line of the statement in the scenario file.
    pub line: Option<usize>,
    /// The line that repeats it, if it failed.
    pub replay: Option<String>,
}

impl Source {
    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Expectation => "expectation",
            Source::Objective => "objective",
            Source::Baseline => "baseline",
        }
    }
}

impl Standing {
    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Pass => "pass",
            Standing::Fail => "fail",
            Standing::Undecided => "not_enough_runs",
            Standing::Noted => "noted",
        }
    }

    /// The sign that stands before it: a tick, a cross, a question mark or a dash.
    pub const fn sign(self) -> char {
        match self {
            Standing::Pass => '✓',
            Standing::Fail => '✗',
            Standing::Undecided => '?',
            Standing::Noted => '-',
        }
    }
}

impl Findings {
    /// What was found of a study: its expectations, then its objectives. `lines` are those of the expectations in the file.
    pub fn of(outcome: &StudyOutcome, lines: &[Option<usize>]) -> Self {
        let line = |place: usize| lines.get(place).copied().flatten();
        let expectations = outcome.expectations.iter().enumerate();
        let mut all: Vec<Finding> =
            expectations.map(|(place, result)| expectation(outcome, result, line(place))).collect();
        all.extend(outcome.objectives.iter().map(objective));
        let subject = &outcome.subject;
        Findings {
            scenario: subject.scenario.clone(),
            hash: subject.hash.clone(),
            seed: subject.seed,
            runs: subject.runs,
            since: None,
            all,
        }
    }

    /// Whether no statement fails.
    pub fn hold(&self) -> bool {
        self.all.iter().all(|finding| finding.standing != Standing::Fail)
    }
}

fn expectation(outcome: &StudyOutcome, result: &ExpectationResult, line: Option<usize>) -> Finding {
    let standing = match result.verdict {
        Verdict::Pass => Standing::Pass,
        Verdict::Fail | Verdict::NotEnoughRuns { .. } | Verdict::Unattended(_) => Standing::Fail,
        Verdict::NotRun => Standing::Noted,
    };
    let designs: Vec<&str> = result.designs.iter().map(String::as_str).collect();
    Finding {
        source: Source::Expectation,
        design: result.designs.first().cloned(),
        text: result.text.clone(),
        standing,
        found: outcome.found(result),
        measured: result.measured,
        interval: result.interval,
        may_break: result.may_break,
        line,
        replay: (standing == Standing::Fail).then(|| outcome.replay(&designs)),
    }
}

fn objective(result: &ObjectiveResult) -> Finding {
    let mut found = match result.untested() {
        Some(why) => format!("not met: {why}"),
        None => format!("met in {} of {} runs", result.met, result.runs),
    };
    if let Some(met) = result.share {
        found.push_str(&format!(" (95 % interval {} to {})", share(met.low), share(met.high)));
    }
    if result.censored > 0 {
        found.push_str(&format!("; {} had not recovered by the horizon", result.censored));
    }
    Finding {
        source: Source::Objective,
        design: Some(result.design.clone()),
        text: format!("{}: {} of {}", result.design, result.kind.name(), duration(result.target_s)),
        standing: Standing::Noted,
        found,
        measured: result.share.map(|met| met.point),
        interval: result.share,
        may_break: None,
        line: None,
        replay: None,
    }
}
