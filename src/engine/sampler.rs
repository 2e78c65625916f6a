//! Distributions made ready to draw from.
//!
//! A draw scales the standard variate of a [`Draw`]: a uniform, a unit exponential or a standard normal. So a draw of a
//! visitor can be drawn once and scaled by the parameters of whichever region serves it: a slower region makes the same
//! visitor wait longer.

use std::f64::consts::LOG2_E;
use std::sync::Arc;

use super::draw::Draw;
use crate::maths;
use crate::units::SimDuration;

/// The distribution of a non-negative quantity: a duration in seconds, or a count.
///
/// Made by the constructors, which trust their caller: checking what a user wrote is the scenario's business.
#[derive(Clone, Debug, PartialEq)]
pub enum Sampler {
    /// Always the same value.
    Constant {
        /// The value.
        value: f64,
        /// The same as seconds.
        duration: SimDuration,
    },
    /// Exponential.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// Geometric on 1, 2, 3, …
    Geometric {
        /// -1 / ln(1 - p) with p = 1 / mean; zero if the mean is 1.
        scale: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Mean of the logarithm to base two.
        mu: f64,
        /// Standard deviation of that logarithm.
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
        /// 1 / (shape ln 2).
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
        Sampler::Constant { value, duration: SimDuration::from_secs_f64(value) }
    }

    /// Exponential with this mean.
    pub fn exponential(mean: f64) -> Self {
        Sampler::Exponential { mean }
    }

    /// Geometric on 1, 2, 3, … with this mean, at least 1: P(X > k) = (1 - 1 / mean)^k.
    pub fn geometric(mean: f64) -> Self {
        Sampler::Geometric { scale: -1.0 / maths::ln_1p(-1.0 / mean) }
    }

    /// Lognormal with this median, and standard deviation `sigma` of the logarithm.
    pub fn lognormal(median: f64, sigma: f64) -> Self {
        Sampler::Lognormal { mu: maths::log2(median), sigma: sigma * LOG2_E }
    }

    /// Uniform between `low` and `high`.
    pub fn uniform(low: f64, high: f64) -> Self {
        Sampler::Uniform { low, width: high - low }
    }

    /// Pareto: P(X > x) = (min / x)^shape for x above `min`.
    pub fn pareto(min: f64, shape: f64) -> Self {
        Sampler::Pareto { min, exponent: LOG2_E / shape }
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
        match *self {
            Sampler::Constant { duration, .. } => Some(duration),
            _ => None,
        }
    }

    /// The value that the variate of `draw` makes.
    #[inline]
    pub fn value(&self, draw: Draw) -> f64 {
        match *self {
            Sampler::Constant { value, .. } => value,
            Sampler::Exponential { mean } => mean * draw.exponential(),
            Sampler::Geometric { scale } => (scale * draw.exponential()).ceil().max(1.0),
            Sampler::Lognormal { mu, sigma } => maths::exp2(mu + sigma * draw.normal()),
            Sampler::Uniform { low, width } => low + width * draw.uniform(),
            Sampler::Pareto { min, exponent } => min * maths::exp2(exponent * draw.exponential()),
            Sampler::Weibull { scale, exponent } => scale * maths::exp2(exponent * maths::log2(draw.exponential())),
            Sampler::Empirical { ref values } => {
                values[((draw.uniform() * values.len() as f64) as usize).min(values.len() - 1)]
            }
        }
    }

    /// The [`value`](Self::value) as seconds, rounded to the nearest nanosecond, and the longest duration there is if it
    /// is longer.
    #[inline]
    pub fn duration(&self, draw: Draw) -> SimDuration {
        SimDuration::from_secs_f64(self.value(draw))
    }

    /// The same of a draw that is made only if the value takes a draw.
    #[inline]
    pub fn duration_of(&self, draw: impl FnOnce() -> Draw) -> SimDuration {
        self.fixed().unwrap_or_else(|| self.duration(draw()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::distr::Distribution;
    use rand_distr::{Exp, Geometric, LogNormal, Pareto, Weibull};

    use super::*;
    use crate::engine::goodness_of_fit::{counts, same_distribution};
    use crate::engine::stream::Stream;

    const N: u64 = 100_000;

    fn sample(sampler: &Sampler) -> Vec<f64> {
        let stream = Stream::root(11, 0);
        (0..N).map(|n| sampler.value(stream.draw(n))).collect()
    }

    fn theirs(distribution: impl Distribution<f64>) -> Vec<f64> {
        distribution.sample_iter(Stream::root(11, 1).rng()).take(N as usize).collect()
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
        ];
        for (sampler, median) in medians {
            let below = sample(&sampler).iter().filter(|value| **value < median).count() as f64;
            let standard_errors = (below / N as f64 - 0.5) / (0.25 / N as f64).sqrt();
            assert!(standard_errors.abs() < 4.0, "{sampler:?}: {standard_errors}");
        }
        assert!(sample(&Sampler::geometric(1.0)).iter().all(|value| *value == 1.0));
        assert!(sample(&Sampler::constant(7.0)).iter().all(|value| *value == 7.0));
    }

    #[test]
    fn each_value_of_an_empirical_distribution_has_its_equal_share() {
        let values = sample(&Sampler::empirical(Arc::from([1.0, 2.0, 2.0, 7.0])));
        let seen = [1.0, 2.0, 7.0].map(|value| values.iter().filter(|seen| **seen == value).count() as u64);
        counts(&seen, &[N as f64 / 4.0, N as f64 / 2.0, N as f64 / 4.0]).unwrap();
    }

    proptest! {
        #[test]
        fn values_are_finite_and_the_same_mark_makes_a_larger_value_of_a_larger_scale(bits in any::<u64>()) {
            let draw = Stream::root(bits, 0).draw(0);
            for sampler in all() {
                let value = sampler.value(draw);
                prop_assert!(value >= 0.0 && value.is_finite(), "{sampler:?}: {value}");
            }
            let pairs = [
                (Sampler::exponential(1.0), Sampler::exponential(1.5)),
                (Sampler::geometric(3.0), Sampler::geometric(4.0)),
                (Sampler::lognormal(0.02, 0.5), Sampler::lognormal(0.03, 0.5)),
                (Sampler::uniform(0.1, 0.4), Sampler::uniform(0.1, 0.8)),
                (Sampler::pareto(0.5, 1.3), Sampler::pareto(0.5, 1.2)),
                (Sampler::weibull(2.0, 0.7), Sampler::weibull(2.5, 0.7)),
            ];
            for (smaller, larger) in pairs {
                prop_assert!(smaller.value(draw) <= larger.value(draw), "{smaller:?}, {larger:?}");
            }
        }
    }

    #[test]
    fn durations_round_to_nanoseconds_and_saturate() {
        let draw = Stream::root(0, 0).draw(0);
        assert_eq!(Sampler::constant(1.234_567_890_6).duration(draw), SimDuration::from_nanos(1_234_567_891));
        assert_eq!(Sampler::constant(1e300).duration(draw), SimDuration::MAX);
        assert_eq!(Sampler::pareto(1e10, 0.01).duration(draw), SimDuration::MAX);
    }
}
