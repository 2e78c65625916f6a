//! A design: one architecture under test, in the same world and against the same incidents as the others.

use serde::Serialize;

use super::database::{DatabasePlan, Writes};
use super::dns::Dns;
use super::geography::Geography;
use super::known_names::Names;
use super::promotion::{Promotion, PromotionTrigger};
use super::replication::{Replication, ReplicationMode};
use super::routing::{Failback, Routing};
use super::standby::Standby;
use super::text::reader::TableReader;

/// One architecture under test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Design {
    /// Name, as in the file.
    pub name: String,
    /// The names: the world's `[dns]` with the design's own `dns` keys on top.
    pub dns: Dns,
    /// The keys of `dns` that the design states itself (`health_checks.interval`), in file order; the others are the world's.
    /// Not serialised: who states a value changes nothing.
    #[serde(skip)]
    pub own_dns: Vec<String>,
    /// Which region a visitor is sent to.
    pub routing: Routing,
    /// Time at which a region that is up again gets its visitors back.
    pub failback: Failback,
    /// The region that stands by at less than full size, if one does.
    pub standby: Option<Standby>,
    /// Where reads and writes go.
    pub database: DatabasePlan,
    /// Replication of commits to the other region.
    pub replication: Replication,
    /// The promotion of a replica to the primary.
    pub promotion: Promotion,
}

impl Design {
    /// Reads `[designs.*]`, and enters their names in `names` even if they are wrong otherwise.
    ///
    /// `world` and `geographies` are `None` if they had problems; then the rest is still checked.
    pub(super) fn read_all(
        root: &mut TableReader<'_>,
        names: &mut Names,
        world: Option<&Dns>,
        geographies: Option<&[Geography]>,
    ) -> Vec<Design> {
        let tables = root.key("designs", "the architectures under test, by name").named_tables("tables");
        names.designs = tables.names();
        if names.designs.is_empty() && tables.is_there {
            root.refuse("designs", "there must be at least one design, [designs.NAME]");
        }
        let default = Dns::default();
        tables.read(|name, table| Design::read(name, table, names, world.unwrap_or(&default), geographies))
    }

    fn read(
        name: &str,
        table: &mut TableReader<'_>,
        names: &Names,
        world: &Dns,
        geographies: Option<&[Geography]>,
    ) -> Self {
        let own_dns = table.keys_below("dns");
        let dns = table.key("dns", "any key of `dns`, over the world's").table_like(
            "the world's",
            || world.clone(),
            |table| Dns::read(table, world),
        );
        let design = Design {
            name: name.to_owned(),
            own_dns,
            routing: table
                .key("routing", "which region a visitor is sent to, among the healthy ones")
                .table(|table| Routing::read(table, names, geographies)),
            failback: table
                .key("failback", "when a region that is up again gets its visitors back")
                .table_or_empty(Failback::read),
            standby: table
                .key("standby", "a region that stands by")
                .table_if_there(|table| Standby::read(table, names)),
            database: table
                .key("database", "where reads and writes go")
                .table(|table| DatabasePlan::read(table, names, &dns)),
            replication: table
                .key("replication", "how commits reach the other region")
                .table_or_empty(Replication::read),
            promotion: table.key("promotion", "how a replica becomes the primary").table_or_empty(Promotion::read),
            dns,
        };
        // Two primaries ship asynchronously, and neither is ever promoted.
        if matches!(design.database.writes, Writes::MultiPrimary { .. }) && table.is_sound(&["database"]) {
            if design.replication.mode != ReplicationMode::Async && table.is_sound(&["replication"]) {
                table.problem("replication", "two primaries ship asynchronously; `mode` must be \"async\"");
            }
            if design.promotion.trigger != PromotionTrigger::Never && table.is_sound(&["promotion"]) {
                table.problem("promotion", "two primaries never promote; `when` must be \"never\"");
            }
        }
        design
    }
}
