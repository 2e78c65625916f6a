//! Tipping point of a condition: all that a search finds, its answers in words.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;
use super::metric::Unit;
use super::number;
#[cfg(test)]
use super::number::Written;

/// Version of the written form; it changes when something that was there is called otherwise or means something else.
pub const FIND_VERSION: u32 = 1;

/// All that a search finds: the content of `find.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindResults {
    /// Version of this form: 1.
    pub version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of the studies.
    pub seed: u64,
    /// Runs of each design at each value.
    pub runs: u64,
    /// Reason why the answers are of fewer values than were asked for, if the search was stopped before its end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<String>,
    /// Confidence level of every interval.
    pub level: f64,
    /// The key that is varied.
    pub key: String,
    /// The low end of its range.
    pub low: String,
    /// The high end of its range.
    pub high: String,
    /// Most halvings after the first look.
    pub steps: u32,
    /// Condition that must hold.
    pub condition: String,
    /// Unit of what is measured.
    pub unit: Unit,
    /// Sentences that say where the downtime that is searched hangs on traffic or on the service level.
    pub on_downtime: Vec<String>,
    /// The designs, in file order.
    pub designs: Vec<Found>,
}

/// Findings of a search about one design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Found {
    /// Name of the design.
    pub design: String,
    /// Kind of the answer.
    pub answer: AnswerKind,
    /// The answer in a sentence.
    pub sentence: String,
    /// The last value with which the condition holds; null if it tips nowhere.
    pub holds: Option<String>,
    /// The next value, with which it fails.
    pub fails: Option<String>,
    /// The value to rely on.
    pub sure: Option<String>,
    /// Two values between which what is measured surely rises, if it surely falls between two others.
    pub rises: Option<[String; 2]>,
    /// Two values between which it surely falls, if it surely rises between two others.
    pub falls: Option<[String; 2]>,
    /// Confidence in the answer, and what speaks against it, a sentence each.
    pub notes: Vec<String>,
    /// Every value tried, from the low end to the high one.
    pub tried: Vec<TriedValue>,
}

/// Kind of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// The condition holds up to a value.
    UpTo,
    /// It holds from a value on.
    From,
    /// It holds with every value tried.
    Everywhere,
    /// It holds with no value tried.
    Nowhere,
    /// It holds, fails and holds again, and not by chance.
    NotMonotone,
    /// It holds, fails and holds again, which may be chance.
    Unclear,
    /// There are values of which the runs are too few to say anything.
    TooFewRuns,
}

/// One value that was tried, and what was found there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TriedValue {
    /// The value, as it is written.
    pub value: String,
    /// Answer, in words.
    pub sentence: String,
    /// Measured value; null if there are too few runs.
    #[serde(with = "number::maybe")]
    #[cfg_attr(test, schemars(with = "Option<Written>"))]
    pub measured: Option<f64>,
    /// Its interval; null if the runs are too few for one.
    pub interval: Option<StudyEstimate>,
    /// Runs to which the metric applies, if an interval was made or refused.
    pub n: Option<u64>,
    /// Runs to which it must apply, if these are too few.
    pub runs_needed: Option<u64>,
    /// True if what was measured meets the condition.
    pub holds: Option<bool>,
    /// True if the whole interval does, or none of it.
    pub clear: Option<bool>,
    /// Runs in which no request met the incident; they are left out.
    pub runs_unattended: Option<u64>,
}

impl FindResults {
    /// Writes it as JSON, ending with a line break.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data is JSON") + "\n"
    }
}
