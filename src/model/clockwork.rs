//! The clockwork: measured time, its windows, and the bins of the timeline.

use super::event::{Event, Scheduler};
use super::node_id::NodeId;
use super::per_region::PerRegion;
use super::record::Reading;
use super::region::{Regions, Serving};
use super::setting::Setting;
use crate::units::SimTime;

/// Owners that the clockwork touches: reads on the fast path end, or leave it, before anything is read off the accumulators.
pub(super) struct Clockwork<'w> {
    pub(super) serving: Serving<'w>,
}

impl Clockwork<'_> {
    /// Schedules the ends of the first window and bin, and of measured time,.
    pub(super) fn plan(setting: &Setting, scheduler: &mut Scheduler) {
        let (from, to) = setting.plan.measured;
        scheduler.schedule_at(from, Event::MeasuringStarts);
        scheduler.schedule_at(from + setting.plan.window, Event::WindowTick);
        scheduler.schedule_at(to, Event::MeasuringEnds);
        scheduler.schedule_at(SimTime::ZERO + setting.plan.timeline_bin, Event::TimelineTick);
    }

    /// Measured time begins.
    pub(super) fn measuring_starts(&mut self, scheduler: &mut Scheduler) {
        self.serving.leave_fast_path(scheduler);
        let Serving { regions, books, .. } = &mut self.serving;
        regions.measure(true);
        let readings = readings(regions, scheduler.now());
        books.measuring_starts(scheduler.now(), readings, regions.instances_on());
    }

    /// Measured time ends.
    pub(super) fn measuring_ends(&mut self, scheduler: &mut Scheduler) {
        self.serving.leave_fast_path(scheduler);
        let Serving { regions, books, .. } = &mut self.serving;
        books.window_ends(readings(regions, scheduler.now()));
        regions.measure(false);
    }

    /// A window of measured time ends, and the next one begins.
    pub(super) fn window_tick(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        if now >= self.serving.setting.plan.measured.1 {
            return;
        }
        let Serving { regions, books, .. } = &mut self.serving;
        books.window_ends(readings(regions, now));
        if books.asks_for_windows() {
            self.serving.finish_all_reads(scheduler);
        }
        let Serving { regions, books, setting, .. } = &mut self.serving;
        books.window_starts(now, regions.instances_on());
        scheduler.schedule_at(now + setting.plan.window, Event::WindowTick);
    }

    /// A bin of the timeline ends, and the next one begins.
    pub(super) fn timeline_tick(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        let Serving { regions, data, books, setting, .. } = &mut self.serving;
        let app = PerRegion::from_fn(|region| regions.app_used(region, now));
        let bin = books.timeline_tick(data.lag(now), app);
        let horizon = setting.plan.horizon;
        if now < horizon {
            scheduler.schedule_at((now + bin).min(horizon), Event::TimelineTick);
        }
    }
}

/// Readings of the accumulators of both regions.
pub(super) fn readings(regions: &mut Regions, now: SimTime) -> PerRegion<Reading> {
    PerRegion::from_fn(|region| Reading {
        app: regions.app_used(region, now),
        node: regions.node_used(NodeId::of(region), now),
    })
}

#[cfg(test)]
mod tests {
    use super::super::books::Books;
    use super::super::fixture::{self, millis, passes};
    use super::super::visitor::Visitors;
    use super::*;

    /// Lets the clockwork go to so many seconds. Returns what has happened.
    fn goes(settings: &[&str], seconds: u64) -> Vec<(SimTime, Event)> {
        let plan = fixture::plan(settings);
        let setting = fixture::setting(&plan);
        let mut scheduler = Scheduler::new();
        Clockwork::plan(&setting, &mut scheduler);
        let (mut regions, mut data) = (Regions::at_start(&setting), fixture::data());
        let (mut visitors, mut dns) = (Visitors::at_start(&setting), fixture::dns(&setting));
        let mut books = Books::new(&plan, setting.design);
        let mut seen = Vec::new();
        for second in 1..=seconds {
            for (at, event) in passes(&mut scheduler, millis(second * 1_000)) {
                seen.push((at, event));
                let serving = Serving {
                    regions: &mut regions,
                    data: &mut data,
                    visitors: &mut visitors,
                    dns: &mut dns,
                    books: &mut books,
                    setting: &setting,
                };
                let mut clockwork = Clockwork { serving };
                if matches!(event, Event::MeasuringStarts) {
                    clockwork.measuring_starts(&mut scheduler);
                } else if matches!(event, Event::MeasuringEnds) {
                    clockwork.measuring_ends(&mut scheduler);
                } else if matches!(event, Event::WindowTick) {
                    clockwork.window_tick(&mut scheduler);
                } else {
                    assert!(matches!(event, Event::TimelineTick), "{event:?}");
                    clockwork.timeline_tick(&mut scheduler);
                }
            }
        }
        seen
    }

    fn count(seen: &[(SimTime, Event)], event: Event) -> usize {
        seen.iter().filter(|(_, happened)| *happened == event).count()
    }

    #[test]
    fn windows_tick_from_the_first_to_the_end_of_measured_time_and_bins_to_the_horizon() {
        // Ten minutes: measured from the first to half a minute before the tenth, in windows of ten seconds and bins of two.
        let seen = goes(&[], 600);
        assert_eq!(
            seen.iter().find(|(_, event)| *event == Event::MeasuringStarts).map(|(at, _)| *at),
            Some(millis(60_000))
        );
        assert_eq!(
            seen.iter().find(|(_, event)| *event == Event::MeasuringEnds).map(|(at, _)| *at),
            Some(millis(570_000))
        );
        assert_eq!(seen.iter().find(|(_, event)| *event == Event::WindowTick).map(|(at, _)| *at), Some(millis(70_000)));
        // The tick of the very end begins no window.
        assert_eq!(count(&seen, Event::WindowTick), 51);
        assert_eq!(count(&seen, Event::TimelineTick), 300);
        assert_eq!(seen.last(), Some(&(millis(600_000), Event::TimelineTick)));
    }
}
