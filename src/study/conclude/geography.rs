//! The metrics that stand beside their pooled value by geography: the median of two populations is no good number.

use super::statistics::of_metric;
use crate::results::words::mean_alone;
use crate::results::{DesignResults, GeographyResults, MetricPlace, Study};
use crate::study::design::DesignOutcome;
use crate::study::outcome::StudyOutcome;
use crate::study::record::column::Column;
use crate::study::statistics::summary::Summary;

/// Returns the metrics of a design that are given by geography; none with a single geography.
pub(super) fn geographies(outcome: &StudyOutcome, design: &DesignOutcome) -> Vec<GeographyResults> {
    let names = &outcome.subject.geographies;
    if names.len() < 2 {
        return Vec::new();
    }
    let shown = outcome.metrics.shown_in(MetricPlace::ByGeography);
    let of_geography = |(place, name): (usize, &String)| {
        let values = |metric: usize| Summary::of(design.rows.read(Column::Of { geography: place, metric }));
        let metrics = shown.iter().map(|&metric| of_metric(&outcome.metrics.all()[metric], &values(metric)));
        GeographyResults { name: name.clone(), metrics: metrics.collect() }
    };
    names.iter().enumerate().map(of_geography).collect()
}

/// Says what a metric is in each geography, where it is given by geography: `by geography: asia: a 30 ms, b 45 ms; europe: ...`.
pub(super) fn by_geography(study: &Study, metric: usize) -> Option<String> {
    let definition = &study.metrics[metric];
    let of = |design: &DesignResults, place: usize| {
        let found = design.geographies.get(place)?.metrics.iter().find(|one| one.name == definition.name)?;
        Some(format!("{} {}", design.name, mean_alone(found, definition.unit)?))
    };
    let line = |place: usize| {
        let name = &study.designs.first()?.geographies.get(place)?.name;
        let values: Vec<String> = study.designs.iter().filter_map(|design| of(design, place)).collect();
        (!values.is_empty()).then(|| format!("{name}: {}", values.join(", ")))
    };
    let lines: Vec<String> = (0..study.geographies()).filter_map(line).collect();
    (!lines.is_empty()).then(|| format!("by geography: {}", lines.join("; ")))
}
