//! The keys of an incident.

use super::spelling::{Quantity, Table};
use crate::scenario::{
    Authority, DnsMode, GeographyId, Incident, IncidentKind, OutageMode, Scenario, Schedule, Storage,
};

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
            table.set("kind", "region-outage");
            table.set("target", region_name(region));
            table.set("mode", outage(mode));
        }
        IncidentKind::RegionIsolation { region } => {
            table.set("kind", "region-isolation");
            table.set("target", region_name(region));
        }
        IncidentKind::AppOutage { region, mode, share } => {
            table.set("kind", "app-outage");
            table.set("target", region_name(region));
            table.set("mode", outage(mode));
            table.set("share", &share);
        }
        IncidentKind::DatabaseOutage { region, mode, storage } => {
            table.set("kind", "database-outage");
            table.set("target", region_name(region));
            table.set("mode", outage(mode));
            let word = match storage {
                Storage::Survives => "survives",
                Storage::Destroyed => "destroyed",
            };
            table.set("storage", word);
        }
        // There is one link, which needs no name.
        IncidentKind::LinkPartition => table.set("kind", "link-partition"),
        IncidentKind::LinkSlow { delay } => {
            table.set("kind", "link-slow");
            table.set("delay", &delay);
        }
        IncidentKind::ReplicationStall => table.set("kind", "replication-stall"),
        IncidentKind::PathOutage { geography, region } => {
            table.set("kind", "path-outage");
            table.set("target", geography_name(geography));
            table.set("region", region_name(region));
        }
        IncidentKind::CheckerOutage { geography, region } => {
            table.set("kind", "checker-outage");
            table.set("target", geography_name(geography));
            if let Some(region) = region {
                table.set("region", region_name(region));
            }
        }
        IncidentKind::Gray { region, factor, errors } => {
            table.set("kind", "gray");
            table.set("target", region_name(region));
            table.set("factor", &factor);
            table.set("errors", &errors);
        }
        IncidentKind::ControlPlaneOutage { region, fails } => {
            table.set("kind", "control-plane-outage");
            if let Some(region) = region {
                table.set("target", region_name(region));
            }
            table.set("fails", &fails);
        }
        IncidentKind::TrafficSurge { geography, factor } => {
            table.set("kind", "traffic-surge");
            table.set("target", geography_name(geography));
            table.set("factor", &factor);
        }
        IncidentKind::DnsOutage { authority, mode } => {
            table.set("kind", "dns-outage");
            let target = match authority {
                Authority::Gtm => "gtm",
                Authority::Zone => "zone",
                Authority::Resolvers(geography) => geography_name(geography),
            };
            table.set("target", target);
            let word = match mode {
                DnsMode::Silent => "silent",
                DnsMode::Empty => "empty",
            };
            table.set("mode", word);
        }
    }
}

fn outage(mode: OutageMode) -> &'static str {
    match mode {
        OutageMode::Blackhole => "blackhole",
        OutageMode::Refuse => "refuse",
    }
}
