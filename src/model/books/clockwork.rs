//! The clockwork of the books: measured time, its windows, the bins of the timeline, and what holds meanwhile.

use super::super::per_region::PerRegion;
use super::super::record::{Reading, Standing};
use super::Books;
use crate::units::{SimDuration, SimTime};

impl Books {
    /// Measured time begins, with so many instances switched on.
    pub(in super::super) fn measuring_starts(&mut self, now: SimTime, readings: PerRegion<Reading>, instances_on: u32) {
        self.record.measuring_starts(now, readings, instances_on);
    }

    /// The window under way ends.
    pub(in super::super) fn window_ends(&mut self, readings: PerRegion<Reading>) {
        self.record.window_ends(readings);
    }

    /// Returns true if it matters now which windows are bad.
    pub(in super::super) fn asks_for_windows(&self) -> bool {
        self.record.asks_for_windows()
    }

    /// The next window starts, with so many instances switched on.
    pub(in super::super) fn window_starts(&mut self, now: SimTime, instances_on: u32) {
        self.record.window_starts(now, instances_on);
    }

    /// A bin of the timeline ends, with a replication lag, and with sums of the app pools, `(busy, on)`. Returns the width of the
    /// next one.
    pub(in super::super) fn timeline_tick(&mut self, lag: SimDuration, app: PerRegion<(u128, u128)>) -> SimDuration {
        let mut utilisation = PerRegion::both(0.0);
        for (region, utilisation) in utilisation.each_mut() {
            let (busy, on) = app[region];
            let (busy_before, on_before) = self.accumulators.last_bin[region];
            if on > on_before {
                *utilisation = (busy - busy_before) as f64 / (on - on_before) as f64;
            }
        }
        self.accumulators.last_bin = app;
        self.record.timeline_tick(self.accumulators.bins, lag, utilisation);
        self.accumulators.bins += 1;
        self.record.timeline_bin()
    }

    /// The standing of the regions, as it was last noted.
    pub(in super::super) fn standing(&self) -> PerRegion<Standing> {
        self.record.standing()
    }

    /// Notes another standing of the regions, which holds from these readings on.
    pub(in super::super) fn stand(&mut self, readings: PerRegion<Reading>, standing: PerRegion<Standing>) {
        self.record.stand(readings, standing);
    }

    /// Notes whether roles or data are changing, and whether all is settled.
    pub(in super::super) fn note_calm(&mut self, now: SimTime, is_changing: bool, is_settled: bool) {
        self.record.note_calm(now, is_changing, is_settled);
    }
}
