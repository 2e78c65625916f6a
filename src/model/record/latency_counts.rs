//! A distribution of latencies while it is counted: what a [`Latency`] is made of when the run is over.
//!
//! It has the histogram's cells, but no more of them than its longest latency asks for, and takes a third of the instructions to
//! count one.

use super::super::latency::Latency;
use super::super::whole;
use crate::units::SimDuration;

/// Cells of a power of two, from which three significant digits follow.
const CELLS: usize = 1024;

/// Counts by microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct LatencyCounts {
    cells: Vec<u32>,
    sum_ns: u128,
    max: SimDuration,
}

impl LatencyCounts {
    /// Counts one latency.
    #[inline(always)]
    pub(super) fn record(&mut self, latency: SimDuration) {
        let cell = cell((latency.as_nanos() / 1_000).max(1));
        if cell >= self.cells.len() {
            self.reach(cell);
        }
        self.cells[cell] += 1;
        self.sum_ns += u128::from(latency.as_nanos());
        self.max = self.max.max(latency);
    }

    /// Makes room up to a cell, and beyond it to the end of its power of two.
    #[cold]
    #[inline(never)]
    fn reach(&mut self, cell: usize) {
        self.cells.resize((cell + 1).next_multiple_of(CELLS), 0);
    }

    /// Adds all latencies of `other`.
    pub(super) fn add(&mut self, other: &LatencyCounts) {
        if self.cells.len() < other.cells.len() {
            self.cells.resize(other.cells.len(), 0);
        }
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, count)| *sum += count);
        self.sum_ns += other.sum_ns;
        self.max = self.max.max(other.max);
    }
}

impl From<LatencyCounts> for Latency {
    fn from(counts: LatencyCounts) -> Self {
        let mut latency = Latency { sum_ns: counts.sum_ns, max: counts.max, ..Latency::new() };
        for (cell, count) in counts.cells.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            latency.histogram.saturating_record_n(least_of(cell), count);
        }
        latency
    }
}

/// The cell of a number of microseconds: one for each below 2048, then 1024 for each power of two.
#[inline]
fn cell(micros: u64) -> usize {
    let shift = (CELLS as u64).leading_zeros() - (micros | CELLS as u64).leading_zeros();
    shift as usize * CELLS + whole::index(micros >> shift)
}

/// The least number of microseconds in a cell.
fn least_of(cell: usize) -> u64 {
    let shift = (cell / CELLS).saturating_sub(1);
    ((cell - shift * CELLS) as u64) << shift
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_follow_each_other_and_begin_with_their_least_value() {
        let expected =
            [(0, 0), (2047, 2047), (2048, 2048), (2049, 2048), (2050, 2049), (4095, 3071), (4096, 3072), (4100, 3073)];
        expected.iter().for_each(|(micros, place)| assert_eq!(cell(*micros), *place, "{micros} us"));
        (0..20 * CELLS).for_each(|place| assert_eq!(cell(least_of(place)), place));
    }

    proptest! {
        #[test]
        fn counts_make_the_distribution_that_recording_each_makes(
            values in prop::collection::vec((any::<u64>(), 0..64u32).prop_map(|(nanos, shift)| nanos >> shift), 0..50),
        ) {
            let (mut counts, mut sum, mut latency) = (LatencyCounts::default(), LatencyCounts::default(), Latency::new());
            for (place, value) in values.into_iter().map(SimDuration::from_nanos).enumerate() {
                if place % 3 == 0 { sum.record(value) } else { counts.record(value) }
                latency.record(value);
            }
            sum.add(&counts);
            prop_assert_eq!(Latency::from(sum), latency);
        }
    }
}
