//! Incidents: when they happen, what they do, and how long the recovery took.
//!
//! Times of an incident come from its own stream, so that every design of a run meets the same faults. Several at once act
//! together: each component counts the outages that it suffers from.

mod book;
mod control_plane;
mod incident_id;
mod occurrence;

pub(super) use book::IncidentBook;
pub(super) use control_plane::{Change, ControlPlane};
pub(super) use incident_id::IncidentId;
pub(super) use occurrence::Success;

use super::event::Event;
use super::record::Announced;
use super::region::{Outage, Part};
use super::world::{Agenda, World};
use crate::scenario::{IncidentKind, RegionId, Schedule, Storage};
use crate::units::SimTime;

impl World<'_> {
    /// Puts the first occurrence of every incident on the agenda.
    pub(super) fn plan_incidents(&mut self, agenda: &mut Agenda) {
        for (place, incident) in self.setting.plan.scenario.incidents.iter().enumerate() {
            let at = match incident.schedule {
                Schedule::Once { at, .. } => SimTime::ZERO + at,
                Schedule::Renewal { .. } => self.next_occurrence(place, 0, SimTime::ZERO),
            };
            self.books.record.announce(at, Announced::Incident);
            agenda.turning_point(at, Event::IncidentStarts { incident: IncidentId::at(place) });
        }
    }

    /// When occurrence `number` of a renewal incident begins, given that the one before it ended at `after`.
    fn next_occurrence(&self, place: usize, number: u32, after: SimTime) -> SimTime {
        let stream = self.setting.of_occurrence(place, number);
        let every = self.setting.plan.incidents[place].every.as_ref().expect("a renewal incident");
        after + every.duration(stream.mark(1))
    }

    /// An incident begins.
    pub(super) fn incident_starts(&mut self, agenda: &mut Agenda, incident: IncidentId) {
        let now = agenda.now();
        let place = incident.index();
        let kind = self.setting.plan.scenario.incidents[place].kind;
        let number = self.books.incidents.occurrences_of(place);
        let stream = self.setting.of_occurrence(place, number);
        let lasts = self.setting.plan.incidents[place].lasts.duration(stream.mark(0));
        let requests = self.books.record.requests(kind.audience());
        let occurrence = self.books.incidents.begin((place, number), kind, now, self.data.primary(), requests);
        self.books.diary.incident_begins(now, place, number);
        self.books.record.incident(true);
        agenda.turning_point(now + lasts, Event::IncidentEnds { occurrence });
        self.take_effect(agenda, (place, occurrence), kind, true);
    }

    /// An occurrence of an incident ends.
    pub(super) fn incident_ends(&mut self, agenda: &mut Agenda, occurrence: u32) {
        let now = agenda.now();
        let (place, number, kind) = self.books.incidents.entry(occurrence);
        self.books.incidents.end(occurrence, now, &self.books.record);
        self.books.diary.incident_ends(now, occurrence, place, number);
        self.books.record.incident(false);
        // Known before anything is settled up to it.
        if let Schedule::Renewal { .. } = self.setting.plan.scenario.incidents[place].schedule {
            let at = self.next_occurrence(place, number + 1, now);
            self.books.record.announce(at, Announced::Incident);
            agenda.turning_point(at, Event::IncidentStarts { incident: IncidentId::at(place) });
        }
        let backlogs = self.data.backlogs();
        self.take_effect(agenda, (place, occurrence), kind, false);
        self.failover().note_backlogs_left(occurrence, backlogs);
    }

    /// What an incident does begins, or ends.
    fn take_effect(&mut self, agenda: &mut Agenda, which: (usize, u32), kind: IncidentKind, begins: bool) {
        match kind {
            IncidentKind::RegionOutage { region, mode } => {
                self.outage(agenda, region, Outage { of: Part::Region, mode }, begins);
            }
            IncidentKind::AppOutage { region, mode, share } => {
                let of = if share < 1.0 { Part::Instances(share) } else { Part::App };
                self.outage(agenda, region, Outage { of, mode }, begins);
            }
            IncidentKind::DatabaseOutage { region, mode, storage } => {
                self.outage(agenda, region, Outage { of: Part::Node, mode }, begins);
                if begins && storage == Storage::Destroyed {
                    self.failover().storage_destroyed(agenda, region, which.1);
                }
            }
            IncidentKind::LinkPartition if begins => self.failover().link_cut(agenda),
            IncidentKind::LinkPartition => self.failover().link_heals(agenda),
            IncidentKind::LinkSlow { delay } => self.regions.link_slows(delay, begins),
            IncidentKind::ReplicationStall => self.failover().stream_stalls(agenda, begins),
            IncidentKind::DnsOutage { authority, mode } => {
                self.dns.outage(authority, mode, begins);
            }
            IncidentKind::RegionIsolation { region } => self.failover().isolation_changes(agenda, region, begins),
            IncidentKind::PathOutage { geography, region } => {
                self.failover().path_changes(agenda, geography, region, begins);
            }
            IncidentKind::CheckerOutage { geography, region } => {
                for hidden in RegionId::BOTH.into_iter().filter(|hidden| region.is_none_or(|only| only == *hidden)) {
                    self.regions.hide(geography, hidden, begins);
                }
            }
            IncidentKind::Gray { region, factor, errors } => {
                self.regions.grayness_changes(&self.setting, agenda.now(), region, (factor, errors), begins);
            }
            IncidentKind::ControlPlaneOutage { region, fails } if begins => {
                let number = self.books.incidents.occurrences_of(which.0) - 1;
                self.control_plane.fails(which.1, region, fails, self.setting.of_occurrence(which.0, number));
            }
            IncidentKind::ControlPlaneOutage { .. } => {
                let again = self.control_plane.returns(which.1);
                again.into_iter().for_each(|event| agenda.turning_point(agenda.now(), event));
            }
            IncidentKind::TrafficSurge { geography, factor } if begins => {
                self.visitors.surge_begins(agenda, &self.setting, which, geography, factor);
            }
            IncidentKind::TrafficSurge { .. } => self.visitors.surge_ends(which.1),
        }
    }

    fn outage(&mut self, agenda: &mut Agenda, region: RegionId, outage: Outage, begins: bool) {
        if begins {
            self.failover().outage_begins(agenda, region, outage);
        } else {
            self.failover().outage_ends(agenda, region, outage);
        }
    }
}
