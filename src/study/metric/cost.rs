//! Metrics of cost: a month of it, and its parts.
//!
//! A month costs what calm time before the first incident costs, and the outages of a month beyond that. An outage is one
//! disruption of the run: it costs what was switched on and sent over the link from its start to `aftermath` after its end and
//! recovery, less what calm time of that length costs, and what has stayed on since, to the end of a month that began with
//! it. A run whose measured time is a month or longer has its own outages, which are added as they came; of a shorter one,
//! `outages_per_month` times the mean one is. So the cost does not depend on how long a run goes on after an outage.
//!
//! Left out: instances cost nothing while an outage has taken them.

use super::definition::Metric;
use crate::model::{CalmTime, Disruption};
use crate::results::Direction::{Less, Neither};
use crate::results::MetricPlace::{Differences, Score, Screen, Sweep, SweepChart, Terminal};
use crate::results::{Aspect, Unit};
use crate::scenario::Prices;
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;
use crate::units::SimDuration;

/// Hours in a month.
const MONTH_H: f64 = 730.5;

/// Metrics of a scenario that has prices.
pub(super) fn metrics() -> Vec<Metric> {
    let share = |part: &str, title: &str| {
        Metric::new(format!("cost_share_{part}"), format!("share of {title} in the cost"), Unit::Share, Neither)
    };
    vec![
        Metric::new("cost_per_month", "cost per month", Unit::Money, Less)
            .shown(200, &[Differences, Terminal, Screen, Score, Sweep, SweepChart])
            .speaks_for(Aspect::Cost)
            .of(|seen, _| Observation::maybe(cost(seen).map(MonthlyCost::sum))),
        share("app", "the app").of(|seen, _| share_of(seen, |cost| cost.app)),
        share("database", "the database").of(|seen, _| share_of(seen, |cost| cost.database)),
        share("traffic", "the traffic between regions").of(|seen, _| share_of(seen, |cost| cost.traffic)),
    ]
}

/// Parts of a cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct MonthlyCost {
    app: f64,
    database: f64,
    traffic: f64,
}

impl MonthlyCost {
    fn sum(self) -> f64 {
        self.app + self.database + self.traffic
    }

    fn plus(self, other: MonthlyCost, times: f64) -> MonthlyCost {
        MonthlyCost {
            app: self.app + other.app * times,
            database: self.database + other.database * times,
            traffic: self.traffic + other.traffic * times,
        }
    }
}

fn share_of(seen: &Seen<'_>, part: fn(MonthlyCost) -> f64) -> Observation {
    cost(seen).map_or(Observation::NotApplicable, |cost| Observation::ratio(part(cost), cost.sum()))
}

/// The cost of a month; `None` if the run cannot tell.
fn cost(seen: &Seen<'_>) -> Option<MonthlyCost> {
    let prices = seen.prices?;
    let calm = &seen.run.calm;
    let month = month_of_calm(&calm.before, prices)?;
    let beyond = |disruption: &Disruption| beyond_calm(disruption, month, prices);
    let measured_h = hours(seen.run.span.to.since(seen.run.span.from));
    if measured_h >= MONTH_H {
        let months = measured_h / MONTH_H;
        return Some(calm.disruptions.iter().map(beyond).fold(month, |sum, cost| sum.plus(cost, 1.0 / months)));
    }
    if prices.outages_per_month == 0.0 {
        return Some(month);
    }
    let over: Vec<MonthlyCost> = calm.disruptions.iter().filter(|disruption| disruption.is_over).map(beyond).collect();
    let times = prices.outages_per_month / over.len() as f64;
    (!over.is_empty()).then(|| over.iter().fold(month, |sum, cost| sum.plus(*cost, times)))
}

/// A month like calm time before the first incident; `None` if there was none.
fn month_of_calm(before: &CalmTime, prices: Prices) -> Option<MonthlyCost> {
    let months = hours(before.length) / MONTH_H;
    let instance_hours: f64 = before.loads.iter().map(|load| load.instances_on_ns as f64 / 3.6e12).sum();
    let gigabytes: f64 = before.loads.iter().map(|load| load.cross_region_bytes as f64 / 1e9).sum();
    (months > 0.0).then(|| MonthlyCost {
        app: instance_hours * prices.instance_hour / months,
        database: 2.0 * prices.database_hour * MONTH_H,
        traffic: gigabytes * prices.cross_region_gb / months,
    })
}

/// The cost of a disruption beyond that of as much calm time.
fn beyond_calm(disruption: &Disruption, month: MonthlyCost, prices: Prices) -> MonthlyCost {
    let length_h = hours(disruption.until.since(disruption.from));
    let meanwhile = disruption.instances_on_ns as f64 / 3.6e12 - f64::from(disruption.instances_before) * length_h;
    let stays = if disruption.is_over {
        f64::from(disruption.instances_after) - f64::from(disruption.instances_before)
    } else {
        0.0
    };
    let rest_of_month_h = (MONTH_H - length_h).max(0.0);
    MonthlyCost {
        app: (meanwhile + stays * rest_of_month_h) * prices.instance_hour,
        database: 0.0,
        traffic: disruption.cross_region_bytes as f64 / 1e9 * prices.cross_region_gb
            - month.traffic * length_h / MONTH_H,
    }
}

fn hours(length: SimDuration) -> f64 {
    length.as_nanos() as f64 / 3.6e12
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Load, RunOutcome};
    use crate::study::metric::table::MetricTable;
    use crate::study::synthetic;
    use crate::units::SimTime;

    const HOUR_NS: u128 = 3_600_000_000_000;

    /// An hour of calm time with three instances and 5 GB, and then an outage of half an hour in which a fourth grows, 15 minutes after
    /// its start, and stays; 4 GB cross the link meanwhile.
    fn run() -> RunOutcome {
        let mut run = synthetic::run(1);
        let load = |instances: u128, gigabytes: u64| Load {
            instances_on_ns: instances * HOUR_NS,
            cross_region_bytes: gigabytes * 1_000_000_000,
            ..Load::default()
        };
        run.calm.before = synthetic::calm_time(3_600, Load::default());
        run.calm.before.loads = [load(2, 5), load(1, 0)];
        let at = |seconds| SimTime::ZERO + SimDuration::from_secs(seconds);
        run.calm.disruptions = vec![Disruption {
            from: at(3_610),
            until: at(5_410),
            is_over: true,
            instances_on_ns: HOUR_NS * 7 / 4,
            cross_region_bytes: 4_000_000_000,
            instances_before: 3,
            instances_after: 4,
        }];
        run
    }

    fn observe(metric: &str, run: &RunOutcome, outages_per_month: f64) -> Observation {
        let mut scenario = synthetic::scenario(&["a"]);
        assert_eq!(MetricTable::of(&scenario).position(metric), None, "no prices, no cost");
        scenario.prices =
            Some(Prices { instance_hour: 0.1, database_hour: 0.25, cross_region_gb: 0.02, outages_per_month });
        MetricTable::of(&scenario).observe_one(metric, run, 0.95).unwrap()
    }

    fn close(observation: Observation, expected: f64) {
        let Observation::Value(value) = observation else { panic!("{observation:?}") };
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1.0), "{value} is not {expected}");
    }

    #[test]
    fn a_month_costs_what_calm_time_before_the_first_incident_costs() {
        // Three instances at 0.1, two nodes at 0.25 and 5 GB at 0.02 an hour: 0.9.
        close(observe("cost_per_month", &run(), 0.0), 0.9 * 730.5);
        close(observe("cost_share_app", &run(), 0.0), 0.3 / 0.9);
        close(observe("cost_share_database", &run(), 0.0), 0.5 / 0.9);
        close(observe("cost_share_traffic", &run(), 0.0), 0.1 / 0.9);
    }

    #[test]
    fn an_outage_costs_what_it_adds_and_what_stays_on_to_the_end_of_its_month() {
        // Meanwhile 1.75 instance-hours, 0.25 more than calm; then one more for 730 h; 4 GB, 1.5 more than calm.
        let outage = (0.25 + 730.0) * 0.1 + 1.5 * 0.02;
        close(observe("cost_per_month", &run(), 2.0), 0.9 * 730.5 + 2.0 * outage);
        close(observe("cost_share_database", &run(), 2.0), 0.5 * 730.5 / (0.9 * 730.5 + 2.0 * outage));
        let share = |part: &str| observe(&format!("cost_share_{part}"), &run(), 2.0).value().unwrap();
        assert!((share("app") + share("database") + share("traffic") - 1.0).abs() < 1e-12, "parts of a whole");
    }

    #[test]
    fn the_mean_is_over_the_outages_that_are_over_and_without_one_the_cost_is_not_known() {
        let mut run = run();
        let one = run.calm.disruptions[0];
        // One that nothing stays on from: 0.25 instance-hours and 1.5 GB more.
        run.calm.disruptions.push(Disruption { instances_after: 3, ..one });
        run.calm.disruptions.push(Disruption { is_over: false, instances_on_ns: 1_000 * HOUR_NS, ..one });
        let mean = (0.25 + 730.0 / 2.0) * 0.1 + 1.5 * 0.02;
        close(observe("cost_per_month", &run, 1.0), 0.9 * 730.5 + mean);
        run.calm.disruptions.drain(..2);
        assert_eq!(observe("cost_per_month", &run, 1.0), Observation::NotApplicable);
        close(observe("cost_per_month", &run, 0.0), 0.9 * 730.5);
    }

    #[test]
    fn a_run_of_a_month_or_more_has_its_own_outages() {
        let mut run = run();
        run.span.to = run.span.from + SimDuration::from_secs(730 * 3_600 * 2 + 3_600);
        let outage = (0.25 + 730.0) * 0.1 + 1.5 * 0.02;
        // Two months with one of them.
        close(observe("cost_per_month", &run, 7.0), 0.9 * 730.5 + outage / 2.0);
    }

    #[test]
    fn without_calm_time_before_the_first_incident_the_cost_is_not_known() {
        assert_eq!(observe("cost_per_month", &synthetic::run(1), 0.0), Observation::NotApplicable);
    }
}
