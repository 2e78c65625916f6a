//! Reads incidents.

use std::collections::BTreeSet;

use super::document::{Node, Value};
use super::name::check_name;
use super::printable::quotation;
use super::read_world::{Names, unknown};
use super::reader::TableReader;
use super::suggest::listed;
use super::values::{duration, number_within, positive_duration, positive_share, share, text, texts};
use super::{
    Authority, Distribution, DnsMode, GeographyId, Incident, IncidentKind, OutageMode, RegionId, Schedule, Storage,
};
use crate::units::SimDuration;

/// The most times that a repeated incident may be expected to happen in one run.
const MOST_OCCURRENCES: f64 = 100_000.0;

/// Reads `[[incidents]]`; `horizon` is `None` if it had a problem.
pub(super) fn incidents(
    root: &mut TableReader<'_>,
    names: &Names,
    horizon: Option<SimDuration>,
) -> Option<Vec<Incident>> {
    let mut found: Vec<Incident> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut complete = true;
    for mut table in root.listed_tables("incidents") {
        let name = table.required("name", |node| {
            let name = text(node)?;
            check_name(&name)?;
            if seen.contains(&name) {
                return Err(format!("another incident is called {}; each needs a name of its own", quotation(&name)));
            }
            Ok(name)
        });
        seen.extend(name.clone());
        let kind = kind(&mut table, names);
        let schedule = schedule(&mut table, horizon);
        // Without a kind nobody can say which keys belong to it.
        if kind.is_some() {
            table.finish();
        }
        match (name, kind, schedule) {
            (Some(name), Some(kind), Some(schedule)) => found.push(Incident { name, kind, schedule }),
            _ => complete = false,
        }
    }
    complete.then_some(found)
}

/// A kind whose keys have not been read.
#[derive(Clone, Copy)]
enum Kind {
    RegionOutage,
    RegionIsolation,
    AppOutage,
    DatabaseOutage,
    LinkPartition,
    LinkSlow,
    ReplicationStall,
    DnsOutage,
    PathOutage,
    CheckerOutage,
    Gray,
    ControlPlaneOutage,
    TrafficSurge,
}

/// The kinds and their words.
const KINDS: [(&str, Kind); 13] = [
    ("region-outage", Kind::RegionOutage),
    ("region-isolation", Kind::RegionIsolation),
    ("app-outage", Kind::AppOutage),
    ("database-outage", Kind::DatabaseOutage),
    ("link-partition", Kind::LinkPartition),
    ("link-slow", Kind::LinkSlow),
    ("replication-stall", Kind::ReplicationStall),
    ("dns-outage", Kind::DnsOutage),
    ("path-outage", Kind::PathOutage),
    ("checker-outage", Kind::CheckerOutage),
    ("gray", Kind::Gray),
    ("control-plane-outage", Kind::ControlPlaneOutage),
    ("traffic-surge", Kind::TrafficSurge),
];

/// The largest factor of a gray region or a surge.
const LARGEST_FACTOR: f64 = 1_000.0;

fn kind(table: &mut TableReader<'_>, names: &Names) -> Option<IncidentKind> {
    match table.choice("kind", None, &KINDS)? {
        Kind::RegionOutage => {
            let (region, mode) = gone(table, names, OutageMode::Blackhole);
            Some(IncidentKind::RegionOutage { region: region?, mode: mode? })
        }
        Kind::AppOutage => {
            let (region, mode) = gone(table, names, OutageMode::Refuse);
            let share = table.or("share", 1.0, positive_share);
            Some(IncidentKind::AppOutage { region: region?, mode: mode?, share: share? })
        }
        Kind::DatabaseOutage => {
            let (region, mode) = gone(table, names, OutageMode::Refuse);
            let options = [("survives", Storage::Survives), ("destroyed", Storage::Destroyed)];
            let storage = table.choice("storage", Some(Storage::Survives), &options);
            Some(IncidentKind::DatabaseOutage { region: region?, mode: mode?, storage: storage? })
        }
        Kind::LinkPartition => the_link(table, names).map(|()| IncidentKind::LinkPartition),
        Kind::ReplicationStall => the_link(table, names).map(|()| IncidentKind::ReplicationStall),
        Kind::LinkSlow => {
            let link = the_link(table, names);
            let delay = table.required("delay", positive_duration);
            link.and(delay).map(|delay| IncidentKind::LinkSlow { delay })
        }
        Kind::DnsOutage => {
            let authority = table.required("target", |node| authority(node, names));
            let mode =
                table.choice("mode", Some(DnsMode::Silent), &[("silent", DnsMode::Silent), ("empty", DnsMode::Empty)]);
            let (authority, mode) = (authority?, mode?);
            if let (Authority::Resolvers(_), DnsMode::Empty) = (authority, mode) {
                table.problem("mode", "only the authorities, gtm and zone, can answer empty; resolvers are silent");
            }
            Some(IncidentKind::DnsOutage { authority, mode })
        }
        Kind::PathOutage => {
            let geography = table.required("target", |node| geography(node, names));
            let region = table.required("region", |node| names.region(&text(node)?));
            Some(IncidentKind::PathOutage { geography: geography?, region: region? })
        }
        Kind::CheckerOutage => {
            let geography = table.required("target", |node| geography(node, names));
            let region = table.optional("region", |node| names.region(&text(node)?));
            Some(IncidentKind::CheckerOutage { geography: geography?, region: region? })
        }
        Kind::TrafficSurge => {
            let geography = table.required("target", |node| geography(node, names));
            let factor = table.required("factor", number_within(0.0, LARGEST_FACTOR));
            Some(IncidentKind::TrafficSurge { geography: geography?, factor: factor? })
        }
        Kind::Gray => gray(table, names),
        Kind::ControlPlaneOutage => {
            let region = table.optional("target", |node| names.region(&text(node)?));
            let fails = table.or("fails", 1.0, positive_share);
            Some(IncidentKind::ControlPlaneOutage { region: region?, fails: fails? })
        }
        Kind::RegionIsolation => {
            let region = table.required("target", |node| names.region(&text(node)?))?;
            Some(IncidentKind::RegionIsolation { region })
        }
    }
}

/// Reads the target of a fault of the link, or of the stream that crosses it: there is one link.
fn the_link(table: &mut TableReader<'_>, names: &Names) -> Option<()> {
    let target = table.optional("target", |node| {
        let target = texts(node).and_then(|ends| names.order(&ends));
        target.map_err(|_| format!("there is one link; leave this out, or list both ends: {}", listed(&names.regions)))
    });
    target.map(|_| ())
}

fn gray(table: &mut TableReader<'_>, names: &Names) -> Option<IncidentKind> {
    let region = table.required("target", |node| names.region(&text(node)?));
    let factor = table.or("factor", 1.0, number_within(1.0, LARGEST_FACTOR));
    let errors = table.or("errors", 0.0, share);
    let (factor, errors) = (factor?, errors?);
    if factor == 1.0 && errors == 0.0 {
        table
            .problem("factor", "a gray region is slow (`factor` above 1), or answers with `errors` (above 0), or both");
        return None;
    }
    Some(IncidentKind::Gray { region: region?, factor, errors })
}

/// Reads where something is gone, and what its callers see.
fn gone(table: &mut TableReader<'_>, names: &Names, default: OutageMode) -> (Option<RegionId>, Option<OutageMode>) {
    let region = table.required("target", |node| names.region(&text(node)?));
    let options = [("blackhole", OutageMode::Blackhole), ("refuse", OutageMode::Refuse)];
    (region, table.choice("mode", Some(default), &options))
}

fn geography(node: &Node, names: &Names) -> Result<GeographyId, String> {
    let name = text(node)?;
    let at = names.geographies.iter().position(|known| *known == name);
    let at = at.ok_or_else(|| unknown("geography", &name, &names.geographies))?;
    GeographyId::try_from(at).map_err(|error| error.to_string())
}

fn authority(node: &Node, names: &Names) -> Result<Authority, String> {
    let Value::Text(word) = &node.value else { return text(node).map(|_| Authority::Gtm) };
    match word.as_str() {
        "gtm" => Ok(Authority::Gtm),
        "zone" => Ok(Authority::Zone),
        name => match names.geographies.iter().position(|known| known == name) {
            Some(at) => GeographyId::try_from(at).map(Authority::Resolvers).map_err(|error| error.to_string()),
            None => {
                let mut known = vec!["gtm".to_owned(), "zone".to_owned()];
                known.extend(names.geographies.iter().cloned());
                Err(unknown("authority", name, &known))
            }
        },
    }
}

fn schedule(table: &mut TableReader<'_>, horizon: Option<SimDuration>) -> Option<Schedule> {
    let at = table.optional("at", duration);
    let every = table.node("every").map(|_| table.durations("every"));
    let lasts = table.durations("lasts").filter(|lasts| takes_time(table, "lasts", lasts));
    match (at?, every) {
        (Some(_), Some(_)) => {
            table.problem("every", "an incident has either `at` or `every`, not both");
            None
        }
        (None, None) => {
            table.problem("at", "is missing: an incident needs `at` (once) or `every` (again and again)");
            None
        }
        (Some(at), None) => {
            if let Some(horizon) = horizon.filter(|horizon| at >= *horizon) {
                table.problem("at", format!("{at} is outside the run, which ends at its horizon of {horizon}"));
            }
            Some(Schedule::Once { at, lasts: lasts? })
        }
        (None, Some(every)) => {
            let (every, lasts) = (every?, lasts?);
            if !takes_time(table, "every", &every) {
                return None;
            }
            let times = horizon.map_or(0.0, |horizon| {
                let horizon_s = horizon.as_secs_f64();
                horizon_s / (every.limited_mean(horizon_s) + lasts.limited_mean(horizon_s))
            });
            if times > MOST_OCCURRENCES {
                table.problem(
                    "every",
                    format!("would happen about {times:.0} times in a run; at most {MOST_OCCURRENCES}"),
                );
            }
            Some(Schedule::Renewal { every, lasts })
        }
    }
}

fn takes_time(table: &TableReader<'_>, key: &str, length: &Distribution) -> bool {
    let takes_time = length.mean() > 0.0;
    if !takes_time {
        table.problem(key, "is too short; it must be above 0s");
    }
    takes_time
}
