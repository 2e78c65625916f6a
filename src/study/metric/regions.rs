//! Metrics of regions: queueing, utilisation, idle capacity, traffic between regions; calm time; and the size of the run.

use super::definition::Metric;
use crate::model::{Load, RegionTally};
use crate::results::Direction::{self, Less, Neither};
use crate::results::MetricPlace::{Headline, Score, Screen, SweepChart, Terminal};
use crate::results::{Aspect, Unit};
use crate::study::seen::calm::SeenCalm;
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;

/// Nanoseconds in an hour.
const HOUR_NS: f64 = 3.6e12;
/// Index that stands for both regions.
const BOTH: usize = 2;

/// The metrics of both regions together, and of each; those of calm time after the others.
pub(super) fn metrics(regions: &[String; 2]) -> Vec<Metric> {
    let mut metrics = Vec::new();
    for definition in &DEFINITIONS {
        let Some(of) = definition.of else { continue };
        metrics.extend(definition.named(regions).map(|(metric, index)| metric.of_each(index, of)));
    }
    for definition in &DEFINITIONS {
        let Some(of) = definition.calm else { continue };
        metrics.extend(definition.named(regions).map(|(mut metric, index)| {
            metric.name.push_str("_calm");
            metric.title.push_str(", calm");
            let metric = metric.of_calm(index, of);
            match metric.name.as_str() {
                "idle_capacity_calm" => {
                    metric.shown(180, &[Headline, Terminal, Screen, Score, SweepChart]).speaks_for(Aspect::Capacity)
                }
                "instances_calm" => metric.shown(190, &[Terminal]),
                _ => metric,
            }
        }));
    }
    metrics.extend([
        Metric::new("calm_share", "share of calm time", Unit::Share, Neither)
            .of(|seen, _| Observation::ratio(seen.calm.length.as_secs_f64(), measured_s(seen))),
        Metric::new("calm_before_s", "calm time before the first incident", Unit::Seconds, Neither)
            .of(|seen, _| Observation::finite(seen.run.calm.before.length.as_secs_f64())),
        Metric::new("requests_simulated", "requests simulated", Unit::Count, Neither)
            .of(|seen, _| Observation::count(seen.run.requests_simulated)),
        Metric::new("events", "events", Unit::Count, Neither).of(|seen, _| Observation::count(seen.run.events)),
    ]);
    metrics
}

/// A metric of the regions: over measured time, over calm time, or both.
struct RegionMetric {
    name: &'static str,
    title: &'static str,
    unit: Unit,
    better: Direction,
    /// The least difference that counts, if it is not that of the unit.
    floor: Option<f64>,
    of: Option<fn(&Seen<'_>, usize) -> Observation>,
    calm: Option<fn(&SeenCalm, usize) -> Observation>,
}

impl RegionMetric {
    /// The metric of both regions together, and of each, with the index of what it is of.
    fn named(&self, regions: &[String; 2]) -> impl Iterator<Item = (Metric, usize)> + use<'_> {
        let both = (self.name.to_owned(), self.title.to_owned(), BOTH);
        let [first, second] = [0, 1].map(|index| {
            let region = &regions[index];
            (format!("{}_{region}", self.name), format!("{}, {region}", self.title), index)
        });
        [both, first, second]
            .into_iter()
            .map(|(name, title, index)| (Metric::new(name, title, self.unit, self.better), index))
            .map(|(metric, index)| match self.floor {
                Some(floor) => (metric.floor(floor), index),
                None => (metric, index),
            })
    }
}

const DEFINITIONS: [RegionMetric; 9] = [
    RegionMetric {
        name: "app_wait_mean_s",
        title: "mean wait for a worker",
        unit: Unit::Seconds,
        better: Less,
        floor: Some(0.001),
        of: Some(|seen, index| mean_wait(seen, index, |region| region.app_waits)),
        calm: None,
    },
    RegionMetric {
        name: "database_wait_mean_s",
        title: "mean wait for a connection",
        unit: Unit::Seconds,
        better: Less,
        floor: Some(0.001),
        of: Some(|seen, index| mean_wait(seen, index, |region| region.database_waits)),
        calm: None,
    },
    RegionMetric {
        name: "utilisation",
        title: "utilisation of app workers",
        unit: Unit::Share,
        better: Neither,
        floor: None,
        of: Some(|seen, index| utilisation(&loads(seen), index)),
        calm: Some(|calm, index| utilisation(&calm.loads, index)),
    },
    RegionMetric {
        name: "database_utilisation",
        title: "utilisation of database connections",
        unit: Unit::Share,
        better: Neither,
        floor: None,
        of: Some(|seen, index| database_utilisation(&loads(seen), index)),
        calm: Some(|calm, index| database_utilisation(&calm.loads, index)),
    },
    RegionMetric {
        name: "idle_capacity",
        title: "idle capacity",
        unit: Unit::Share,
        better: Less,
        floor: None,
        of: Some(|seen, index| idle_capacity(&loads(seen), index)),
        calm: Some(|calm, index| idle_capacity(&calm.loads, index)),
    },
    RegionMetric {
        name: "instances",
        title: "mean number of instances on",
        unit: Unit::Count,
        better: Less,
        floor: None,
        of: Some(|seen, index| instances(&loads(seen), index, measured_s(seen))),
        calm: Some(|calm, index| instances(&calm.loads, index, calm.length.as_secs_f64())),
    },
    RegionMetric {
        name: "instance_hours",
        title: "instance-hours",
        unit: Unit::Hours,
        better: Less,
        floor: None,
        of: Some(|seen, index| {
            Observation::finite(sum(&loads(seen), index, |load| load.instances_on_ns) as f64 / HOUR_NS)
        }),
        calm: None,
    },
    RegionMetric {
        name: "cross_region_bytes",
        title: "bytes between regions",
        unit: Unit::Bytes,
        better: Less,
        floor: None,
        of: Some(|seen, index| Observation::count(bytes(&loads(seen), index))),
        calm: None,
    },
    RegionMetric {
        name: "cross_region_bytes_per_s",
        title: "bytes between regions per second",
        unit: Unit::BytesPerSecond,
        better: Less,
        floor: None,
        of: None,
        calm: Some(|calm, index| Observation::ratio(bytes(&calm.loads, index) as f64, calm.length.as_secs_f64())),
    },
];

fn loads(seen: &Seen<'_>) -> [Load; 2] {
    seen.run.regions.map(|region| region.load)
}

fn measured_s(seen: &Seen<'_>) -> f64 {
    seen.run.span.to.since(seen.run.span.from).as_secs_f64()
}

/// The sum over one region, or over both.
fn sum(loads: &[Load; 2], index: usize, of: fn(&Load) -> u128) -> u128 {
    (0..2).filter(|&region| index == BOTH || index == region).map(|region| of(&loads[region])).sum()
}

fn share(loads: &[Load; 2], index: usize, part: fn(&Load) -> u128, whole: fn(&Load) -> u128) -> Observation {
    Observation::ratio(sum(loads, index, part) as f64, sum(loads, index, whole) as f64)
}

fn utilisation(loads: &[Load; 2], index: usize) -> Observation {
    share(loads, index, |load| load.app_busy_ns, |load| load.app_on_ns)
}

fn database_utilisation(loads: &[Load; 2], index: usize) -> Observation {
    share(loads, index, |load| load.database_busy_ns, |load| load.database_on_ns)
}

fn idle_capacity(loads: &[Load; 2], index: usize) -> Observation {
    share(loads, index, |load| load.instances_idle_ns, |load| load.instances_up_ns)
}

fn instances(loads: &[Load; 2], index: usize, length_s: f64) -> Observation {
    Observation::ratio(sum(loads, index, |load| load.instances_on_ns) as f64 / 1e9, length_s)
}

fn bytes(loads: &[Load; 2], index: usize) -> u64 {
    sum(loads, index, |load| load.cross_region_bytes.into()) as u64
}

fn mean_wait(seen: &Seen<'_>, index: usize, of: fn(&RegionTally) -> (u64, u128)) -> Observation {
    let (count, total_ns) = (0..2)
        .filter(|&region| index == BOTH || index == region)
        .map(|region| of(&seen.run.regions[region]))
        .fold((0, 0), |sum, waits| (sum.0 + waits.0, sum.1 + waits.1));
    Observation::ratio(total_ns as f64 / 1e9, count as f64)
}

#[cfg(test)]
mod tests {
    use crate::model::{Load, RegionTally};
    use crate::study::metric::table::observe;
    use crate::study::seen::observation::Observation;
    use crate::study::synthetic;

    #[test]
    fn regions_by_hand() {
        let mut run = synthetic::run(1);
        run.regions = [
            RegionTally {
                app_waits: (4, 2_000_000_000),
                load: Load {
                    app_busy_ns: 30,
                    app_on_ns: 40,
                    instances_on_ns: 7_200_000_000_000,
                    instances_up_ns: 7_200_000_000_000,
                    instances_idle_ns: 0,
                    cross_region_bytes: 5,
                    ..Default::default()
                },
                ..Default::default()
            },
            RegionTally {
                load: Load {
                    app_busy_ns: 0,
                    app_on_ns: 20,
                    instances_on_ns: 5_400_000_000_000,
                    // Out of reach for half an hour, and idle otherwise.
                    instances_up_ns: 3_600_000_000_000,
                    instances_idle_ns: 3_600_000_000_000,
                    cross_region_bytes: 6,
                    ..Default::default()
                },
                ..Default::default()
            },
        ];
        for (name, expected) in [
            ("app_wait_mean_s", 0.5),
            ("app_wait_mean_s_north", 0.5),
            ("utilisation", 0.5),
            ("utilisation_north", 0.75),
            ("utilisation_south", 0.0),
            ("idle_capacity", 1.0 / 3.0),
            ("idle_capacity_south", 1.0),
            ("instance_hours", 3.5),
            // 12,600 instance-seconds in 40 s.
            ("instances", 315.0),
            ("cross_region_bytes", 11.0),
            ("cross_region_bytes_south", 6.0),
        ] {
            assert_eq!(observe(name, &run), Observation::Value(expected), "{name}");
        }
        assert_eq!(observe("app_wait_mean_s_south", &run), Observation::NotApplicable);
        assert_eq!(observe("database_utilisation", &run), Observation::NotApplicable);
        assert_eq!(observe("utilisation_calm", &run), Observation::NotApplicable, "no calm time");
    }

    #[test]
    fn calm_time_by_hand() {
        let mut run = synthetic::run(1);
        let load = Load { app_busy_ns: 3, app_on_ns: 6, cross_region_bytes: 500, ..Default::default() };
        run.calm.before = synthetic::calm_time(5, load);
        run.calm.again = synthetic::calm_time(15, Load { app_on_ns: 6, cross_region_bytes: 1_500, ..load });
        for (name, expected) in [
            // 20 s of 40 s; the loads are those of each region.
            ("calm_share", 0.5),
            ("calm_before_s", 5.0),
            ("utilisation_calm", 0.5),
            ("cross_region_bytes_per_s_calm", 200.0),
            ("cross_region_bytes_per_s_north_calm", 100.0),
        ] {
            assert_eq!(observe(name, &run), Observation::Value(expected), "{name}");
        }
    }
}
