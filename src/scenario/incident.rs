//! Incidents: what goes wrong, where, when and for how long.

use serde::Serialize;

use super::{Distribution, RegionId};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum IncidentKind {
    /// App pool, database and network of a region are gone, connections with them.
    RegionOutage {
        /// Where.
        region: RegionId,
        /// What its callers see (default: silence).
        mode: OutageMode,
    },
    /// The app pool of a region is gone.
    AppOutage {
        /// Where.
        region: RegionId,
        /// What its callers see (default: refusals).
        mode: OutageMode,
    },
    /// The database node of a region is gone; its storage survives.
    DatabaseOutage {
        /// Where.
        region: RegionId,
        /// What its callers see (default: refusals).
        mode: OutageMode,
    },
    /// No packet passes between the two regions.
    LinkPartition,
    /// An authority, or the resolvers of a geography, do not give answers.
    DnsOutage {
        /// Which.
        authority: Authority,
        /// What those who ask see.
        #[serde(skip_serializing_if = "DnsMode::is_silent")]
        mode: DnsMode,
    },
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
    /// The resolvers of the geography at this place in file order.
    Resolvers(usize),
}
