//! The timeline of a design: per bin, the spread over runs.

use serde::Serialize;

use crate::model::{Timeline, TimelineBin};
use crate::stats::quantile_of_sorted;

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

/// Sample quantiles over the runs in which a value applies.
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

impl Spread {
    fn of(values: impl Iterator<Item = Option<f64>>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.flatten().collect();
        sorted.sort_by(f64::total_cmp);
        let quantile = |p| quantile_of_sorted(&sorted, p);
        Some(Spread { p5: quantile(0.05)?, median: quantile(0.5)?, p95: quantile(0.95)?, n: sorted.len() as u64 })
    }
}

impl TimelineSummary {
    /// Summarises the timelines of all runs of a design.
    pub(crate) fn of(runs: &[Timeline]) -> Self {
        let bin_s = runs.first().map_or(0.0, |timeline| timeline.bin.as_secs_f64());
        let len = runs.iter().map(|timeline| timeline.bins.len()).max().unwrap_or(0);
        TimelineSummary { bin_s, bins: (0..len).map(|place| summarise(runs, place, bin_s)).collect() }
    }
}

fn summarise(runs: &[Timeline], place: usize, bin_s: f64) -> TimelineSummaryBin {
    let spread = |of: &dyn Fn(&TimelineBin) -> Option<f64>| {
        Spread::of(runs.iter().filter_map(|timeline| timeline.bins.get(place)).map(of))
    };
    TimelineSummaryBin {
        from_s: place as f64 * bin_s,
        success: spread(&|bin| share(bin.succeeded, bin.succeeded + bin.failed)),
        traffic: [0, 1]
            .map(|region| spread(&|bin| share(bin.attempts_to[region], bin.attempts_to[0] + bin.attempts_to[1]))),
        lag_s: spread(&|bin| Some(bin.lag_s)),
        utilisation: [0, 1].map(|region| spread(&|bin| Some(bin.utilisation[region]))),
    }
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
        let summary = TimelineSummary::of(&runs);
        assert_eq!((summary.bin_s, summary.bins.len(), summary.bins[1].from_s), (10.0, 2, 10.0));
        assert_eq!(summary.bins[0].success, Some(Spread { p5: 0.25, median: 0.5, p95: 1.0, n: 3 }));
        assert_eq!(summary.bins[0].traffic[1], Some(Spread { p5: 0.0, median: 0.5, p95: 0.75, n: 3 }));
        assert_eq!(summary.bins[0].lag_s.unwrap().median, 1.0);
        assert_eq!((summary.bins[1].success, summary.bins[1].traffic[0]), (None, None));
        assert_eq!(summary.bins[1].utilisation[0].unwrap().p95, 0.5);
    }

    #[test]
    fn no_runs_make_no_bins() {
        assert!(TimelineSummary::of(&[]).bins.is_empty());
    }
}
