//! Distributions, given the way people know them.

use std::sync::Arc;

use serde::Serialize;

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
pub const NORMAL_P95: f64 = 1.644_853_626_951_472_2;

impl Distribution {
    /// The lognormal's parameter sigma for a median and a 95th percentile.
    pub fn lognormal_sigma(median: f64, p95: f64) -> f64 {
        maths::ln(p95 / median) / NORMAL_P95
    }
}
