//! All that a sweep finds: every design at every point, and the front of what things cost.

use serde::{Deserialize, Serialize};

use super::estimate::Degenerate;
use super::metric::{Definition, MetricPlace};
#[cfg(test)]
use super::number::Written;
use super::statistics::Statistics;
use super::{lines, number};

/// Version of the written form; it changes when something that was there is called otherwise or means something else.
pub const SWEEP_VERSION: u32 = 1;

/// All that a sweep finds: the content of `sweep.json`.
///
/// An end or value that lies beyond the horizon is the string `"censored"`; what does not apply, or what too few runs
/// support, is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SweepResults {
    /// Version of this form: 1.
    pub version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of the studies.
    pub seed: u64,
    /// Runs of each design at each point.
    pub runs: u64,
    /// The points that there are, if the sweep was stopped before its end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<PartialSweep>,
    /// Confidence level of every interval.
    pub level: f64,
    /// The keys that are varied.
    pub keys: Vec<String>,
    /// Other settings from the command line, the same at every point.
    pub settings: Vec<String>,
    /// The definition of each metric, as it is at the first point.
    pub metrics: Vec<Definition>,
    /// The points, in the order in which they were asked for.
    pub points: Vec<PointResults>,
    /// Sentences that say where downtime hangs on traffic or on the service level.
    pub on_downtime: Vec<String>,
    /// Every design at every point by cost, recovery time and writes lost; null without prices.
    pub front: Option<Vec<FrontRow>>,
}

/// The extent of a sweep that was stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PartialSweep {
    /// Points that were made.
    pub made: u64,
    /// Points that were asked for.
    pub asked: u64,
}

/// One point of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PointResults {
    /// The value of each key, as it is written.
    pub values: Vec<String>,
    /// The designs, in file order.
    pub designs: Vec<PointDesign>,
}

/// One design at one point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PointDesign {
    /// Its name.
    pub name: String,
    /// One per metric, in the order of the definitions, with the median and the 95th percentile over runs.
    pub metrics: Vec<Statistics>,
}

/// One design at one point, by what it costs, how long it takes to recover and what it loses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FrontRow {
    /// Number of the point, from 0.
    pub point: usize,
    /// Name of the design.
    pub design: String,
    /// Cost of a month.
    pub cost_per_month: FrontValue,
    /// Recovery time; 0 in a run with nothing to recover from.
    pub recovery_time_s: FrontValue,
    /// Acknowledged writes that are lost.
    pub writes_lost: FrontValue,
    /// The standing among all.
    pub standing: Dominance,
    /// The one that dominates it; null if none does.
    pub dominated_by: Option<FrontPlace>,
    /// Runs in which no request met the incident.
    pub runs_unattended: u64,
    /// The standing in words.
    pub sentence: String,
}

/// One measure of a front.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FrontValue {
    /// The mean; `"censored"` if any run lies beyond the horizon.
    #[serde(with = "number")]
    #[cfg_attr(test, schemars(with = "Written"))]
    pub mean: f64,
    /// Lower end of its interval; null of one run.
    pub low: Option<f64>,
    /// Upper end of its interval; null of one run.
    pub high: Option<f64>,
    /// Reason why the interval is not to be trusted; null if it is.
    pub degenerate: Option<Degenerate>,
    /// The mean and half of its interval in words.
    pub sentence: String,
}

/// The standing of a design at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Dominance {
    /// Another is better in one of the three, and not worse in the others.
    Dominated,
    /// No other is.
    NotDominated,
    /// The runs leave it open.
    CannotTell,
}

/// A design at a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FrontPlace {
    /// Number of the point, from 0.
    pub point: usize,
    /// Name of the design.
    pub design: String,
}

impl PartialSweep {
    /// Says so in words, without a full stop.
    pub fn sentence(&self) -> String {
        format!("PARTIAL: stopped after {} of {} points; nothing here is the whole sweep", self.made, self.asked)
    }
}

impl PointDesign {
    /// Returns its statistics of the metric called `name`.
    pub fn statistics(&self, name: &str) -> Option<&Statistics> {
        self.metrics.iter().find(|metric| metric.name == name)
    }
}

impl Dominance {
    /// Returns its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Dominance::Dominated => "dominated",
            Dominance::NotDominated => "not_dominated",
            Dominance::CannotTell => "cannot_tell",
        }
    }
}

impl SweepResults {
    /// Writes it as JSON, with a line for each metric of a design at a point, ending with a line break.
    pub fn to_json(&self) -> String {
        // Down to the metrics of the designs of the points.
        lines::to_json(self, 6)
    }

    /// Returns the definitions of the metrics shown in `place`, in the order in which they are shown.
    pub fn shown_in(&self, place: MetricPlace) -> Vec<&Definition> {
        let mut shown: Vec<&Definition> = self.metrics.iter().filter(|metric| metric.places.contains(&place)).collect();
        shown.sort_by_key(|metric| metric.rank);
        shown
    }

    /// Returns the names of the designs, in file order.
    pub fn designs(&self) -> Vec<&str> {
        let first = self.points.iter().take(1);
        first.flat_map(|point| &point.designs).map(|design| design.name.as_str()).collect()
    }

    /// Returns the values of the keys at a point, in words.
    pub fn values(&self, point: usize) -> String {
        self.points[point].values.join(", ")
    }
}
