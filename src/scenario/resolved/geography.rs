//! The keys of a geography.

use super::spelling::{Spelled, Table, of_file, or, part, rounded};
use crate::scenario::client::{Client, DnsCache};
use crate::scenario::distribution::Quantity;
use crate::scenario::geography::Geography;
use crate::scenario::resolvers::Resolvers;
use crate::scenario::sessions::Sessions;
use crate::scenario::whole::Scenario;
use crate::units::SimDuration;

const DAY_S: f64 = 86_400.0;
/// The farthest that clocks are ahead of UTC.
const FARTHEST_S: f64 = 14.0 * 3_600.0;

/// Lists the keys of `geography`, which is one of `scenario`'s.
pub(super) fn geography(table: &mut Table<'_>, geography: &Geography, scenario: &Scenario) {
    let Geography {
        name: _,
        session_rate,
        service_clients,
        sessions,
        requests_per_session,
        think_time,
        write_share,
        rtt,
        resolvers: resolvers_of,
        client: client_of,
    } = geography;
    let starts_at_s = scenario.study.starts_at.as_secs_f64();
    table.set("service_clients", service_clients);
    when_sessions_start(&mut table.below("sessions"), *session_rate, sessions, starts_at_s);
    table.distribution("requests_per_session", requests_per_session, Quantity::Count);
    table.distribution("think_time", think_time, Quantity::Duration);
    table.set("write_share", write_share);
    for (region, rtt) in scenario.regions.iter().zip(rtt) {
        table.below("rtt").distribution(&part(&region.name), rtt, Quantity::Duration);
    }
    resolvers(&mut table.below("resolvers"), resolvers_of);
    client(&mut table.below("client"), client_of);
}

fn when_sessions_start(table: &mut Table<'_>, rate: f64, sessions: &Sessions, starts_at_s: f64) {
    match sessions {
        Sessions::Steady => table.set("rate", &rate),
        Sessions::Daily { rates, starts_s } => {
            let mean = rates.iter().sum::<f64>() / 24.0;
            let profile: Vec<String> = rates.iter().map(|rate| rounded(rate / mean).to_string()).collect();
            table.set("daily_mean", &rounded(mean));
            table.list("profile", format!("[{}]", profile.join(", ")));
            let ahead_s = starts_s - starts_at_s;
            let ahead_s = if ahead_s > FARTHEST_S { ahead_s - DAY_S } else { ahead_s };
            let sign = if ahead_s < 0.0 { "-" } else { "" };
            table.list("utc_offset", format!("{sign}{}", SimDuration::from_secs_f64(ahead_s.abs()).spelled()));
        }
        Sessions::Trace { times, file: _, beyond: _ } => {
            table.list("trace", of_file(times.iter().map(|time| time.as_nanos())))
        }
    }
}

fn resolvers(table: &mut Table<'_>, resolvers: &Resolvers) {
    let Resolvers {
        count,
        skew,
        rtt,
        foreign,
        timeout,
        min_ttl,
        max_ttl,
        failure_ttl,
        serve_stale,
        whole_seconds,
        prefetch,
    } = resolvers;
    table.set("count", count);
    table.set("skew", skew);
    table.set("rtt", rtt);
    table.set("foreign", foreign);
    table.set("timeout", timeout);
    table.set("min_ttl", min_ttl);
    table.list("max_ttl", or("never", *max_ttl));
    table.set("failure_ttl", failure_ttl);
    table.set("serve_stale", &serve_stale.is_some());
    table.set_if("max_stale", serve_stale.as_ref());
    table.set("whole_seconds", whole_seconds);
    table.set("prefetch", prefetch);
}

fn client(table: &mut Table<'_>, client: &Client) {
    let Client {
        pin_share,
        pin,
        dns_cache,
        keepalive,
        tls_round_trips,
        connect_timeout,
        request_timeout,
        max_attempts,
        backoff,
        backoff_limit,
        patience,
        reresolve,
        leave,
        idempotent,
        retry_budget,
        retransmit_for,
    } = client;
    table.set("pin_share", pin_share);
    table.set("pin", pin);
    match dns_cache {
        DnsCache::AsTold => table.set("dns_cache", "ttl"),
        DnsCache::For(time) => table.set("dns_cache", time),
        DnsCache::Forever => table.set("dns_cache", "forever"),
    }
    table.list("keepalive", or("forever", Some(*keepalive).filter(|time| *time < SimDuration::MAX)));
    table.set("tls_round_trips", tls_round_trips);
    table.set("connect_timeout", connect_timeout);
    table.set("request_timeout", request_timeout);
    table.set("max_attempts", max_attempts);
    table.set("backoff", backoff);
    table.set("backoff_limit", backoff_limit);
    table.set("patience", patience);
    table.set("reresolve", reresolve);
    table.set("leave", &leave.unwrap_or(0.0));
    table.set("idempotent", idempotent);
    table.list("retry_budget", or("unlimited", *retry_budget));
    table.set("retransmit_for", retransmit_for);
}
