//! Survival functions and quantiles.

use super::Distribution;
use crate::maths;

impl Distribution {
    /// Returns the survival function: the probability that a draw exceeds a value.
    pub(super) fn survival(&self) -> Box<dyn Fn(f64) -> f64 + '_> {
        match self {
            Distribution::Constant { value } => Box::new(move |x| f64::from(x < *value)),
            Distribution::Exponential { mean } => Box::new(move |x| maths::exp(-x / mean)),
            Distribution::Geometric { mean } => Box::new(move |x| maths::pow(1.0 - 1.0 / mean, x.floor())),
            Distribution::Lognormal { median, p95 } if median == p95 => Box::new(move |x| f64::from(x < *median)),
            Distribution::Lognormal { median, p95 } => {
                let width = Self::lognormal_sigma(*median, *p95) * std::f64::consts::SQRT_2;
                Box::new(move |x| 0.5 * maths::erfc(maths::ln(x / median) / width))
            }
            Distribution::Uniform { low, high } if low == high => Box::new(move |x| f64::from(x < *low)),
            Distribution::Uniform { low, high } => Box::new(move |x| ((high - x) / (high - low)).clamp(0.0, 1.0)),
            Distribution::Pareto { min, shape } => {
                Box::new(move |x| if x <= *min { 1.0 } else { maths::pow(min / x, *shape) })
            }
            Distribution::Weibull { scale, shape } => Box::new(move |x| maths::exp(-maths::pow(x / scale, *shape))),
            Distribution::Empirical { values } => {
                Box::new(move |x| 1.0 - values.partition_point(|value| *value <= x) as f64 / values.len() as f64)
            }
        }
    }

    /// Returns the value that a share `p` of all draws do not exceed, for `p` between 0 and 1.
    ///
    /// Of values that were seen: the least that so many do not exceed.
    pub fn quantile(&self, p: f64) -> f64 {
        // Unit exponential.
        let exponential = -maths::ln_1p(-p);
        match self {
            Distribution::Constant { value } => *value,
            Distribution::Exponential { mean } => mean * exponential,
            Distribution::Geometric { mean } if *mean <= 1.0 => 1.0,
            Distribution::Geometric { mean } => (-exponential / maths::ln(1.0 - 1.0 / mean)).ceil(),
            Distribution::Lognormal { median, p95 } => {
                median * maths::exp(Self::lognormal_sigma(*median, *p95) * maths::normal_quantile(p))
            }
            Distribution::Uniform { low, high } => low + p * (high - low),
            Distribution::Pareto { min, shape } => min * maths::exp(exponential / shape),
            Distribution::Weibull { scale, shape } => scale * maths::pow(exponential, 1.0 / shape),
            Distribution::Empirical { values } => {
                let place = (p * values.len() as f64).ceil() as usize;
                values.get(place.saturating_sub(1)).or(values.last()).copied().unwrap_or(0.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_draws_exceeds_a_quantile_and_no_more() {
        let all = [
            Distribution::Exponential { mean: 2.0 },
            Distribution::Lognormal { median: 2.0, p95: 10.0 },
            Distribution::Uniform { low: 1.0, high: 3.0 },
            Distribution::Pareto { min: 2.0, shape: 4.0 },
            Distribution::Weibull { scale: 3.0, shape: 0.5 },
        ];
        for distribution in all {
            for p in [0.5, 0.95] {
                let beyond = distribution.survival()(distribution.quantile(p));
                assert!((beyond - (1.0 - p)).abs() < 1e-9, "{distribution:?}: {beyond} beyond {p}");
            }
            assert!((distribution.quantile(0.5) / distribution.median() - 1.0).abs() < 1e-9, "{distribution:?}");
        }
        assert!((Distribution::Lognormal { median: 2.0, p95: 10.0 }.quantile(0.95) - 10.0).abs() < 1e-9);
        let seen = Distribution::Empirical { values: [1.0, 2.0, 6.0, 7.0].into() };
        assert_eq!((seen.quantile(0.5), seen.quantile(0.95), seen.survival()(2.0)), (2.0, 7.0, 0.5));
        assert_eq!(
            (Distribution::constant(5.0).quantile(0.95), Distribution::constant(5.0).survival()(5.0)),
            (5.0, 0.0)
        );
    }
}
