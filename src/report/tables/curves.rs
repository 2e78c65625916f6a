//! `timeline.csv`, `latency.csv` and `switch.csv`: what charts are drawn from.

use std::io::{self, Write};

use super::rows::{Csv, number};
use crate::results::rows::{self, Bin, Cell, LatencyPoint, RunQuantiles};
use crate::results::words::exact;
use crate::study::{DesignOutcome, Spread, StudyOutcome, TimelineSummaryBin};

/// `timeline.csv`: one row per design and bin, with the 5th percentile, median and 95th percentile over runs.
pub(super) fn write_timeline(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let bins = outcome.designs.iter().flat_map(|design| design.timeline.bins.iter().map(move |of| bin(design, of)));
    rows::write(Bin::header(&outcome.subject.regions), bins, file)
}

fn bin(design: &DesignOutcome, bin: &TimelineSummaryBin) -> Bin {
    Bin {
        design: design.name.clone(),
        from_s: bin.from_s.into(),
        to_s: (bin.from_s + design.timeline.bin_s).into(),
        success: band(bin.success),
        traffic: bin.traffic.map(band),
        lag_s: band(bin.lag_s),
        utilisation: bin.utilisation.map(band),
    }
}

fn band(spread: Option<Spread>) -> RunQuantiles {
    let cell = |of: fn(Spread) -> f64| Cell(spread.map(of));
    RunQuantiles { p5: cell(|spread| spread.p5), median: cell(|spread| spread.median), p95: cell(|spread| spread.p95) }
}

/// `latency.csv`: the percentile curve of successful requests of all runs, per design, geography and operation.
pub(super) fn write_latency(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let curves = outcome.designs.iter().flat_map(|design| design.latency.iter().map(move |curve| (design, curve)));
    let points = curves.flat_map(|(design, (view, curve))| {
        curve.points.iter().map(move |point| LatencyPoint {
            design: design.name.clone(),
            geography: outcome.subject.geography_name(*view).to_owned(),
            operation: view.operation_name().to_owned(),
            requests: curve.requests,
            percentile: point.percentile.into(),
            latency_ms: point.latency_ms.into(),
        })
    });
    rows::write(LatencyPoint::header(), points, file)
}

/// `switch.csv`: look-ups answered with, and attempts sent to, the region that the published answer had left, by the time
/// since it left; summed over runs.
pub(super) fn write_switch(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let header = [
        "design",
        "age_from_s",
        "age_to_s",
        "lookups",
        "lookups_old",
        "lookups_old_share",
        "attempts",
        "attempts_old",
        "attempts_old_share",
    ];
    let mut csv = Csv::new(file, header)?;
    for design in &outcome.designs {
        let tail = &design.switch_tail;
        let width = tail.bin.as_secs_f64();
        for place in 0..tail.lookups.len().max(tail.attempts.len()) {
            let from = place as f64 * width;
            let lookups = counts(tail.lookups.get(place));
            let attempts = counts(tail.attempts.get(place));
            let age = [design.name.clone(), exact(from), exact(from + width)];
            csv.row(age.into_iter().chain(lookups).chain(attempts))?;
        }
    }
    csv.finish()
}

/// All, old, and the share of old.
fn counts(bin: Option<&[u64; 2]>) -> [String; 3] {
    let [old, all] = bin.copied().unwrap_or_default();
    [all.to_string(), old.to_string(), number((all > 0).then(|| old as f64 / all as f64))]
}
