//! Reads the world: study plan, regions, link, keys and objectives.

use super::name::check_file_name;
use super::printable::quotation;
use super::reader::TableReader;
use super::suggest::{listed, nearest};
use super::values::{
    bandwidth, count, duration, number_within, positive_duration, positive_share, printable_text, size, text, texts,
    time_of_day, truth, unless, whole,
};
use super::{AppPool, ColdStart, DatabaseNode, Keyspace, Link, Objectives, Prices, Region, RegionId, StudyPlan};
use crate::units::SimDuration;

/// The longest horizon: ten years.
const LONGEST_HORIZON: SimDuration = SimDuration::from_secs(10 * 365 * 86_400);

/// The names that other parts of a file refer to.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Regions in file order; two, or a problem has been reported.
    pub(super) regions: Vec<String>,
    /// Geographies in file order.
    pub(super) geographies: Vec<String>,
    /// Designs in file order.
    pub(super) designs: Vec<String>,
}

impl Names {
    /// The region called `name`.
    pub(super) fn region(&self, name: &str) -> Result<RegionId, String> {
        match self.regions.iter().take(2).position(|known| known == name) {
            Some(at) => Ok(RegionId::BOTH[at]),
            None => Err(unknown("region", name, &self.regions)),
        }
    }

    /// Both regions in the order of `names`.
    pub(super) fn order(&self, names: &[String]) -> Result<[RegionId; 2], String> {
        let ids = names.iter().map(|name| self.region(name)).collect::<Result<Vec<_>, _>>()?;
        match ids[..] {
            [first, second] if first != second => Ok([first, second]),
            _ => Err(format!("must name both regions once: {}", listed(&self.regions))),
        }
    }
}

/// What to say of a `what` that is called by the unknown name `name`.
pub(super) fn unknown(what: &str, name: &str, known: &[String]) -> String {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    format!("unknown {what} {}; {}", quotation(name), nearest(name, &known))
}

/// Reads `[study]`.
pub(super) fn study(root: &mut TableReader<'_>) -> Option<StudyPlan> {
    let mut table = root.table_or_empty("study")?;
    let default = StudyPlan::default();
    let horizon = table.or("horizon", default.horizon, |node| match positive_duration(node)? {
        horizon if horizon > LONGEST_HORIZON => Err("is too long; the longest horizon is 10y".to_owned()),
        horizon => Ok(horizon),
    });
    let warmup = table.or("warmup", default.warmup, duration);
    let runs = table.or("runs", default.runs, whole(1, 10_000_000));
    let seed = table.or("seed", default.seed, whole(0, u64::MAX));
    let slo = table.or("slo", default.slo, positive_share);
    let window = table.or("window", default.window, unless("auto", positive_duration));
    let stable = table.or("stable", default.stable, duration);
    let aftermath = table.or("aftermath", default.aftermath, duration);
    let starts_at = table.or("starts_at", default.starts_at, time_of_day);
    table.finish();
    Some(StudyPlan {
        horizon: horizon?,
        warmup: warmup?,
        runs: runs?,
        seed: seed?,
        slo: slo?,
        window: window?,
        stable: stable?,
        aftermath: aftermath?,
        starts_at: starts_at?,
    })
}

/// Reads `[regions.*]`, and enters their names in `names` even if they are wrong otherwise.
pub(super) fn regions(root: &mut TableReader<'_>, names: &mut Names) -> Option<[Region; 2]> {
    let tables = root.named_tables("regions");
    names.regions = tables.iter().map(|(name, _)| name.clone()).collect();
    let found = tables.len();
    let mut regions = Vec::new();
    for (name, mut table) in tables {
        if name == "calm" || name.ends_with("_calm") {
            let means = format!("{name:?} is read as calm time in names of metrics; choose a name without it");
            root.problem("regions", means);
        }
        let app = app_pool(&mut table);
        let database = database_node(&mut table);
        table.finish();
        if let (Some(app), Some(database)) = (app, database) {
            regions.push(Region { name, app, database });
        }
    }
    if found != 2 && root.has("regions") {
        root.problem("regions", format!("there must be exactly two regions, found {found}"));
    }
    regions.try_into().ok()
}

fn app_pool(region: &mut TableReader<'_>) -> Option<AppPool> {
    let mut table = region.table("app")?;
    let instances = table.required("instances", count(1, 10_000));
    let workers = table.required("workers", count(1, 10_000));
    let service = table.durations("service");
    let queue_limit = table.required("queue_limit", count(0, 10_000_000));
    let hold_worker = table.or("hold_worker", true, truth);
    let cold_start = cold_start(&mut table);
    table.finish();
    Some(AppPool {
        instances: instances?,
        workers: workers?,
        service: service?,
        queue_limit: queue_limit?,
        hold_worker: hold_worker?,
        cold_start: cold_start?,
    })
}

fn cold_start(app: &mut TableReader<'_>) -> Option<Option<ColdStart>> {
    if app.node("cold_start").is_none() {
        return Some(None);
    }
    let mut table = app.table("cold_start")?;
    let factor = table.required("factor", number_within(1.0, 1_000.0));
    let lasts = table.required("lasts", positive_duration);
    table.finish();
    Some(Some(ColdStart { factor: factor?, lasts: lasts? }))
}

fn database_node(region: &mut TableReader<'_>) -> Option<DatabaseNode> {
    let mut table = region.table("database")?;
    let connections = table.required("connections", count(1, 1_000_000));
    let read = table.durations("read");
    let write = table.durations("write");
    let connect_timeout = table.or("connect_timeout", DatabaseNode::CONNECT_TIMEOUT, positive_duration);
    let timeout = table.or("timeout", DatabaseNode::TIMEOUT, positive_duration);
    table.finish();
    Some(DatabaseNode {
        connections: connections?,
        read: read?,
        write: write?,
        connect_timeout: connect_timeout?,
        timeout: timeout?,
    })
}

/// Reads `[[links]]`: exactly one, between the two regions.
pub(super) fn link(root: &mut TableReader<'_>, names: &Names) -> Option<Link> {
    let tables = root.listed_tables("links");
    if tables.len() != 1 {
        let found = tables.len();
        root.problem("links", format!("there must be exactly one link, [[links]], found {found}"));
    }
    let mut links = tables.into_iter().map(|mut table| {
        let between = table.required("between", |node| names.order(&texts(node)?));
        let rtt = table.durations("rtt");
        let bandwidth = table.or("bandwidth", None, unless("unlimited", bandwidth));
        let call_size = table.or("call_size", Link::CALL_SIZE, size);
        table.finish();
        between?;
        Some(Link { rtt: rtt?, bandwidth: bandwidth?, call_size: call_size? })
    });
    links.by_ref().collect::<Vec<_>>().into_iter().next().flatten()
}

/// Reads `[keys]`.
pub(super) fn keys(root: &mut TableReader<'_>) -> Option<Keyspace> {
    let mut table = root.table_or_empty("keys")?;
    let default = Keyspace::default();
    let count = table.or("count", default.count, count(1, 10_000_000));
    let skew = table.or("skew", default.skew, number_within(0.0, 5.0));
    let size = table.or("size", default.size, size);
    table.finish();
    Some(Keyspace { count: count?, skew: skew?, size: size? })
}

/// Reads `[prices]`, if it is there.
pub(super) fn prices(root: &mut TableReader<'_>) -> Option<Option<Prices>> {
    if root.node("prices").is_none() {
        return Some(None);
    }
    let mut table = root.table("prices")?;
    let price = || number_within(0.0, 1e9);
    let instance_hour = table.or("instance_hour", 0.0, price());
    let database_hour = table.or("database_hour", 0.0, price());
    let cross_region_gb = table.or("cross_region_gb", 0.0, price());
    let outages_per_month = table.or("outages_per_month", 0.0, number_within(0.0, 1e6));
    table.finish();
    Some(Some(Prices {
        instance_hour: instance_hour?,
        database_hour: database_hour?,
        cross_region_gb: cross_region_gb?,
        outages_per_month: outages_per_month?,
    }))
}

/// Reads `[objectives]`.
pub(super) fn objectives(root: &mut TableReader<'_>) -> Option<Objectives> {
    let mut table = root.table_or_empty("objectives")?;
    let rto = table.optional("rto", duration);
    let rpo = table.optional("rpo", duration);
    table.finish();
    Some(Objectives { rto: rto?, rpo: rpo? })
}

/// The most characters of a description: every report shows it.
const LONGEST_DESCRIPTION: usize = 2_000;

/// Reads `name` and `description`.
pub(super) fn title(root: &mut TableReader<'_>) -> Option<(String, String)> {
    let name = root.required("name", |node| {
        let name = text(node)?;
        check_file_name(&name).map(|()| name)
    });
    let description = root.or("description", String::new(), |node| {
        let text = printable_text(node)?;
        match text.chars().count() {
            length if length > LONGEST_DESCRIPTION => {
                Err(format!("has {length} characters; it may have {LONGEST_DESCRIPTION}"))
            }
            _ => Ok(text),
        }
    });
    Some((name?, description?))
}
