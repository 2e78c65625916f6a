//! `comparison.csv`: every metric of every pair of designs, compared run by run.

use std::io::{self, Write};

use super::rows::{Csv, number};
use crate::results::{ComparedMetric, Pair, Study, Unit};

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
pub(super) fn write(study: &Study, file: impl Write) -> io::Result<()> {
    let mut csv = Csv::new(file, HEADER)?;
    for pair in &study.comparisons {
        for (metric, compared) in study.metrics.iter().zip(&pair.metrics) {
            csv.row(fields(pair, metric.unit, study.level, compared))?;
        }
    }
    csv.finish()
}

fn fields(pair: &Pair, unit: Unit, level: f64, compared: &ComparedMetric) -> [String; HEADER.len()] {
    let difference = compared.difference;
    let share = compared.first_less_share;
    [
        pair.first.clone(),
        pair.second.clone(),
        compared.name.clone(),
        unit.name().to_owned(),
        compared.pairs.to_string(),
        compared.dropped.to_string(),
        compared.undecided.to_string(),
        compared.censored.to_string(),
        number(difference.map(|estimate| estimate.point)),
        number(difference.map(|estimate| estimate.low)),
        number(difference.map(|estimate| estimate.high)),
        number(Some(level)),
        compared.first_less.to_string(),
        compared.second_less.to_string(),
        compared.ties.to_string(),
        number(share.map(|estimate| estimate.point)),
        number(share.map(|estimate| estimate.low)),
        number(share.map(|estimate| estimate.high)),
        number(compared.variance_reduction),
        compared.claim.name().to_owned(),
    ]
}
