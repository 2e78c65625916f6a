//! The timeline of a design: per bin, the spread over runs.
//!
//! Runs are counted on fixed grids as they end, so that a study need not keep the timeline of each: shares to a thousandth,
//! lags to three significant digits.

use serde::{Deserialize, Serialize};

use crate::model::{Timeline, TimelineBin};
use crate::units::SimDuration;

/// The runs of a design on a fixed grid.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimelineSummary {
    /// Width of a bin in seconds.
    pub bin_s: f64,
    /// The bins, from the start of the run.
    pub bins: Vec<TimelineSummaryBin>,
}

/// One bin over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimelineSummaryBin {
    /// Start of the bin, in seconds from the start of the run.
    pub from_s: f64,
    /// Share of requests that succeed, by their start.
    pub success: Option<Spread>,
    /// Share of attempts sent to each region.
    pub traffic: [Option<Spread>; 2],
    /// Replication lag at the end of the bin, in seconds.
    pub lag_s: Option<Spread>,
    /// Share of switched-on workers that are busy, per region.
    pub utilisation: [Option<Spread>; 2],
}

/// Sample quantiles over the runs in which a value applies, on a grid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// 5th percentile.
    pub p5: f64,
    /// Median.
    pub median: f64,
    /// 95th percentile.
    pub p95: f64,
    /// Runs in which it applies.
    pub n: u64,
}

/// The timeline of one run on the grids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TimelineCells {
    bin: SimDuration,
    bins: Vec<BinCells>,
}

/// The cells of one bin of one run; `None` where a quantity does not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct BinCells {
    success: Option<u64>,
    traffic: [Option<u64>; 2],
    lag_ns: u64,
    utilisation: [u64; 2],
}

/// Timelines counted so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimelineCounts {
    bin: SimDuration,
    bins: Vec<BinCounts>,
}

/// One bin of the runs so far: the quantities of [`TimelineSummaryBin`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct BinCounts {
    success: GridCounts,
    traffic: [GridCounts; 2],
    lag_ns: GridCounts,
    utilisation: [GridCounts; 2],
}

/// Number of runs that had a value in each cell of a grid, by cell. Integers, so that the order of runs does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct GridCounts(Vec<(u64, u32)>);

/// Cells of a share.
const SHARE_CELLS: f64 = 1000.0;

impl TimelineCells {
    pub(crate) fn of(run: &Timeline) -> Self {
        TimelineCells { bin: run.bin, bins: run.bins.iter().map(BinCells::of).collect() }
    }
}

impl BinCells {
    fn of(bin: &TimelineBin) -> Self {
        let of_share = |share: f64| (share * SHARE_CELLS).round() as u64;
        let attempts = bin.attempts_to[0] + bin.attempts_to[1];
        BinCells {
            success: share(bin.succeeded, bin.succeeded + bin.failed).map(of_share),
            traffic: bin.attempts_to.map(|sent| share(sent, attempts).map(of_share)),
            lag_ns: three_digits((bin.lag_s * 1e9).round() as u64),
            utilisation: bin.utilisation.map(of_share),
        }
    }
}

impl TimelineCounts {
    pub(crate) fn new() -> Self {
        TimelineCounts { bin: SimDuration::ZERO, bins: Vec::new() }
    }

    /// Counts one run.
    pub(crate) fn add(&mut self, run: &TimelineCells) {
        self.bin = run.bin;
        if self.bins.len() < run.bins.len() {
            self.bins.resize(run.bins.len(), BinCounts::default());
        }
        for (counts, bin) in self.bins.iter_mut().zip(&run.bins) {
            counts.add(bin);
        }
    }

    /// The spread over all runs counted.
    pub(crate) fn summary(&self) -> TimelineSummary {
        let bin_s = self.bin.as_secs_f64();
        let bins = self.bins.iter().enumerate().map(|(place, counts)| counts.summary(place as f64 * bin_s));
        TimelineSummary { bin_s, bins: bins.collect() }
    }
}

impl BinCounts {
    fn add(&mut self, run: &BinCells) {
        run.success.into_iter().for_each(|cell| self.success.add(cell));
        for region in 0..2 {
            run.traffic[region].into_iter().for_each(|cell| self.traffic[region].add(cell));
            self.utilisation[region].add(run.utilisation[region]);
        }
        self.lag_ns.add(run.lag_ns);
    }

    fn summary(&self, from_s: f64) -> TimelineSummaryBin {
        let shares = |counts: &GridCounts| counts.spread(|cell| cell as f64 / SHARE_CELLS);
        TimelineSummaryBin {
            from_s,
            success: shares(&self.success),
            traffic: [0, 1].map(|region| shares(&self.traffic[region])),
            lag_s: self.lag_ns.spread(|nanos| nanos as f64 / 1e9),
            utilisation: [0, 1].map(|region| shares(&self.utilisation[region])),
        }
    }
}

impl GridCounts {
    fn add(&mut self, cell: u64) {
        match self.0.binary_search_by_key(&cell, |(other, _)| *other) {
            Ok(place) => self.0[place].1 += 1,
            Err(place) => self.0.insert(place, (cell, 1)),
        }
    }

    fn spread(&self, value: impl Fn(u64) -> f64) -> Option<Spread> {
        let n: u64 = self.0.iter().map(|(_, count)| u64::from(*count)).sum();
        let quantile = |p: f64| {
            // The least value that at least a share `p` of the runs do not exceed.
            let rank = ((p * n as f64).ceil() as u64).max(1);
            let mut below = 0;
            let reached = self.0.iter().find(|(_, count)| {
                below += u64::from(*count);
                below >= rank
            });
            reached.map(|(cell, _)| value(*cell))
        };
        Some(Spread { p5: quantile(0.05)?, median: quantile(0.5)?, p95: quantile(0.95)?, n })
    }
}

/// A number to three significant decimal digits.
fn three_digits(number: u64) -> u64 {
    let mut step = 1;
    while number / step >= 1000 {
        step *= 10;
    }
    (number + step / 2) / step * step
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SimDuration;

    fn timeline(counts: &[[u32; 2]]) -> Timeline {
        let bins = counts.iter().map(|&[succeeded, failed]| TimelineBin {
            succeeded,
            failed,
            attempts_to: [succeeded, failed],
            lag_s: f64::from(failed),
            utilisation: [0.5, 0.0],
        });
        Timeline { bin: SimDuration::from_secs(10), bins: bins.collect() }
    }

    #[test]
    fn a_bin_is_the_spread_over_runs_with_requests_in_it() {
        let runs = [timeline(&[[1, 1], [0, 0]]), timeline(&[[4, 0], [0, 0]]), timeline(&[[1, 3], [0, 0]])];
        let mut counts = TimelineCounts::new();
        runs.iter().for_each(|run| counts.add(&TimelineCells::of(run)));
        let summary = counts.summary();
        assert_eq!((summary.bin_s, summary.bins.len(), summary.bins[1].from_s), (10.0, 2, 10.0));
        assert_eq!(summary.bins[0].success, Some(Spread { p5: 0.25, median: 0.5, p95: 1.0, n: 3 }));
        assert_eq!(summary.bins[0].traffic[1], Some(Spread { p5: 0.0, median: 0.5, p95: 0.75, n: 3 }));
        assert_eq!(summary.bins[0].lag_s.unwrap().median, 1.0);
        assert_eq!((summary.bins[1].success, summary.bins[1].traffic[0]), (None, None));
        assert_eq!(summary.bins[1].utilisation[0].unwrap().p95, 0.5);
    }

    #[test]
    fn no_runs_make_no_bins() {
        assert!(TimelineCounts::new().summary().bins.is_empty());
    }

    #[test]
    fn runs_count_the_same_whatever_their_order() {
        let runs = [timeline(&[[1, 2], [7, 0]]), timeline(&[[2, 1]]), timeline(&[[1, 2], [0, 0], [5, 5]])];
        let counted = |order: [usize; 3]| {
            let mut counts = TimelineCounts::new();
            order.into_iter().for_each(|place| counts.add(&TimelineCells::of(&runs[place])));
            counts
        };
        assert_eq!(counted([0, 1, 2]), counted([2, 1, 0]));
        assert_eq!(counted([0, 1, 2]).bins[0].success.0, [(333, 2), (667, 1)]);
    }

    #[test]
    fn lags_keep_three_digits_and_shares_their_ends() {
        let rounded = [0, 7, 999, 1000, 1004, 1005, 123_456_789, 999_600].map(three_digits);
        assert_eq!(rounded, [0, 7, 999, 1000, 1000, 1010, 123_000_000, 1_000_000]);
        let mut counts = GridCounts::default();
        (0..10_000u64).for_each(|run| counts.add(if run < 9_700 { 1000 } else { run % 1000 }));
        let spread = counts.spread(|cell| cell as f64 / SHARE_CELLS).unwrap();
        assert_eq!((spread.p5, spread.median, spread.n, counts.0.len() <= 1001), (1.0, 1.0, 10_000, true));
    }
}
