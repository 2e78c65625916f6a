//! Recovery: the first window of a stable stretch at the service level after the first window under it.

use super::super::outcome::{Span, Timing, WindowGrid};
use crate::units::{SimDuration, SimTime};

/// The service level of a study.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct ServiceLevel {
    /// Share of requests that must succeed in a window.
    pub(in super::super) slo: f64,
    /// How long success must stay at that level.
    pub(in super::super) stable: SimDuration,
}

impl ServiceLevel {
    /// What the windows say of an incident that began at `started`, given that the next one began at `next`: whether it was
    /// felt, and how long it took until it no longer was. Windows with no request say nothing.
    pub(in super::super) fn recovery(
        self,
        windows: &WindowGrid,
        span: Span,
        started: SimTime,
        next: SimTime,
    ) -> (bool, Timing) {
        let start_of = |window: usize| span.from + span.window.times(window as u64);
        let first = (started.since(span.from).as_nanos() / span.window.as_nanos()) as usize;
        let first_under = (first..windows.len).find(|window| self.is_under(windows, *window));
        let Some(first_under) = first_under.filter(|window| start_of(*window) < next) else {
            return (false, Timing::NotApplicable);
        };
        let needed = self.stable.as_nanos().div_ceil(span.window.as_nanos()).max(1) as usize;
        let mut stretch_start = first_under + 1;
        for window in first_under + 1..windows.len {
            if self.is_under(windows, window) {
                stretch_start = window + 1;
            } else if window + 1 - stretch_start >= needed {
                return (true, Timing::After(start_of(stretch_start).since(started)));
            }
        }
        (true, Timing::Censored)
    }

    /// Whether a window is under the level.
    pub(super) fn is_under(self, windows: &WindowGrid, window: usize) -> bool {
        let per_window = windows.geographies * 2;
        let cells = &windows.counts[window * per_window..(window + 1) * per_window];
        let succeeded: u64 = cells.iter().map(|[succeeded, _]| u64::from(*succeeded)).sum();
        let failed: u64 = cells.iter().map(|[_, failed]| u64::from(*failed)).sum();
        failed > 0 && (succeeded as f64) < self.slo * (succeeded + failed) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Phase;

    fn recovery(windows: &str, started_s: u64) -> (bool, Timing) {
        let counts = windows.chars().flat_map(|mark| match mark {
            '+' => [[100, 0], [10, 0]],
            '-' => [[50, 50], [10, 0]],
            _ => [[0, 0], [0, 0]],
        });
        let len = windows.len();
        let grid =
            WindowGrid { len, geographies: 1, counts: counts.collect(), phases: vec![[0; Phase::ALL.len()]; len] };
        let second = SimDuration::from_secs(1);
        let at = |seconds: u64| SimTime::ZERO + second.times(seconds);
        let span = Span { from: at(100), to: at(100 + len as u64), window: second };
        let level = ServiceLevel { slo: 0.95, stable: SimDuration::from_secs(3) };
        level.recovery(&grid, span, at(started_s), at(100 + len as u64))
    }

    #[test]
    fn recovery_is_the_first_window_of_a_stable_stretch_after_the_first_bad_one() {
        let after = |seconds| (true, Timing::After(SimDuration::from_secs(seconds)));
        assert_eq!(recovery("+++--++-+++++", 102), after(6));
        assert_eq!(recovery("+++--+.+++", 102), after(3));
        assert_eq!(recovery("+++--++-++", 102), (true, Timing::Censored));
        assert_eq!(recovery("+++++++", 102), (false, Timing::NotApplicable));
        assert_eq!(recovery("--+++++", 103), (false, Timing::NotApplicable));
    }
}
