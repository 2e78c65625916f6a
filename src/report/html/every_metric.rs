//! The table of every metric of every design.

use crate::results::words::{self, in_all, mean_alone, runs, value};
use crate::results::{Degenerate, Statistics, Study};

/// A metric, a row for each design.
pub(super) struct MetricRows<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) rows: Vec<MetricRow<'a>>,
}

/// One metric of one design.
pub(super) struct MetricRow<'a> {
    pub(super) design: usize,
    pub(super) name: &'a str,
    pub(super) mean: String,
    pub(super) interval: String,
    pub(super) median: String,
    pub(super) p95: String,
    pub(super) range: String,
}

/// Lays out every metric that applies to some run.
pub(super) fn every_metric(study: &Study) -> Vec<MetricRows<'_>> {
    let applies = |&metric: &usize| study.of_all_designs(metric).any(|statistics| statistics.n > 0);
    let rows = |metric: usize| MetricRows {
        name: &study.metrics[metric].name,
        title: &study.metrics[metric].title,
        rows: study
            .designs
            .iter()
            .enumerate()
            .map(|(at, design)| row(at, &design.name, &design.metrics[metric]))
            .collect(),
    };
    (0..study.metrics.len()).filter(applies).map(rows).collect()
}

fn row<'a>(design: usize, name: &'a str, statistics: &Statistics) -> MetricRow<'a> {
    let unit = statistics.unit;
    let between = |low: f64, high: f64| format!("{} to {}", value(low, unit), value(high, unit));
    MetricRow {
        design,
        name,
        mean: mean_alone(statistics, unit).unwrap_or_else(|| "–".to_owned()),
        interval: match (&statistics.mean, &statistics.degenerate) {
            (Some(_), Some(Degenerate::Equal { .. })) => format!("the same {}", in_all(statistics.n)),
            (Some(mean), _) => between(mean.low, mean.high),
            (None, _) if statistics.ended_first > 0 => words::over_first(statistics),
            (None, _) => String::new(),
        },
        median: quantile(statistics, 0.5),
        p95: quantile(statistics, 0.95),
        range: match statistics.min.zip(statistics.max) {
            Some((min, max)) if max.is_finite() || statistics.ended_first == 0 => between(min, max),
            Some((min, _)) if min.is_finite() => format!("from {}", value(min, unit)),
            _ => String::new(),
        },
    }
}

/// A quantile with its interval, or the number of runs that it needs.
fn quantile(statistics: &Statistics, p: f64) -> String {
    let needed = statistics.quantile(p).and_then(|quantile| quantile.runs_needed);
    match (words::quantile(statistics, p), words::quantile_interval(statistics, p), needed) {
        (Some(point), Some(interval), _) => format!("{point} ({interval})"),
        (Some(point), None, _) => point,
        (None, _, Some(needed)) => format!("needs {}", runs(needed)),
        (None, _, None) => "–".to_owned(),
    }
}
