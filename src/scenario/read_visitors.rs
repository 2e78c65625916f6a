//! Reads geographies: sessions, distances, resolvers and clients.

use super::read_distribution::Quantity;
use super::read_sessions::sessions;
use super::read_world::{Names, unknown};
use super::reader::TableReader;
use super::values::{count, duration, number_within, positive_duration, share, truth, unless};
use super::{Client, Distribution, Geography, MOST_GEOGRAPHIES, Resolvers, StudyPlan};

/// Names that a geography cannot have, because an incident's target means something else by them.
const AUTHORITIES: [&str; 2] = ["gtm", "zone"];
/// Name of the rows of all geographies together.
const TOGETHER: &str = "all";

/// Reads `[geographies.*]`, and enters their names in `names` even if they are wrong otherwise.
pub(super) fn geographies(
    root: &mut TableReader<'_>,
    names: &mut Names,
    study: Option<&StudyPlan>,
) -> Option<Vec<Geography>> {
    let tables = root.named_tables("geographies");
    names.geographies = tables.iter().map(|(name, _)| name.clone()).collect();
    if tables.is_empty() && root.has("geographies") {
        root.problem("geographies", "there must be at least one geography, [geographies.NAME]");
    }
    if let Some((_, beyond)) = tables.get(usize::from(MOST_GEOGRAPHIES)) {
        beyond.problem_here(format!("there are {} geographies; at most {MOST_GEOGRAPHIES}", tables.len()));
        return None;
    }
    let mut found = Vec::new();
    let mut complete = !tables.is_empty();
    for (name, mut table) in tables {
        if name == TOGETHER {
            table.problem_here(format!("a geography cannot be called {name:?}: rows of all of them together are"));
        }
        if AUTHORITIES.contains(&name.as_str()) {
            table.problem_here(format!(
                "a geography cannot be called {name:?}: an incident's target means the authority"
            ));
        }
        match geography(name, &mut table, names, study) {
            Some(geography) => found.push(geography),
            None => complete = false,
        }
        table.finish();
    }
    complete.then_some(found)
}

fn geography(name: String, table: &mut TableReader<'_>, names: &Names, study: Option<&StudyPlan>) -> Option<Geography> {
    let sessions = sessions(table, study);
    let requests_per_session = requests_per_session(table);
    let think_time = table.durations("think_time");
    let write_share = table.required("write_share", share);
    let rtt = round_trips(table, names);
    let resolvers = resolvers(table);
    let client = client(table);
    let (session_rate, sessions) = sessions?;
    Some(Geography {
        name,
        session_rate,
        sessions,
        requests_per_session: requests_per_session?,
        think_time: think_time?,
        write_share: write_share?,
        rtt: rtt?,
        resolvers: resolvers?,
        client: client?,
    })
}

fn requests_per_session(geography: &mut TableReader<'_>) -> Option<Distribution> {
    let requests = geography.distribution("requests_per_session", Quantity::Count)?;
    // The reader limits each parameter; a heavy tail can still have a mean beyond all measure.
    if requests.mean() > 1e6 {
        geography.problem("requests_per_session", "must have a mean of at most 1000000 requests");
        return None;
    }
    Some(requests)
}

/// Reads `rtt`: one entry for each region.
fn round_trips(geography: &mut TableReader<'_>, names: &Names) -> Option<[Distribution; 2]> {
    let mut table = geography.table("rtt")?;
    let entries = table.named_nodes();
    for entry in entries.iter().filter(|entry| !names.regions.contains(&entry.key)) {
        table.problem_at_key(entry, unknown("region", &entry.key, &names.regions));
    }
    let mut found = Vec::new();
    let mut complete = true;
    for region in &names.regions {
        match entries.iter().find(|entry| entry.key == *region) {
            Some(entry) => match table.distribution_of(&entry.key, &entry.node, Quantity::Duration) {
                Some(rtt) => found.push(rtt),
                None => complete = false,
            },
            None => {
                table.problem(region, "is missing: each geography needs its round-trip time to each region");
                complete = false;
            }
        }
    }
    if complete { found.try_into().ok() } else { None }
}

fn resolvers(geography: &mut TableReader<'_>) -> Option<Resolvers> {
    let mut table = geography.table_or_empty("resolvers")?;
    let default = Resolvers::default();
    let count = table.or("count", default.count, count(1, 100_000));
    let skew = table.or("skew", default.skew, number_within(0.0, 5.0));
    let rtt = table.or("rtt", default.rtt, duration);
    let foreign = table.or("foreign", default.foreign, share);
    let timeout = table.or("timeout", default.timeout, positive_duration);
    let min_ttl = table.or("min_ttl", default.min_ttl, duration);
    let max_ttl = table.or("max_ttl", default.max_ttl, unless("never", positive_duration));
    if let (Some(least), Some(Some(most))) = (min_ttl, max_ttl)
        && least > most
    {
        table.problem("min_ttl", format!("{least} is longer than max_ttl, {most}"));
    }
    let failure_ttl = table.or("failure_ttl", default.failure_ttl, duration);
    let serve_stale = match table.or("serve_stale", default.serve_stale.is_some(), truth)? {
        true => table.or("max_stale", Resolvers::MAX_STALE, positive_duration).map(Some),
        false => Some(None),
    };
    table.finish();
    Some(Resolvers {
        count: count?,
        skew: skew?,
        rtt: rtt?,
        foreign: foreign?,
        timeout: timeout?,
        min_ttl: min_ttl?,
        max_ttl: max_ttl?,
        failure_ttl: failure_ttl?,
        serve_stale: serve_stale?,
    })
}

fn client(geography: &mut TableReader<'_>) -> Option<Client> {
    let mut table = geography.table_or_empty("client")?;
    let default = table.choice("preset", Some(Client::default()), &[("flavel-2014", Client::flavel_2014())])?;
    let pin_share = table.or("pin_share", default.pin_share, share);
    let pin = table.or("pin", default.pin, positive_duration);
    let keepalive = table.or("keepalive", default.keepalive, duration);
    let tls_round_trips = table.or("tls_round_trips", default.tls_round_trips, count(0, 10));
    let connect_timeout = table.or("connect_timeout", default.connect_timeout, positive_duration);
    let request_timeout = table.or("request_timeout", default.request_timeout, positive_duration);
    let max_attempts = table.or("max_attempts", default.max_attempts, count(1, 100));
    let backoff = table.or("backoff", default.backoff, duration);
    let backoff_limit = table.or("backoff_limit", default.backoff_limit, duration);
    let patience = table.or("patience", default.patience, positive_duration);
    let reresolve = table.or("reresolve", default.reresolve, truth);
    let idempotent = table.or("idempotent", default.idempotent, truth);
    let leave =
        table.or("leave", default.leave.unwrap_or(0.0), share).map(|leave| Some(leave).filter(|leave| *leave > 0.0));
    let retry_budget = table.or("retry_budget", default.retry_budget, unless("unlimited", share));
    let retransmit_for = table.or("retransmit_for", default.retransmit_for, duration);
    if let (Some(backoff), Some(limit)) = (backoff, backoff_limit)
        && backoff > limit
    {
        table.problem("backoff", format!("{backoff} is longer than the limit of the back-off, {limit}"));
    }
    table.finish();
    Some(Client {
        pin_share: pin_share?,
        pin: pin?,
        keepalive: keepalive?,
        tls_round_trips: tls_round_trips?,
        connect_timeout: connect_timeout?,
        request_timeout: request_timeout?,
        max_attempts: max_attempts?,
        backoff: backoff?,
        backoff_limit: backoff_limit?,
        patience: patience?,
        reresolve: reresolve?,
        leave: leave?,
        idempotent: idempotent?,
        retry_budget: retry_budget?,
        retransmit_for: retransmit_for?,
    })
}
