//! Two designs compared run by run.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;
use super::metric::Direction;

/// A pair of designs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Pair {
    /// Name of the first design.
    pub first: String,
    /// Name of the second design.
    pub second: String,
    /// Reason why the comparison of downtimes hangs on the service level, in words; null if it does not.
    pub on_the_edge: Option<String>,
    /// One sentence for each headline metric that applies.
    pub sentences: Vec<String>,
    /// One per metric, in the order of the definitions.
    pub metrics: Vec<ComparedMetric>,
}

/// One metric of a pair of designs; differences are first - second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ComparedMetric {
    /// Name of the metric.
    pub name: String,
    /// Runs in which it applies to both.
    pub pairs: u64,
    /// Runs in which it does not.
    pub dropped: u64,
    /// Runs in which it is censored so early that it is not known who has less; left out of the pairs.
    pub undecided: u64,
    /// Pairs with a value beyond the horizon.
    pub censored: u64,
    /// Mean difference; null with fewer than two pairs or any censored one.
    pub difference: Option<StudyEstimate>,
    /// Pairs in which the first has less.
    pub first_less: u64,
    /// Pairs in which the second has less.
    pub second_less: u64,
    /// Pairs in which both are equal.
    pub ties: u64,
    /// Share of the pairs in which the first has less.
    pub first_less_share: Option<StudyEstimate>,
    /// Share of the difference's variance that pairing took away.
    pub variance_reduction: Option<f64>,
    /// The evidence that the differences give.
    pub evidence: Evidence,
    /// The claim that the interval supports.
    pub claim: Claim,
    /// Its practical significance.
    pub in_practice: Weight,
}

impl ComparedMetric {
    /// Counts the pairs in which the first design is better and those in which the second is; `None` if neither
    /// direction is.
    pub fn wins(&self, better: Direction) -> Option<(u64, u64)> {
        match better {
            Direction::Less => Some((self.first_less, self.second_less)),
            Direction::More => Some((self.second_less, self.first_less)),
            Direction::Neither => None,
        }
    }
}

/// The evidence that paired differences give of their scatter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// Enough for what the interval says.
    Enough,
    /// All are the same, in too few runs.
    Equal {
        /// Most that the share of other differences may be.
        others_at_most: f64,
    },
    /// Most are the same, and the others too few or too much alike.
    Few {
        /// Differences beside the usual one.
        others: u64,
    },
}

/// A claim about a metric of two designs at the level of the interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The first has less of it.
    FirstLess,
    /// The second has less of it.
    SecondLess,
    /// They are equal in every run.
    Same,
    /// The interval of the difference includes 0.
    NoDifference,
    /// Too few pairs, too many censored ones, or differences that hardly vary.
    Unknown,
}

impl Claim {
    /// Returns its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Claim::FirstLess => "first_less",
            Claim::SecondLess => "second_less",
            Claim::Same => "same",
            Claim::NoDifference => "no_difference",
            Claim::Unknown => "unknown",
        }
    }
}

/// The practical significance of the difference of two designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Weight {
    /// One can be claimed to have less, and by enough to count.
    #[serde(rename = "differs")]
    Counts,
    /// They are practically the same: equal in enough runs, or less apart than counts at both ends of the interval.
    #[serde(rename = "same")]
    Little,
    /// The interval leaves both open.
    #[serde(rename = "unclear")]
    Unclear,
}
