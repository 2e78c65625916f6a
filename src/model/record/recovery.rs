//! Recovery from a series of bad windows: the end of the last of them, and how often it seemed to have come before.
//!
//! Service has recovered when no bad window follows for `stable`. It may not last: a service that comes up while its queue
//! fills is soon down again. So the recovery that objectives are judged by is the *sustained* one, to the end of the last bad
//! window of the series; the *first* one is the end of the first bad window that a stable stretch follows, and each bad
//! window that ends such a stretch is a *relapse*. Which windows make a series, and when its clock starts, is in `episode`.

use super::super::outcome::{Phase, Span, Timing, WindowGrid};
use super::super::whole;
use super::bad_window::is_bad;
use crate::units::{SimDuration, SimTime};

/// Rules by which service counts as bad, and as recovered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// Share of requests that must succeed in a window.
    pub(super) slo: f64,
    /// Time without a bad window that makes a recovery.
    pub(super) stable: SimDuration,
    /// After so long without a bad window the next one is none of the same series.
    pub(super) aftermath: SimDuration,
}

/// A window in which too many requests failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadWindow {
    pub(super) from: SimTime,
    pub(super) to: SimTime,
    /// Earliest moment at which one of its failed requests was struck.
    pub(super) first_failed: SimTime,
}

/// Fate of one series of bad windows, in times since a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recovered {
    pub(super) sustained: Timing,
    pub(super) first: Timing,
    pub(super) relapses: u32,
    /// True if there was time enough left after it to see another relapse.
    pub(super) is_confirmed: bool,
}

/// Returns the share of the requests that fail in the first windows, `before` the first incident or planned change; 0 of
/// none.
pub(super) fn calm_share(windows: &WindowGrid, before: usize) -> f64 {
    let (mut requests, mut failures) = (0, 0);
    for window in 0..before {
        let (succeeded, failed) = windows.requests(window);
        requests += succeeded + failed;
        failures += failed;
    }
    if requests == 0 { 0.0 } else { failures as f64 / requests as f64 }
}

impl Rules {
    /// Returns the bad windows of a run, in order. `calm_until` is its first incident or planned change: windows that end
    /// before then tell which share of requests fails when all is well.
    pub(super) fn bad_windows(self, windows: &WindowGrid, span: Span, calm_until: SimTime) -> Vec<BadWindow> {
        let from = |window: usize| span.from + span.window.times(window as u64);
        let to = |window: usize| (from(window) + span.window).min(span.to);
        let calm_share = calm_share(windows, (0..windows.len).take_while(|window| to(*window) <= calm_until).count());
        let bad = (0..windows.len).filter(|window| self.is_bad(windows, *window, calm_share));
        // What makes it bad even without the failures of a gray region, which may last for long, is what broke it.
        let first_failed = |window: usize| {
            let (succeeded, failed) = windows.requests(window);
            let gray = u64::from(windows.phases[window][Phase::Gray as usize]);
            match failed > gray && is_bad(succeeded, failed - gray, self.slo, calm_share) {
                true => windows.first_failed_besides_gray[window],
                false => windows.first_failed[window],
            }
        };
        bad.map(|window| BadWindow { from: from(window), to: to(window), first_failed: first_failed(window) }).collect()
    }

    /// Returns whether a window is bad where `calm_share` of the requests fail in calm time.
    pub(super) fn is_bad(self, windows: &WindowGrid, window: usize, calm_share: f64) -> bool {
        let (succeeded, failed) = windows.requests(window);
        failed > 0 && is_bad(succeeded, failed, self.slo, calm_share)
    }

    /// Surveys a series of bad windows of a run whose measured time ends at `end`.
    ///
    /// # Panics
    /// If there is no window.
    pub(super) fn survey(self, series: &[BadWindow], end: SimTime) -> Survey<'_> {
        let last = series.len() - 1;
        let is_stable_after = |window: usize| {
            let until = series.get(window + 1).map_or(end, |next| next.from);
            self.is_stable(until.since(series[window].to))
        };
        let stable: Vec<usize> = (0..=last).filter(|window| is_stable_after(*window)).collect();
        let is_over = stable.last() == Some(&last);
        let is_confirmed = is_over && end.since(series[last].to) >= self.aftermath;
        Survey { series, stable, is_over, is_confirmed }
    }

    /// Returns what became of a series of bad windows, since `started`, when measured time ends at `end`.
    ///
    /// # Panics
    /// If there is no window.
    #[cfg(test)]
    pub(super) fn recovered(self, series: &[BadWindow], started: SimTime, end: SimTime) -> Recovered {
        self.survey(series, end).recovered_from(0, started)
    }

    /// Returns whether a stretch without bad windows is a stable one.
    fn is_stable(self, stretch: SimDuration) -> bool {
        stretch > SimDuration::ZERO && stretch >= self.stable
    }
}

/// A series of bad windows, and which of them a stable stretch follows: found once for all incidents that share it.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    series: &'a [BadWindow],
    /// Windows that a stable stretch follows, in order.
    stable: Vec<usize>,
    /// True if the last is one of them.
    is_over: bool,
    /// True if there was time enough left after it to see another relapse.
    is_confirmed: bool,
}

impl Survey<'_> {
    /// Returns what became of the series from its window `own` on, since `started`.
    pub(super) fn recovered_from(&self, own: usize, started: SimTime) -> Recovered {
        let after = |window: usize| Timing::After(self.series[window].to.since(started));
        let stable = &self.stable[self.stable.partition_point(|window| *window < own)..];
        Recovered {
            sustained: if self.is_over { after(self.series.len() - 1) } else { Timing::Censored },
            first: stable.first().map_or(Timing::Censored, |window| after(*window)),
            relapses: whole::count(stable.len() - usize::from(self.is_over)),
            is_confirmed: self.is_confirmed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    /// A stable stretch is 3 s, the aftermath 10 s.
    const RULES: Rules = Rules { slo: 0.95, stable: SimDuration::from_secs(3), aftermath: SimDuration::from_secs(10) };

    /// The bad windows of a second each of a run measured from second 100: `-` fails half of its requests, `~` fails 2 of
    /// 20, `+` none, `.` has no request; calm until second `calm`.
    fn bad_windows(windows: &str, calm: u64) -> Vec<u64> {
        let len = windows.len();
        let counts = windows.chars().flat_map(|draw| match draw {
            '+' => [[100, 0], [10, 0]],
            '-' => [[50, 50], [10, 0]],
            '~' => [[18, 2], [0, 0]],
            _ => [[0, 0], [0, 0]],
        });
        let grid = WindowGrid {
            len,
            geographies: 1,
            counts: counts.collect(),
            first_failed: (0..len as u64).map(|window| at(100 + window)).collect(),
            first_failed_besides_gray: (0..len as u64).map(|window| at(100 + window)).collect(),
            phases: vec![[0; Phase::ALL.len()]; len],
        };
        let span = Span { from: at(100), to: at(100 + len as u64), window: SimDuration::from_secs(1) };
        let found = RULES.bad_windows(&grid, span, at(calm));
        found.iter().map(|window| window.from.since(at(100)).as_nanos() / 1_000_000_000).collect()
    }

    #[test]
    fn windows_under_the_level_are_bad_and_windows_without_requests_are_not() {
        assert_eq!(bad_windows("++-.~+-", 100), [2, 4, 6]);
    }

    #[test]
    fn a_window_that_fails_no_more_than_calm_time_does_is_not_bad() {
        // Two of 20 in each of five calm windows: a tenth. The same again has a chance of 61 %.
        assert_eq!(bad_windows("~~~~~~-", 105), [6]);
        // Only windows that end before the first incident are calm.
        assert_eq!(bad_windows("~+~~-", 101), [4]);
        assert_eq!(bad_windows("~+~~-", 100), [0, 2, 3, 4]);
    }

    /// Returns the recovery from bad windows at these seconds, since second 100, where measured time ends at second
    /// 160.
    fn recovered(seconds: &[u64]) -> Recovered {
        let window = |&second: &u64| BadWindow { from: at(second), to: at(second + 1), first_failed: at(second) };
        let series: Vec<BadWindow> = seconds.iter().map(window).collect();
        RULES.recovered(&series, at(100), at(160))
    }

    fn after(seconds: u64) -> Timing {
        Timing::After(SimDuration::from_secs(seconds))
    }

    #[test]
    fn recovery_is_the_end_of_the_last_bad_window() {
        let found = recovered(&[102, 103, 106]);
        // From 104 to 106 it is too short to be stable.
        assert_eq!((found.sustained, found.first, found.relapses), (after(7), after(7), 0));
    }

    #[test]
    fn a_stable_stretch_that_does_not_last_is_a_first_recovery_and_a_relapse() {
        let found = recovered(&[102, 107, 108, 120]);
        assert_eq!((found.sustained, found.first, found.relapses), (after(21), after(3), 2));
    }

    #[test]
    fn what_is_not_stable_by_the_end_is_censored_and_what_leaves_less_than_the_aftermath_is_unconfirmed() {
        assert_eq!((recovered(&[102, 157]).sustained, recovered(&[102, 157]).first), (Timing::Censored, after(3)));
        let found = recovered(&[158]);
        assert_eq!((found.sustained, found.first, found.is_confirmed), (Timing::Censored, Timing::Censored, false));
        let unconfirmed = recovered(&[152]);
        assert_eq!((unconfirmed.sustained, unconfirmed.is_confirmed), (after(53), false));
        assert!(recovered(&[149]).is_confirmed);
    }
}
