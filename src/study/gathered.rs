//! The runs of a study that there are: rows in run order, and the sums over them.

use std::collections::BTreeMap;

use super::fold::Merged;
use super::{PreparedStudy, RunRecord, RunRow};
use crate::model::Span;

/// The runs of one design.
#[derive(Debug)]
pub(super) struct GatheredDesign {
    /// Rows by run number, counted from the study's first.
    pub(super) rows: BTreeMap<u64, RunRow>,
    pub(super) merged: Merged,
    pub(super) events: u64,
    pub(super) span: Option<Span>,
}

impl GatheredDesign {
    pub(super) fn new(study: &PreparedStudy) -> Self {
        let merged = Merged::new(study.scenario.geographies.len());
        GatheredDesign { rows: BTreeMap::new(), merged, events: 0, span: None }
    }

    /// Adds a run, unless it is there.
    pub(super) fn add(&mut self, number: u64, record: RunRecord) {
        if self.rows.contains_key(&number) {
            return;
        }
        self.merged.add(&record.shares);
        self.events += record.events;
        self.span = Some(record.span);
        self.rows.insert(number, record.row);
    }

    /// Returns how many runs from the first on are there without a gap.
    pub(super) fn prefix(&self) -> u64 {
        self.rows.keys().zip(0..).take_while(|(number, place)| **number == *place).count() as u64
    }
}
