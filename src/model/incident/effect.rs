//! Effects of incidents: each kind takes something away, and gives it back.

use super::super::event::Agenda;
use super::super::region::{Failover, Outage, Part, Serving};
use super::schedule::Occurred;
use super::{IncidentId, Incidents};
use crate::scenario::{IncidentKind, RegionId, Storage};

/// Incidents, and what they touch.
pub(in super::super) struct Effects<'w> {
    pub(in super::super) failover: Failover<'w>,
}

impl Effects<'_> {
    /// An incident begins.
    pub(in super::super) fn incident_starts(&mut self, agenda: &mut Agenda, incident: IncidentId) {
        let Serving { books, setting, data, .. } = &mut self.failover.serving;
        let occurred = Incidents { books, setting }.begins(agenda, incident, data.primary());
        self.take_effect(agenda, occurred, true);
    }

    /// An occurrence of an incident ends.
    pub(in super::super) fn incident_ends(&mut self, agenda: &mut Agenda, occurrence: u32) {
        let Serving { books, setting, data, .. } = &mut self.failover.serving;
        let occurred = Incidents { books, setting }.ends(agenda, occurrence);
        let backlogs = data.backlogs();
        self.take_effect(agenda, occurred, false);
        self.failover.note_backlogs_left(occurrence, backlogs);
    }

    /// Begins or ends the effect of an incident.
    fn take_effect(&mut self, agenda: &mut Agenda, occurred: Occurred, begins: bool) {
        let Occurred { incident, number, occurrence, kind } = occurred;
        let Failover { serving, control_plane } = &mut self.failover;
        match kind {
            IncidentKind::DnsOutage { authority, mode } => serving.dns.outage(authority, mode, begins),
            IncidentKind::LinkSlow { delay } => serving.regions.link_slows(delay, begins),
            IncidentKind::CheckerOutage { geography, region } => {
                for hidden in RegionId::BOTH.into_iter().filter(|hidden| region.is_none_or(|only| only == *hidden)) {
                    serving.regions.hide(geography, hidden, begins);
                }
            }
            IncidentKind::Gray { region, factor, errors } => {
                serving.regions.grayness_changes(serving.setting, agenda.now(), region, (factor, errors), begins);
            }
            IncidentKind::ControlPlaneOutage { region, fails } if begins => {
                control_plane.begins(occurrence, region, fails, serving.setting.of_occurrence(incident, number));
            }
            IncidentKind::ControlPlaneOutage { .. } => {
                let again = control_plane.ends(occurrence);
                again.into_iter().for_each(|event| agenda.turning_point(agenda.now(), event));
            }
            IncidentKind::TrafficSurge { geography, factor } if begins => {
                serving.visitors.surge_begins(agenda, serving.setting, (incident, occurrence), geography, factor);
            }
            IncidentKind::TrafficSurge { .. } => serving.visitors.surge_ends(occurrence),
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
                    self.failover.storage_destroyed(agenda, region, occurrence);
                }
            }
            IncidentKind::LinkPartition if begins => self.failover.link_cut(agenda),
            IncidentKind::LinkPartition => self.failover.link_heals(agenda),
            IncidentKind::ReplicationStall => self.failover.stream_stalls(agenda, begins),
            IncidentKind::RegionIsolation { region } => self.failover.isolation_changes(agenda, region, begins),
            IncidentKind::PathOutage { geography, region } => {
                self.failover.path_changes(agenda, geography, region, begins);
            }
        }
    }

    fn outage(&mut self, agenda: &mut Agenda, region: RegionId, outage: Outage, begins: bool) {
        if begins {
            self.failover.outage_begins(agenda, region, outage);
        } else {
            self.failover.outage_ends(agenda, region, outage);
        }
    }
}

#[cfg(test)]
mod tests;
