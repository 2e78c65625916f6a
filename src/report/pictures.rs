//! Which charts a study gets, and what data each shows.

use super::chart::{
    Band, Better, Capacity, ChartError, Clock, DesignBar, DesignCapacity, DesignDowntime, DesignWrites,
    DifferenceWeight, DowntimeEcdf, IncidentSpan, Interval, LatencyCurve, LatencyCurves, Measure, MetricDifference,
    PairedDifferences, Sheet, StackedBars, SuccessCurve, SuccessOverTime, TrafficOverTime, TrafficPanel, WritesLost,
    render,
};
use crate::output::{OutputDir, OutputError};
use crate::scenario::file_name;
use crate::stats::{Estimate, LEVEL, mean_interval};
use crate::study::{
    Comparison, DesignOutcome, Direction, HEADLINES, Phase, RunRow, Spread, StudyOutcome, Summary, TimelineSummaryBin,
    Unit, View, Weight,
};

/// Draws every chart of a study into the folder `charts/` of `output`, each as SVG and as PNG.
///
/// # Errors
/// If a chart cannot be drawn or a file cannot be written.
pub fn write_charts(outcome: &StudyOutcome, output: &mut OutputDir) -> Result<(), PictureError> {
    let mut charts = vec![
        ("success".to_owned(), success(outcome)),
        ("traffic".to_owned(), traffic(outcome)),
        ("downtime".to_owned(), downtime(outcome)),
        ("lost_service".to_owned(), lost_service(outcome)),
        ("latency".to_owned(), latency(outcome)),
        ("writes_lost".to_owned(), writes_lost(outcome)),
        ("capacity".to_owned(), capacity(outcome)),
    ];
    charts.extend(writes(outcome).map(|sheet| ("writes".to_owned(), sheet)));
    for comparison in &outcome.comparisons {
        let name = format!("difference_{}", file_name(&[&comparison.first, &comparison.second]));
        charts.push((name, differences(outcome, comparison)));
    }
    for (name, sheet) in charts {
        let picture = render(&sheet)?;
        output.write(&format!("charts/{name}.svg"), |file| file.write_all(picture.svg.as_bytes()))?;
        output.write(&format!("charts/{name}.png"), |file| file.write_all(&picture.png))?;
    }
    Ok(())
}

/// Why there are no charts.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// One cannot be drawn.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// One cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

fn subtitle(outcome: &StudyOutcome) -> String {
    let subject = &outcome.subject;
    format!("{} · {} runs of each design, seed {}", subject.scenario, subject.runs, subject.seed)
}

fn band(spread: Spread) -> Band {
    Band { low: spread.p5, median: spread.median, high: spread.p95 }
}

fn interval(estimate: &Estimate) -> Interval {
    Interval { low: estimate.low, high: estimate.high }
}

/// The time axis, with the incidents that happen at the same time in every run.
fn clock(outcome: &StudyOutcome) -> Clock {
    let subject = &outcome.subject;
    let rows = &outcome.designs[0].rows;
    let span = |incident: usize| {
        let mut ends = Vec::with_capacity(rows.len());
        let mut start = None;
        for row in rows {
            let mut occurrences = row.incidents.iter().filter(|entry| entry.incident == incident);
            let (Some(only), None) = (occurrences.next(), occurrences.next()) else { return None };
            if *start.get_or_insert(only.started_s) != only.started_s {
                return None;
            }
            ends.push(only.ended_s);
        }
        ends.sort_by(f64::total_cmp);
        let label = subject.incidents[incident].clone();
        Some(IncidentSpan { label, from_s: start?, to_s: ends[ends.len() / 2] })
    };
    Clock {
        horizon_s: subject.horizon_s,
        warm_up_s: subject.span.from.as_secs_f64(),
        incidents: (0..subject.incidents.len()).filter_map(span).collect(),
    }
}

fn over_bins(design: &DesignOutcome, of: impl Fn(&TimelineSummaryBin) -> Option<Spread>) -> Vec<Option<Band>> {
    design.timeline.bins.iter().map(|bin| of(bin).map(band)).collect()
}

fn success(outcome: &StudyOutcome) -> Sheet {
    let curve = |design: &DesignOutcome| SuccessCurve {
        name: design.name.clone(),
        place: design.place,
        bins: over_bins(design, |bin| bin.success),
    };
    SuccessOverTime {
        subtitle: subtitle(outcome),
        clock: clock(outcome),
        bin_s: outcome.designs[0].timeline.bin_s,
        slo: Some(outcome.subject.slo),
        designs: outcome.designs.iter().map(curve).collect(),
    }
    .sheet()
}

fn traffic(outcome: &StudyOutcome) -> Sheet {
    let panel = |design: &DesignOutcome| TrafficPanel {
        name: design.name.clone(),
        place: design.place,
        regions: [0, 1].map(|region| over_bins(design, |bin| bin.traffic[region])).to_vec(),
    };
    TrafficOverTime {
        subtitle: subtitle(outcome),
        clock: clock(outcome),
        bin_s: outcome.designs[0].timeline.bin_s,
        regions: outcome.subject.regions.to_vec(),
        designs: outcome.designs.iter().map(panel).collect(),
    }
    .sheet()
}

/// The values of a metric over runs, where it applies and is not censored.
fn values(outcome: &StudyOutcome, design: &DesignOutcome, metric: &str) -> Vec<f64> {
    let summary = outcome.summary(design, metric);
    summary.map_or_else(Vec::new, |summary| summary.sorted.iter().copied().filter(|value| value.is_finite()).collect())
}

fn downtime(outcome: &StudyOutcome) -> Sheet {
    let ecdf = |design: &DesignOutcome| DesignDowntime {
        name: design.name.clone(),
        place: design.place,
        downtime_s: values(outcome, design, "downtime_s"),
    };
    DowntimeEcdf { subtitle: subtitle(outcome), with_band: true, designs: outcome.designs.iter().map(ecdf).collect() }
        .sheet()
}

fn lost_service(outcome: &StudyOutcome) -> Sheet {
    let bar = |design: &DesignOutcome| {
        let mean_of = |phase: &Phase| {
            let metric = format!("lost_service_{}_s", phase.name());
            let seconds = values(outcome, design, &metric);
            if seconds.is_empty() { 0.0 } else { seconds.iter().sum::<f64>() / seconds.len() as f64 }
        };
        let total = outcome.summary(design, "lost_service_s").and_then(|summary| summary.mean.as_ref());
        DesignBar {
            name: design.name.clone(),
            place: design.place,
            values: Phase::ALL.iter().map(mean_of).collect(),
            total: total.map(interval),
        }
    };
    StackedBars {
        subtitle: subtitle(outcome),
        question: "What is service lost to?".to_owned(),
        what: "lost service per run".to_owned(),
        measure: Measure::Seconds,
        parts: Phase::ALL.iter().map(|phase| phase.name().replace('_', " ")).collect(),
        designs: outcome.designs.iter().map(bar).collect(),
    }
    .sheet()
}

fn latency(outcome: &StudyOutcome) -> Sheet {
    let curve = |design: &DesignOutcome| {
        let whole = design.latency.iter().find(|(view, _)| *view == View::WHOLE);
        let points = whole.map_or(&[][..], |(_, curve)| &curve.points);
        let quantiles = points.iter().filter(|point| point.percentile < 100.0);
        LatencyCurve {
            name: design.name.clone(),
            place: design.place,
            quantiles: quantiles.map(|point| (point.percentile / 100.0, point.latency_ms / 1e3)).collect(),
        }
    };
    LatencyCurves { subtitle: subtitle(outcome), designs: outcome.designs.iter().map(curve).collect() }.sheet()
}

fn writes_lost(outcome: &StudyOutcome) -> Sheet {
    let lost = |design: &DesignOutcome| DesignWrites {
        name: design.name.clone(),
        place: design.place,
        lost: values(outcome, design, "writes_lost").into_iter().map(|count| count as u64).collect(),
    };
    WritesLost { subtitle: subtitle(outcome), designs: outcome.designs.iter().map(lost).collect() }.sheet()
}

/// What a write that was not simply kept may have become: metric and name.
const FATES: [(&str, &str); 4] = [
    ("writes_lost", "lost"),
    ("writes_stranded", "stranded"),
    ("writes_recovered", "recovered"),
    ("writes_conflicting", "thrown away by a conflict"),
];

/// What became of acknowledged writes, where more than loss did.
fn writes(outcome: &StudyOutcome) -> Option<Sheet> {
    let mean_of = |design: &DesignOutcome, metric: &str| {
        let counts = values(outcome, design, metric);
        if counts.is_empty() { 0.0 } else { counts.iter().sum::<f64>() / counts.len() as f64 }
    };
    let places: Vec<usize> = FATES.iter().filter_map(|(metric, _)| outcome.metrics.position(metric)).collect();
    let at_risk = |design: &DesignOutcome| {
        let of = |row: &RunRow| places.iter().filter_map(|&place| row.values[place].value()).sum();
        design.rows.iter().map(of).collect::<Vec<f64>>()
    };
    let bar = |design: &DesignOutcome| DesignBar {
        name: design.name.clone(),
        place: design.place,
        values: FATES.iter().map(|(metric, _)| mean_of(design, metric)).collect(),
        total: mean_interval(&at_risk(design), LEVEL).as_ref().map(interval),
    };
    let designs: Vec<DesignBar> = outcome.designs.iter().map(bar).collect();
    designs.iter().any(|design| design.values[1..].iter().any(|mean| *mean > 0.0)).then(|| {
        StackedBars {
            question: "What became of acknowledged writes that were at risk?".to_owned(),
            what: "writes per run".to_owned(),
            measure: Measure::Count,
            subtitle: subtitle(outcome),
            parts: FATES.iter().map(|(_, name)| (*name).to_owned()).collect(),
            designs,
        }
        .sheet()
    })
}

fn capacity(outcome: &StudyOutcome) -> Sheet {
    let over_runs = |design: &DesignOutcome, metric: &str| {
        let summary: &Summary = outcome.summary(design, metric)?;
        let quantile = |p| summary.sample_quantile(p);
        Some(Band { low: quantile(0.05)?, median: quantile(0.5)?, high: quantile(0.95)? })
    };
    let use_of = |design: &DesignOutcome| DesignCapacity {
        name: design.name.clone(),
        place: design.place,
        utilisation: outcome
            .subject
            .regions
            .iter()
            .map(|region| over_runs(design, &format!("utilisation_{region}")))
            .collect(),
        idle: over_runs(design, "idle_capacity"),
    };
    Capacity {
        subtitle: subtitle(outcome),
        regions: outcome.subject.regions.to_vec(),
        designs: outcome.designs.iter().map(use_of).collect(),
    }
    .sheet()
}

fn differences(outcome: &StudyOutcome, comparison: &Comparison) -> Sheet {
    let place = |name: &str| {
        let found = outcome.designs.iter().find(|design| design.name == name);
        (name.to_owned(), found.map_or(0, |design| design.place))
    };
    let row = |name: &&str| {
        let position = outcome.metrics.position(name)?;
        let metric = &outcome.metrics.all()[position];
        let compared = &comparison.metrics[position];
        let better = match metric.better {
            Direction::Less => Better::Lower,
            Direction::More => Better::Higher,
            Direction::Neither => return None,
        };
        let difference = compared.paired.difference.as_ref()?;
        let (unit, scale) = match metric.unit {
            Unit::Share => ("points", 100.0),
            Unit::Bytes => ("GB", 1e-9),
            Unit::Count | Unit::PerRequest => ("", 1.0),
            unit => (unit.name(), 1.0),
        };
        let pairs = compared.paired.pairs;
        let wins = compared.first_better(metric.better).zip(compared.second_better(metric.better));
        Some(MetricDifference {
            name: metric.title.clone(),
            unit: unit.to_owned(),
            mean: difference.point * scale,
            interval: Some(Interval { low: difference.low * scale, high: difference.high * scale }),
            better,
            weight: match compared.weight {
                Weight::Counts => DifferenceWeight::Counts,
                Weight::Little => DifferenceWeight::Little,
                Weight::Unclear => DifferenceWeight::Unclear,
            },
            wins: wins.map(|(first, second)| (first, second, pairs)),
        })
    };
    PairedDifferences {
        subtitle: subtitle(outcome),
        first: place(&comparison.first),
        second: place(&comparison.second),
        metrics: HEADLINES.iter().chain(&["cost_per_month"]).filter_map(row).collect(),
    }
    .sheet()
}
