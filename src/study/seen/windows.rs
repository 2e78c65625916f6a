//! Sums over the grid of windows: downtime, its longest stretch, and lost service whole and by phase.

use super::view::VisitorView;
use crate::model::{Operation, Phase, RunOutcome};
use crate::units::SimDuration;

/// Downtime and lost service of one view of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WindowSums {
    /// Total length of the windows below the service level.
    pub(crate) downtime: SimDuration,
    /// Longest stretch of such windows. A window with no request neither breaks a stretch nor adds to it: it says nothing.
    pub(crate) longest: SimDuration,
    /// Sum over windows of failed / total x length, in seconds.
    pub(crate) lost_s: f64,
    /// Windows with no request.
    pub(crate) empty: u64,
}

impl WindowSums {
    /// Sums the windows of `run` for `view`; a window is down if the share that succeeds is under `slo`.
    pub(crate) fn of(run: &RunOutcome, view: VisitorView, slo: f64) -> Self {
        let mut sums = WindowSums { downtime: SimDuration::ZERO, longest: SimDuration::ZERO, lost_s: 0.0, empty: 0 };
        let mut stretch = SimDuration::ZERO;
        for window in 0..run.windows.len {
            let [succeeded, failed] = counts(run, window, view);
            let total = succeeded + failed;
            if total == 0 {
                sums.empty += 1;
                continue;
            }
            let length = length(run, window);
            sums.lost_s += failed as f64 / total as f64 * length.as_secs_f64();
            if (succeeded as f64 / total as f64) < slo {
                sums.downtime += length;
                stretch += length;
                sums.longest = sums.longest.max(stretch);
            } else {
                stretch = SimDuration::ZERO;
            }
        }
        sums
    }
}

/// Lost service of a whole run by phase, in seconds: sum over windows of failed in the phase / total x length. The phases
/// add up to the lost service of the run.
pub(crate) fn lost_by_phase(run: &RunOutcome) -> [f64; Phase::ALL.len()] {
    let mut lost = [0.0; Phase::ALL.len()];
    for (window, phases) in run.windows.phases.iter().enumerate() {
        let [succeeded, failed] = counts(run, window, VisitorView::WHOLE);
        let seconds = length(run, window).as_secs_f64();
        for (sum, &count) in lost.iter_mut().zip(phases).filter(|&(_, &count)| count > 0) {
            *sum += f64::from(count) / (succeeded + failed) as f64 * seconds;
        }
    }
    lost
}

/// Length of a window; the last may be shorter than the others.
fn length(run: &RunOutcome, window: usize) -> SimDuration {
    let measured = run.span.to.since(run.span.from);
    let start = run.span.window.times(window as u64);
    run.span.window.min(measured - start)
}

/// `[succeeded, failed]` of a window.
pub(in crate::study) fn counts(run: &RunOutcome, window: usize, view: VisitorView) -> [u64; 2] {
    let geographies = run.windows.geographies;
    let mut sum = [0, 0];
    for geography in (0..geographies).filter(|&geography| view.sees_geography(geography)) {
        for operation in Operation::ALL.into_iter().filter(|&operation| view.sees_operation(operation)) {
            let cell = run.windows.counts[(window * geographies + geography) * 2 + operation as usize];
            sum[0] += u64::from(cell[0]);
            sum[1] += u64::from(cell[1]);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::synthetic;

    fn seconds(secs: f64) -> SimDuration {
        SimDuration::from_secs_f64(secs)
    }

    #[test]
    fn three_windows_by_hand() {
        // Windows of 10, 10 and 5 s (25 s measured): all well, all failed, half failed.
        let run = synthetic::run_with_windows(10, 25, &[[100, 0], [0, 50], [10, 10]]);
        let sums = WindowSums::of(&run, VisitorView::WHOLE, 0.95);
        assert_eq!((sums.downtime, sums.longest), (seconds(15.0), seconds(15.0)));
        assert_eq!(sums.lost_s, 10.0 + 2.5);
    }

    #[test]
    fn a_share_at_the_service_level_is_not_down_and_one_below_is() {
        let run = synthetic::run_with_windows(1, 2, &[[95, 5], [949, 51]]);
        let sums = WindowSums::of(&run, VisitorView::WHOLE, 0.95);
        assert_eq!(sums.downtime, seconds(1.0));
    }

    #[test]
    fn a_window_without_requests_neither_counts_nor_breaks_a_stretch() {
        let run = synthetic::run_with_windows(1, 5, &[[0, 3], [0, 0], [0, 3], [3, 0], [0, 3]]);
        let sums = WindowSums::of(&run, VisitorView::WHOLE, 0.95);
        assert_eq!((sums.downtime, sums.longest, sums.empty), (seconds(3.0), seconds(2.0), 1));
        assert_eq!(sums.lost_s, 3.0);
    }

    #[test]
    fn phases_add_up_to_the_lost_service() {
        let mut run = synthetic::run_with_windows(10, 25, &[[100, 0], [0, 50], [13, 10]]);
        run.windows.phases[1][Phase::Undetected as usize] = 30;
        run.windows.phases[1][Phase::NoPrimary as usize] = 20;
        run.windows.phases[2][Phase::ClientCache as usize] = 10;
        let lost = lost_by_phase(&run);
        assert_eq!(lost[Phase::Undetected as usize], 6.0);
        assert_eq!(lost[Phase::NoPrimary as usize], 4.0);
        let whole = WindowSums::of(&run, VisitorView::WHOLE, 0.95).lost_s;
        assert!((lost.iter().sum::<f64>() - whole).abs() < 1e-12);
    }

    #[test]
    fn a_view_sees_only_its_own_cells() {
        let mut run = synthetic::run_with_windows(1, 1, &[[10, 0]]);
        run.windows.geographies = 2;
        // Geography 0 reads, writes; geography 1 reads, writes.
        run.windows.counts = vec![[8, 0], [2, 0], [0, 4], [1, 3]];
        let reads = VisitorView { geography: Some(1), operation: Some(Operation::Read) };
        assert_eq!(WindowSums::of(&run, reads, 0.95).lost_s, 1.0);
        let geography = VisitorView { geography: Some(1), operation: None };
        assert_eq!(WindowSums::of(&run, geography, 0.95).lost_s, 7.0 / 8.0);
        let writes = VisitorView { geography: None, operation: Some(Operation::Write) };
        assert_eq!(WindowSums::of(&run, writes, 0.95).lost_s, 0.5);
    }
}
