//! One metric of one design: its statistics, and whether its sample is degenerate.

use crate::results::words::{mean_of, value};
use crate::results::{Degenerate, Estimate, Quantile, Statistics, Unit};
use crate::stats::{self, ENOUGH_OTHERS, LEVEL, RARE, Scatter, TooFewRuns, mean_interval, scatter};
use crate::study::{DesignOutcome, FrontMeasure, Metric, MetricTable, QUANTILES, Statistic, Summary};

impl From<stats::Estimate> for Estimate {
    fn from(estimate: stats::Estimate) -> Self {
        let stats::Estimate { point, low, high, level: _, n } = estimate;
        Estimate { point, low, high, n }
    }
}

/// Says why a sample with this scatter is degenerate; `None` if it is not.
pub(in crate::study) fn degenerate(scatter: Scatter) -> Option<Degenerate> {
    match scatter {
        Scatter::Seen => None,
        Scatter::Rare { others, usual } => Some(Degenerate::Few { others, needed: ENOUGH_OTHERS, usual }),
        Scatter::Unseen { others_at_most } => Some(Degenerate::Equal { others_at_most, rare: RARE }),
    }
}

impl FrontMeasure {
    /// Returns the mean with its interval in words, or the mean alone if it has none.
    pub fn in_words(&self, unit: Unit) -> String {
        let degenerate = self.degenerate();
        self.interval.map_or_else(|| value(self.mean, unit), |mean| mean_of(&mean.into(), degenerate.as_ref(), unit))
    }

    /// Says why its sample is degenerate; `None` if it is not, or has no interval.
    pub fn degenerate(&self) -> Option<Degenerate> {
        self.interval.and_then(|_| degenerate(self.scatter))
    }
}

impl Summary {
    /// Returns its statistics as those of `metric`.
    pub fn statistics(&self, metric: &Metric) -> Statistics {
        of_metric(metric, self)
    }
}

/// Returns the statistics of `metric` over all runs.
pub(super) fn of_metric(metric: &Metric, summary: &Summary) -> Statistics {
    let quantiles = QUANTILES.into_iter().zip(summary.quantiles);
    Statistics {
        name: metric.name.clone(),
        unit: metric.unit,
        n: summary.n,
        censored: summary.censored,
        ended_first: summary.watched.len() as u64,
        not_applicable: summary.not_applicable,
        nonzero: summary.sorted.iter().filter(|&&value| value != 0.0).count() as u64,
        mean: summary.mean.map(Estimate::from),
        degenerate: summary.mean.and_then(|_| degenerate(scatter(&summary.sorted))),
        min: summary.min(),
        max: summary.max(),
        quantiles: quantiles.map(|(p, estimate)| quantile(p, estimate, summary)).collect(),
    }
}

fn quantile(p: f64, estimate: Result<stats::Estimate, TooFewRuns>, summary: &Summary) -> Quantile {
    Quantile {
        p,
        estimate: estimate.ok().map(Estimate::from),
        runs_needed: estimate.err().map(|refused| refused.needed),
        more_than: Statistic::Quantile(p).of(summary).and_then(|found| found.more_than()),
        sample: summary.sample_quantile(p),
    }
}

/// Metrics that count what became of writes that were not simply kept.
const AT_RISK: [&str; 4] = ["writes_lost", "writes_stranded", "writes_recovered", "writes_conflicting"];

/// Returns the mean of the acknowledged writes of a run that were not simply kept.
pub(super) fn writes_at_risk(metrics: &MetricTable, design: &DesignOutcome) -> Option<Estimate> {
    let positions: Vec<usize> = AT_RISK.iter().filter_map(|name| metrics.position(name)).collect();
    let of_run = |row: &crate::study::RunRow| positions.iter().filter_map(|&metric| row.values[metric].value()).sum();
    let counts: Vec<f64> = design.rows.iter().map(of_run).collect();
    mean_interval(&counts, LEVEL).map(Estimate::from)
}
