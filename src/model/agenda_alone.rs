//! An agenda without a world, for tests of what puts events on it.

use super::event::{Agenda, Event};
use crate::engine::{Model, run};
use crate::units::{SimDuration, SimTime};

/// Takes note of what happens.
#[derive(Default)]
struct Seen(Vec<(SimTime, Event)>);

impl Model for Seen {
    type Event = Event;

    fn handle(&mut self, agenda: &mut Agenda, event: Event) {
        self.0.push((agenda.now(), event));
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

/// An empty agenda at so many seconds.
pub(super) fn agenda_at(seconds: u64) -> Agenda {
    let mut agenda = Agenda::new();
    pass(&mut agenda, seconds);
    agenda
}

/// Lets time go on to so many seconds. Returns what has happened until then.
pub(super) fn pass(agenda: &mut Agenda, seconds: u64) -> Vec<(SimTime, Event)> {
    let mut seen = Seen::default();
    run(&mut seen, agenda, at(seconds), u64::MAX).expect("time goes on");
    seen.0
}
