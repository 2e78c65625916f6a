//! Incidents: when they happen, what they do, and how long the recovery took.
//!
//! Times of an incident come from its own stream, so that every design of a run meets the same faults. Several at once act
//! together: each component counts the outages that it suffers from.

mod book;

pub(super) use book::IncidentBook;

use super::event::Event;
use super::world::{Agenda, World};
use crate::scenario::{Authority, DnsMode, IncidentKind, Schedule};
use crate::units::SimTime;

impl World<'_> {
    /// Puts the first occurrence of every incident on the agenda.
    pub(super) fn plan_incidents(&mut self, agenda: &mut Agenda) {
        for (place, incident) in self.plan.scenario.incidents.iter().enumerate() {
            let incident_number = place as u16;
            let at = match incident.schedule {
                Schedule::Once { at, .. } => SimTime::ZERO + at,
                Schedule::Renewal { .. } => self.next_occurrence(place, 0, SimTime::ZERO),
            };
            agenda.at(at, Event::IncidentStarts { incident: incident_number });
        }
    }

    /// When occurrence `number` of a renewal incident begins, given that the one before it ended at `after`.
    fn next_occurrence(&self, place: usize, number: u32, after: SimTime) -> SimTime {
        let stream = self.streams.incident(&self.plan.scenario.incidents[place].name).child(u64::from(number));
        let every = self.plan.incidents[place].every.as_ref().expect("a renewal incident");
        after + every.duration(stream.uniform(1))
    }

    /// An incident begins.
    pub(super) fn incident_starts(&mut self, agenda: &mut Agenda, incident: u16) {
        let now = agenda.now();
        let place = usize::from(incident);
        let kind = self.plan.scenario.incidents[place].kind;
        let number = self.incidents.occurrences_of(place);
        let stream = self.streams.incident(&self.plan.scenario.incidents[place].name).child(u64::from(number));
        let lasts = self.plan.incidents[place].lasts.duration(stream.uniform(0));
        let occurrence = self.incidents.begin(place, number, kind, now, self.data.primary());
        agenda.at(now + lasts, Event::IncidentEnds { occurrence });
        match kind {
            IncidentKind::RegionOutage { .. }
            | IncidentKind::AppOutage { .. }
            | IncidentKind::DatabaseOutage { .. } => {
                self.outage_begins(agenda, kind);
            }
            IncidentKind::LinkPartition => self.link_cut(agenda),
            IncidentKind::DnsOutage { authority, mode } => *self.name_outages(authority, mode) += 1,
        }
    }

    /// An occurrence of an incident ends.
    pub(super) fn incident_ends(&mut self, agenda: &mut Agenda, occurrence: u32) {
        let now = agenda.now();
        let (place, number, kind) = self.incidents.end(occurrence, now);
        match kind {
            IncidentKind::RegionOutage { .. }
            | IncidentKind::AppOutage { .. }
            | IncidentKind::DatabaseOutage { .. } => {
                self.outage_ends(agenda, kind);
            }
            IncidentKind::LinkPartition => self.link_heals(agenda),
            IncidentKind::DnsOutage { authority, mode } => *self.name_outages(authority, mode) -= 1,
        }
        if self.data.backlog_clears().is_some() {
            self.incidents.backlog_left(occurrence);
        }
        if let Schedule::Renewal { .. } = self.plan.scenario.incidents[place].schedule {
            let at = self.next_occurrence(place, number + 1, now);
            agenda.at(at, Event::IncidentStarts { incident: place as u16 });
        }
    }

    fn name_outages(&mut self, authority: Authority, mode: DnsMode) -> &mut u32 {
        use super::event::NameServer;
        let authorities = match mode {
            DnsMode::Silent => &mut self.silent_authorities,
            DnsMode::Empty => &mut self.empty_authorities,
        };
        match authority {
            Authority::Zone => &mut authorities[NameServer::Zone as usize],
            Authority::Gtm => &mut authorities[NameServer::Gtm as usize],
            Authority::Resolvers(geography) => &mut self.silent_resolvers[geography],
        }
    }
}
