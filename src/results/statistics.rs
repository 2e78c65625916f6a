//! Says what the runs of a study give for one metric.

use serde::{Deserialize, Serialize};

use super::estimate::{Degenerate, StudyEstimate};
use super::metric::Unit;
use super::number;
#[cfg(test)]
use super::number::Written;

/// One metric of one design over all runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Statistics {
    /// Name of the metric.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// Runs to which it applies, censored ones included.
    pub n: u64,
    /// Runs in which it lies beyond the horizon.
    pub censored: u64,
    /// Of the censored ones, runs in which the incident was over first: the value is known only to be greater than its length.
    pub ended_first: u64,
    /// Runs to which it does not apply.
    pub not_applicable: u64,
    /// Runs in which it is not 0.
    pub nonzero: u64,
    /// Mean with its interval; null with fewer than two runs or any censored one.
    pub mean: Option<StudyEstimate>,
    /// Reason why the interval of the mean is not to be trusted; null if it is.
    pub degenerate: Option<Degenerate>,
    /// Least value.
    #[serde(with = "number::maybe")]
    #[cfg_attr(test, schemars(with = "Option<Written>"))]
    pub min: Option<f64>,
    /// Greatest value.
    #[serde(with = "number::maybe")]
    #[cfg_attr(test, schemars(with = "Option<Written>"))]
    pub max: Option<f64>,
    /// Quantiles over runs.
    pub quantiles: Vec<Quantile>,
}

/// A quantile over runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Quantile {
    /// Probability of the quantile, between 0 and 1.
    pub p: f64,
    /// The quantile with its interval; null if there are too few runs for one.
    pub estimate: Option<StudyEstimate>,
    /// Runs that the interval needs, if there are too few.
    pub runs_needed: Option<u64>,
    /// The longest time that was seen or watched, if the quantile is known only to be greater; absent if it is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub more_than: Option<f64>,
    /// The quantile of the sample, which every number of runs has.
    #[serde(with = "number::maybe")]
    #[cfg_attr(test, schemars(with = "Option<Written>"))]
    pub sample: Option<f64>,
}

impl Statistics {
    /// Returns the quantile `p`, if it is one of those that are kept.
    pub fn quantile(&self, p: f64) -> Option<&Quantile> {
        self.quantiles.iter().find(|quantile| quantile.p == p)
    }

    /// Returns the mean, or the value if there is only one and it was seen.
    pub fn middle(&self) -> Option<f64> {
        let only = self.min.filter(|_| self.n == 1 && self.censored == 0);
        self.mean.map(|mean| mean.point).or(only).filter(|value| value.is_finite())
    }

    /// Tells whether it applies to some run and is not simply 0 in all.
    pub fn is_worth_saying(&self) -> bool {
        self.n > 0 && self.max.is_some_and(|max| max != 0.0)
    }
}
