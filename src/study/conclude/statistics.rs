//! One metric of one design: its statistics, and whether its sample is degenerate.

use crate::results::words::{mean_of, value};
use crate::results::{Degenerate, Quantile, Statistics, StudyEstimate, Unit};
use crate::stats::{self, ENOUGH_OTHERS, RARE, Scatter};
use crate::study::design::DesignOutcome;
use crate::study::metric::definition::Metric;
use crate::study::metric::table::MetricTable;
use crate::study::statistics::summary::{QUANTILES, Summary};
use crate::study::vary::front::FrontMeasure;

impl From<stats::Estimate> for StudyEstimate {
    fn from(estimate: stats::Estimate) -> Self {
        let stats::Estimate { point, low, high, level: _, n } = estimate;
        StudyEstimate { point, low, high, n }
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
    Statistics {
        name: metric.name.clone(),
        unit: metric.unit,
        n: summary.n,
        censored: summary.censored,
        ended_first: summary.ended_first,
        not_applicable: summary.not_applicable,
        nonzero: summary.nonzero,
        mean: summary.mean.map(StudyEstimate::from),
        degenerate: summary.mean.and_then(|_| degenerate(summary.scatter)),
        min: summary.min,
        max: summary.max,
        quantiles: (0..QUANTILES.len()).map(|place| quantile(place, summary)).collect(),
    }
}

fn quantile(place: usize, summary: &Summary) -> Quantile {
    let estimate = summary.quantiles[place];
    Quantile {
        p: QUANTILES[place],
        estimate: estimate.ok().map(StudyEstimate::from),
        runs_needed: estimate.err().map(|refused| refused.needed),
        more_than: summary.more_than[place],
        sample: summary.sample_quantiles[place],
    }
}

/// Returns the mean of the acknowledged writes of a run that were not simply kept.
pub(super) fn writes_at_risk(metrics: &MetricTable, design: &DesignOutcome) -> Option<StudyEstimate> {
    design.summaries[metrics.position("writes_at_risk")?].mean.map(StudyEstimate::from)
}
