//! The best and the worst design, which are shown where there is no room for all.

use std::cmp::Ordering;

use crate::results::{Statistics, Study};

/// The metrics that order designs, the first that differs.
const METRICS: [&str; 3] = ["lost_service_s", "writes_lost", "writes_conflicting"];

/// Names the design with the least lost service and the one with the most; of equals by writes lost and then by writes in conflict.
/// One name if there is one design.
pub(super) fn extremes(study: &Study) -> Vec<String> {
    let middle = |design: usize, metric: &str| {
        study.statistics(design, metric).and_then(Statistics::middle).unwrap_or(f64::INFINITY)
    };
    let by_loss = |one: &usize, other: &usize| {
        let orders = METRICS.into_iter().map(|metric| middle(*one, metric).total_cmp(&middle(*other, metric)));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    let best = (0..study.designs.len()).min_by(by_loss);
    let worst = (0..study.designs.len()).max_by(by_loss);
    let both = best.into_iter().chain(worst.filter(|worst| Some(*worst) != best));
    both.map(|design| study.designs[design].name.clone()).collect()
}
