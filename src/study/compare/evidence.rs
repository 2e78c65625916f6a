//! The evidence that pairs of values of a metric give: it is enough once their differences have shown their scatter.

use crate::results::Unit;
use crate::stats::Evidence;
use crate::study::metric::definition::Metric;

/// Judges what differences show of a metric. Money, hours and idle capacity are set by the machines of a design and not by chance unless
/// they vary, so the same difference in each of two runs is enough.
pub(in crate::study) fn evidence(metric: &Metric, pairs: &[(f64, f64)]) -> Evidence {
    match Evidence::of(pairs) {
        Evidence::Equal { .. } if is_set(metric) && pairs.len() > 1 => Evidence::Enough,
        found => found,
    }
}

/// Tells whether a metric is set by the machines of a design.
fn is_set(metric: &Metric) -> bool {
    matches!(metric.unit, Unit::Money | Unit::Hours) || metric.name.starts_with("idle_capacity")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::metric::table::MetricTable;

    #[test]
    fn the_bill_is_set_by_the_machines() {
        let (cost, writes) = ("cost_per_month", "writes_lost");
        let mut scenario = crate::study::synthetic::scenario(&["a"]);
        scenario.prices = Some(crate::scenario::Prices {
            instance_hour: 1.0,
            database_hour: 0.0,
            cross_region_gb: 0.0,
            outages_per_month: 0.0,
        });
        let table = MetricTable::of(&scenario);
        let of = |name: &str| evidence(&table.all()[table.position(name).unwrap()], &[(3.0, 5.0); 2]).is_enough();
        assert!(of(cost) && !of(writes));
    }
}
