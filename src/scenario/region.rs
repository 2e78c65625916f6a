//! The two regions: app pools and database nodes.

use serde::Serialize;

use std::ops::{Index, IndexMut};

use super::distribution::{DURATIONS, Distribution};
use super::known_names::Names;
use super::region_id::RegionId;
use super::text::kind::{ABOVE_ZERO, Count, PlainNumber, TRUTH, Unless};
use super::text::reader::TableReader;
use crate::units::SimDuration;

/// One region: its app pool and its database node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// Name, as in the file.
    pub name: String,
    /// The app servers.
    pub app: AppPool,
    /// The database node.
    pub database: DatabaseNode,
}

/// The app servers of one region: `instances` x `workers` serving one queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AppPool {
    /// Number of instances at full size.
    pub instances: u32,
    /// Requests that one instance serves at a time.
    pub workers: u32,
    /// Service demand of a request, in seconds, without its database call.
    pub service: Distribution,
    /// Requests that may wait; the next one is shed.
    pub queue_limit: u32,
    /// Set if a worker is held while its request waits for the database (default), or takes up another one.
    #[serde(skip_serializing_if = "is_true")]
    pub hold_worker: bool,
    /// Slowness after the region begins to take the other's visitors, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cold_start: Option<ColdStart>,
}

/// A region that begins to take the other's visitors is slow at first: empty caches, programs not yet compiled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ColdStart {
    /// Factor on service times at first; it falls linearly to 1.
    pub factor: f64,
    /// Time that it takes to fall.
    pub lasts: SimDuration,
}

/// Tells if this is the default: a scenario that says so is the same as one that says nothing.
fn is_true(value: &bool) -> bool {
    *value
}

/// The database node of one region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatabaseNode {
    /// Calls served at a time.
    pub connections: u32,
    /// Service demand of a read, in seconds.
    pub read: Distribution,
    /// Service demand of a write, in seconds.
    pub write: Distribution,
    /// After how long a call that begins while the node is silent fails (default 3 s).
    pub connect_timeout: SimDuration,
    /// After how long an app gives a call up, waiting at a busy node included (default 30 s).
    pub timeout: SimDuration,
    /// Calls that may wait for a connection; the next one fails. `None`: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_limit: Option<u32>,
    /// After how long of service the node ends a call; `None`: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement_timeout: Option<SimDuration>,
}

impl Region {
    /// Reads `[regions.*]`, and enters their names in `names` even if they are wrong otherwise; `None` if they are not two.
    pub(super) fn read_both(root: &mut TableReader<'_>, names: &mut Names) -> Option<[Region; 2]> {
        let tables = root.key("regions", "the regions, by name").named_tables("two tables");
        names.regions = tables.names();
        let is_there = tables.is_there;
        for name in names.regions.iter().filter(|name| *name == "calm" || name.ends_with("_calm")) {
            root.problem(
                "regions",
                format!("{name:?} is read as calm time in names of metrics; choose a name without it"),
            );
        }
        let regions = tables.read(|name, table| Region {
            name: name.to_owned(),
            app: table.key("app", "the app servers: instances × workers serving one queue").table(AppPool::read),
            database: table.key("database", "the database node").table(DatabaseNode::read),
        });
        let found = regions.len();
        if found != 2 && is_there {
            root.refuse("regions", format!("there must be exactly two regions, found {found}"));
        }
        regions.try_into().ok()
    }
}

impl AppPool {
    fn read(table: &mut TableReader<'_>) -> Self {
        AppPool {
            instances: table.key("instances", "instances at full size").required(Count(1, 10_000)),
            workers: table
                .key(
                    "workers",
                    "requests that an instance serves at a time; one is held while it waits for the database",
                )
                .required(Count(1, 10_000)),
            service: table.key("service", "service demand of a request, without its database call").required(DURATIONS),
            queue_limit: table
                .key("queue_limit", "requests that may wait; the next is shed")
                .required(Count(0, 10_000_000)),
            hold_worker: table
                .key(
                    "hold_worker",
                    "whether a worker is held while its request waits for the database; `false` for event-loop servers",
                )
                .or(TRUTH, true, "thread-per-request servers"),
            cold_start: table
                .key("cold_start", "slowness after the region begins to take the other's visitors")
                .table_if_there(ColdStart::read),
        }
    }
}

impl ColdStart {
    fn read(table: &mut TableReader<'_>) -> Self {
        ColdStart {
            factor: table
                .key("factor", "what service times are multiplied by at first")
                .required(PlainNumber::Within(1.0, 1_000.0)),
            lasts: table.key("lasts", "how long the factor takes to fall to 1").required(ABOVE_ZERO),
        }
    }
}

impl DatabaseNode {
    fn read(table: &mut TableReader<'_>) -> Self {
        DatabaseNode {
            connections: table.key("connections", "calls served at a time").required(Count(1, 1_000_000)),
            read: table.key("read", "service demand of a read").required(DURATIONS),
            write: table.key("write", "service demand of a write").required(DURATIONS),
            connect_timeout: table
                .key("connect_timeout", "after how long a call fails that begins while the node is silent")
                .or(ABOVE_ZERO, SimDuration::from_secs(3), "assumption, as for a visitor's connect"),
            timeout: table
                .key(
                    "timeout",
                    "after how long an app gives a call up, waiting at a busy node included; a warning if shorter than \
                     `ack_timeout`",
                )
                .or(ABOVE_ZERO, SimDuration::from_secs(30), "assumption: a usual socket timeout"),
            queue_limit: table.key("queue_limit", "calls that may wait for a connection; the next fails at once").or(
                Unless("unlimited", Count(0, 10_000_000)),
                None,
                "apps wait until `timeout`",
            ),
            statement_timeout: table
                .key("statement_timeout", "after how long of service the node ends a call, which fails")
                .or(Unless("never", ABOVE_ZERO), None, "PostgreSQL and MySQL have none by default"),
        }
    }
}

/// The regions of a scenario by their ids.
impl Index<RegionId> for [Region; 2] {
    type Output = Region;

    #[inline]
    fn index(&self, region: RegionId) -> &Region {
        &self[region.index()]
    }
}

impl IndexMut<RegionId> for [Region; 2] {
    #[inline]
    fn index_mut(&mut self, region: RegionId) -> &mut Region {
        &mut self[region.index()]
    }
}
