//! The weight of a difference in practice: sure is not the same as worth a decision.
//!
//! With enough runs any difference is sure, be it a fifth of a write in a run. So a difference counts only from a size on
//! that depends on the metric: a twentieth of the larger mean, and not less than a floor in its unit. Both are
//! assumptions about what people would act on; `docs/studies.md` states them.
//!
//! Practically the same is something to be shown, too: the whole interval lies within the least difference, or both are
//! equal in every one of at least `ENOUGH_OTHERS` runs. What is surely less, and may or may not be by enough, is
//! unclear.

use super::evidence::evidence;
use crate::results::{Claim, Direction, Unit, Weight};
use crate::stats::{Paired, RARE, mean, none_of};
use crate::study::metric::definition::Metric;

/// Least share of the larger of two means that counts.
pub const LEAST_SHARE: f64 = 0.05;

impl Weight {
    /// Weighs what was claimed of pairs of values of `metric`.
    pub(in crate::study) fn of(metric: &Metric, pairs: &[(f64, f64)], paired: &Paired, claim: Claim) -> Self {
        let is_claimed = matches!(claim, Claim::FirstLess | Claim::SecondLess);
        let Some(difference) = paired.difference else {
            // Censored pairs have no mean difference: who recovers and who does not counts whatever the seconds.
            return match claim {
                _ if is_claimed => Weight::Counts,
                _ => Weight::Unclear,
            };
        };
        let least = least_difference(metric, pairs);
        let is_within = difference.low.abs().max(difference.high.abs()) < least;
        match claim {
            Claim::Same if evidence(metric, pairs).is_enough() => Weight::Little,
            _ if is_claimed && difference.point.abs() >= least => Weight::Counts,
            Claim::FirstLess | Claim::SecondLess | Claim::NoDifference if is_within => Weight::Little,
            _ => Weight::Unclear,
        }
    }
}

/// The least difference of the means that counts: none at all if one of the two is known to have none of a countable thing in any
/// run, since "never" against "sometimes" is no matter of size. It is known from so many runs on that any other value is rare.
pub(in crate::study) fn least_difference(metric: &Metric, pairs: &[(f64, f64)]) -> f64 {
    let is_known = none_of(pairs.len() as u64) <= RARE;
    let never = |of: fn(&(f64, f64)) -> f64| pairs.iter().all(|pair| of(pair) == 0.0);
    if metric.unit == Unit::Count && is_known && (never(|pair| pair.0) || never(|pair| pair.1)) {
        return 0.0;
    }
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let size = |values: &[f64]| {
        let mean = mean(values).unwrap_or(0.0);
        // A share that is better when it is greater, such as an availability, is weighed by what it lacks.
        if metric.unit == Unit::Share && metric.better == Direction::More { 1.0 - mean } else { mean.abs() }
    };
    metric.floor.max(LEAST_SHARE * size(&first).max(size(&second)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Evidence, LEVEL, paired};
    use crate::study::metric::table::MetricTable;

    /// Weighs differences between `first` and `first - apart` in 100 runs, one up and the next down by up to `scatter`.
    fn weight(metric: &str, first: f64, apart: f64, scatter: f64) -> Weight {
        weight_of(100, metric, first, apart, scatter)
    }

    fn weight_of(runs: usize, metric: &str, first: f64, apart: f64, scatter: f64) -> Weight {
        let table = MetricTable::new(&["north".into(), "south".into()]);
        let metric = &table.all()[table.position(metric).unwrap()];
        let by =
            |run: usize| scatter * (run / 2 + 1) as f64 / runs as f64 * if run.is_multiple_of(2) { 2.0 } else { -2.0 };
        let pairs: Vec<(f64, f64)> = (0..runs).map(|run| (first, first - apart + by(run))).collect();
        let paired = paired(&pairs, LEVEL);
        Weight::of(metric, &pairs, &paired, Claim::of(&paired, Evidence::of(&pairs)))
    }

    #[test]
    fn a_sure_difference_counts_only_if_it_is_large_enough() {
        for (metric, first, apart, expected) in [
            // A twentieth of the larger mean.
            ("lost_service_s", 100.0, 5.5, Weight::Counts),
            ("lost_service_s", 100.0, 4.5, Weight::Little),
            // The floor: a second, a write.
            ("lost_service_s", 2.0, 0.9, Weight::Little),
            ("writes_lost", 0.7, 0.2, Weight::Little),
            ("writes_lost", 3.0, 1.2, Weight::Counts),
            // 99.9 % against 99.8 %: the failures double.
            ("availability_requests", 0.999, 0.001, Weight::Counts),
            ("stale_read_share", 0.0012, 0.0005, Weight::Little),
            ("stale_read_share", 0.012, 0.005, Weight::Counts),
        ] {
            assert_eq!(weight(metric, first, apart, 1e-6), expected, "{metric} {first} {apart}");
        }
    }

    #[test]
    fn never_against_sometimes_counts_however_seldom() {
        assert_eq!(weight_of(400, "writes_lost", 0.2, 0.2, 0.0), Weight::Counts);
        // In 100 runs a design that loses some may show none.
        assert_eq!(weight("writes_lost", 0.2, 0.2, 0.0), Weight::Little);
    }

    #[test]
    fn what_is_surely_less_and_may_be_by_enough_is_unclear() {
        // About 3.5 to 5.5, and from 5 on it counts.
        assert_eq!(weight("lost_service_s", 100.0, 4.5, 10.0), Weight::Unclear);
        assert_eq!(weight("lost_service_s", 100.0, 4.5, 0.5), Weight::Little);
    }

    #[test]
    fn what_the_interval_leaves_open_is_unclear_and_what_it_bounds_is_not() {
        assert_eq!(weight("lost_service_s", 100.0, 1.0, 100.0), Weight::Unclear);
        assert_eq!(weight("lost_service_s", 100.0, 0.0, 1.0), Weight::Little);
        assert_eq!(weight("lost_service_s", 100.0, 0.0, 0.0), Weight::Little);
        assert_eq!(weight_of(12, "lost_service_s", 100.0, 0.0, 0.0), Weight::Unclear);
        assert_eq!(weight_of(12, "lost_service_s", 100.0, 50.0, 0.0), Weight::Unclear);
    }
}
