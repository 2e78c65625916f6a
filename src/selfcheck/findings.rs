//! Collects the comparisons of one closed form.

use super::comparison::{Comparison, Evidence};
use super::effort::Effort;

/// The comparisons that one closed form has made so far.
#[derive(Debug)]
pub(super) struct Findings {
    form: &'static str,
    /// Number of runs to make, as an effort.
    pub(super) effort: Effort,
    /// Comparisons made so far.
    pub(super) comparisons: Vec<Comparison>,
}

/// A mean over independent runs, and its standard error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Simulated {
    mean: f64,
    standard_error: f64,
}

impl Simulated {
    /// The mean of one value from each run.
    pub(super) fn mean(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Simulated { mean, standard_error: (squares / (count - 1.0) / count).sqrt() }
    }

    /// A ratio of two sums over the runs; its standard error to first order.
    pub(super) fn ratio(pairs: &[(f64, f64)]) -> Self {
        let count = pairs.len() as f64;
        let above: f64 = pairs.iter().map(|pair| pair.0).sum();
        let below: f64 = pairs.iter().map(|pair| pair.1).sum();
        let ratio = above / below;
        let squares: f64 = pairs.iter().map(|(a, b)| (a - ratio * b) * (a - ratio * b)).sum();
        Simulated { mean: ratio, standard_error: (squares * count / (count - 1.0)).sqrt() / below }
    }
}

impl Findings {
    pub(super) fn new(form: &'static str, effort: Effort) -> Self {
        Findings { form, effort, comparisons: Vec::new() }
    }

    /// Holds a sample against the exact value, at a standard error of 1 % (5 % with little effort).
    pub(super) fn mean(&mut self, what: impl Into<String>, sample: Simulated, exact: f64) {
        self.mean_within(what, sample, exact, 0.01);
    }

    /// The same, where 1 % would take too long: `widest` is the share that the standard error may have of the value.
    pub(super) fn mean_within(&mut self, what: impl Into<String>, sample: Simulated, exact: f64, widest: f64) {
        let widest = self.effort.widest(widest);
        let Simulated { mean: simulated, standard_error } = sample;
        self.add(what, Evidence::Mean { simulated, exact, standard_error, widest });
    }

    /// Compares the distribution of `values` with the distribution function `cdf`.
    pub(super) fn distribution(&mut self, what: impl Into<String>, mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) {
        values.sort_by(f64::total_cmp);
        let count = values.len() as f64;
        let distance = |(place, value): (usize, &f64)| {
            let expected = cdf(*value);
            (expected - place as f64 / count).abs().max(((place + 1) as f64 / count - expected).abs())
        };
        let distance = values.iter().enumerate().map(distance).fold(0.0, f64::max) * count.sqrt();
        self.add(what, Evidence::Distribution { distance });
    }

    /// Compares a value that is the same in every run.
    pub(super) fn same(&mut self, what: impl Into<String>, simulated: f64, exact: f64) {
        self.add(what, Evidence::Same { simulated, exact });
    }

    fn add(&mut self, what: impl Into<String>, evidence: Evidence) {
        self.comparisons.push(Comparison { form: self.form, what: what.into(), evidence });
    }
}
