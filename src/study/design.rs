//! The outcome of a study for one design.

use crate::model::SwitchTail;
use crate::study::record::latency::LatencyPercentiles;
use crate::study::record::rows::RunRows;
use crate::study::record::timeline::TimelineSummary;
use crate::study::seen::view::VisitorView;
use crate::study::statistics::summary::Summary;

/// One design over all runs.
#[derive(Clone, Debug)]
pub struct DesignOutcome {
    /// Its name.
    pub name: String,
    /// Its place in the scenario file, whichever designs are run: charts colour it by that.
    pub place: usize,
    /// One row per run, in run order.
    pub rows: RunRows,
    /// One summary per metric.
    pub summaries: Vec<Summary>,
    /// The runs on a grid.
    pub timeline: TimelineSummary,
    /// Latency of all runs, for each view that has any success.
    pub latency: Vec<(VisitorView, LatencyPercentiles)>,
    /// Look-ups and attempts since the answer changed, summed over runs.
    pub switch_tail: SwitchTail,
}
