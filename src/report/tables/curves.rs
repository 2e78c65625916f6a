//! `timeline.csv`, `latency.csv` and `switch.csv`: what charts are drawn from.

use std::io::{self, Write};

use super::{Csv, number};
use crate::report::format::exact;
use crate::study::{Spread, StudyOutcome};

/// `timeline.csv`: one row per design and bin, with the 5th percentile, median and 95th percentile over runs.
pub(super) fn write_timeline(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let [one, two] = &outcome.subject.regions;
    let values = [
        "success_share".to_owned(),
        format!("traffic_share_{one}"),
        format!("traffic_share_{two}"),
        "lag_s".to_owned(),
        format!("utilisation_{one}"),
        format!("utilisation_{two}"),
    ];
    let spreads = values.iter().flat_map(|name| ["p5", "median", "p95"].map(|quantile| format!("{name}_{quantile}")));
    let place = ["design", "from_s", "to_s"].map(str::to_owned);
    let mut csv = Csv::new(file, place.into_iter().chain(spreads))?;
    for design in &outcome.designs {
        for bin in &design.timeline.bins {
            let place = [design.name.clone(), exact(bin.from_s), exact(bin.from_s + design.timeline.bin_s)];
            let [traffic_one, traffic_two] = bin.traffic;
            let [utilisation_one, utilisation_two] = bin.utilisation;
            let spreads = [bin.success, traffic_one, traffic_two, bin.lag_s, utilisation_one, utilisation_two];
            csv.row(place.into_iter().chain(spreads.into_iter().flat_map(spread)))?;
        }
    }
    csv.finish()
}

fn spread(spread: Option<Spread>) -> [String; 3] {
    let number = |of: fn(Spread) -> f64| number(spread.map(of));
    [number(|spread| spread.p5), number(|spread| spread.median), number(|spread| spread.p95)]
}

/// `latency.csv`: the percentile curve of successful requests of all runs, per design, geography and operation.
pub(super) fn write_latency(outcome: &StudyOutcome, file: impl Write) -> io::Result<()> {
    let mut csv = Csv::new(file, ["design", "geography", "operation", "requests", "percentile", "latency_ms"])?;
    for design in &outcome.designs {
        for (view, curve) in &design.latency {
            for point in &curve.points {
                csv.row([
                    design.name.as_str(),
                    outcome.subject.geography_name(*view),
                    view.operation_name(),
                    &curve.requests.to_string(),
                    &exact(point.percentile),
                    &exact(point.latency_ms),
                ])?;
            }
        }
    }
    csv.finish()
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
