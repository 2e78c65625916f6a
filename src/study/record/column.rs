//! Columns: one number of every run of a design.

use super::row::RunRow;
use crate::model::Phase;
use crate::results::MetricPlace;
use crate::study::metric::table::MetricTable;
use crate::study::seen::observation::Observation;
use crate::study::seen::view::VisitorView;

/// A number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::study) enum Column {
    /// The metric at this position.
    Metric(usize),
    /// The same as two designs are compared by it.
    ForPairs(usize),
    /// Lost service by phase, in seconds.
    LostIn(Phase),
    /// The metric at this position over the requests of a geography.
    Of {
        /// Place of the geography.
        geography: usize,
        /// Position of the metric.
        metric: usize,
    },
    /// 1 if a request met an incident, 0 if none met any; not applicable without incidents.
    Attendance,
}

impl Column {
    /// Lists the columns of a study.
    pub(in crate::study) fn all(metrics: &MetricTable, geographies: usize) -> Vec<Column> {
        let of_metrics = (0..metrics.all().len()).map(Column::Metric);
        let for_pairs = (0..metrics.all().len()).filter(|&metric| metrics.all()[metric].is_of_calm_time());
        let shown = if geographies > 1 { metrics.shown_in(MetricPlace::ByGeography) } else { Vec::new() };
        let by_geography =
            (0..geographies).flat_map(|geography| shown.iter().map(move |&metric| Column::Of { geography, metric }));
        of_metrics
            .chain(for_pairs.map(Column::ForPairs))
            .chain(Phase::ALL.into_iter().map(Column::LostIn))
            .chain([Column::Attendance])
            .chain(by_geography)
            .collect()
    }

    /// The number in `row`.
    pub(in crate::study) fn of(self, row: &RunRow) -> Observation {
        match self {
            Column::Metric(metric) => row.values[metric],
            Column::ForPairs(metric) => row.for_pairs(metric),
            Column::LostIn(phase) => Observation::Value(row.lost_by_phase[phase as usize]),
            Column::Of { geography, metric } => {
                let view = VisitorView { geography: Some(geography), operation: None };
                let seen = row.views.iter().find(|seen| seen.view == view);
                seen.map_or(Observation::NotApplicable, |seen| seen.values[metric])
            }
            Column::Attendance if row.incidents.is_empty() => Observation::NotApplicable,
            Column::Attendance => Observation::count(u64::from(!row.is_unattended())),
        }
    }
}
