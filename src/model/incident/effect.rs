//! Effects of incidents: each kind takes something away, and gives it back.

use super::super::event::Scheduler;
use super::super::region::{Failover, Outage, Part, Serving};
use super::incident_id::IncidentId;
use super::schedule::{Incidents, Occurred};
use crate::scenario::{IncidentKind, RegionId, Storage};

/// Incidents, and what they touch.
pub(in super::super) struct Effects<'w> {
    pub(in super::super) failover: Failover<'w>,
}

impl Effects<'_> {
    /// An incident begins.
    pub(in super::super) fn incident_starts(&mut self, scheduler: &mut Scheduler, incident: IncidentId) {
        let Serving { books, setting, data, .. } = &mut self.failover.serving;
        let occurred = Incidents { books, setting }.begins(scheduler, incident, data.primary());
        self.take_effect(scheduler, occurred, true);
    }

    /// An occurrence of an incident ends.
    pub(in super::super) fn incident_ends(&mut self, scheduler: &mut Scheduler, occurrence: u32) {
        let Serving { books, setting, data, .. } = &mut self.failover.serving;
        let occurred = Incidents { books, setting }.ends(scheduler, occurrence);
        let backlogs = data.backlogs();
        self.take_effect(scheduler, occurred, false);
        self.failover.note_backlogs_left(occurrence, backlogs);
    }

    /// Begins or ends the effect of an incident.
    fn take_effect(&mut self, scheduler: &mut Scheduler, occurred: Occurred, begins: bool) {
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
                serving.regions.grayness_changes(serving.setting, scheduler.now(), region, (factor, errors), begins);
            }
            IncidentKind::ControlPlaneOutage { region, fails } if begins => {
                control_plane.begins(occurrence, region, fails, serving.setting.of_occurrence(incident, number));
            }
            IncidentKind::ControlPlaneOutage { .. } => {
                let again = control_plane.ends(occurrence);
                again.into_iter().for_each(|event| scheduler.schedule_bound(scheduler.now(), event));
            }
            IncidentKind::TrafficSurge { geography, factor } if begins => {
                serving.visitors.surge_begins(scheduler, serving.setting, (incident, occurrence), geography, factor);
            }
            IncidentKind::TrafficSurge { .. } => serving.visitors.surge_ends(occurrence),
            IncidentKind::RegionOutage { region, mode } => {
                self.outage(scheduler, region, Outage { of: Part::Region, mode }, begins);
            }
            IncidentKind::AppOutage { region, mode, share } => {
                let of = if share < 1.0 { Part::Instances(share) } else { Part::App };
                self.outage(scheduler, region, Outage { of, mode }, begins);
            }
            IncidentKind::DatabaseOutage { region, mode, storage } => {
                self.outage(scheduler, region, Outage { of: Part::Node, mode }, begins);
                if begins && storage == Storage::Destroyed {
                    self.failover.storage_destroyed(scheduler, region, occurrence);
                }
            }
            IncidentKind::LinkPartition { in_flight } if begins => self.failover.link_cut(scheduler, in_flight),
            IncidentKind::LinkPartition { .. } => self.failover.link_heals(scheduler),
            IncidentKind::ReplicationStall => self.failover.stream_stalls(scheduler, begins),
            IncidentKind::RegionIsolation { region, in_flight } => {
                self.failover.isolation_changes(scheduler, region, begins.then_some(in_flight));
            }
            IncidentKind::PathOutage { geography, region, in_flight } => {
                self.failover.path_changes(scheduler, geography, region, begins.then_some(in_flight));
            }
        }
    }

    fn outage(&mut self, scheduler: &mut Scheduler, region: RegionId, outage: Outage, begins: bool) {
        if begins {
            self.failover.outage_begins(scheduler, region, outage);
        } else {
            self.failover.outage_ends(scheduler, region, outage);
        }
    }
}

#[cfg(test)]
mod tests;
