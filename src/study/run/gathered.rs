//! The runs of a study that there are: which, and the sums over them. Rows are held only if they are kept nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::Merged;
use super::spec::PreparedStudy;
use crate::model::Span;
use crate::study::record::column::Column;
use crate::study::record::row::RunRow;
use crate::study::record::run_record::RunRecord;
use crate::study::seen::observation::Observation;

/// The runs of one design.
#[derive(Debug)]
pub(in crate::study) struct GatheredDesign {
    /// Run numbers, counted from the study's first.
    numbers: BTreeSet<u64>,
    /// By run number, the numbers in `columns`.
    watched: BTreeMap<u64, Box<[Observation]>>,
    columns: Vec<Column>,
    /// By run number; `None` if they are kept elsewhere.
    rows: Option<BTreeMap<u64, RunRow>>,
    pub(in crate::study) merged: Merged,
    pub(in crate::study) events: u64,
    pub(in crate::study) span: Option<Span>,
}

impl GatheredDesign {
    /// Of no run yet. The `columns` are watched while runs are made; `is_kept` says that rows are kept elsewhere.
    pub(in crate::study) fn new(study: &PreparedStudy, columns: &[Column], is_kept: bool) -> Self {
        GatheredDesign {
            numbers: BTreeSet::new(),
            watched: BTreeMap::new(),
            columns: columns.to_vec(),
            rows: (!is_kept).then(BTreeMap::new),
            merged: Merged::new(study.scenario.geographies.len()),
            events: 0,
            span: None,
        }
    }

    /// Adds a run, unless it is there.
    pub(in crate::study) fn add(&mut self, number: u64, record: RunRecord) {
        if !self.numbers.insert(number) {
            return;
        }
        self.merged.add(&record.shares);
        self.events += record.events;
        self.span = Some(record.span);
        if !self.columns.is_empty() {
            self.watched.insert(number, self.columns.iter().map(|column| column.of(&record.row)).collect());
        }
        if let Some(rows) = &mut self.rows {
            rows.insert(number, record.row);
        }
    }

    /// Number of runs.
    pub(in crate::study) fn runs(&self) -> u64 {
        self.numbers.len() as u64
    }

    /// Returns whether the run is there.
    pub(in crate::study) fn has(&self, number: u64) -> bool {
        self.numbers.contains(&number)
    }

    /// Returns how many runs below `number` there are.
    pub(in crate::study) fn below(&self, number: u64) -> u64 {
        self.numbers.range(..number).count() as u64
    }

    /// Returns how many runs from the first on are there without a gap.
    pub(in crate::study) fn prefix(&self) -> u64 {
        self.numbers.iter().zip(0..).take_while(|(number, place)| **number == *place).count() as u64
    }

    /// The values of `column`, which is watched, in run order.
    pub(in crate::study) fn watched(&self, column: Column) -> impl Iterator<Item = Observation> {
        let place = self.columns.iter().position(|watched| *watched == column);
        self.watched.values().filter_map(move |values| place.map(|place| values[place]))
    }

    /// Returns the rows in run order, if they are held.
    pub(in crate::study) fn take_rows(&mut self) -> Option<Vec<RunRow>> {
        Some(self.rows.take()?.into_values().collect())
    }
}
