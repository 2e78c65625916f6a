//! Schedules the begin and the end of incidents.

use super::super::books::Books;
use super::super::event::{Event, Scheduler};
use super::super::node_id::NodeId;
use super::super::record::Announced;
use super::super::setting::Setting;
use super::incident_id::IncidentId;
use crate::scenario::{IncidentKind, Schedule};
use crate::units::SimTime;

/// Owners that the begin and the end of an incident touch, what it does apart.
pub(in super::super) struct Incidents<'w> {
    pub(in super::super) books: &'w mut Books,
    pub(in super::super) setting: &'w Setting<'w>,
}

/// An occurrence of an incident: what it does begins, or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "what it does has to be done"]
pub(in super::super) struct Occurred {
    /// Place of the incident in the scenario.
    pub(in super::super) incident: usize,
    /// Number of times that it had happened before.
    pub(in super::super) number: u32,
    /// Place of the occurrence in the log of incidents.
    pub(in super::super) occurrence: u32,
    pub(in super::super) kind: IncidentKind,
}

impl Incidents<'_> {
    /// Schedules the first occurrence of every incident.
    pub(in super::super) fn plan(&mut self, scheduler: &mut Scheduler) {
        for (place, incident) in self.setting.plan.scenario.incidents.iter().enumerate() {
            let at = match incident.schedule {
                Schedule::Once { at, .. } => SimTime::ZERO + at,
                Schedule::Renewal { .. } => self.next_occurrence(place, 0, SimTime::ZERO),
            };
            self.expect(scheduler, place, at);
        }
    }

    /// An incident will begin at `at`.
    fn expect(&mut self, scheduler: &mut Scheduler, place: usize, at: SimTime) {
        self.books.announce(at, Announced::Incident);
        scheduler.schedule_bound(at, Event::IncidentStarts { incident: IncidentId::at(place) });
    }

    /// Returns the time at which occurrence `number` of a renewal incident begins, given that the one before it ended
    /// at `after`.
    fn next_occurrence(&self, place: usize, number: u32, after: SimTime) -> SimTime {
        let stream = self.setting.of_occurrence(place, number);
        let every = self.setting.plan.incidents[place].every.as_ref().expect("a renewal incident");
        after + every.duration(stream.draw(1))
    }

    /// An incident begins, while `primary` has the primary's role; its end is scheduled.
    pub(in super::super) fn begins(
        &mut self,
        scheduler: &mut Scheduler,
        incident: IncidentId,
        primary: NodeId,
    ) -> Occurred {
        let (now, incident) = (scheduler.now(), incident.index());
        let kind = self.setting.plan.scenario.incidents[incident].kind;
        let number = self.books.occurrences_of(incident);
        let stream = self.setting.of_occurrence(incident, number);
        let lasts = self.setting.plan.incidents[incident].lasts.duration(stream.draw(0));
        let occurrence = self.books.incident_begins(now, incident, kind, primary);
        scheduler.schedule_bound(now + lasts, Event::IncidentEnds { occurrence });
        Occurred { incident, number, occurrence, kind }
    }

    /// An occurrence of an incident ends; the next one, if there is one, is scheduled, so that it is known before anything is
    /// settled up to it.
    pub(in super::super) fn ends(&mut self, scheduler: &mut Scheduler, occurrence: u32) -> Occurred {
        let now = scheduler.now();
        let (incident, number, kind) = self.books.incident_ends(now, occurrence);
        if let Schedule::Renewal { .. } = self.setting.plan.scenario.incidents[incident].schedule {
            let at = self.next_occurrence(incident, number + 1, now);
            self.expect(scheduler, incident, at);
        }
        Occurred { incident, number, occurrence, kind }
    }
}

#[cfg(test)]
mod tests;
