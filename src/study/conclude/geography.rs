//! The metrics that stand beside their pooled value by geography: the median of two populations is no good number.

use super::statistics::of_metric;
use crate::results::{Geography, Place};
use crate::study::column::Column;
use crate::study::{DesignOutcome, StudyOutcome, Summary};

/// Returns the metrics of a design that are given by geography; none with a single geography.
pub(super) fn geographies(outcome: &StudyOutcome, design: &DesignOutcome) -> Vec<Geography> {
    let names = &outcome.subject.geographies;
    if names.len() < 2 {
        return Vec::new();
    }
    let shown = outcome.metrics.shown_in(Place::ByGeography);
    let of_geography = |(place, name): (usize, &String)| {
        let values = |metric: usize| Summary::of(design.rows.read(Column::Of { geography: place, metric }));
        let metrics = shown.iter().map(|&metric| of_metric(&outcome.metrics.all()[metric], &values(metric)));
        Geography { name: name.clone(), metrics: metrics.collect() }
    };
    names.iter().enumerate().map(of_geography).collect()
}
