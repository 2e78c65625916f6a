//! The rows of a design, in run order. Those of runs that are kept elsewhere are not held: each is read back when somebody looks.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::column::Column;
use super::columns::Columns;
use super::keep::{KeepError, KeptRuns};
use super::row::RunRow;
use crate::study::metric::table::MetricTable;
use crate::study::seen::observation::Observation;

/// The rows of a design. Copies share them.
///
/// A row that cannot be read back is left out of [`RunRows::iter`], and does not apply in a column. [`RunRows::check`] then says why: nothing
/// that was made of the rows may be shown before it has been asked.
#[derive(Clone)]
pub struct RunRows(Arc<RowSource>);

enum RowSource {
    Held(Vec<RunRow>),
    Kept(KeptRows),
}

/// Rows that are elsewhere.
struct KeptRows {
    kept: Arc<dyn KeptRuns>,
    slot: u32,
    first_run: u64,
    columns: Columns,
    /// Why something could not be read.
    failed: OnceLock<KeepError>,
}

impl fmt::Debug for RunRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

impl RunRows {
    /// Holds `rows`, which are in run order.
    pub(in crate::study) fn held(rows: Vec<RunRow>) -> Self {
        RunRows(Arc::new(RowSource::Held(rows)))
    }

    /// Takes the rows of `runs` runs of the design in `slot` from where they are kept, and puts their columns aside there.
    ///
    /// # Errors
    /// If a row cannot be read, or a column not written.
    pub(in crate::study) fn kept(
        kept: &Arc<dyn KeptRuns>,
        slot: u32,
        (first_run, runs): (u64, u64),
        metrics: &MetricTable,
        geographies: usize,
    ) -> Result<Self, KeepError> {
        let rows = (0..runs).map(|number| kept.row(slot, first_run + number));
        let columns = Columns::put_aside(rows, metrics, geographies, &**kept)?;
        Ok(RunRows(Arc::new(RowSource::Kept(KeptRows {
            kept: Arc::clone(kept),
            slot,
            first_run,
            columns,
            failed: OnceLock::new(),
        }))))
    }

    /// Number of runs.
    pub fn len(&self) -> usize {
        match &*self.0 {
            RowSource::Held(rows) => rows.len(),
            RowSource::Kept(kept) => kept.columns.runs(),
        }
    }

    /// Returns true if there is no run.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in run order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, RunRow>> {
        (0..self.len()).map_while(|number| match &*self.0 {
            RowSource::Held(rows) => rows.get(number).map(Cow::Borrowed),
            RowSource::Kept(kept) => kept.row(number).map(Cow::Owned),
        })
    }

    /// The values of the metric at `position`, in run order.
    pub fn column(&self, position: usize) -> Vec<Observation> {
        self.read(Column::Metric(position))
    }

    /// The values of the metric at `position` by which two designs are compared, in run order.
    pub(in crate::study) fn for_pairs(&self, position: usize) -> Vec<Observation> {
        self.read(Column::ForPairs(position))
    }

    /// Returns of each run in order whether there were incidents, and no request met any of them.
    pub(in crate::study) fn unattended(&self) -> Vec<bool> {
        self.read(Column::Attendance).into_iter().map(|attended| attended == Observation::Value(0.0)).collect()
    }

    /// Reads a column.
    pub(in crate::study) fn read(&self, column: Column) -> Vec<Observation> {
        match &*self.0 {
            RowSource::Held(rows) => rows.iter().map(|row| column.of(row)).collect(),
            RowSource::Kept(kept) => kept.read(column),
        }
    }

    /// Makes sure that all that was read until now could be read.
    ///
    /// # Errors
    /// The first error.
    pub fn check(&self) -> Result<(), KeepError> {
        match &*self.0 {
            RowSource::Held(_) => Ok(()),
            RowSource::Kept(kept) => kept.failed.get().map_or(Ok(()), |error| Err(Arc::clone(error))),
        }
    }
}

impl KeptRows {
    fn row(&self, number: usize) -> Option<RunRow> {
        let row = self.kept.row(self.slot, self.first_run + number as u64);
        row.map_err(|error| self.failed.get_or_init(|| error)).ok()
    }

    /// Reads a column that is not put aside from the rows.
    fn of_rows(&self, column: Column) -> Vec<Observation> {
        let of_row = |number| self.row(number).map_or(Observation::NotApplicable, |row| column.of(&row));
        (0..self.columns.runs()).map(of_row).collect()
    }

    fn read(&self, column: Column) -> Vec<Observation> {
        let read = |column| self.columns.read(column, &*self.kept);
        let found = read(column).and_then(|found| match (found, column) {
            // Most metrics are compared as they are.
            (None, Column::ForPairs(metric)) => read(Column::Metric(metric)),
            // Few metrics of a geography are put aside.
            (None, column) => Ok(Some(self.of_rows(column))),
            (found, _) => Ok(found),
        });
        let found = found.unwrap_or_else(|error| {
            self.failed.get_or_init(|| error);
            None
        });
        found.unwrap_or_else(|| vec![Observation::NotApplicable; self.columns.runs()])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::study::judge::until::Until;
    use crate::study::outcome::StudyOutcome;
    use crate::study::record::in_memory::InMemory;
    use crate::study::run::runner::{run_until, run_with};
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;

    /// A study of 700 runs of two designs, kept and not.
    fn study(kept: Option<Arc<dyn KeptRuns>>) -> StudyOutcome {
        let mut spec = StudySpec::new(synthetic::scenario(&["one", "two"]));
        (spec.first_run, spec.runs) = (5, Some(700));
        let study = spec.prepare().unwrap();
        let simulate = |design, run: u64| Ok(synthetic::outage(run, (run as u32 * 7 + design as u32) % 19));
        let never = AtomicBool::new(false);
        match kept {
            None => run_with(&study, simulate, |_| (), &never).unwrap(),
            kept => run_until(&study, &Until::default(), kept, simulate, |_| (), &never).unwrap(),
        }
    }

    #[test]
    fn a_study_that_leaves_its_rows_where_they_are_kept_concludes_the_same() {
        let (held, kept) = (study(None), study(Some(Arc::new(InMemory::default()))));
        assert_eq!(held.conclude().unwrap().to_json(), kept.conclude().unwrap().to_json());
        let outcome_metric = held.metrics.position("downtime_s").unwrap();
        let [held, kept] = [held, kept].map(|outcome| outcome.designs[1].rows.clone());
        assert!(kept.iter().zip(5..).all(|(row, run)| row.run == run) && kept.len() == 700);
        assert!(held.iter().eq(kept.iter()));
        assert_eq!((held.column(0), held.for_pairs(0)), (kept.column(0), kept.for_pairs(0)));
        assert_eq!(held.unattended(), kept.unattended());
        // Downtime in a geography is not put aside.
        let in_geography = Column::Of { geography: 0, metric: outcome_metric };
        let [held, kept] = [held, kept].map(|rows| rows.read(in_geography));
        assert!(held == kept && held.iter().any(|value| value.value().is_some_and(|value| value > 0.0)));
    }

    #[test]
    fn a_study_whose_runs_cannot_be_had_back_is_not_concluded() {
        let kept = Arc::new(InMemory::default());
        let outcome = study(Some(Arc::clone(&kept) as _));
        assert!(outcome.conclude().is_ok() && outcome.check().is_ok());
        kept.aside.lock().unwrap().clear();
        assert!(outcome.check().is_ok(), "nothing was read since");
        assert_eq!(outcome.conclude().unwrap_err().to_string(), "nothing there");
        let outcome = study(Some(Arc::clone(&kept) as _));
        kept.records.lock().unwrap().clear();
        assert_eq!(outcome.designs[0].rows.iter().count(), 0);
        assert_eq!(outcome.check().unwrap_err().to_string(), "no such run");
    }
}
