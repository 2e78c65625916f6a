//! The answer at the top: which design, by how much and how sure that is, and what it costs elsewhere.

use serde::{Deserialize, Serialize};

use super::metric::Aspect;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields, rename = "Answer"))]
pub struct StudyAnswer {
    /// One line.
    pub headline: String,
    /// The loss of every design, in a sentence.
    pub lead: String,
    /// The design that loses the least service and the one that loses the most, for where there is no room for all.
    pub extremes: Vec<String>,
    /// The metrics that decide.
    pub points: Vec<Point>,
    /// In what else the design that is best for visitors is worse than another; null if in nothing.
    pub price: Option<Price>,
}

/// One metric that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Point {
    /// The aspect for which it speaks.
    pub aspect: Aspect,
    /// Name of the metric.
    pub metric: String,
    /// Its finding, in words.
    pub sentence: String,
}

/// The price of the best design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Price {
    /// Name of the design.
    pub design: String,
    /// The metrics in which it is worse.
    pub worse: Vec<Worse>,
    /// All of them in a sentence.
    pub sentence: String,
}

/// A metric in which a design is worse than another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Worse {
    /// Name of the metric.
    pub metric: String,
    /// Name of the other design.
    pub than: String,
}
