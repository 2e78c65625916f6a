//! Columns of runs that are kept elsewhere: they are put aside in blocks of runs, each column of a block in one piece, so that a
//! column is read without the others and without the rows.

use super::column::Column;
use super::keep::{KeepError, KeptRuns};
use super::row::RunRow;
use crate::study::metric::table::MetricTable;
use crate::study::seen::observation::Observation;

/// Runs in a block.
const BLOCK: usize = 512;

/// Bytes of a number: its kind and its bits.
const WIDTH: usize = 9;

/// The columns of a design that are put aside.
#[derive(Debug)]
pub(in crate::study) struct Columns {
    all: Vec<Column>,
    runs: usize,
    /// Where each block is.
    blocks: Vec<u64>,
}

impl Columns {
    /// Puts the columns of `rows` aside.
    pub(in crate::study) fn put_aside(
        rows: impl Iterator<Item = Result<RunRow, KeepError>>,
        metrics: &MetricTable,
        geographies: usize,
        kept: &dyn KeptRuns,
    ) -> Result<Self, KeepError> {
        let all = Column::all(metrics, geographies);
        let mut columns = Columns { all, runs: 0, blocks: Vec::new() };
        let mut block: Vec<Vec<u8>> = vec![Vec::with_capacity(BLOCK * WIDTH); columns.all.len()];
        for row in rows {
            let row = row?;
            block.iter_mut().zip(&columns.all).for_each(|(bytes, column)| bytes.extend(encoded(column.of(&row))));
            columns.runs += 1;
            if columns.runs.is_multiple_of(BLOCK) {
                columns.blocks.push(kept.put_aside(&block.concat())?);
                block.iter_mut().for_each(Vec::clear);
            }
        }
        if !columns.runs.is_multiple_of(BLOCK) {
            columns.blocks.push(kept.put_aside(&block.concat())?);
        }
        Ok(columns)
    }

    /// Returns the number of runs.
    pub(in crate::study) fn runs(&self) -> usize {
        self.runs
    }

    /// Reads a column back; `None` if there is none of this kind.
    pub(in crate::study) fn read(
        &self,
        column: Column,
        kept: &dyn KeptRuns,
    ) -> Result<Option<Vec<Observation>>, KeepError> {
        let Some(place) = self.all.iter().position(|known| *known == column) else { return Ok(None) };
        let mut values = Vec::with_capacity(self.runs);
        for block in &self.blocks {
            let mut bytes = vec![0; BLOCK.min(self.runs - values.len()) * WIDTH];
            kept.read_aside(block + (place * bytes.len()) as u64, &mut bytes)?;
            values.extend(bytes.chunks_exact(WIDTH).map(decoded));
        }
        Ok(Some(values))
    }
}

fn encoded(observation: Observation) -> [u8; WIDTH] {
    let (kind, number) = match observation {
        Observation::NotApplicable => (0, 0.0),
        Observation::Value(value) => (1, value),
        Observation::Censored => (2, 0.0),
        Observation::CensoredAt(least) => (3, least),
    };
    let mut bytes = [kind; WIDTH];
    bytes[1..].copy_from_slice(&f64::to_le_bytes(number));
    bytes
}

fn decoded(bytes: &[u8]) -> Observation {
    let mut number = [0; WIDTH - 1];
    number.copy_from_slice(&bytes[1..]);
    let number = f64::from_le_bytes(number);
    match bytes[0] {
        0 => Observation::NotApplicable,
        1 => Observation::Value(number),
        2 => Observation::Censored,
        _ => Observation::CensoredAt(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::record::in_memory::InMemory;
    use crate::study::synthetic;

    #[test]
    fn a_column_that_was_put_aside_is_that_of_the_rows_over_several_blocks() {
        let metrics = MetricTable::new(&["north".into(), "south".into()]);
        let rows: Vec<RunRow> = (0..2 * BLOCK as u64 + 3)
            .map(|run| RunRow::of(&synthetic::outage(run, (run % 17) as u32), &metrics, 0.95))
            .collect();
        let kept = InMemory::default();
        let columns = Columns::put_aside(rows.iter().cloned().map(Ok), &metrics, 2, &kept).unwrap();
        assert_eq!((columns.runs(), columns.blocks.len()), (rows.len(), 3));
        for column in Column::all(&metrics, 2) {
            let expected: Vec<Observation> = rows.iter().map(|row| column.of(row)).collect();
            assert_eq!(columns.read(column, &kept).unwrap().unwrap(), expected, "{column:?}");
        }
        assert_eq!(columns.read(Column::ForPairs(0), &kept).unwrap(), None, "no metric of calm time");
    }

    #[test]
    fn every_kind_of_observation_reads_back() {
        use Observation::{Censored, CensoredAt, NotApplicable, Value};
        for observation in [NotApplicable, Value(0.1 + 0.2), Value(-1e300), Censored, CensoredAt(600.0)] {
            assert_eq!(decoded(&encoded(observation)), observation);
        }
    }
}
