//! Lists the keys of `dns`, of the world or of a design.

use super::spelling::{Table, or};
use crate::scenario::dns::{Dns, HealthChecks};
use crate::scenario::text::words::Words;

pub(super) fn dns(table: &mut Table<'_>, dns: &Dns, world: Option<&Dns>) {
    let mut all = Vec::new();
    all_of_dns(&mut Table::root(&mut all), dns);
    let mut usual = Vec::new();
    if let Some(world) = world {
        all_of_dns(&mut Table::root(&mut usual), world);
    }
    for setting in all.into_iter().filter(|setting| !usual.contains(setting)) {
        table.list(&setting.key, setting.value);
    }
}

fn all_of_dns(table: &mut Table<'_>, dns: &Dns) {
    let Dns { answer_ttl, cname_ttl, zone_rtt, gtm_rtt, health_checks, publish_delay, addresses, when_all_down } = dns;
    table.set("answer_ttl", answer_ttl);
    table.list("cname_ttl", or("never", *cname_ttl));
    table.set("zone_rtt", zone_rtt);
    table.set("gtm_rtt", gtm_rtt);
    table.set("publish_delay", publish_delay);
    table.set("addresses", addresses);
    table.set("when_all_down", when_all_down.word());
    let HealthChecks { checkers, interval, timeout, fall, rise, quorum, probe } = health_checks;
    let mut checks = table.below("health_checks");
    checks.set("checkers", checkers);
    checks.set("interval", interval);
    checks.set("timeout", timeout);
    checks.set("fall", fall);
    checks.set("rise", rise);
    checks.set("quorum", quorum);
    checks.set("probe", probe.word());
}
