//! Where reads and writes go, and how apps find the node to call.

use serde::Serialize;

use super::conflicts::Conflicts;
use super::dns::Dns;
use super::known_names::Names;
use super::region_id::RegionId;
use super::text::kind::{ABOVE_ZERO, Count, PERIOD, one_of};
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// Where reads and writes go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatabasePlan {
    /// Nodes that take writes.
    pub writes: Writes,
    /// Region of the primary at the start (multi-primary: the first region).
    pub primary: RegionId,
    /// Where apps read.
    pub reads: Reads,
    /// Way in which apps find the node to call.
    pub endpoint: Endpoint,
}

/// Nodes that take writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "writes", rename_all = "kebab-case")]
pub enum Writes {
    /// One primary.
    SinglePrimary,
    /// Both nodes, each shipping its commits to the other.
    MultiPrimary {
        /// Fate of two writes to one key of which neither had seen the other.
        conflicts: Conflicts,
    },
}

/// Where apps read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// From the node of their own region.
    Local,
    /// From the primary.
    Primary,
    /// Nowhere: a static site, whose apps answer by themselves.
    Nowhere,
}

/// Way in which apps find another node when theirs fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "via", rename_all = "kebab-case")]
pub enum Endpoint {
    /// The endpoint is a name of the traffic manager, with health checks on the node; each instance caches the answer.
    Dns {
        /// For how long.
        ttl: SimDuration,
    },
    /// The database driver counts errors and tries the other node.
    Driver {
        /// Errors in a row after which it changes over (default 3).
        errors: u32,
        /// Number of times that it tests the first node again (default 10 s).
        retest: SimDuration,
    },
}

words!(Reads: "local" => Local, "primary" => Primary, "none" => Nowhere);

/// The words for [`Writes`].
#[derive(Clone, Copy)]
pub(super) enum Primaries {
    Single,
    Multi,
}

words!(Primaries: "single-primary" => Single, "multi-primary" => Multi);

/// The words for [`Endpoint`].
#[derive(Clone, Copy)]
pub(super) enum Via {
    Dns,
    Driver,
}

words!(Via: "dns" => Dns, "driver" => Driver);

impl DatabasePlan {
    /// Reads `database`.
    pub(super) fn read(table: &mut TableReader<'_>, names: &Names, dns: &Dns) -> Self {
        let writes = table.key("writes", "one region takes all writes, or each its own and ships them to the other");
        writes.decides(Some(Primaries::Single), "", |table, primaries| {
            let endpoint = |table: &mut TableReader<'_>| {
                table
                    .key("endpoint", "how apps find another node when theirs fails")
                    .table_or_empty(|table| Endpoint::read(table, dns))
            };
            match primaries {
                Primaries::Single => DatabasePlan {
                    writes: Writes::SinglePrimary,
                    primary: table.key("primary", "region of the primary at the start").required(names.a_region()),
                    reads: table.key("reads", "from the own region's node, from the primary, or from none: a static site, to which nobody writes").or(
                        one_of(),
                        Reads::Local,
                        "apps use the nearest database",
                    ),
                    endpoint: endpoint(table),
                },
                Primaries::Multi => DatabasePlan {
                    writes: Writes::MultiPrimary {
                        conflicts: table
                            .key("conflicts", "what becomes of two writes to one key, neither having seen the other")
                            .table_or_empty(|table| Conflicts::read(table, names)),
                    },
                    primary: RegionId::First,
                    reads: Reads::Local,
                    endpoint: endpoint(table),
                },
            }
        })
    }
}

impl Endpoint {
    fn read(table: &mut TableReader<'_>, dns: &Dns) -> Self {
        let via = table.key("via", "a name with health checks, or the driver's own error count");
        via.decides(Some(Via::Dns), "the database endpoint is a GTM name too", |table, via| match via {
            Via::Dns => Endpoint::Dns {
                ttl: table.key("ttl", "how long an instance caches the answer").or_as(
                    ABOVE_ZERO,
                    "the design's `dns.answer_ttl`",
                    dns.answer_ttl,
                    "",
                ),
            },
            Via::Driver => Endpoint::Driver {
                errors: table.key("errors", "errors in a row before it changes over").or(
                    Count(1, 1_000),
                    3,
                    "as for health checks",
                ),
                retest: table.key("retest", "how often it tests the first node again").or(
                    PERIOD,
                    SimDuration::from_secs(10),
                    "assumption",
                ),
            },
        })
    }
}
