//! The resolved scenario: every key with its value, defaults filled in, as `key = value`, the keys sorted.
//!
//! Keys and values are spelled as in a scenario file, a value as on the command line: without quotes where none are needed
//! (`dns.answer_ttl = 60s`). So two scenarios can be set against each other key by key, and given back as changes to the
//! scenario the lines change nothing. Regions, geographies, designs and incidents go by their names. A key of a design's `dns`
//! is there if it is not as the world's.
//!
//! Left out: how a file spelled its values, and keys whose table is not there, such as `prices`. The values of a CSV file are
//! told by their number and a digest.

mod design;
mod dns;
mod file;
mod geography;
mod incident;
pub(super) mod spelling;
#[cfg(test)]
mod tests;

pub use file::Document;
pub use spelling::{ResolvedSetting, spelled_alike};
use spelling::{Table, or};

use super::distribution::Quantity;
use super::expectation::{Bound, Expectation};
use super::keyspace::Keyspace;
use super::link::RegionLink;
use super::objectives::Objectives;
use super::prices::Prices;
use super::region::{AppPool, ColdStart, DatabaseNode, Region};
use super::region_id::RegionId;
use super::text::words::Words;
use super::whole::Scenario;
use crate::scenario::study::StudyPlan;
use crate::units::{Bandwidth, ByteSize};

impl Scenario {
    /// Lists every key with its value, defaults filled in, sorted by key.
    pub fn resolved(&self) -> Vec<ResolvedSetting> {
        let Scenario {
            name,
            description,
            study: plan,
            regions,
            link: between,
            keys: keyspace,
            dns: names,
            geographies,
            designs,
            incidents,
            objectives: stated,
            prices: list,
            expectations,
            stated: _,
        } = self;
        let mut settings = Vec::new();
        let mut root = Table::root(&mut settings);
        root.set("name", name);
        root.list("description", spelling::quoted(description));
        study(&mut root.below("study"), plan, self);
        for each in regions {
            region(&mut root.below("regions").named(&each.name), each);
        }
        link(&mut root.below("links.0"), between, regions);
        keys(&mut root.below("keys"), keyspace);
        dns::dns(&mut root.below("dns"), names, None);
        for each in geographies {
            geography::geography(&mut root.below("geographies").named(&each.name), each, self);
        }
        for each in designs {
            design::design(&mut root.below("designs").named(&each.name), each, self);
        }
        for each in incidents {
            incident::incident(&mut root.below("incidents").named(&each.name), each, self);
        }
        objectives(&mut root.below("objectives"), stated);
        if let Some(list) = list {
            prices(&mut root.below("prices"), list);
        }
        for (place, each) in expectations.iter().enumerate() {
            expectation(&mut root.below("expect").below(&place.to_string()), each);
        }
        settings.sort();
        settings
    }

    fn region_name(&self, region: RegionId) -> &str {
        &self.regions[region.index()].name
    }
}

fn study(table: &mut Table<'_>, plan: &StudyPlan, scenario: &Scenario) {
    let StudyPlan { horizon, warmup, runs, seed, slo, window: _, stable, aftermath, starts_at } = plan;
    table.set("horizon", horizon);
    table.set("warmup", warmup);
    table.set("runs", runs);
    table.set("seed", seed);
    table.set("slo", slo);
    // Not the word `auto`: a load that changes changes it.
    table.set("window", &scenario.window());
    table.set("stable", stable);
    table.set("aftermath", aftermath);
    table.list("starts_at", spelling::time_of_day(*starts_at));
}

fn region(table: &mut Table<'_>, region: &Region) {
    let Region { name: _, app, database } = region;
    let AppPool { instances, workers, service, queue_limit, hold_worker, cold_start } = app;
    let mut pool = table.below("app");
    pool.set("instances", instances);
    pool.set("workers", workers);
    pool.distribution("service", service, Quantity::Duration);
    pool.set("queue_limit", queue_limit);
    pool.set("hold_worker", hold_worker);
    if let Some(ColdStart { factor, lasts }) = cold_start {
        pool.set("cold_start.factor", factor);
        pool.set("cold_start.lasts", lasts);
    }
    let DatabaseNode { connections, read, write, connect_timeout, timeout, queue_limit, statement_timeout } = database;
    let mut node = table.below("database");
    node.set("connections", connections);
    node.distribution("read", read, Quantity::Duration);
    node.distribution("write", write, Quantity::Duration);
    node.set("connect_timeout", connect_timeout);
    node.set("timeout", timeout);
    node.list("queue_limit", or("unlimited", *queue_limit));
    node.list("statement_timeout", or("never", *statement_timeout));
}

fn link(table: &mut Table<'_>, link: &RegionLink, regions: &[Region; 2]) {
    let RegionLink { rtt, bandwidth, call_size } = link;
    table.set("between", &regions.each_ref().map(|region| region.name.as_str()));
    table.distribution("rtt", rtt, Quantity::Duration);
    table.list("bandwidth", or("unlimited", bandwidth.map(Bandwidth)));
    table.set("call_size", &ByteSize(*call_size));
}

fn keys(table: &mut Table<'_>, keys: &Keyspace) {
    let Keyspace { count, skew, size } = keys;
    table.set("count", count);
    table.set("skew", skew);
    table.set("size", &ByteSize(*size));
}

/// Lists the keys of `dns` that are not as in `world`; without one, all of them.
fn objectives(table: &mut Table<'_>, objectives: &Objectives) {
    let Objectives { rto, rpo } = objectives;
    table.set_if("rto", rto.as_ref());
    table.set_if("rpo", rpo.as_ref());
}

fn prices(table: &mut Table<'_>, prices: &Prices) {
    let Prices { instance_hour, database_hour, cross_region_gb, outages_per_month } = prices;
    table.set("instance_hour", instance_hour);
    table.set("database_hour", database_hour);
    table.set("cross_region_gb", cross_region_gb);
    table.set("outages_per_month", outages_per_month);
}

fn expectation(table: &mut Table<'_>, expectation: &Expectation) {
    match expectation {
        Expectation::Within { design, metric, stat, bound: Bound { min, max } } => {
            table.set("design", design);
            table.set("metric", metric);
            table.set("stat", stat);
            table.set_if("min", min.as_ref());
            table.set_if("max", max.as_ref());
        }
        Expectation::Better { better, than, metric, share } => {
            table.set("better", better);
            table.set("than", than);
            table.set("metric", metric);
            table.set("share", share);
        }
        Expectation::Times { better, than, metric, times } => {
            table.set("better", better);
            table.set("than", than);
            table.set("metric", metric);
            table.set("times", times);
        }
        Expectation::FirstPhase { design, phase } => {
            table.set("design", design);
            table.set("first_phase", phase);
        }
        Expectation::Objective { design, objective, share } => {
            table.set("design", design);
            table.set("objective", objective.word());
            table.set("share", share);
        }
    }
}
