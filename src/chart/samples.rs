//! Made-up data for the tests of the charts.

use super::*;

/// A design's name and what it is like.
pub(super) const NAMES: [&str; 6] = [
    "active/active, two-way replication",
    "active/passive, warm standby",
    "active/passive, cold standby and manual promotion by an operator who has to be woken",
    "single region",
    "semi-sync",
    "active/active with a very long name that goes on and on, because someone wrote the whole runbook into it, and more",
];

/// A repeatable number between 0 and 1.
pub(super) fn noise(index: usize, salt: usize) -> f64 {
    let mixed =
        (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (salt as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The clock of an hour with two incidents.
pub(super) fn clock() -> Clock {
    let span = |label: &str, from_s, to_s| IncidentSpan { label: label.to_owned(), from_s, to_s };
    Clock {
        horizon_s: 3_600.0,
        warm_up_s: 300.0,
        incidents: vec![span("region-outage eu-west", 900.0, 2_100.0), span("dns-outage (gtm)", 2_000.0, 2_300.0)],
    }
}

/// Returns the depth of each design's outage at a time.
fn dip(design: usize, at_s: f64) -> f64 {
    let since = at_s - 900.0;
    let length = [120.0, 300.0, 900.0, 1_200.0, 200.0, 60.0][design % 6];
    if since < 0.0 || since > 2.0 * length { 0.0 } else { (1.0 - since / (2.0 * length)) * [0.5, 0.95][design % 2] }
}

/// Success over time of the first `designs` designs.
pub(super) fn success(designs: usize) -> SuccessOverTime {
    let bins = |design: usize| {
        (0..360).map(move |bin| {
            let median =
                0.9995 - dip(design, bin as f64 * 10.0) - 0.01 * noise(bin, design) * dip(design, bin as f64 * 10.0);
            let spread = 0.002 + 0.15 * dip(design, bin as f64 * 10.0);
            Some(Band { low: (median - spread).max(0.0), median, high: (median + spread).min(1.0) })
        })
    };
    SuccessOverTime {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        clock: clock(),
        bin_s: 10.0,
        slo: Some(0.95),
        designs: (0..designs)
            .map(|design| SuccessCurve { name: NAMES[design].to_owned(), place: design, bins: bins(design).collect() })
            .collect(),
    }
}

/// Traffic over time.
pub(super) fn traffic(designs: usize) -> TrafficOverTime {
    let share = |design: usize, bin: usize, region: usize| {
        let start = [0.55, 1.0][design % 2];
        let since = bin as f64 * 10.0 - 960.0;
        let half_life = [60.0, 300.0, 600.0][design % 3];
        let kept = if since < 0.0 { 1.0 } else { half_life / (half_life + since) };
        let first = (start * kept + 0.01 * noise(bin, design)).min(1.0);
        let median = if region == 0 { first } else { 1.0 - first };
        Some(Band { low: (median - 0.04).max(0.0), median, high: (median + 0.04).min(1.0) })
    };
    TrafficOverTime {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        clock: clock(),
        bin_s: 10.0,
        regions: vec!["eu-west".to_owned(), "us-east".to_owned()],
        designs: (0..designs)
            .map(|design| TrafficPanel {
                name: NAMES[design].to_owned(),
                place: design,
                regions: (0..2).map(|region| (0..360).map(|bin| share(design, bin, region)).collect()).collect(),
            })
            .collect(),
    }
}

/// Downtime of 200 runs.
pub(super) fn downtime(designs: usize) -> DowntimeEcdf {
    let values = |design: usize| {
        (0..200).map(move |run| {
            let draw = noise(run, design);
            if draw < 0.3 && design != 3 {
                0.0
            } else {
                [40.0, 180.0, 700.0, 1_200.0, 90.0, 20.0][design] * (0.5 + draw)
            }
        })
    };
    DowntimeEcdf {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        with_band: true,
        designs: (0..designs)
            .map(|design| DesignDowntime {
                name: NAMES[design].to_owned(),
                place: design,
                downtime_s: values(design).collect(),
            })
            .collect(),
    }
}

/// Lost service by all sixteen phases.
pub(super) fn phases(designs: usize) -> StackedBars {
    let names = "nothing_left never_promotes names undetected unpublished kept_connection client_cache resolver_cache no_alternative link \
                 database_endpoint no_primary replica gray capacity other";
    let seconds =
        |design: usize, phase: usize| [60.0, 120.0, 300.0, 600.0, 90.0, 40.0][design] * noise(phase, design) / 6.0;
    StackedBars {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        question: "What is service lost to?".to_owned(),
        what: "lost service per run".to_owned(),
        measure: Measure::Seconds,
        parts: names.split_whitespace().map(str::to_owned).collect(),
        designs: (0..designs)
            .map(|design| {
                let seconds: Vec<f64> = (0..16).map(|phase| seconds(design, phase)).collect();
                let sum: f64 = seconds.iter().sum();
                let total = Some(Interval { low: 0.93 * sum, high: 1.08 * sum });
                DesignBar { name: NAMES[design].to_owned(), place: design, values: seconds, total }
            })
            .collect(),
    }
}

/// Latency curves.
pub(super) fn latency(designs: usize) -> LatencyCurves {
    let quantiles = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999];
    let curve = |design: usize| {
        let seconds = move |index: usize| {
            0.03 * (1.0 + 0.3 * design as f64) * (1.0 + (index * index * index) as f64 / (10.0 - design as f64))
        };
        (0..quantiles.len()).map(move |index| (quantiles[index], seconds(index)))
    };
    LatencyCurves {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        designs: (0..designs)
            .map(|design| LatencyCurve {
                name: NAMES[design].to_owned(),
                place: design,
                quantiles: curve(design).collect(),
            })
            .collect(),
    }
}

/// Lost writes of 200 runs.
pub(super) fn writes(designs: usize) -> WritesLost {
    let lost = |design: usize, run: usize| {
        let draw = noise(run, 7 + design);
        if draw < [0.9, 0.5, 0.2, 0.0, 1.0, 0.995][design] {
            0
        } else {
            (1.0 / (1.001 - draw) * [3.0, 20.0, 50.0][design % 3]) as u64
        }
    };
    WritesLost {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        designs: (0..designs)
            .map(|design| DesignWrites {
                name: NAMES[design].to_owned(),
                place: design,
                lost: (0..200).map(|run| lost(design, run)).collect(),
            })
            .collect(),
    }
}

/// Utilisation and idle capacity.
pub(super) fn capacity(designs: usize) -> Capacity {
    let band = |median: f64| Some(Band { low: (median - 0.06).max(0.0), median, high: (median + 0.06).min(1.0) });
    Capacity {
        subtitle: "Region outage of 20 minutes, 200 runs per design".to_owned(),
        regions: vec!["eu-west".to_owned(), "us-east".to_owned()],
        designs: (0..designs)
            .map(|design| DesignCapacity {
                name: NAMES[design].to_owned(),
                place: design,
                utilisation: vec![
                    band([0.3, 0.62][design % 2]),
                    if design == 3 { None } else { band([0.31, 0.02][design % 2]) },
                ],
                idle: band([0.0, 0.5, 0.97][design % 3]),
            })
            .collect(),
    }
}

/// Differences of six metrics.
pub(super) fn differences() -> PairedDifferences {
    let metric = |name: &str, unit: &str, mean: f64, half: f64, better: Better| MetricDifference {
        name: name.to_owned(),
        unit: unit.to_owned(),
        mean,
        interval: Some(Interval { low: mean - half, high: mean + half }),
        better,
        weight: if mean.abs() > half { DifferenceWeight::Counts } else { DifferenceWeight::Unclear },
        wins: Some((170, 20, 200)),
    };
    PairedDifferences {
        subtitle: "Region outage of 20 minutes, 200 pairs of runs".to_owned(),
        first: (NAMES[0].to_owned(), 0),
        second: (NAMES[1].to_owned(), 1),
        metrics: vec![
            metric("downtime", "s", -140.0, 12.0, Better::Lower),
            metric("availability (requests)", "", 0.043, 0.003, Better::Higher),
            metric("acknowledged writes lost", "", 31.0, 9.0, Better::Lower),
            metric("latency p99", "s", 0.012, 0.02, Better::Lower),
            metric("idle capacity", "%", -50.0, 0.4, Better::Lower),
            metric("a metric with a name that is too long for its column, surely", "bytes", 12e9, 3e9, Better::Lower),
        ],
    }
}

/// Cost against recovery time of the first `designs` designs at four points, two of them at one place.
pub(super) fn front(designs: usize) -> Front {
    let entries = (0..designs).flat_map(|design| {
        (0..4).map(move |point| {
            let (cost, recovery_s) =
                (200.0 + 40.0 * design as f64 + 0.1 * point as f64, 60.0 * (design + point) as f64);
            let interval = |middle: f64| Interval { low: 0.95 * middle, high: 1.05 * middle };
            FrontMark {
                design,
                cost,
                cost_interval: (point > 0).then(|| interval(cost)),
                recovery_s: if point == 3 { f64::INFINITY } else { recovery_s },
                recovery_interval: (point > 0).then(|| interval(recovery_s)),
                label: format!("{}m, a value that is rather long: 0.533 ± 0.2 writes lost", 10 * point),
                standing: [FrontStanding::NotDominated, FrontStanding::Open, FrontStanding::Dominated]
                    [(design + point) % 3],
            }
        })
    });
    let names = NAMES[..designs].iter().enumerate().map(|(place, name)| ((*name).to_owned(), place)).collect();
    Front {
        subtitle: "region-outage".to_owned(),
        keys: "dns.answer_ttl".to_owned(),
        designs: names,
        entries: entries.collect(),
    }
}

/// A metric over a key of the first `designs` designs, with a value that is missing.
pub(super) fn over_key(designs: usize) -> OverKey {
    let mean = |design: usize, at: usize| {
        let mean = 60.0 * (1.0 + design as f64 + noise(at, design));
        (at != 2 + design % 3).then_some((mean, Interval { low: 0.9 * mean, high: 1.1 * mean }))
    };
    OverKey {
        metric: "recovery time".to_owned(),
        unit: "s".to_owned(),
        key: "dns.answer_ttl".to_owned(),
        subtitle: "region-outage".to_owned(),
        values: [10.0, 12.0, 30.0, 60.0, 600.0].map(|value| (value, format!("{value}s"))).to_vec(),
        designs: (0..designs)
            .map(|design| DesignOverKey {
                name: NAMES[design].to_owned(),
                place: design,
                means: (0..5).map(|at| mean(design, at)).collect(),
            })
            .collect(),
    }
}

/// Downtime by threshold of the first `designs` designs.
pub(super) fn thresholds(designs: usize) -> DowntimeByThreshold {
    let mean = |design: usize, at: usize| {
        let mean = 120.0 * (1.0 + design as f64) + 40.0 * at as f64 * noise(at, design);
        (mean, Interval { low: 0.9 * mean, high: 1.1 * mean })
    };
    DowntimeByThreshold {
        subtitle: "region-outage".to_owned(),
        slo: 0.95,
        thresholds: vec![0.5, 0.8, 0.9, 0.95, 0.99, 0.999],
        designs: (0..designs)
            .map(|design| DesignThresholds {
                name: NAMES[design].to_owned(),
                place: design,
                means: (0..6).map(|at| Some(mean(design, at))).collect(),
            })
            .collect(),
    }
}

/// A metric over two keys of the first `designs` designs.
pub(super) fn heat_map(designs: usize) -> HeatMap {
    let cell = |design: usize, at: usize| {
        let mean = 60.0 * (1.0 + design as f64 + noise(at, design));
        (at != 4).then(|| HeatCell { mean, text: "9 min 59 s".to_owned(), margin: "± 1 min 52 s".to_owned() })
    };
    let texts = |texts: [&str; 3]| texts.map(str::to_owned).to_vec();
    HeatMap {
        metric: "recovery time".to_owned(),
        subtitle: "region-outage".to_owned(),
        across: ("dns.health_checks.interval".to_owned(), texts(["5s", "15s", "60s"])),
        down: ("dns.answer_ttl".to_owned(), texts(["10s", "60s", "300s"])),
        designs: (0..designs)
            .map(|design| DesignHeat {
                name: NAMES[design].to_owned(),
                place: design,
                cells: (0..3).map(|row| (0..3).map(|column| cell(design, 3 * row + column)).collect()).collect(),
            })
            .collect(),
        ends: ["0 s".to_owned(), "9 min 59 s".to_owned()],
    }
}

/// A metric at points over two keys of the first `designs` designs.
pub(super) fn point_map(designs: usize) -> PointMap {
    let point = |place: usize| {
        let (one, other) = (5.0 + 600.0 * noise(place, 1), 60.0 + 60.0 * noise(place, 2));
        [(one, format!("{one:.0}s")), (other, format!("{other:.0}s"))]
    };
    PointMap {
        metric: "recovery time".to_owned(),
        subtitle: "region-outage".to_owned(),
        keys: ["dns.answer_ttl".to_owned(), "incidents.0.lasts".to_owned()],
        points: (0..30).map(point).collect(),
        designs: (0..designs)
            .map(|design| DesignPoints {
                name: NAMES[design].to_owned(),
                place: design,
                means: (0..30).map(|place| (place != 7).then(|| noise(place, design))).collect(),
            })
            .collect(),
        ends: ["0 s".to_owned(), "9 min 59 s".to_owned()],
    }
}
