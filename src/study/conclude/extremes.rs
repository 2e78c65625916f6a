//! The best and the worst design, which are shown where there is no room for all.

use std::cmp::Ordering;

use super::best::best;
use crate::results::{BestStanding, Statistics, Study};

/// The metrics that order designs, the first that differs.
const METRICS: [&str; 3] = ["lost_service_s", "writes_lost", "writes_conflicting"];

/// Names the design that leads and the one that loses the most service; of equals the one with more writes lost, or more in conflict.
/// One name if there is one design.
pub(super) fn extremes(study: &Study) -> Vec<String> {
    let best = leader(study);
    let worst = (0..study.designs.len()).max_by(|one, other| by_loss(study, *one, *other));
    let both = best.into_iter().chain(worst.filter(|worst| Some(*worst) != best));
    both.map(|design| study.designs[design].name.clone()).collect()
}

/// Returns the one design with which all others are compared: of those that are best for visitors, or of all if none is, the one
/// with the least lost service; of equals by writes lost and then by writes in conflict.
pub(super) fn leader(study: &Study) -> Option<usize> {
    let among = match study.position(METRICS[0]).map(|lost| best(study, lost)) {
        Some((BestStanding::Best, designs)) => designs,
        _ => (0..study.designs.len()).collect(),
    };
    among.into_iter().min_by(|one, other| by_loss(study, *one, *other))
}

fn by_loss(study: &Study, one: usize, other: usize) -> Ordering {
    let middle = |design: usize, metric: &str| {
        study.statistics(design, metric).and_then(Statistics::middle).unwrap_or(f64::INFINITY)
    };
    let orders = METRICS.into_iter().map(|metric| middle(one, metric).total_cmp(&middle(other, metric)));
    orders.fold(Ordering::Equal, Ordering::then)
}
