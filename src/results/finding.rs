//! Objectives and expectations, and how each turned out.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;
use super::number;
#[cfg(test)]
use super::number::Written;

/// In how many runs of a design an objective was met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ObjectiveFinding {
    /// Name of the design.
    pub design: String,
    /// Name of the objective: `RTO` or `RPO`.
    pub objective: String,
    /// The objective in seconds.
    pub target_s: f64,
    /// Runs that met it.
    pub met: u64,
    /// Runs of the design, without those in which no request met any incident.
    pub runs: u64,
    /// Runs in which no request met any incident.
    pub unattended: u64,
    /// Reason why it was not put to the test, in words; null if it was.
    pub untested: Option<String>,
    /// Runs that had not recovered by the horizon; they did not meet it.
    pub censored: u64,
    /// Share of runs that met it.
    pub share: Option<StudyEstimate>,
    /// Data that it does not count, or recoveries that are not confirmed, in words; null if there is nothing to say.
    pub beside: Option<String>,
    /// The conclusion from that.
    pub standing: ObjectiveStanding,
}

/// The conclusion that the runs support of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ObjectiveStanding {
    /// Met in all of so many runs that a miss would be rare.
    Always,
    /// Met in all runs, which are not so many.
    Met,
    /// Met in some runs and not in others, or in too few to tell.
    Open,
    /// Met in no run, and they are not so many.
    Missed,
    /// Met in none of so many runs that another would be rare.
    Never,
}

/// An expectation and how it turned out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ExpectationFinding {
    /// The expectation, in words.
    pub expectation: String,
    /// The finding, in words.
    pub found: String,
    /// The expectation and what was found, in words.
    pub sentence: String,
    /// Name of the metric.
    pub metric: String,
    /// Outcome, judged by the measured value itself.
    pub verdict: Judged,
    /// Runs that it needs, if there are too few.
    pub runs_needed: Option<u64>,
    /// The measured statistic or share.
    #[serde(with = "number::maybe")]
    #[cfg_attr(test, schemars(with = "Option<Written>"))]
    pub measured: Option<f64>,
    /// Its interval.
    pub interval: Option<StudyEstimate>,
    /// True if the whole interval lies on the verdict's side of the bound, and is an interval to be trusted.
    pub clear: bool,
    /// True if the verdict may be relied on: it is clear, or of a least or greatest value, which has no interval.
    pub sure: bool,
    /// Runs in which the metric lies beyond the horizon.
    pub censored: u64,
}

/// Outcome of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// There are too few runs to tell.
    NotEnoughRuns,
    /// In too many runs no request met any incident.
    Unattended,
    /// One of its designs was not run.
    NotRun,
}
