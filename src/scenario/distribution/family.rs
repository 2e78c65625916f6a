//! Names the families of distributions, and the quantities that they are of.

use crate::scenario::text::words::words;

/// The quantity that a distribution is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scenario) enum Quantity {
    /// Durations, in seconds.
    Duration,
    /// Counts.
    Count,
}

/// The words for [`Distribution`].
#[derive(Clone, Copy)]
pub(in crate::scenario) enum Family {
    Constant,
    Exponential,
    Geometric,
    Lognormal,
    Uniform,
    Pareto,
    Weibull,
    Empirical,
}

words!(
    Family:
    "constant" => Constant,
    "exponential" => Exponential,
    "geometric" => Geometric,
    "lognormal" => Lognormal,
    "uniform" => Uniform,
    "pareto" => Pareto,
    "weibull" => Weibull,
    "empirical" => Empirical,
);
