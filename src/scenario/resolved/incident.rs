//! The keys of an incident.

use super::spelling::Table;
use crate::scenario::distribution::Quantity;
use crate::scenario::geography_id::GeographyId;
use crate::scenario::incident::{Authority, Fault, Incident, IncidentKind, Schedule};
use crate::scenario::text::words::Words;
use crate::scenario::whole::Scenario;

/// Lists the keys of `incident`, which is one of `scenario`'s.
pub(super) fn incident(table: &mut Table<'_>, incident: &Incident, scenario: &Scenario) {
    let Incident { name: _, kind: what, schedule } = incident;
    kind(table, what, scenario);
    match schedule {
        Schedule::Once { at, lasts } => {
            table.set("at", at);
            table.distribution("lasts", lasts, Quantity::Duration);
        }
        Schedule::Renewal { every, lasts } => {
            table.distribution("every", every, Quantity::Duration);
            table.distribution("lasts", lasts, Quantity::Duration);
        }
    }
}

fn kind(table: &mut Table<'_>, kind: &IncidentKind, scenario: &Scenario) {
    let region_name = |region| scenario.region_name(region);
    let geography_name = |geography: GeographyId| scenario.geographies[geography].name.as_str();
    match *kind {
        IncidentKind::RegionOutage { region, mode } => {
            table.set("kind", Fault::RegionOutage.word());
            table.set("target", region_name(region));
            table.set("mode", mode.word());
        }
        IncidentKind::RegionIsolation { region, in_flight } => {
            table.set("kind", Fault::RegionIsolation.word());
            table.set("target", region_name(region));
            table.set("in_flight", in_flight.word());
        }
        IncidentKind::AppOutage { region, mode, share } => {
            table.set("kind", Fault::AppOutage.word());
            table.set("target", region_name(region));
            table.set("mode", mode.word());
            table.set("share", &share);
        }
        IncidentKind::DatabaseOutage { region, mode, storage } => {
            table.set("kind", Fault::DatabaseOutage.word());
            table.set("target", region_name(region));
            table.set("mode", mode.word());
            table.set("storage", storage.word());
        }
        // There is one link, which needs no name.
        IncidentKind::LinkPartition { in_flight } => {
            table.set("kind", Fault::LinkPartition.word());
            table.set("in_flight", in_flight.word());
        }
        IncidentKind::LinkSlow { delay } => {
            table.set("kind", Fault::LinkSlow.word());
            table.set("delay", &delay);
        }
        IncidentKind::ReplicationStall => table.set("kind", Fault::ReplicationStall.word()),
        IncidentKind::PathOutage { geography, region, in_flight } => {
            table.set("kind", Fault::PathOutage.word());
            table.set("target", geography_name(geography));
            table.set("region", region_name(region));
            table.set("in_flight", in_flight.word());
        }
        IncidentKind::CheckerOutage { geography, region } => {
            table.set("kind", Fault::CheckerOutage.word());
            table.set("target", geography_name(geography));
            if let Some(region) = region {
                table.set("region", region_name(region));
            }
        }
        IncidentKind::Gray { region, factor, errors } => {
            table.set("kind", Fault::Gray.word());
            table.set("target", region_name(region));
            table.set("factor", &factor);
            table.set("errors", &errors);
        }
        IncidentKind::ControlPlaneOutage { region, fails } => {
            table.set("kind", Fault::ControlPlaneOutage.word());
            if let Some(region) = region {
                table.set("target", region_name(region));
            }
            table.set("fails", &fails);
        }
        IncidentKind::TrafficSurge { geography, factor } => {
            table.set("kind", Fault::TrafficSurge.word());
            table.set("target", geography_name(geography));
            table.set("factor", &factor);
        }
        IncidentKind::DnsOutage { authority, mode } => {
            table.set("kind", Fault::DnsOutage.word());
            let target = match authority {
                Authority::Gtm => "gtm",
                Authority::Zone => "zone",
                Authority::Resolvers(geography) => geography_name(geography),
            };
            table.set("target", target);
            table.set("mode", mode.word());
        }
    }
}
