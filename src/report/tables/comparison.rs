//! `comparison.csv`: every metric of every pair of designs, compared run by run.

use std::io::{self, Write};

use super::{Csv, number};
use crate::study::{Comparison, Metric, MetricComparison, StudyOutcome};

const HEADER: [&str; 20] = [
    "first",
    "second",
    "metric",
    "unit",
    "pairs",
    "pairs_dropped",
    "pairs_undecided",
    "pairs_censored",
    "mean_difference",
    "mean_difference_low",
    "mean_difference_high",
    "level",
    "first_less",
    "second_less",
    "ties",
    "first_less_share",
    "first_less_share_low",
    "first_less_share_high",
    "variance_reduction",
    "claim",
];

/// One row per pair and metric; the difference is first - second.
pub(super) fn write(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let mut csv = Csv::new(file, HEADER)?;
    for comparison in &outcome.comparisons {
        for (metric, compared) in outcome.metrics.all().iter().zip(&comparison.metrics) {
            csv.row(fields(comparison, metric, compared))?;
        }
    }
    csv.finish()
}

fn fields(comparison: &Comparison, metric: &Metric, compared: &MetricComparison) -> [String; HEADER.len()] {
    let paired = &compared.paired;
    let difference = paired.difference;
    let share = paired.share_first_less;
    [
        comparison.first.clone(),
        comparison.second.clone(),
        metric.name.clone(),
        metric.unit.name().to_owned(),
        paired.pairs.to_string(),
        compared.dropped.to_string(),
        compared.undecided.to_string(),
        paired.censored.to_string(),
        number(difference.map(|estimate| estimate.point)),
        number(difference.map(|estimate| estimate.low)),
        number(difference.map(|estimate| estimate.high)),
        number(Some(crate::stats::LEVEL)),
        paired.first_less.to_string(),
        paired.second_less.to_string(),
        paired.ties.to_string(),
        number(share.map(|estimate| estimate.point)),
        number(share.map(|estimate| estimate.low)),
        number(share.map(|estimate| estimate.high)),
        number(paired.variance_reduction),
        compared.claim.name().to_owned(),
    ]
}
