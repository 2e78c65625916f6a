//! Incidents: what goes wrong, where, when and for how long.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;

use super::distribution::{DURATIONS, Distribution};
use super::geography_id::GeographyId;
use super::known_names::Names;
use super::region_id::RegionId;
use super::text::document::Node;
use super::text::kind::{ABOVE_ZERO, DURATION, PlainNumber, SHARE, SOME_SHARE, any_text, one_of, special, text};
use super::text::name::check_name;
use super::text::printable::quotation;
use super::text::reader::TableReader;
use super::text::suggest::{listed, unknown};
use super::text::words::words;
use crate::units::SimDuration;

/// Something that goes wrong, once or again and again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    /// Name, as in the file.
    pub name: String,
    /// Its effect, and what it hits.
    pub kind: IncidentKind,
    /// Time at which it happens.
    pub schedule: Schedule,
}

/// Times of an incident.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Once.
    Once {
        /// Time from the start of the run.
        at: SimDuration,
        /// Length, in seconds.
        lasts: Distribution,
    },
    /// Again and again; the next gap starts when an incident has ended.
    Renewal {
        /// Time from the end of one to the start of the next, in seconds.
        every: Distribution,
        /// Length, in seconds.
        lasts: Distribution,
    },
}

/// Effect of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IncidentKind {
    /// App pool, database and network of a region are gone, connections with them.
    RegionOutage {
        /// Where.
        region: RegionId,
        /// Answer that its callers get (default: silence).
        mode: OutageMode,
    },
    /// The network of a region is cut off from visitors, checkers and the other region; inside, everything runs on.
    RegionIsolation {
        /// Where.
        region: RegionId,
        /// Fate of what is on the way when it begins (default: it arrives).
        #[serde(skip_serializing_if = "InFlight::is_delivered")]
        in_flight: InFlight,
    },
    /// The app pool of a region is gone, or a share of its instances.
    AppOutage {
        /// Where.
        region: RegionId,
        /// Answer that its callers get (default: refusals).
        mode: OutageMode,
        /// Share of the instances that are gone, rounded up to whole ones (default: all).
        #[serde(skip_serializing_if = "is_whole")]
        share: f64,
    },
    /// The database node of a region is gone.
    DatabaseOutage {
        /// Where.
        region: RegionId,
        /// Answer that its callers get (default: refusals).
        mode: OutageMode,
        /// Fate of its data (default: it survives).
        #[serde(skip_serializing_if = "Storage::survives")]
        storage: Storage,
    },
    /// No packet passes between the two regions.
    LinkPartition {
        /// Fate of what is on the way when it begins (default: it arrives).
        #[serde(skip_serializing_if = "InFlight::is_delivered")]
        in_flight: InFlight,
    },
    /// Packets between the two regions take longer.
    LinkSlow {
        /// Added to the link's round-trip time.
        delay: SimDuration,
    },
    /// The replication stream stops; everything else runs.
    ReplicationStall,
    /// A geography's visitors and checkers cannot reach a region: packets vanish, both ways.
    PathOutage {
        /// Which geography.
        geography: GeographyId,
        /// Which region.
        region: RegionId,
        /// Fate of what is on the way when it begins (default: it arrives).
        #[serde(skip_serializing_if = "InFlight::is_delivered")]
        in_flight: InFlight,
    },
    /// A geography's checkers cannot see a region, or either; its visitors can.
    CheckerOutage {
        /// Which geography.
        geography: GeographyId,
        /// Which region; `None`: both.
        region: Option<RegionId>,
    },
    /// A region works, but badly.
    Gray {
        /// Where.
        region: RegionId,
        /// Factor on the service times of its app and its database.
        factor: f64,
        /// Probability that a request that its app has served is answered with an error.
        errors: f64,
    },
    /// Nothing is changed: no decision to promote, no new answer, no standby that grows. What serves goes on serving.
    ControlPlaneOutage {
        /// Where; `None`: everywhere.
        region: Option<RegionId>,
        /// Probability that a change fails, and is made up for at the end (default: 1).
        fails: f64,
    },
    /// More visitors than usual, or fewer.
    TrafficSurge {
        /// Which geography.
        geography: GeographyId,
        /// Factor on the rate at which its sessions start.
        factor: f64,
    },
    /// An authority, or the resolvers of a geography, do not give answers.
    DnsOutage {
        /// Which.
        authority: Authority,
        /// Answer that those who ask get.
        #[serde(skip_serializing_if = "DnsMode::is_silent")]
        mode: DnsMode,
    },
}

/// Tells if a share is the whole, the default: a scenario that says so is the same as one that says nothing.
fn is_whole(share: &f64) -> bool {
    *share == 1.0
}

/// Answer that the callers of something dead get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutageMode {
    /// Silence until their timeout.
    Blackhole,
    /// A refusal or a reset, at once.
    Refuse,
}

/// Fate of the data of a node that is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Storage {
    /// It is there when the node is back.
    #[default]
    Survives,
    /// It is gone: the node comes back empty and needs a full copy.
    Destroyed,
}

impl Storage {
    fn survives(&self) -> bool {
        *self == Storage::Survives
    }
}

/// Fate of what is on the way when a way is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InFlight {
    /// It arrives, once.
    #[default]
    Delivered,
    /// It meets what enters the way later meets.
    Lost,
}

impl InFlight {
    fn is_delivered(&self) -> bool {
        *self == InFlight::Delivered
    }
}

/// Answer that those who ask an authority get while it is out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DnsMode {
    /// Silence until their timeout.
    #[default]
    Silent,
    /// An answer without an address, at once.
    Empty,
}

impl DnsMode {
    fn is_silent(&self) -> bool {
        *self == DnsMode::Silent
    }
}

/// Part of the name system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// The traffic manager's name servers.
    Gtm,
    /// The name servers of the site's own zone.
    Zone,
    /// The resolvers of a geography.
    Resolvers(GeographyId),
}

words!(OutageMode: "blackhole" => Blackhole, "refuse" => Refuse);
words!(Storage: "survives" => Survives, "destroyed" => Destroyed);
words!(InFlight: "delivered" => Delivered, "lost" => Lost);
words!(DnsMode: "silent" => Silent, "empty" => Empty);

/// The words for [`IncidentKind`].
#[derive(Clone, Copy)]
pub(super) enum Fault {
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

words!(
    Fault:
    "region-outage" => RegionOutage,
    "region-isolation" => RegionIsolation,
    "app-outage" => AppOutage,
    "database-outage" => DatabaseOutage,
    "link-partition" => LinkPartition,
    "link-slow" => LinkSlow,
    "replication-stall" => ReplicationStall,
    "dns-outage" => DnsOutage,
    "path-outage" => PathOutage,
    "checker-outage" => CheckerOutage,
    "gray" => Gray,
    "control-plane-outage" => ControlPlaneOutage,
    "traffic-surge" => TrafficSurge,
);

/// The most times that a repeated incident may be expected to happen in one run.
const MOST_OCCURRENCES: f64 = 100_000.0;
/// The largest factor of a gray region or a surge.
const LARGEST_FACTOR: f64 = 1_000.0;

impl Incident {
    /// Reads `[[incidents]]`; `horizon` is `None` if it had a problem.
    pub(super) fn read_all(root: &mut TableReader<'_>, names: &Names, horizon: Option<SimDuration>) -> Vec<Incident> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        root.key("incidents", "what goes wrong").list_of_tables("list of tables", |table| {
            let name = special("name", any_text, String::new(), |node| {
                let name = text(node)?;
                check_name(&name)?;
                if seen.contains(&name) {
                    return Err(format!(
                        "another incident is called {}; each needs a name of its own",
                        quotation(&name)
                    ));
                }
                Ok(name)
            });
            let name = table.key("name", "its name; no two alike").required(name);
            if table.is_sound(&["name"]) {
                seen.insert(name.clone());
            }
            let kind = table.deciding(|table| IncidentKind::read(table, names));
            Incident { name, kind, schedule: Schedule::read(table, horizon) }
        })
    }
}

impl IncidentKind {
    fn read(table: &mut TableReader<'_>, names: &Names) -> Self {
        table.key("kind", "what it does").decides(None, "", |table, fault| match fault {
            Fault::RegionOutage => IncidentKind::RegionOutage {
                region: region(table, names),
                mode: outage_mode(table, OutageMode::Blackhole),
            },
            Fault::RegionIsolation => {
                IncidentKind::RegionIsolation { region: region(table, names), in_flight: in_flight(table) }
            }
            Fault::AppOutage => IncidentKind::AppOutage {
                region: region(table, names),
                mode: outage_mode(table, OutageMode::Refuse),
                share: table.key("share", "share of the instances switched on, rounded up").or(SOME_SHARE, 1.0, ""),
            },
            Fault::DatabaseOutage => IncidentKind::DatabaseOutage {
                region: region(table, names),
                mode: outage_mode(table, OutageMode::Refuse),
                storage: table.key("storage", "whether its data is there when it is back").or(
                    one_of(),
                    Storage::Survives,
                    "",
                ),
            },
            Fault::LinkPartition => {
                the_link(table, names);
                IncidentKind::LinkPartition { in_flight: in_flight(table) }
            }
            Fault::ReplicationStall => {
                the_link(table, names);
                IncidentKind::ReplicationStall
            }
            Fault::LinkSlow => {
                the_link(table, names);
                let delay = table.key("delay", "added to the link's round-trip time").required(ABOVE_ZERO);
                IncidentKind::LinkSlow { delay }
            }
            Fault::DnsOutage => dns_outage(table, names),
            Fault::PathOutage => IncidentKind::PathOutage {
                geography: geography(table, names),
                region: table.key("region", OUT_OF_REACH).required(names.a_region()),
                in_flight: in_flight(table),
            },
            Fault::CheckerOutage => IncidentKind::CheckerOutage {
                geography: geography(table, names),
                region: table.key("region", OUT_OF_REACH).optional(names.a_region()),
            },
            Fault::Gray => gray(table, names),
            Fault::ControlPlaneOutage => IncidentKind::ControlPlaneOutage {
                region: table.key("target", TARGET).optional(names.a_region()),
                fails: table
                    .key("fails", "probability that a change fails, and is made only at the end")
                    .or(SOME_SHARE, 1.0, ""),
            },
            Fault::TrafficSurge => IncidentKind::TrafficSurge {
                geography: geography(table, names),
                factor: table
                    .key("factor", "what the rate of sessions is multiplied by")
                    .required(PlainNumber::Within(0.0, LARGEST_FACTOR)),
            },
        })
    }

    /// Returns whether it loses answers that are on their way to visitors when it begins.
    pub fn loses_answers(&self) -> bool {
        matches!(
            self,
            IncidentKind::RegionIsolation { in_flight: InFlight::Lost, .. }
                | IncidentKind::PathOutage { in_flight: InFlight::Lost, .. }
        )
    }

    /// Returns the geography whose visitors alone it can touch; `None` if it can touch all.
    pub fn audience(&self) -> Option<GeographyId> {
        match self {
            IncidentKind::PathOutage { geography, .. }
            | IncidentKind::CheckerOutage { geography, .. }
            | IncidentKind::DnsOutage { authority: Authority::Resolvers(geography), .. } => Some(*geography),
            IncidentKind::DnsOutage { authority: Authority::Gtm | Authority::Zone, .. }
            | IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::AppOutage { .. }
            | IncidentKind::DatabaseOutage { .. }
            | IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::Gray { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => None,
        }
    }
}

const TARGET: &str = "to what";
const OUT_OF_REACH: &str = "which region is out of reach; none: both";
const MODE: &str = "what callers see: silence, or a refusal or an empty answer at once";

fn region(table: &mut TableReader<'_>, names: &Names) -> RegionId {
    table.key("target", TARGET).required(names.a_region())
}

fn geography(table: &mut TableReader<'_>, names: &Names) -> GeographyId {
    table.key("target", TARGET).required(names.a_geography())
}

fn outage_mode(table: &mut TableReader<'_>, default: OutageMode) -> OutageMode {
    table.key("mode", MODE).or(one_of(), default, "")
}

/// Reads what becomes of packets that are on the way when it is cut.
fn in_flight(table: &mut TableReader<'_>) -> InFlight {
    let about = "what becomes of all that is on the way when it is cut: it arrives, or is lost like what is sent later";
    table.key("in_flight", about).or(one_of(), InFlight::Delivered, "")
}

/// Reads the target of a fault of the link, or of the stream that crosses it: there is one link.
fn the_link(table: &mut TableReader<'_>, names: &Names) {
    let both = special(
        "both regions",
        || json!({ "type": "array" }),
        RegionId::BOTH,
        |node| {
            let only = |_| format!("there is one link; leave this out, or list both ends: {}", listed(&names.regions));
            names.order(node).map_err(only)
        },
    );
    table.key("target", TARGET).optional(both);
}

fn gray(table: &mut TableReader<'_>, names: &Names) -> IncidentKind {
    let region = region(table, names);
    let factor = table.key("factor", "what service times are multiplied by").or(
        PlainNumber::Within(1.0, LARGEST_FACTOR),
        1.0,
        "",
    );
    let errors = table.key("errors", "probability that a request is answered with an error").or(SHARE, 0.0, "");
    if table.is_sound(&["factor", "errors"]) && factor == 1.0 && errors == 0.0 {
        table.refuse("factor", "a gray region is slow (`factor` above 1), or answers with `errors` (above 0), or both");
    }
    IncidentKind::Gray { region, factor, errors }
}

fn dns_outage(table: &mut TableReader<'_>, names: &Names) -> IncidentKind {
    let target =
        special("`gtm`, `zone`, geography (its resolvers)", any_text, Authority::Gtm, |node| authority(node, names));
    let authority = table.key("target", TARGET).required(target);
    let mode = table.key("mode", MODE).or(one_of(), DnsMode::Silent, "");
    if let (Authority::Resolvers(_), DnsMode::Empty, true) = (authority, mode, table.is_sound(&["target", "mode"])) {
        table.problem("mode", "only the authorities, gtm and zone, can answer empty; resolvers are silent");
    }
    IncidentKind::DnsOutage { authority, mode }
}

fn authority(node: &Node, names: &Names) -> Result<Authority, String> {
    let name = text(node)?;
    match (name.as_str(), names.geographies.iter().position(|known| *known == name)) {
        ("gtm", _) => Ok(Authority::Gtm),
        ("zone", _) => Ok(Authority::Zone),
        (_, Some(at)) => GeographyId::try_from(at).map(Authority::Resolvers).map_err(|error| error.to_string()),
        (_, None) => {
            let mut known = vec!["gtm".to_owned(), "zone".to_owned()];
            known.extend(names.geographies.iter().cloned());
            Err(unknown("authority", &name, &known))
        }
    }
}

impl Schedule {
    fn read(table: &mut TableReader<'_>, horizon: Option<SimDuration>) -> Self {
        let at = table.key("at", "once, at this time, below the horizon").optional(DURATION);
        let every = table
            .key("every", "again and again; the gap from the end of one to the start of the next")
            .optional(DURATIONS);
        let lasts = table.key("lasts", "how long").required(DURATIONS);
        takes_time(table, "lasts", &lasts);
        match (at, every, table.has("every")) {
            (Some(_), _, true) => {
                table.refuse("every", "an incident has either `at` or `every`, not both");
            }
            (None, _, false) if table.is_sound(&["at"]) => {
                table.refuse("at", "is missing: an incident needs `at` (once) or `every` (again and again)");
            }
            (Some(at), _, false) => {
                if let Some(horizon) = horizon.filter(|horizon| at >= *horizon) {
                    let message = format!("{at} is outside the run, which ends at its horizon of {horizon}");
                    table.problem("at", message);
                }
                return Schedule::Once { at, lasts };
            }
            (None, Some(every), true) if table.is_sound(&["at", "lasts"]) => {
                takes_time(table, "every", &every);
                if let (Some(horizon), true) = (horizon, table.is_sound(&["every"])) {
                    let horizon_s = horizon.as_secs_f64();
                    let times = horizon_s / (every.limited_mean(horizon_s) + lasts.limited_mean(horizon_s));
                    if times > MOST_OCCURRENCES {
                        let message =
                            format!("would happen about {times:.0} times in a run; at most {MOST_OCCURRENCES}");
                        table.problem("every", message);
                    }
                }
                return Schedule::Renewal { every, lasts };
            }
            (None, ..) => {}
        }
        Schedule::Once { at: SimDuration::ZERO, lasts }
    }
}

fn takes_time(table: &mut TableReader<'_>, key: &'static str, length: &Distribution) {
    if table.is_sound(&[key]) && length.mean() <= 0.0 {
        table.refuse(key, "is too short; it must be above 0s");
    }
}
