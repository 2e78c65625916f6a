//! The definition of a metric as results have it.

use crate::results::Definition;
use crate::study::metric::definition::Metric;

/// Returns what results say of a metric itself.
pub(super) fn definition(metric: &Metric) -> Definition {
    Definition {
        name: metric.name.clone(),
        title: metric.title.clone(),
        unit: metric.unit,
        better: metric.better,
        floor: metric.floor,
        rank: metric.rank,
        places: metric.places.to_vec(),
        aspect: metric.aspect,
    }
}
