//! Reads the names: `[dns]`, and the keys of it that a design overrides.

use super::reader::TableReader;
use super::values::{SHORTEST_PERIOD, count, duration, duration_from, positive_duration, share, unless};
use super::{Dns, HealthChecks, Probe, WhenAllDown};

/// Reads the table `dns` of `parent`; what it does not say is as in `default`.
pub(super) fn dns(parent: &mut TableReader<'_>, default: &Dns) -> Option<Dns> {
    let mut table = parent.table_or_empty("dns")?;
    let answer_ttl = table.or("answer_ttl", default.answer_ttl, positive_duration);
    let cname_ttl = table.or("cname_ttl", default.cname_ttl, unless("never", positive_duration));
    let zone_rtt = table.or("zone_rtt", default.zone_rtt, duration);
    let gtm_rtt = table.or("gtm_rtt", default.gtm_rtt, duration);
    let health_checks = health_checks(&mut table, &default.health_checks);
    let publish_delay = table.or("publish_delay", default.publish_delay, duration);
    let addresses = table.or("addresses", default.addresses, count(1, 2));
    let when_all_down = table.choice(
        "when_all_down",
        Some(default.when_all_down),
        &[("default", WhenAllDown::Default), ("servfail", WhenAllDown::Servfail)],
    );
    table.finish();
    Some(Dns {
        answer_ttl: answer_ttl?,
        cname_ttl: cname_ttl?,
        zone_rtt: zone_rtt?,
        gtm_rtt: gtm_rtt?,
        health_checks: health_checks?,
        publish_delay: publish_delay?,
        addresses: addresses?,
        when_all_down: when_all_down?,
    })
}

fn health_checks(dns: &mut TableReader<'_>, default: &HealthChecks) -> Option<HealthChecks> {
    let mut table = dns.table_or_empty("health_checks")?;
    let checkers = table.or("checkers", default.checkers, count(1, 1_000));
    let interval = table.or("interval", default.interval, duration_from(SHORTEST_PERIOD));
    let timeout = table.or("timeout", default.timeout, positive_duration);
    let fall = table.or("fall", default.fall, count(1, 100));
    let rise = table.or("rise", default.rise, count(1, 100));
    let quorum = table.or("quorum", default.quorum, |node| match share(node)? {
        1.0 => Err("1 can never be exceeded, so nothing would ever be down; it must be below 1".to_owned()),
        quorum => Ok(quorum),
    });
    let probe = table.choice(
        "probe",
        Some(default.probe),
        &[("ping", Probe::Ping), ("tcp", Probe::Tcp), ("http", Probe::Http), ("deep", Probe::Deep)],
    );
    if let (Some(interval), Some(timeout)) = (interval, timeout) {
        // A design that overrides neither would repeat the problem of the world.
        if timeout > interval && (table.has("timeout") || table.has("interval")) {
            table.problem(
                if table.has("timeout") { "timeout" } else { "interval" },
                format!("a probe's timeout, {timeout}, is longer than the interval, {interval}"),
            );
        }
    }
    table.finish();
    Some(HealthChecks {
        checkers: checkers?,
        interval: interval?,
        timeout: timeout?,
        fall: fall?,
        rise: rise?,
        quorum: quorum?,
        probe: probe?,
    })
}
