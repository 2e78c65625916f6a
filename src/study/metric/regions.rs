//! Metrics of regions: queueing, utilisation, idle capacity, traffic between regions; and the size of the run.

use super::Direction::{Less, Neither};
use super::{Metric, Unit};
use crate::model::RegionTally;
use crate::results::Aspect;
use crate::results::Place::{Differences, Headline, Score, Screen, Sweep, SweepChart, Terminal};
use crate::study::Observation;
use crate::study::view::Seen;

/// Nanoseconds in an hour.
const HOUR_NS: f64 = 3.6e12;
/// Index that stands for both regions.
const BOTH: usize = 2;

/// The metrics of both regions together, and of each.
pub(super) fn metrics(regions: &[String; 2]) -> Vec<Metric> {
    let mut metrics = Vec::new();
    for definition in DEFINITIONS {
        let both = definition.metric(definition.name.into(), definition.title.into(), BOTH);
        metrics.push((definition.attributes)(both));
        for (index, region) in regions.iter().enumerate() {
            let name = format!("{}_{region}", definition.name);
            metrics.push(definition.metric(name, format!("{}, {region}", definition.title), index));
        }
    }
    metrics.extend([
        Metric::new("requests_simulated", "requests simulated", Unit::Count, Neither)
            .of(|seen, _| Observation::count(seen.run.requests_simulated)),
        Metric::new("events", "events", Unit::Count, Neither).of(|seen, _| Observation::count(seen.run.events)),
    ]);
    metrics
}

/// Cost of a month (730.5 h) that is like measured time: instances switched on, two database nodes, traffic over the link.
pub(super) fn cost() -> Metric {
    const MONTH_H: f64 = 730.5;
    Metric::new("cost_per_month", "cost per month", Unit::Money, Less)
        .shown(200, &[Differences, Terminal, Screen, Score, Sweep, SweepChart])
        .speaks_for(Aspect::Cost)
        .of(|seen, _| {
            let Some(prices) = seen.prices else { return Observation::NotApplicable };
            let span = seen.run.span;
            let hours = span.to.since(span.from).as_nanos() as f64 / HOUR_NS;
            let instance_hours: f64 =
                seen.run.regions.iter().map(|region| region.instances_on_ns as f64 / HOUR_NS).sum();
            let gigabytes: f64 = seen.run.regions.iter().map(|region| region.cross_region_bytes as f64 / 1e9).sum();
            let hourly = (instance_hours * prices.instance_hour + gigabytes * prices.cross_region_gb) / hours
                + 2.0 * prices.database_hour;
            Observation::ratio(hourly * MONTH_H, 1.0)
        })
}

struct Definition {
    name: &'static str,
    title: &'static str,
    unit: Unit,
    better: super::Direction,
    /// The least difference that counts, if it is not that of the unit.
    floor: Option<f64>,
    /// Adds where the metric of both regions is shown.
    attributes: fn(Metric) -> Metric,
    of: fn(&Seen<'_>, usize) -> Observation,
}

impl Definition {
    fn metric(&self, name: String, title: String, index: usize) -> Metric {
        let metric = Metric::new(name, title, self.unit, self.better).of_each(index, self.of);
        match self.floor {
            Some(floor) => metric.floor(floor),
            None => metric,
        }
    }
}

const DEFINITIONS: [Definition; 7] = [
    Definition {
        name: "app_wait_mean_s",
        title: "mean wait for a worker",
        unit: Unit::Seconds,
        better: Less,
        floor: Some(0.001),
        attributes: |metric| metric,
        of: |seen, index| mean_wait(seen, index, |region| region.app_waits),
    },
    Definition {
        name: "database_wait_mean_s",
        title: "mean wait for a connection",
        unit: Unit::Seconds,
        better: Less,
        floor: Some(0.001),
        attributes: |metric| metric,
        of: |seen, index| mean_wait(seen, index, |region| region.database_waits),
    },
    Definition {
        name: "utilisation",
        title: "utilisation of app workers",
        unit: Unit::Share,
        better: Neither,
        floor: None,
        attributes: |metric| metric,
        of: |seen, index| share(seen, index, |region| region.app_busy_ns, |region| region.app_on_ns),
    },
    Definition {
        name: "database_utilisation",
        title: "utilisation of database connections",
        unit: Unit::Share,
        better: Neither,
        floor: None,
        attributes: |metric| metric,
        of: |seen, index| share(seen, index, |region| region.database_busy_ns, |region| region.database_on_ns),
    },
    Definition {
        name: "idle_capacity",
        title: "idle capacity",
        unit: Unit::Share,
        better: Less,
        floor: None,
        attributes: |metric| metric.shown(180, &[Headline, Terminal, Score, SweepChart]).speaks_for(Aspect::Capacity),
        of: |seen, index| share(seen, index, |region| region.instances_idle_ns, |region| region.instances_on_ns),
    },
    Definition {
        name: "instance_hours",
        title: "instance-hours",
        unit: Unit::Hours,
        better: Less,
        floor: None,
        attributes: |metric| metric.shown(190, &[Terminal]),
        of: |seen, index| Observation::finite(sum(seen, index, |region| region.instances_on_ns) as f64 / HOUR_NS),
    },
    Definition {
        name: "cross_region_bytes",
        title: "bytes between regions",
        unit: Unit::Bytes,
        better: Less,
        floor: None,
        attributes: |metric| metric,
        of: |seen, index| Observation::count(sum(seen, index, |region| region.cross_region_bytes.into()) as u64),
    },
];

/// The sum over one region, or over both.
fn sum(seen: &Seen<'_>, index: usize, of: fn(&RegionTally) -> u128) -> u128 {
    seen.run
        .regions
        .iter()
        .enumerate()
        .filter(|&(region, _)| index == BOTH || index == region)
        .map(|(_, region)| of(region))
        .sum()
}

fn share(
    seen: &Seen<'_>,
    index: usize,
    part: fn(&RegionTally) -> u128,
    whole: fn(&RegionTally) -> u128,
) -> Observation {
    Observation::ratio(sum(seen, index, part) as f64, sum(seen, index, whole) as f64)
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
    use super::super::observe;
    use crate::model::RegionTally;
    use crate::study::{Observation, synthetic};

    #[test]
    fn a_months_cost_by_hand() {
        use crate::scenario::Prices;
        use crate::study::MetricTable;

        let mut run = synthetic::run(1);
        let hours = (run.span.to.since(run.span.from).as_nanos() as f64) / 3.6e12;
        run.regions[0] = RegionTally {
            instances_on_ns: (hours * 3.6e12 * 3.0) as u128,
            cross_region_bytes: (hours * 5e9) as u64,
            ..Default::default()
        };
        run.regions[1] = RegionTally::default();
        let mut scenario = synthetic::scenario(&["a"]);
        assert_eq!(MetricTable::of(&scenario).position("cost_per_month"), None);
        scenario.prices = Some(Prices { instance_hour: 0.1, database_hour: 0.25, cross_region_gb: 0.02 });
        let table = MetricTable::of(&scenario);
        let Some(Observation::Value(cost)) = table.observe_one("cost_per_month", &run, 0.95) else { panic!("no cost") };
        // Three instances at 0.1, two nodes at 0.25 and 5 GB at 0.02 an hour: 0.9.
        assert!((cost - 0.9 * 730.5).abs() < 1e-3, "{cost}");
    }

    #[test]
    fn regions_by_hand() {
        let mut run = synthetic::run(1);
        run.regions = [
            RegionTally {
                app_waits: (4, 2_000_000_000),
                app_busy_ns: 30,
                app_on_ns: 40,
                instances_on_ns: 7_200_000_000_000,
                instances_idle_ns: 0,
                cross_region_bytes: 5,
                ..Default::default()
            },
            RegionTally {
                app_busy_ns: 0,
                app_on_ns: 20,
                instances_on_ns: 3_600_000_000_000,
                instances_idle_ns: 3_600_000_000_000,
                cross_region_bytes: 6,
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
            ("instance_hours", 3.0),
            ("cross_region_bytes", 11.0),
            ("cross_region_bytes_south", 6.0),
        ] {
            assert_eq!(observe(name, &run), Observation::Value(expected), "{name}");
        }
        assert_eq!(observe("app_wait_mean_s_south", &run), Observation::NotApplicable);
        assert_eq!(observe("database_utilisation", &run), Observation::NotApplicable);
    }
}
