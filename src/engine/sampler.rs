//! temporary
use crate::maths;
use crate::units::SimDuration;
use std::sync::Arc;
/// t
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Sampler {
    Constant(f64, SimDuration),
    Exponential(f64),
    Geometric(f64),
    Lognormal(f64, f64),
    Uniform(f64, f64),
    Pareto(f64, f64),
    Weibull(f64, f64),
    Empirical(Arc<[f64]>),
}
#[allow(missing_docs)]
impl Sampler {
    pub fn constant(v: f64) -> Self {
        Sampler::Constant(v, SimDuration::from_secs_f64(v))
    }
    pub fn exponential(v: f64) -> Self {
        Sampler::Exponential(v)
    }
    pub fn geometric(v: f64) -> Self {
        Sampler::Geometric(v)
    }
    pub fn lognormal(median: f64, sigma: f64) -> Self {
        Sampler::Lognormal(maths::ln(median), sigma)
    }
    pub fn uniform(a: f64, b: f64) -> Self {
        Sampler::Uniform(a, b)
    }
    pub fn pareto(a: f64, b: f64) -> Self {
        Sampler::Pareto(a, b)
    }
    pub fn weibull(a: f64, b: f64) -> Self {
        Sampler::Weibull(a, b)
    }
    pub fn empirical(v: Arc<[f64]>) -> Self {
        Sampler::Empirical(v)
    }
    pub fn fixed(&self) -> Option<SimDuration> {
        if let Sampler::Constant(_, d) = self { Some(*d) } else { None }
    }
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Sampler::Constant(v, _) => *v,
            Sampler::Exponential(m) => -m * maths::ln(1.0 - u),
            Sampler::Geometric(m) => {
                if *m <= 1.0 {
                    1.0
                } else {
                    (maths::ln(1.0 - u) / maths::ln(1.0 - 1.0 / m)).floor() + 1.0
                }
            }
            Sampler::Lognormal(mu, s) => maths::exp(mu + s * (2.0 * u - 1.0) * 1.6),
            Sampler::Uniform(a, b) => a + (b - a) * u,
            Sampler::Pareto(a, s) => a * maths::pow(1.0 - u, -1.0 / s),
            Sampler::Weibull(a, s) => a * maths::pow(-maths::ln(1.0 - u), 1.0 / s),
            Sampler::Empirical(v) => v[((u * v.len() as f64) as usize).min(v.len() - 1)],
        }
    }
    pub fn duration(&self, u: f64) -> SimDuration {
        match self {
            Sampler::Constant(_, d) => *d,
            _ => SimDuration::from_secs_f64(self.quantile(u)),
        }
    }
}
/// t
#[derive(Clone, Debug)]
pub struct Zipf {
    cdf: Vec<f64>,
}
#[allow(missing_docs)]
impl Zipf {
    pub fn new(n: u32, e: f64) -> Self {
        let mut c = 0.0;
        let mut v: Vec<f64> = (1..=n)
            .map(|i| {
                c += maths::pow(f64::from(i), -e);
                c
            })
            .collect();
        for x in &mut v {
            *x /= c;
        }
        Zipf { cdf: v }
    }
    pub fn index(&self, u: f64) -> u32 {
        self.cdf.partition_point(|c| *c <= u).min(self.cdf.len() - 1) as u32
    }
    pub fn probability(&self, i: u32) -> f64 {
        let i = i as usize;
        self.cdf[i] - if i == 0 { 0.0 } else { self.cdf[i - 1] }
    }
}
