//! A finished run as it is kept: its row, and what it adds to the sums over runs. Exact integers and the bits of numbers alone,
//! so that a study that is made of records is the study that was made of the runs.

use serde::{Deserialize, Serialize};

use super::latency::RunLatency;
use super::row::RunRow;
use super::timeline::TimelineCells;
use crate::model::{RunOutcome, Span, SwitchTail};
use crate::study::metric::table::MetricTable;

/// One run of one design, reduced to all that a study needs of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Position of the design among those that are run.
    pub slot: u32,
    /// The row.
    pub(in crate::study) row: RunRow,
    /// Part that it adds to the sums.
    pub(in crate::study) shares: Shares,
    /// Span of time that was measured.
    pub(in crate::study) span: Span,
    /// Events that the engine handled.
    pub(in crate::study) events: u64,
    /// Requests that were simulated.
    pub(in crate::study) requests: u64,
}

/// The beginning of a [`RunRecord`]: all of it that is needed once the sums are made.
#[derive(Debug, Deserialize)]
pub struct RowOfRecord {
    /// Position of the design among those that are run.
    pub slot: u32,
    /// The row.
    pub row: RunRow,
}

/// Part that a run adds to the sums over the runs of its design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::study) struct Shares {
    /// Per geography and operation.
    pub(in crate::study) latency: Vec<[RunLatency; 2]>,
    pub(in crate::study) timeline: TimelineCells,
    pub(in crate::study) switch_tail: SwitchTail,
}

impl RunRecord {
    /// Reduces a run of the design in `slot`.
    pub(in crate::study) fn of(outcome: &RunOutcome, slot: usize, metrics: &MetricTable, slo: f64) -> Self {
        RunRecord {
            slot: u32::try_from(slot).expect("few designs"),
            row: RunRow::of(outcome, metrics, slo),
            shares: Shares::of(outcome),
            span: outcome.span,
            events: outcome.events,
            requests: outcome.requests_simulated,
        }
    }

    /// Run number.
    pub fn run(&self) -> u64 {
        self.row.run
    }

    /// Returns true if it may be of a study with these metrics: a record that was written under others may read all the same.
    pub(in crate::study) fn fits(&self, metrics: &MetricTable, designs: usize, geographies: usize) -> bool {
        (self.slot as usize) < designs
            && self.row.values.len() == metrics.all().len()
            && self.shares.latency.len() == geographies
    }
}

impl Shares {
    /// Returns what `outcome` adds.
    pub(in crate::study) fn of(outcome: &RunOutcome) -> Self {
        let counts =
            |tallies: &[crate::model::Tally; 2]| tallies.each_ref().map(|tally| RunLatency::of(&tally.latency));
        Shares {
            latency: outcome.visitors.iter().map(counts).collect(),
            timeline: TimelineCells::of(&outcome.timeline),
            switch_tail: outcome.switch_tail.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;

    #[test]
    fn a_record_that_is_written_and_read_is_the_record() {
        let study = StudySpec::new(synthetic::scenario(&["a", "b"])).prepare().unwrap();
        let mut outcome = synthetic::outage(3, 4);
        outcome.visitors[0][0].latency.record(crate::units::SimDuration::from_nanos(123_456_789));
        outcome.visitors[0][0].latency.sum_ns += u128::from(u64::MAX);
        let record = RunRecord::of(&outcome, 1, &study.metrics, study.scenario.study.slo);
        let bytes = postcard::to_allocvec(&record).unwrap();
        assert_eq!(postcard::from_bytes::<RunRecord>(&bytes).unwrap(), record);
        let (beginning, _) = postcard::take_from_bytes::<RowOfRecord>(&bytes).unwrap();
        assert_eq!((beginning.slot, beginning.row), (record.slot, record.row.clone()));
        assert_eq!((record.slot, record.run()), (1, 3));
        assert!(record.fits(&study.metrics, 2, 1) && !record.fits(&study.metrics, 1, 1));
    }
}
