//! Metrics: name, rank, unit, floor, direction, and the places where each is shown.

use serde::{Deserialize, Serialize};

/// Unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Milliseconds,
    /// A share between 0 and 1.
    #[serde(rename = "share")]
    Share,
    /// A number of things.
    #[serde(rename = "count")]
    Count,
    /// A number per request.
    #[serde(rename = "per request")]
    PerRequest,
    /// Bytes.
    #[serde(rename = "bytes")]
    Bytes,
    /// Bytes per second.
    #[serde(rename = "bytes/s")]
    BytesPerSecond,
    /// Instance-hours.
    #[serde(rename = "h")]
    Hours,
    /// Money, in the currency of the prices.
    #[serde(rename = "money")]
    Money,
}

impl Unit {
    /// Returns its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "s",
            Unit::Milliseconds => "ms",
            Unit::Share => "share",
            Unit::Count => "count",
            Unit::PerRequest => "per request",
            Unit::Bytes => "bytes",
            Unit::BytesPerSecond => "bytes/s",
            Unit::Hours => "h",
            Unit::Money => "money",
        }
    }
}

/// The direction in which a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Less is better.
    Less,
    /// More is better.
    More,
    /// Neither is better by itself.
    Neither,
}

impl Direction {
    /// Returns its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Direction::Less => "less",
            Direction::More => "more",
            Direction::Neither => "neither",
        }
    }
}

/// A place where a metric is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Place"))]
#[serde(rename_all = "snake_case")]
pub enum MetricPlace {
    /// The sentences of a comparison, the chart of differences, and baselines.
    Headline,
    /// The chart of differences, if it is no headline.
    Differences,
    /// The table on the terminal.
    Terminal,
    /// Beside its pooled value, by geography.
    ByGeography,
    /// The screen that a comparison ends with.
    Screen,
    /// Wherever it is shown: only if it is not 0 in all runs.
    IfNotZero,
    /// In place of its mean on that screen, and beside it elsewhere: the number of runs in which it is not 0, and the most.
    ScreenRuns,
    /// Its median and 95th percentile on the terminal.
    TerminalQuantiles,
    /// The table at the top of the report.
    Score,
    /// The table of a sweep.
    Sweep,
    /// The charts of a sweep.
    SweepChart,
}

/// An aspect of a design, for which a metric speaks in the answer at the top of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The service that visitors get.
    Visitors,
    /// The fate of their writes.
    Data,
    /// The time while nothing is broken.
    Calm,
    /// Idle capacity.
    Capacity,
    /// The bill.
    Cost,
}

impl Aspect {
    /// Returns the words that stand before its sentence.
    pub const fn label(self) -> &'static str {
        match self {
            Aspect::Visitors => "For visitors",
            Aspect::Data => "For their data",
            Aspect::Calm | Aspect::Capacity => "While all is well",
            Aspect::Cost => "Cost",
        }
    }
}

/// The definition of a metric; designs and comparisons give its values by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Definition {
    /// Its name, unit included.
    pub name: String,
    /// Its meaning in a few words.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// The direction in which it is better.
    pub better: Direction,
    /// The least difference that counts in practice, however small the values are.
    pub floor: f64,
    /// Its position among metrics that are shown in one place, in ascending order; absent if it is shown nowhere.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rank: Option<u16>,
    /// The places where it is shown.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub places: Vec<MetricPlace>,
    /// The aspect for which it speaks in the answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub aspect: Option<Aspect>,
}
