//! Reads designs: routing, standby and database; their data tables are read in `read_data`.

use super::document::Node;
use super::read_conflicts::conflicts;
use super::read_data::{promotion, replication};
use super::read_dns::dns;
use super::read_world::{Names, unknown};
use super::reader::TableReader;
use super::values::{
    SHORTEST_PERIOD, count, duration, duration_from, number_within, positive_duration, positive_share, share, text,
    texts,
};
use super::{
    DatabasePlan, Design, Dns, Endpoint, Failback, Geography, Promotion, PromotionTrigger, Reads, RegionId,
    Replication, ReplicationMode, Routing, Standby, StandbyKind, Writes,
};

/// Reads `[designs.*]`, and enters their names in `names` even if they are wrong otherwise.
///
/// `world` and `geographies` are `None` if they had problems; then the rest is still checked.
pub(super) fn designs(
    root: &mut TableReader<'_>,
    names: &mut Names,
    world: Option<&Dns>,
    geographies: Option<&[Geography]>,
) -> Option<Vec<Design>> {
    let tables = root.named_tables("designs");
    names.designs = tables.iter().map(|(name, _)| name.clone()).collect();
    if tables.is_empty() && root.has("designs") {
        root.problem("designs", "there must be at least one design, [designs.NAME]");
    }
    let default = Dns::default();
    let mut found = Vec::new();
    let mut complete = !tables.is_empty();
    for (name, mut table) in tables {
        match design(name, &mut table, names, world.unwrap_or(&default), geographies) {
            Some(design) => found.push(design),
            None => complete = false,
        }
        table.finish();
    }
    complete.then_some(found)
}

fn design(
    name: String,
    table: &mut TableReader<'_>,
    names: &Names,
    world: &Dns,
    geographies: Option<&[Geography]>,
) -> Option<Design> {
    let own_dns = table.keys_below("dns");
    let dns = dns(table, world);
    let routing = routing(table, names, geographies);
    let failback = failback(table);
    let standby = standby(table, names);
    let database = database(table, names, dns.as_ref().unwrap_or(world));
    let replication = replication(table);
    let promotion = promotion(table);
    if let Some(Writes::MultiPrimary { .. }) = database.as_ref().map(|database| &database.writes) {
        two_primaries_fit(table, replication.as_ref(), promotion.as_ref());
    }
    Some(Design {
        name,
        dns: dns?,
        own_dns,
        routing: routing?,
        failback: failback?,
        standby: standby?,
        database: database?,
        replication: replication?,
        promotion: promotion?,
    })
}

/// Two primaries ship asynchronously, and neither is ever promoted.
fn two_primaries_fit(design: &TableReader<'_>, replication: Option<&Replication>, promotion: Option<&Promotion>) {
    if replication.is_some_and(|replication| replication.mode != ReplicationMode::Async) {
        design.problem("replication", "two primaries ship asynchronously; `mode` must be \"async\"");
    }
    if promotion.is_some_and(|promotion| promotion.trigger != PromotionTrigger::Never) {
        design.problem("promotion", "two primaries never promote; `when` must be \"never\"");
    }
}

fn routing(design: &mut TableReader<'_>, names: &Names, geographies: Option<&[Geography]>) -> Option<Routing> {
    let mut table = design.table("routing")?;
    #[derive(Clone, Copy)]
    enum Policy {
        Nearest,
        Failover,
        Weighted,
    }
    let policies = [("nearest", Policy::Nearest), ("failover", Policy::Failover), ("weighted", Policy::Weighted)];
    let routing = match table.choice("policy", None, &policies)? {
        Policy::Nearest => nearest(&mut table, names, geographies).map(|orders| Routing::Nearest { orders }),
        Policy::Weighted => weights(&mut table, names).map(|weights| Routing::Weighted { weights }),
        Policy::Failover => {
            table.required("order", |node| names.order(&texts(node)?)).map(|order| Routing::Failover { order })
        }
    };
    table.finish();
    routing
}

/// The weight of each region; one that is not named has none.
fn weights(routing: &mut TableReader<'_>, names: &Names) -> Option<[f64; 2]> {
    let mut table = routing.table("weights")?;
    let mut weights = [0.0; 2];
    let mut complete = true;
    for entry in table.named_nodes() {
        match (names.regions.iter().take(2).position(|known| *known == entry.key), number_within(0.0, 1e6)(&entry.node))
        {
            (None, _) => {
                table.problem_at_key(entry, unknown("region", &entry.key, &names.regions));
                complete = false;
            }
            (_, Err(message)) => {
                table.problem(&entry.key, message);
                complete = false;
            }
            (Some(at), Ok(weight)) => weights[at] = weight,
        }
    }
    if complete && weights == [0.0; 2] {
        table.problem_here("at least one region needs a weight above 0".to_owned());
        complete = false;
    }
    complete.then_some(weights)
}

/// The order of each geography: as `orders` says, else by median round-trip time; ties go by the order of the file.
fn nearest(
    routing: &mut TableReader<'_>,
    names: &Names,
    geographies: Option<&[Geography]>,
) -> Option<Vec<[RegionId; 2]>> {
    let mut table = routing.table_or_empty("orders")?;
    let mut explicit = vec![None; names.geographies.len()];
    let mut complete = true;
    for entry in table.named_nodes() {
        let order = |node: &Node| names.order(&texts(node)?);
        match (names.geographies.iter().position(|known| *known == entry.key), order(&entry.node)) {
            (None, _) => {
                table.problem_at_key(entry, unknown("geography", &entry.key, &names.geographies));
                complete = false;
            }
            (_, Err(message)) => {
                table.problem(&entry.key, message);
                complete = false;
            }
            (Some(at), Ok(order)) => explicit[at] = Some(order),
        }
    }
    if !complete {
        return None;
    }
    let by_distance = |geography: &Geography| {
        let [first, second] = geography.rtt.each_ref().map(super::Distribution::median);
        let [a, b] = RegionId::BOTH;
        if second < first { [b, a] } else { [a, b] }
    };
    let orders = geographies?.iter().zip(explicit);
    Some(orders.map(|(geography, order)| order.unwrap_or_else(|| by_distance(geography))).collect())
}

fn failback(design: &mut TableReader<'_>) -> Option<Failback> {
    let mut table = design.table_or_empty("failback")?;
    let failback = match table.choice("when", Some(true), &[("automatic", true), ("never", false)])? {
        true => table.or("hold", Failback::HOLD, duration).map(|hold| Failback::Automatic { hold }),
        false => Some(Failback::Never),
    };
    table.finish();
    failback
}

fn standby(design: &mut TableReader<'_>, names: &Names) -> Option<Option<Standby>> {
    if design.node("standby").is_none() {
        return Some(None);
    }
    let mut table = design.table("standby")?;
    let region = table.required("region", |node| names.region(&text(node)?));
    #[derive(Clone, Copy)]
    enum Word {
        Hot,
        Warm,
        Cold,
    }
    let words = [("hot", Word::Hot), ("warm", Word::Warm), ("cold", Word::Cold)];
    let (kind, activation) = match table.choice("kind", None, &words)? {
        Word::Warm => {
            let share = table.required("share", positive_share);
            (share.map(|share| StandbyKind::Warm { share }), table.required("activation", duration))
        }
        Word::Cold => (Some(StandbyKind::Cold), table.required("activation", duration)),
        Word::Hot => (Some(StandbyKind::Hot), table.or("activation", crate::units::SimDuration::ZERO, duration)),
    };
    let refused = table.or("refused", 0.0, share);
    table.finish();
    Some(Some(Standby { region: region?, kind: kind?, activation: activation?, refused: refused? }))
}

fn database(design: &mut TableReader<'_>, names: &Names, dns: &Dns) -> Option<DatabasePlan> {
    let mut table = design.table("database")?;
    let is_multi = table.choice("writes", Some(false), &[("single-primary", false), ("multi-primary", true)])?;
    let (writes, primary, reads) = if is_multi {
        let conflicts = conflicts(&mut table, names);
        (conflicts.map(|conflicts| Writes::MultiPrimary { conflicts }), Some(RegionId::First), Some(Reads::Local))
    } else {
        let primary = table.required("primary", |node| names.region(&text(node)?));
        let reads = table.choice("reads", Some(Reads::Local), &[("local", Reads::Local), ("primary", Reads::Primary)]);
        (Some(Writes::SinglePrimary), primary, reads)
    };
    let endpoint = endpoint(&mut table, dns);
    table.finish();
    Some(DatabasePlan { writes: writes?, primary: primary?, reads: reads?, endpoint: endpoint? })
}

fn endpoint(database: &mut TableReader<'_>, dns: &Dns) -> Option<Endpoint> {
    let mut table = database.table_or_empty("endpoint")?;
    let endpoint = match table.choice("via", Some(true), &[("dns", true), ("driver", false)])? {
        true => table.or("ttl", dns.answer_ttl, positive_duration).map(|ttl| Endpoint::Dns { ttl }),
        false => {
            let errors = table.or("errors", Endpoint::ERRORS, count(1, 1_000));
            let retest = table.or("retest", Endpoint::RETEST, duration_from(SHORTEST_PERIOD));
            errors.zip(retest).map(|(errors, retest)| Endpoint::Driver { errors, retest })
        }
    };
    table.finish();
    endpoint
}
