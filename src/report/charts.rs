//! Chooses the charts of a study, and the data that each shows.

use crate::chart::{
    Band, Better, Capacity, ChartError, Clock, DesignBar, DesignCapacity, DesignDowntime, DesignThresholds,
    DesignWrites, DifferenceWeight, DowntimeByThreshold, DowntimeEcdf, IncidentSpan, Interval, LatencyCurve,
    LatencyCurves, Measure, MetricDifference, PairedDifferences, Sheet, StackedBars, SuccessCurve, SuccessOverTime,
    TrafficOverTime, TrafficPanel, WritesLost, render,
};
use crate::output::{OutputDir, OutputError};
use crate::results::words::runs_of_each;
use crate::results::{DesignResults, Direction, MetricPlace, Pair, Study, StudyEstimate, Unit, Weight};
use crate::scenario::file_name;
use crate::study::{DesignOutcome, Phase, Spread, StudyOutcome, TimelineSummaryBin, VisitorView};

/// Draws every chart of a study into the folder `charts/` of `output`, each as SVG and as PNG.
///
/// # Errors
/// If a chart cannot be drawn or a file cannot be written.
pub fn write_charts(outcome: &StudyOutcome, study: &Study, output: &mut OutputDir) -> Result<(), ChartsError> {
    let mut charts = vec![
        ("success".to_owned(), success(outcome, study)),
        ("traffic".to_owned(), traffic(outcome, study)),
        ("downtime".to_owned(), downtime(outcome, study)),
        ("downtime_by_threshold".to_owned(), downtime_by_threshold(outcome, study)),
        ("lost_service".to_owned(), lost_service(study)),
        ("latency".to_owned(), latency(outcome, study)),
        ("writes_lost".to_owned(), writes_lost(outcome, study)),
        ("capacity".to_owned(), capacity(study)),
    ];
    charts.extend(writes(study).map(|sheet| ("writes".to_owned(), sheet)));
    for pair in &study.comparisons {
        let name = format!("difference_{}", file_name(&[&pair.first, &pair.second]));
        charts.push((name, differences(study, pair)));
    }
    for (name, sheet) in charts {
        let rendered = render(&sheet)?;
        output.write(&format!("charts/{name}.svg"), |file| file.write_all(rendered.svg.as_bytes()))?;
        output.write(&format!("charts/{name}.png"), |file| file.write_all(&rendered.png))?;
    }
    Ok(())
}

/// Reason why there are no charts.
#[derive(Debug, thiserror::Error)]
pub enum ChartsError {
    /// One cannot be drawn.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// One cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

fn subtitle(study: &Study) -> String {
    let partial = study.partial.as_ref().map_or_else(String::new, |partial| partial.label() + " · ");
    format!("{partial}{} · {}, seed {}", study.scenario, runs_of_each(study.runs, study.designs.len()), study.seed)
}

fn band(spread: Spread) -> Band {
    Band { low: spread.p5, median: spread.median, high: spread.p95 }
}

fn interval(estimate: &StudyEstimate) -> Interval {
    Interval { low: estimate.low, high: estimate.high }
}

/// The time axis, with the incidents that happen at the same time in every run.
fn clock(study: &Study) -> Clock {
    let incidents = study.incidents.iter();
    Clock {
        horizon_s: study.horizon_s,
        warm_up_s: study.measured_from_s,
        incidents: incidents
            .map(|incident| IncidentSpan { label: incident.name.clone(), from_s: incident.from_s, to_s: incident.to_s })
            .collect(),
    }
}

fn over_bins(design: &DesignOutcome, of: impl Fn(&TimelineSummaryBin) -> Option<Spread>) -> Vec<Option<Band>> {
    design.timeline.bins.iter().map(|bin| of(bin).map(band)).collect()
}

fn success(outcome: &StudyOutcome, study: &Study) -> Sheet {
    let curve = |design: &DesignOutcome| SuccessCurve {
        name: design.name.clone(),
        place: design.place,
        bins: over_bins(design, |bin| bin.success),
    };
    SuccessOverTime {
        subtitle: subtitle(study),
        clock: clock(study),
        bin_s: outcome.designs[0].timeline.bin_s,
        slo: Some(study.slo),
        designs: outcome.designs.iter().map(curve).collect(),
    }
    .sheet()
}

fn traffic(outcome: &StudyOutcome, study: &Study) -> Sheet {
    let panel = |design: &DesignOutcome| TrafficPanel {
        name: design.name.clone(),
        place: design.place,
        regions: [0, 1].map(|region| over_bins(design, |bin| bin.traffic[region])).to_vec(),
    };
    TrafficOverTime {
        subtitle: subtitle(study),
        clock: clock(study),
        bin_s: outcome.designs[0].timeline.bin_s,
        regions: study.regions.to_vec(),
        designs: outcome.designs.iter().map(panel).collect(),
    }
    .sheet()
}

/// The values of a metric over runs, where it applies and is not censored.
fn values(outcome: &StudyOutcome, design: &DesignOutcome, metric: &str) -> Vec<f64> {
    let sample = outcome.sample(design, metric);
    sample.map_or_else(Vec::new, |sample| sample.sorted.iter().copied().filter(|value| value.is_finite()).collect())
}

fn downtime(outcome: &StudyOutcome, study: &Study) -> Sheet {
    let ecdf = |design: &DesignOutcome| DesignDowntime {
        name: design.name.clone(),
        place: design.place,
        downtime_s: values(outcome, design, "downtime_s"),
    };
    DowntimeEcdf { subtitle: subtitle(study), with_band: true, designs: outcome.designs.iter().map(ecdf).collect() }
        .sheet()
}

fn downtime_by_threshold(outcome: &StudyOutcome, study: &Study) -> Sheet {
    let thresholds = outcome.metrics.thresholds().map_or(&[][..], |thresholds| thresholds.table());
    let mean = |place: usize, metric: &str| {
        let statistics = study.statistics(place, metric)?;
        // One run has a mean and no interval.
        let only = || statistics.middle().map(|value| (value, Interval { low: value, high: value }));
        statistics.mean.as_ref().map(|mean| (mean.point, interval(mean))).or_else(only)
    };
    let by_threshold = |(place, design): (usize, &DesignResults)| DesignThresholds {
        name: design.name.clone(),
        place: design.place,
        means: thresholds.iter().map(|threshold| mean(place, threshold.metric)).collect(),
    };
    DowntimeByThreshold {
        subtitle: subtitle(study),
        slo: outcome.subject.slo,
        thresholds: thresholds.iter().map(|threshold| threshold.share).collect(),
        designs: study.designs.iter().enumerate().map(by_threshold).collect(),
    }
    .sheet()
}

/// The mean of a metric, or its only value; 0 if it applies to no run.
fn mean_of(study: &Study, design: usize, metric: &str) -> f64 {
    study.statistics(design, metric).and_then(|statistics| statistics.middle()).unwrap_or(0.0)
}

fn lost_service(study: &Study) -> Sheet {
    let bar = |(place, design): (usize, &DesignResults)| {
        let mean_of = |phase: &Phase| mean_of(study, place, &format!("lost_service_{}_s", phase.name()));
        let total = study.statistics(place, "lost_service_s").and_then(|statistics| statistics.mean.as_ref());
        DesignBar {
            name: design.name.clone(),
            place: design.place,
            values: Phase::ALL.iter().map(mean_of).collect(),
            total: total.map(interval),
        }
    };
    StackedBars {
        subtitle: subtitle(study),
        question: "What is service lost to?".to_owned(),
        what: "lost service per run".to_owned(),
        measure: Measure::Seconds,
        parts: Phase::ALL.iter().map(|phase| phase.name().replace('_', " ")).collect(),
        designs: study.designs.iter().enumerate().map(bar).collect(),
    }
    .sheet()
}

fn latency(outcome: &StudyOutcome, study: &Study) -> Sheet {
    let curve = |design: &DesignOutcome| {
        let whole = design.latency.iter().find(|(view, _)| *view == VisitorView::WHOLE);
        let points = whole.map_or(&[][..], |(_, curve)| &curve.points);
        let quantiles = points.iter().filter(|point| point.percentile < 100.0);
        LatencyCurve {
            name: design.name.clone(),
            place: design.place,
            quantiles: quantiles.map(|point| (point.percentile / 100.0, point.latency_ms / 1e3)).collect(),
        }
    };
    LatencyCurves { subtitle: subtitle(study), designs: outcome.designs.iter().map(curve).collect() }.sheet()
}

fn writes_lost(outcome: &StudyOutcome, study: &Study) -> Sheet {
    let lost = |design: &DesignOutcome| DesignWrites {
        name: design.name.clone(),
        place: design.place,
        lost: values(outcome, design, "writes_lost").into_iter().map(|count| count as u64).collect(),
    };
    WritesLost { subtitle: subtitle(study), designs: outcome.designs.iter().map(lost).collect() }.sheet()
}

/// Fates of a write that was not simply kept: metric and name.
const FATES: [(&str, &str); 4] = [
    ("writes_lost", "lost"),
    ("writes_stranded", "stranded"),
    ("writes_recovered", "recovered"),
    ("writes_conflicting", "thrown away by a conflict"),
];

/// Draws the fates of acknowledged writes, where there are more than loss.
fn writes(study: &Study) -> Option<Sheet> {
    let bar = |(place, design): (usize, &DesignResults)| DesignBar {
        name: design.name.clone(),
        place: design.place,
        values: FATES.iter().map(|(metric, _)| mean_of(study, place, metric)).collect(),
        total: design.writes_at_risk.as_ref().map(interval),
    };
    let designs: Vec<DesignBar> = study.designs.iter().enumerate().map(bar).collect();
    designs.iter().any(|design| design.values[1..].iter().any(|mean| *mean > 0.0)).then(|| {
        StackedBars {
            question: "What became of acknowledged writes that were at risk?".to_owned(),
            what: "writes per run".to_owned(),
            measure: Measure::Count,
            subtitle: subtitle(study),
            parts: FATES.iter().map(|(_, name)| (*name).to_owned()).collect(),
            designs,
        }
        .sheet()
    })
}

fn capacity(study: &Study) -> Sheet {
    let over_runs = |design: usize, metric: &str| {
        let statistics = study.statistics(design, metric)?;
        let quantile = |p| statistics.quantile(p)?.sample;
        Some(Band { low: quantile(0.05)?, median: quantile(0.5)?, high: quantile(0.95)? })
    };
    let use_of = |(place, design): (usize, &DesignResults)| DesignCapacity {
        name: design.name.clone(),
        place: design.place,
        utilisation: study.regions.iter().map(|region| over_runs(place, &format!("utilisation_{region}"))).collect(),
        idle: over_runs(place, "idle_capacity"),
    };
    Capacity {
        subtitle: subtitle(study),
        regions: study.regions.to_vec(),
        designs: study.designs.iter().enumerate().map(use_of).collect(),
    }
    .sheet()
}

fn differences(study: &Study, pair: &Pair) -> Sheet {
    let place = |name: &str| {
        let found = study.designs.iter().find(|design| design.name == name);
        (name.to_owned(), found.map_or(0, |design| design.place))
    };
    let row = |position: usize| {
        let metric = &study.metrics[position];
        let compared = &pair.metrics[position];
        let better = match metric.better {
            Direction::Less => Better::Lower,
            Direction::More => Better::Higher,
            Direction::Neither => return None,
        };
        let difference = compared.difference.as_ref()?;
        let (unit, scale) = match metric.unit {
            Unit::Share => ("points", 100.0),
            Unit::Bytes => ("GB", 1e-9),
            Unit::Count | Unit::PerRequest => ("", 1.0),
            unit => (unit.name(), 1.0),
        };
        Some(MetricDifference {
            name: metric.title.clone(),
            unit: unit.to_owned(),
            mean: difference.point * scale,
            interval: Some(Interval { low: difference.low * scale, high: difference.high * scale }),
            better,
            weight: match compared.in_practice {
                Weight::Counts => DifferenceWeight::Counts,
                Weight::Little => DifferenceWeight::Little,
                Weight::Unclear => DifferenceWeight::Unclear,
            },
            wins: compared.wins(metric.better).map(|(first, second)| (first, second, compared.pairs)),
        })
    };
    let shown = study.shown_in(MetricPlace::Headline).into_iter().chain(study.shown_in(MetricPlace::Differences));
    PairedDifferences {
        subtitle: subtitle(study),
        first: place(&pair.first),
        second: place(&pair.second),
        metrics: shown.filter_map(row).collect(),
    }
    .sheet()
}
