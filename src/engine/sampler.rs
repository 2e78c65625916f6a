//! Distributions compiled to their quantile functions.
//!
//! One uniform makes one value, and a larger uniform never a smaller value. So a mark of a visitor can be drawn once and
//! scaled by the parameters of whichever region serves it: a slower region makes the same visitor wait longer.

use std::sync::Arc;

use crate::maths;
use crate::units::SimDuration;

/// The quantile function of a non-negative quantity: a duration in seconds, or a count.
///
/// Made by the constructors, which trust their caller: checking what a user wrote is the scenario's business.
#[derive(Clone, Debug, PartialEq)]
pub enum Sampler {
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
        /// ln(1 - p) with p = 1 / mean; minus infinity if the mean is 1.
        ln_failure: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Uniform.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end less lower end.
        width: f64,
    },
    /// Pareto.
    Pareto {
        /// Least value.
        min: f64,
        /// -1 / shape.
        exponent: f64,
    },
    /// Weibull.
    Weibull {
        /// Scale.
        scale: f64,
        /// 1 / shape.
        exponent: f64,
    },
    /// One of the values seen, each equally likely.
    Empirical {
        /// The values, ascending.
        values: Arc<[f64]>,
    },
}

impl Sampler {
    /// Always `value`.
    pub fn constant(value: f64) -> Self {
        Sampler::Constant { value }
    }

    /// Exponential with this mean.
    pub fn exponential(mean: f64) -> Self {
        Sampler::Exponential { mean }
    }

    /// Geometric on 1, 2, 3, … with this mean, at least 1: P(X > k) = (1 - 1 / mean)^k.
    pub fn geometric(mean: f64) -> Self {
        Sampler::Geometric { ln_failure: maths::ln_1p(-1.0 / mean) }
    }

    /// Lognormal with this median, and standard deviation `sigma` of the logarithm.
    pub fn lognormal(median: f64, sigma: f64) -> Self {
        Sampler::Lognormal { mu: maths::ln(median), sigma }
    }

    /// Uniform between `low` and `high`.
    pub fn uniform(low: f64, high: f64) -> Self {
        Sampler::Uniform { low, width: high - low }
    }

    /// Pareto: P(X > x) = (min / x)^shape for x above `min`.
    pub fn pareto(min: f64, shape: f64) -> Self {
        Sampler::Pareto { min, exponent: -1.0 / shape }
    }

    /// Weibull: P(X > x) = exp(-(x / scale)^shape).
    pub fn weibull(scale: f64, shape: f64) -> Self {
        Sampler::Weibull { scale, exponent: 1.0 / shape }
    }

    /// One of `values`, which ascend, each equally likely.
    ///
    /// # Panics
    /// If there are none.
    pub fn empirical(values: Arc<[f64]>) -> Self {
        assert!(!values.is_empty(), "an empirical distribution of no values");
        debug_assert!(values.is_sorted(), "the values of an empirical distribution ascend");
        Sampler::Empirical { values }
    }

    /// The value as a duration, if it is always the same: it takes no draw.
    #[inline]
    pub fn fixed(&self) -> Option<SimDuration> {
        match self {
            Sampler::Constant { value } => Some(SimDuration::from_secs_f64(*value)),
            _ => None,
        }
    }

    /// The value that a share `u` of all values do not exceed; `u` in (0, 1), as [`uniform`](super::Stream::uniform)
    /// draws it.
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Sampler::Constant { value } => value,
            Sampler::Exponential { mean } => mean * -maths::ln(1.0 - u),
            Sampler::Geometric { ln_failure } => (maths::ln(1.0 - u) / ln_failure).ceil().max(1.0),
            Sampler::Lognormal { mu, sigma } => maths::exp(mu + sigma * maths::normal_quantile(u)),
            Sampler::Uniform { low, width } => low + width * u,
            Sampler::Pareto { min, exponent } => min * maths::pow(1.0 - u, exponent),
            Sampler::Weibull { scale, exponent } => scale * maths::pow(-maths::ln(1.0 - u), exponent),
            Sampler::Empirical { ref values } => values[((u * values.len() as f64) as usize).min(values.len() - 1)],
        }
    }

    /// The [`quantile`](Self::quantile) as seconds, rounded to the nearest nanosecond, and the longest duration there
    /// is if it is longer.
    #[inline]
    pub fn duration(&self, u: f64) -> SimDuration {
        SimDuration::from_secs_f64(self.quantile(u))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::distr::Distribution;
    use rand_distr::{Exp, Geometric, LogNormal, Pareto, Weibull};

    use super::*;
    use crate::engine::Stream;
    use crate::engine::goodness_of_fit::{counts, same_distribution};

    const N: u64 = 100_000;

    fn sample(sampler: &Sampler) -> Vec<f64> {
        let stream = Stream::root(11, 0);
        (0..N).map(|n| sampler.quantile(stream.uniform(n))).collect()
    }

    fn theirs(distribution: impl Distribution<f64>) -> Vec<f64> {
        distribution.sample_iter(Stream::root(11, 1).draws()).take(N as usize).collect()
    }

    fn all() -> Vec<Sampler> {
        vec![
            Sampler::constant(0.03),
            Sampler::exponential(2.5),
            Sampler::geometric(1.0),
            Sampler::geometric(4.0),
            Sampler::geometric(1e12),
            Sampler::lognormal(0.02, 0.5),
            Sampler::uniform(0.1, 0.4),
            Sampler::pareto(0.5, 1.3),
            Sampler::weibull(2.0, 0.7),
            Sampler::empirical(Arc::from([1.0, 2.0, 2.0, 7.0])),
        ]
    }

    #[test]
    fn only_a_constant_is_fixed() {
        let fixed: Vec<Option<SimDuration>> = all().iter().map(Sampler::fixed).collect();
        assert_eq!(fixed[0], Some(SimDuration::from_nanos(30_000_000)));
        assert!(fixed[1..].iter().all(Option::is_none), "{fixed:?}");
    }

    #[test]
    fn samples_agree_with_those_of_rand_distr() {
        same_distribution(&sample(&Sampler::exponential(2.5)), &theirs(Exp::new(0.4).unwrap())).unwrap();
        same_distribution(&sample(&Sampler::lognormal(1.0, 0.5)), &theirs(LogNormal::new(0.0, 0.5).unwrap())).unwrap();
        same_distribution(&sample(&Sampler::weibull(2.0, 0.7)), &theirs(Weibull::new(2.0, 0.7).unwrap())).unwrap();
        same_distribution(&sample(&Sampler::pareto(0.5, 1.3)), &theirs(Pareto::new(0.5, 1.3).unwrap())).unwrap();
        let failures = Geometric::new(0.25).unwrap().map(|failures: u64| failures as f64 + 1.0);
        same_distribution(&sample(&Sampler::geometric(4.0)), &theirs(failures)).unwrap();
    }

    #[test]
    fn geometric_counts_have_their_exact_probabilities() {
        let mut seen = [0; 20];
        for value in sample(&Sampler::geometric(4.0)) {
            seen[(value as usize - 1).min(19)] += 1;
        }
        let mut left = N as f64;
        let expected = std::array::from_fn::<f64, 20, _>(|k| {
            let here = if k == 19 { left } else { left / 4.0 };
            left -= here;
            here
        });
        counts(&seen, &expected).unwrap();
    }

    #[test]
    fn medians_are_those_of_the_formulas() {
        let medians = [
            (Sampler::exponential(2.0), 2.0 * std::f64::consts::LN_2),
            (Sampler::lognormal(0.02, 0.5), 0.02),
            (Sampler::uniform(1.0, 4.0), 2.5),
            (Sampler::pareto(0.5, 2.0), 0.5 * std::f64::consts::SQRT_2),
            (Sampler::weibull(3.0, 1.0), 3.0 * std::f64::consts::LN_2),
            (Sampler::geometric(1.0), 1.0),
            (Sampler::geometric(4.0), 3.0),
            (Sampler::constant(7.0), 7.0),
        ];
        for (sampler, median) in medians {
            assert!((sampler.quantile(0.5) / median - 1.0).abs() < 1e-14, "{sampler:?}");
        }
    }

    #[test]
    fn each_value_of_an_empirical_distribution_has_its_equal_share() {
        let sampler = Sampler::empirical(Arc::from([1.0, 2.0, 2.0, 7.0]));
        let quantiles = [0.001, 0.249, 0.25, 0.5, 0.749, 0.75, 0.999].map(|u| sampler.quantile(u));
        assert_eq!(quantiles, [1.0, 1.0, 2.0, 2.0, 2.0, 7.0, 7.0]);
    }

    proptest! {
        #[test]
        fn a_larger_uniform_never_makes_a_smaller_value(a in any::<u64>(), step in 1..1u64 << 40) {
            let uniform = |bits: u64| ((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64;
            let (low, high) = (uniform(a), uniform(a.saturating_add(step << 12)));
            for sampler in all() {
                let (low, high) = (sampler.quantile(low), sampler.quantile(high));
                prop_assert!(low <= high && low >= 0.0 && high.is_finite(), "{sampler:?}: {low}, {high}");
            }
        }
    }

    #[test]
    fn durations_round_to_nanoseconds_and_saturate() {
        assert_eq!(Sampler::constant(1.234_567_890_6).duration(0.5), SimDuration::from_nanos(1_234_567_891));
        assert_eq!(Sampler::constant(1e300).duration(0.5), SimDuration::MAX);
        assert_eq!(Sampler::pareto(1.0, 0.01).duration(1.0 - 1e-15), SimDuration::MAX);
    }
}
