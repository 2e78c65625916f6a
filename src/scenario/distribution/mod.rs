//! Distributions, given the way people know them.

mod family;
mod in_order;
mod reader;
mod tail;

use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;

pub(super) use family::{Family, Quantity};
pub(super) use reader::{COUNTS, DURATIONS};

use crate::maths;

/// A distribution of a non-negative quantity: a duration in seconds, or a count.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "dist", rename_all = "kebab-case")]
pub enum Distribution {
    /// Always the same value.
    Constant {
        /// The value.
        value: f64,
    },
    /// Exponential.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// Geometric on 1, 2, 3, …
    Geometric {
        /// The mean, at least 1.
        mean: f64,
    },
    /// Lognormal.
    Lognormal {
        /// The median.
        median: f64,
        /// The 95th percentile, at least the median.
        p95: f64,
    },
    /// Uniform.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Pareto: P(X > x) = (min / x)^shape for x above `min`.
    Pareto {
        /// Least value.
        min: f64,
        /// Tail index.
        shape: f64,
    },
    /// Weibull: P(X > x) = exp(-(x / scale)^shape).
    Weibull {
        /// Scale.
        scale: f64,
        /// Shape.
        shape: f64,
    },
    /// One of the values seen, each equally likely.
    Empirical {
        /// The values, ascending.
        values: Arc<[f64]>,
    },
}

/// The standard normal's 95th percentile.
const NORMAL_P95: f64 = 1.644_853_626_951_472_2;

/// The greatest ratio of a lognormal's 95th percentile to its median.
const WIDEST: f64 = 1000.0;

/// Fault in the parameters of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DistributionError {
    /// A parameter that is not finite.
    #[error("{0} must be a finite number")]
    NotFinite(&'static str),
    /// A parameter below zero.
    #[error("{0} must not be negative")]
    Negative(&'static str),
    /// A parameter that is zero or less and must not be.
    #[error("{0} must be above 0")]
    NotPositive(&'static str),
    /// The mean of a geometric distribution below its least value.
    #[error("the mean of a geometric distribution on 1, 2, 3, … must be at least 1")]
    BelowOne,
    /// Two parameters in the wrong order.
    #[error("{low} must not be above {high}")]
    Order {
        /// The one that should be lower.
        low: &'static str,
        /// The one that should be higher.
        high: &'static str,
    },
    /// A lognormal beyond all measure.
    #[error("p95 must be at most 1000 times the median")]
    TooWide,
    /// A tail so heavy that there is no mean.
    #[error("a shape of 1 or less has no mean; it must be above 1")]
    NoMean,
    /// A shape that no data have.
    #[error("shape must be from 0.1 to 100")]
    Shape,
    /// No values to draw from.
    #[error("an empirical distribution needs at least one value")]
    NoValues,
}

impl Distribution {
    /// Always `value`.
    pub const fn constant(value: f64) -> Self {
        Distribution::Constant { value }
    }

    /// The lognormal's parameter sigma for a median and a 95th percentile.
    pub fn lognormal_sigma(median: f64, p95: f64) -> f64 {
        maths::ln(p95 / median) / NORMAL_P95
    }

    /// The mean; infinite for a Pareto distribution with a shape of 1 or less.
    ///
    /// Lognormal: median * exp(sigma^2 / 2). Pareto: shape * min / (shape - 1). Weibull: scale * gamma(1 + 1 / shape).
    pub fn mean(&self) -> f64 {
        match self {
            Distribution::Constant { value } => *value,
            Distribution::Exponential { mean } | Distribution::Geometric { mean } => *mean,
            Distribution::Lognormal { median, p95 } => {
                let sigma = Self::lognormal_sigma(*median, *p95);
                median * maths::exp(sigma * sigma / 2.0)
            }
            Distribution::Uniform { low, high } => low + (high - low) / 2.0,
            Distribution::Pareto { shape, .. } if *shape <= 1.0 => f64::INFINITY,
            Distribution::Pareto { min, shape } => shape * min / (shape - 1.0),
            Distribution::Weibull { scale, shape } => scale * maths::gamma(1.0 + 1.0 / shape),
            Distribution::Empirical { values } => values.iter().sum::<f64>() / values.len() as f64,
        }
    }

    /// The mean of what is left of each draw if it is cut off at `limit`: the integral of the survival function up to there.
    ///
    /// Lognormal, Pareto and Weibull: by the trapezoidal rule over the logarithm, to within 1 %.
    pub fn limited_mean(&self, limit: f64) -> f64 {
        const STEPS: u32 = 800;
        /// Logarithm of the limit over the least value that is looked at.
        const DEPTH: f64 = 40.0;
        match self {
            Distribution::Constant { value } => return value.min(limit),
            Distribution::Exponential { mean } => return mean * (1.0 - maths::exp(-limit / mean)),
            Distribution::Geometric { mean } => return mean.min(limit),
            Distribution::Uniform { low, high } if *high <= limit => return low + (high - low) / 2.0,
            Distribution::Uniform { low, .. } if *low >= limit => return limit,
            Distribution::Uniform { low, high } => {
                return limit - (limit - low) * (limit - low) / (2.0 * (high - low));
            }
            Distribution::Empirical { values } => {
                return values.iter().map(|value| value.min(limit)).sum::<f64>() / values.len() as f64;
            }
            Distribution::Lognormal { median, p95 } if median == p95 => return median.min(limit),
            Distribution::Lognormal { .. } | Distribution::Pareto { .. } | Distribution::Weibull { .. } => {}
        }
        let survival = self.survival();
        let at = |step: u32| limit * maths::exp(-DEPTH * f64::from(step) / f64::from(STEPS));
        let area = |step: u32| (at(step) - at(step + 1)) * (survival(at(step)) + survival(at(step + 1))) / 2.0;
        (0..STEPS).map(area).sum()
    }

    /// The median, the value that half of all draws do not exceed.
    ///
    /// Exponential: mean * ln 2. Geometric on 1, 2, 3, …: ceil(-ln 2 / ln(1 - 1 / mean)). Pareto: min * 2^(1 / shape).
    /// Weibull: scale * (ln 2)^(1 / shape). Empirical: the lower of the two middle values.
    pub fn median(&self) -> f64 {
        let ln2 = std::f64::consts::LN_2;
        match self {
            Distribution::Constant { value } => *value,
            Distribution::Exponential { mean } => mean * ln2,
            Distribution::Geometric { mean } if *mean <= 1.0 => 1.0,
            Distribution::Geometric { mean } => (-ln2 / maths::ln(1.0 - 1.0 / mean)).ceil(),
            Distribution::Lognormal { median, .. } => *median,
            Distribution::Uniform { low, high } => low + (high - low) / 2.0,
            Distribution::Pareto { min, shape } => min * maths::pow(2.0, 1.0 / shape),
            Distribution::Weibull { scale, shape } => scale * maths::pow(ln2, 1.0 / shape),
            Distribution::Empirical { values } => {
                values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
            }
        }
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// If one is not finite, is out of its range, or is out of order with another.
    pub fn validate(&self) -> Result<(), DistributionError> {
        match self {
            Distribution::Constant { value } => not_negative("value", *value),
            Distribution::Exponential { mean } => positive("mean", *mean),
            Distribution::Geometric { mean } => {
                positive("mean", *mean)?;
                if *mean < 1.0 { Err(DistributionError::BelowOne) } else { Ok(()) }
            }
            Distribution::Lognormal { median, p95 } => {
                positive("median", *median)?;
                ordered("median", *median, "p95", *p95)?;
                if *p95 > median * WIDEST { Err(DistributionError::TooWide) } else { Ok(()) }
            }
            Distribution::Uniform { low, high } => {
                not_negative("low", *low)?;
                ordered("low", *low, "high", *high)
            }
            Distribution::Pareto { min, shape } => {
                positive("min", *min).and(plausible_shape(*shape))?;
                if *shape <= 1.0 { Err(DistributionError::NoMean) } else { Ok(()) }
            }
            Distribution::Weibull { scale, shape } => positive("scale", *scale).and(plausible_shape(*shape)),
            Distribution::Empirical { values } if values.is_empty() => Err(DistributionError::NoValues),
            Distribution::Empirical { values } => {
                values.iter().try_for_each(|value| not_negative("each value", *value))
            }
        }
    }
}

fn finite(what: &'static str, value: f64) -> Result<(), DistributionError> {
    if value.is_finite() { Ok(()) } else { Err(DistributionError::NotFinite(what)) }
}

fn not_negative(what: &'static str, value: f64) -> Result<(), DistributionError> {
    finite(what, value)?;
    if value < 0.0 { Err(DistributionError::Negative(what)) } else { Ok(()) }
}

fn positive(what: &'static str, value: f64) -> Result<(), DistributionError> {
    finite(what, value)?;
    if value <= 0.0 { Err(DistributionError::NotPositive(what)) } else { Ok(()) }
}

fn ordered(low: &'static str, low_value: f64, high: &'static str, high_value: f64) -> Result<(), DistributionError> {
    finite(high, high_value)?;
    if low_value > high_value { Err(DistributionError::Order { low, high }) } else { Ok(()) }
}

fn plausible_shape(shape: f64) -> Result<(), DistributionError> {
    if (0.1..=100.0).contains(&shape) { Ok(()) } else { Err(DistributionError::Shape) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
    }

    #[test]
    fn means_and_medians_are_the_textbook_ones() {
        let weibull = Distribution::Weibull { scale: 3.0, shape: 0.5 };
        close(weibull.mean(), 6.0);
        close(weibull.median(), 3.0 * std::f64::consts::LN_2 * std::f64::consts::LN_2);
        let pareto = Distribution::Pareto { min: 2.0, shape: 4.0 };
        close(pareto.mean(), 8.0 / 3.0);
        close(pareto.median(), 2.0 * 2.0_f64.sqrt().sqrt());
        assert_eq!(Distribution::Pareto { min: 2.0, shape: 1.0 }.mean(), f64::INFINITY);
        let lognormal = Distribution::Lognormal { median: 2.0, p95: 2.0 * maths::exp(NORMAL_P95) };
        close(lognormal.mean(), 2.0 * maths::exp(0.5));
        assert_eq!(lognormal.median(), 2.0);
        close(Distribution::Uniform { low: 1.0, high: 4.0 }.mean(), 2.5);
        close(Distribution::Exponential { mean: 2.0 }.median(), 2.0 * std::f64::consts::LN_2);
        // P(X > 4) = (5/6)^4 = 0.482 and P(X > 3) = 0.579, so the median is 4.
        assert_eq!(Distribution::Geometric { mean: 6.0 }.median(), 4.0);
        assert_eq!(Distribution::Geometric { mean: 1.0 }.median(), 1.0);
        let seen = Distribution::Empirical { values: [1.0, 2.0, 6.0, 7.0].into() };
        assert_eq!((seen.mean(), seen.median()), (4.0, 2.0));
        assert_eq!((Distribution::constant(5.0).mean(), Distribution::constant(5.0).median()), (5.0, 5.0));
    }

    #[test]
    fn a_mean_that_is_cut_off_is_the_area_below_the_survival_function() {
        let near =
            |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 0.01, "{found} is not {expected}");
        // Shape 1 and least value 1: 1 up to 1, then the logarithm.
        near(Distribution::Pareto { min: 1.0, shape: 1.0 }.limited_mean(1_000.0), 1.0 + maths::ln(1_000.0));
        // Where the limit is far beyond, it is the mean.
        near(Distribution::Weibull { scale: 3.0, shape: 0.5 }.limited_mean(1e6), 6.0);
        near(
            Distribution::Lognormal { median: 2.0, p95: 2.0 * maths::exp(NORMAL_P95) }.limited_mean(1e6),
            2.0 * maths::exp(0.5),
        );
        near(Distribution::Exponential { mean: 2.0 }.limited_mean(2.0), 2.0 * (1.0 - 1.0 / std::f64::consts::E));
        // Half of the draws are cut off at 2, the others are 1.5 on average.
        near(Distribution::Uniform { low: 1.0, high: 3.0 }.limited_mean(2.0), 1.75);
        near(Distribution::Empirical { values: [1.0, 2.0, 6.0, 7.0].into() }.limited_mean(4.0), 2.75);
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        use DistributionError as E;
        let lognormal = |median, p95| Distribution::Lognormal { median, p95 };
        let cases = [
            (Distribution::constant(-1.0), E::Negative("value")),
            (Distribution::constant(f64::NAN), E::NotFinite("value")),
            (Distribution::Exponential { mean: 0.0 }, E::NotPositive("mean")),
            (Distribution::Geometric { mean: 0.9 }, E::BelowOne),
            (lognormal(2.0, 1.0), E::Order { low: "median", high: "p95" }),
            (lognormal(1.0, f64::INFINITY), E::NotFinite("p95")),
            (lognormal(1.0, 1001.0), E::TooWide),
            (Distribution::Uniform { low: 2.0, high: 1.0 }, E::Order { low: "low", high: "high" }),
            (Distribution::Pareto { min: 1.0, shape: 0.0 }, E::Shape),
            (Distribution::Pareto { min: 1.0, shape: 1.0 }, E::NoMean),
            (Distribution::Weibull { scale: 0.0, shape: 1.0 }, E::NotPositive("scale")),
            (Distribution::Empirical { values: [].into() }, E::NoValues),
        ];
        for (distribution, error) in cases {
            assert_eq!(distribution.validate(), Err(error), "{distribution:?}");
        }
        assert_eq!(lognormal(1.0, 1.0).validate(), Ok(()));
    }
}
