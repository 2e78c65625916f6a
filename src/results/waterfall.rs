//! The lost service of one design by phase, and what to fix first.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;

/// Most candidates that are named in words; a waterfall has them all.
pub const MOST_CANDIDATES: usize = 3;

/// The lost service of one design by phase.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Waterfall {
    /// The phases in which service was lost, the largest first.
    pub steps: Vec<WaterfallStep>,
    /// The first thing to fix; null if nothing was lost.
    pub lead: Option<Lead>,
}

/// One phase of lost service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields, rename = "Step"))]
pub struct WaterfallStep {
    /// Name of the phase.
    pub phase: String,
    /// Its position among all phases, by which it is coloured.
    pub place: usize,
    /// Name of the metric that has its seconds.
    pub metric: String,
    /// The trouble that the phase stands for.
    pub meaning: String,
    /// First change to make, in words.
    pub remedy: String,
    /// The setting that governs the phase, as the file spells it; null if none of the design's does.
    pub key: Option<String>,
    /// Its present value.
    pub value: Option<String>,
    /// True if the file does not state it, so that it is the default.
    pub is_default: bool,
    /// Overrides that turn the setting the right way; empty if nothing can be turned.
    pub turn: Vec<Turn>,
    /// Mean lost service of a run, in seconds.
    pub seconds: f64,
    /// Half of the interval of the mean; null if there is none.
    pub seconds_half: Option<f64>,
    /// Share of the design's lost service.
    pub share: f64,
    /// Half of the interval of the share; null if there is none.
    pub share_half: Option<f64>,
}

/// One override that follows an advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Turn {
    /// The dotted path, as `--set` takes it.
    pub key: String,
    /// The new value.
    pub value: String,
}

/// Standing of the phase with the largest mean against the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Lead {
    /// Certainty that the first is the largest.
    pub standing: LeadStanding,
    /// The phases that may be the largest, by size; one if it is clear.
    pub phases: Vec<String>,
    /// The difference to the next phase, in seconds of a run; null if there is none or too few runs for an interval.
    pub difference: Option<StudyEstimate>,
    /// Certainty, in a sentence.
    pub sentence: String,
}

/// Certainty about the phase that costs the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LeadStanding {
    /// There is no other.
    Only,
    /// It is the largest in the only run.
    OneRun,
    /// It costs more than each other, by enough to count.
    Clear,
    /// Others may cost as much.
    Shared,
}

impl LeadStanding {
    /// Returns the words that limit what is to be fixed first: one run shows no certainty. Empty with more.
    pub const fn proviso(self) -> &'static str {
        match self {
            LeadStanding::OneRun => ", if this one run is typical",
            LeadStanding::Only | LeadStanding::Clear | LeadStanding::Shared => "",
        }
    }
}

impl Waterfall {
    /// Returns the step of the phase called `phase`.
    pub fn step(&self, phase: &str) -> Option<&WaterfallStep> {
        self.steps.iter().find(|step| step.phase == phase)
    }
}
