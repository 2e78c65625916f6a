//! An scheduler without a world, for tests of what puts events on it.

use super::event::{Event, Scheduler};
use crate::engine::{Model, run};
use crate::units::{SimDuration, SimTime};

/// Takes note of what happens.
#[derive(Default)]
struct Seen(Vec<(SimTime, Event)>);

impl Model for Seen {
    type Event = Event;

    fn handle(&mut self, scheduler: &mut Scheduler, event: Event) {
        self.0.push((scheduler.now(), event));
    }
}

/// So many seconds after the start.
pub(super) fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + secs(seconds)
}

/// So many seconds.
pub(super) fn secs(seconds: u64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

/// An empty scheduler at so many seconds.
pub(super) fn scheduler_at(seconds: u64) -> Scheduler {
    let mut scheduler = Scheduler::new();
    pass(&mut scheduler, seconds);
    scheduler
}

/// Lets time go on to so many seconds. Returns what has happened until then.
pub(super) fn pass(scheduler: &mut Scheduler, seconds: u64) -> Vec<(SimTime, Event)> {
    let mut seen = Seen::default();
    run(&mut seen, scheduler, at(seconds), u64::MAX).expect("time goes on");
    seen.0
}
