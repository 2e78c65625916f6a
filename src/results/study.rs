//! The whole tree, its written form and the check that it is complete.

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use thiserror::Error;

use super::answer::StudyAnswer;
use super::best::Best;
use super::comparison::{ComparedMetric, Pair};
use super::design::DesignResults;
use super::finding::{ExpectationFinding, ObjectiveFinding};
use super::metric::{Definition, MetricPlace};
use super::number;
#[cfg(test)]
use super::number::Written;
use super::partial::Partial;
use super::ratio::Ratio;
use super::statistics::Statistics;
use super::stopping::Stopped;
use super::warning::Warning;

/// Version of the written form; it changes when something that was there is called otherwise or means something else.
pub const VERSION: u32 = 3;

/// All that a study concludes.
///
/// An end or value that lies beyond the horizon is the string `"censored"`; what does not apply, or what too few runs
/// support, is null, the latter with the number of runs that it needs beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Study {
    /// Version of this form: 3.
    pub version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// The question that the scenario asks.
    pub description: String,
    /// Seed of the study.
    pub seed: u64,
    /// Number of the first run.
    pub first_run: u64,
    /// Runs of each design.
    pub runs: u64,
    /// The runs that there are, if the study was stopped before its end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<Partial>,
    /// Reason why no more runs were made, if their number was left to the results.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Stopped>,
    /// Confidence level of every interval.
    pub level: f64,
    /// Simulated length of a run, in seconds.
    pub horizon_s: f64,
    /// Start of measured time.
    pub measured_from_s: f64,
    /// End of measured time.
    pub measured_to_s: f64,
    /// Length of a window.
    pub window_s: f64,
    /// Requests that a window holds on average, if these are so few that downtime depends on traffic.
    pub sparse_window: Option<SparseWindow>,
    /// Share that must succeed for a window not to be down.
    pub slo: f64,
    /// Least share of the larger mean from which on a difference counts.
    pub least_share: f64,
    /// Names of the regions.
    pub regions: [String; 2],
    /// Incidents that happen at one time in every run.
    pub incidents: Vec<ScheduledIncident>,
    /// The answer in words.
    pub answer: StudyAnswer,
    /// Ratios of the service that each worse design loses to that of the best one, or the differences.
    pub ratios: Vec<Ratio>,
    /// Warnings to know before the results are relied on.
    pub warnings: Vec<Warning>,
    /// Best designs, for every metric that has a better direction and applies; empty without a comparison.
    pub best: Vec<Best>,
    /// The definition of each metric.
    pub metrics: Vec<Definition>,
    /// The designs, in file order.
    pub designs: Vec<DesignResults>,
    /// Every pair of designs.
    pub comparisons: Vec<Pair>,
    /// Objectives, per design.
    pub objectives: Vec<ObjectiveFinding>,
    /// Expectations, in file order.
    pub expectations: Vec<ExpectationFinding>,
}

/// Requests that windows hold, and that they should hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SparseWindow {
    /// Requests in a window, on average.
    pub requests: f64,
    /// Requests from which on downtime does not depend on how many ask; `"censored"` if no number will do.
    #[serde(with = "number")]
    #[cfg_attr(test, schemars(with = "Written"))]
    pub needed: f64,
}

/// An incident that happens once, at the same time in every run and design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ScheduledIncident {
    /// Its name.
    pub name: String,
    /// Begin, in seconds.
    pub from_s: f64,
    /// The median of its ends over runs.
    pub to_s: f64,
}

/// A text that is no study of this version.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It is of another version.
    #[error("it has format {found}; this version reads format {VERSION}")]
    Version {
        /// The version that it states; 1 if it states none.
        found: u64,
    },
    /// It is not JSON, or lacks something.
    #[error("{}", trouble(.0))]
    Json(#[from] serde_json::Error),
    /// Some design or comparison lacks a metric.
    #[error("not every design has every metric")]
    Incomplete,
}

/// Says where a text is not what was to be read, without the names that the types have in this program.
pub fn trouble(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => format!("it ends too early, at line {line}"),
        Category::Data => format!("something is missing or of another kind, at line {line}, column {column}"),
        Category::Syntax | Category::Io => format!("it is no JSON, from line {line}, column {column} on"),
    }
}

impl Study {
    /// Writes it as JSON, ending with a line break.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain data is JSON") + "\n"
    }

    /// Reads the text that [`Study::to_json`] writes.
    ///
    /// # Errors
    /// If it is of another version, or not complete.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        let any: serde_json::Value = serde_json::from_str(text)?;
        let found = any.get("version").and_then(serde_json::Value::as_u64).unwrap_or(1);
        if found != u64::from(VERSION) {
            return Err(ReadError::Version { found });
        }
        let study: Study = serde_json::from_str(text)?;
        let count = study.metrics.len();
        let is_complete = study.designs.iter().all(|design| design.metrics.len() == count)
            && study.comparisons.iter().all(|pair| pair.metrics.len() == count);
        if is_complete && !study.designs.is_empty() { Ok(study) } else { Err(ReadError::Incomplete) }
    }

    /// Returns the position of the metric called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|metric| metric.name == name)
    }

    /// Returns the positions of the metrics shown in `place`, in the order in which they are shown.
    pub fn shown_in(&self, place: MetricPlace) -> Vec<usize> {
        let mut shown: Vec<usize> =
            (0..self.metrics.len()).filter(|&metric| self.metrics[metric].places.contains(&place)).collect();
        shown.sort_by_key(|&metric| self.metrics[metric].rank);
        shown
    }

    /// Tells whether a metric is shown nowhere, since it is 0 in all runs of all designs.
    pub fn is_left_out(&self, metric: usize) -> bool {
        self.metrics[metric].places.contains(&MetricPlace::IfNotZero)
            && self.of_all_designs(metric).all(|statistics| statistics.nonzero == 0)
    }

    /// Returns one metric of one design.
    pub fn statistics(&self, design: usize, metric: &str) -> Option<&Statistics> {
        self.position(metric).map(|position| &self.designs[design].metrics[position])
    }

    /// Returns how many geographies have statistics of their own.
    pub fn geographies(&self) -> usize {
        self.designs.first().map_or(0, |design| design.geographies.len())
    }

    /// Returns one metric of every design, in file order.
    pub fn of_all_designs(&self, metric: usize) -> impl Iterator<Item = &Statistics> {
        self.designs.iter().map(move |design| &design.metrics[metric])
    }

    /// Returns one metric of every design, and in each geography where it is given by geography.
    pub fn with_geographies(&self, metric: usize) -> impl Iterator<Item = &Statistics> {
        let name = &self.metrics[metric].name;
        let geographies = self.designs.iter().flat_map(|design| &design.geographies);
        let in_each = geographies.flat_map(|geography| &geography.metrics).filter(move |one| one.name == *name);
        self.of_all_designs(metric).chain(in_each)
    }

    /// Returns how two designs compare in the metric at `metric`, and whether `one` is the first of the pair.
    pub fn compared(&self, metric: usize, one: usize, other: usize) -> Option<(&ComparedMetric, bool)> {
        let (one, other) = (&self.designs[one].name, &self.designs[other].name);
        self.comparisons.iter().find_map(|pair| match () {
            () if pair.first == *one && pair.second == *other => Some((&pair.metrics[metric], true)),
            () if pair.first == *other && pair.second == *one => Some((&pair.metrics[metric], false)),
            () => None,
        })
    }
}
