//! Incidents: what goes wrong, where, when and for how long.

use serde::Serialize;

use super::{Distribution, GeographyId, RegionId};
use crate::units::SimDuration;

/// Something that goes wrong, once or again and again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incident {
    /// Name, as in the file.
    pub name: String,
    /// What it does, and to what.
    pub kind: IncidentKind,
    /// When it happens.
    pub schedule: Schedule,
}

/// When an incident happens.
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

/// What an incident does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IncidentKind {
    /// App pool, database and network of a region are gone, connections with them.
    RegionOutage {
        /// Where.
        region: RegionId,
        /// What its callers see (default: silence).
        mode: OutageMode,
    },
    /// The network of a region is cut off from visitors, checkers and the other region; inside, everything runs on.
    RegionIsolation {
        /// Where.
        region: RegionId,
    },
    /// The app pool of a region is gone, or a share of its instances.
    AppOutage {
        /// Where.
        region: RegionId,
        /// What its callers see (default: refusals).
        mode: OutageMode,
        /// Share of the instances that are gone, rounded up to whole ones (default: all).
        #[serde(skip_serializing_if = "is_whole")]
        share: f64,
    },
    /// The database node of a region is gone.
    DatabaseOutage {
        /// Where.
        region: RegionId,
        /// What its callers see (default: refusals).
        mode: OutageMode,
        /// What becomes of its data (default: it survives).
        #[serde(skip_serializing_if = "Storage::survives")]
        storage: Storage,
    },
    /// No packet passes between the two regions.
    LinkPartition,
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
        /// What the service times of its app and its database are multiplied by.
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
        /// What the rate at which its sessions start is multiplied by.
        factor: f64,
    },
    /// An authority, or the resolvers of a geography, do not give answers.
    DnsOutage {
        /// Which.
        authority: Authority,
        /// What those who ask see.
        #[serde(skip_serializing_if = "DnsMode::is_silent")]
        mode: DnsMode,
    },
}

/// Whether a share is the whole, the default: a scenario that says so is the same as one that says nothing.
fn is_whole(share: &f64) -> bool {
    *share == 1.0
}

/// What the callers of something dead see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutageMode {
    /// Silence until their timeout.
    Blackhole,
    /// A refusal or a reset, at once.
    Refuse,
}

/// What becomes of the data of a node that is gone.
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

/// What those who ask an authority see while it is out.
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

impl IncidentKind {
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
            | IncidentKind::LinkPartition
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::Gray { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => None,
        }
    }
}
