//! `thresholds.csv`: how long success is under each of several shares.

use std::io::{self, Write};

use super::rows::{Csv, number};
use crate::results::words::exact;
use crate::study::StudyOutcome;

/// Writes one row per design and threshold; the window and the mean of a threshold that is left out are empty.
pub(super) fn write(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let mut csv = Csv::new(file, ["design", "threshold", "window_s", "mean_s", "low_s", "high_s", "n"])?;
    let Some(thresholds) = outcome.metrics.thresholds() else { return csv.finish() };
    for design in &outcome.designs {
        for threshold in thresholds.table() {
            let summary = outcome.summary(design, threshold.metric);
            let mean = summary.and_then(|summary| summary.mean);
            // One run has a mean and no interval.
            let only = summary.filter(|summary| summary.n == 1).and_then(|summary| summary.min);
            csv.row([
                design.name.clone(),
                exact(threshold.share),
                number(threshold.window.map(|window| window.as_secs_f64())),
                number(mean.map(|mean| mean.point).or(only)),
                number(mean.map(|mean| mean.low)),
                number(mean.map(|mean| mean.high)),
                summary.map_or(0, |summary| summary.n).to_string(),
            ])?;
        }
    }
    csv.finish()
}
