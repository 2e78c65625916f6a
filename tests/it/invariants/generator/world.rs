//! Study, regions, link, geographies, names and prices.

use firedrill::study::Phase;

use super::values::{delay, length};
use super::{Capacity, Dice, HORIZON_S, PATIENCE_S};

/// Writes the keys of the whole scenario.
pub(super) fn head(dice: &mut Dice<'_>) -> String {
    format!(
        "name = \"generated\"\n{}\
         study = {{ horizon = \"{HORIZON_S}s\", warmup = \"30s\", seed = {}, runs = 3, window = {}{} }}\n\
         keys = {{ count = {}, skew = {}, size = \"100kB\" }}\n\
         dns = {{ zone_rtt = {}, gtm_rtt = {} }}\n",
        dice.one_of(&["", "description = \"Drawn by a test.\"\n"]),
        dice.from(0, 999),
        dice.one_of(&["\"5s\"", "\"5s\"", "\"auto\""]),
        dice.one_of(&["", ", slo = 0.8", ", stable = \"10s\", aftermath = \"2m\"", ", starts_at = \"18:30\""]),
        dice.from(1, 200),
        dice.one_of(&["0.9", "0.0"]),
        dice.one_of(&["\"0s\"", "\"20ms\""]),
        dice.one_of(&["\"0s\"", "\"20ms\""]),
    )
}

/// Writes the questions asked of the results; nothing that happens depends on them.
pub(super) fn questions(dice: &mut Dice<'_>) -> String {
    let prices = dice.one_of(&[
        "",
        "[prices]\ninstance_hour = 0.1\ndatabase_hour = 0.5\ncross_region_gb = 0.08\n",
        "[prices]\ninstance_hour = 0.1\noutages_per_month = 2\n",
    ]);
    let expectation = dice.one_of(&[
        "",
        "[[expect]]\ndesign = \"one\"\nmetric = \"availability_requests\"\nstat = \"mean\"\nmin = 0.0\nmax = 1.0\n",
        "[[expect]]\nbetter = \"one\"\nthan = \"two\"\nmetric = \"downtime_s\"\nshare = 0.0\n[[expect]]\nbetter = \"one\"\nthan = \"two\"\nmetric = \"lost_service_s\"\ntimes = 2.0\n",
        "[objectives]\nrto = \"1m\"\nrpo = \"5s\"\n[[expect]]\ndesign = \"two\"\nobjective = \"rto\"\nshare = 0.0\n",
        "[objectives]\nrpo = \"5s\"\n[[expect]]\ndesign = \"one\"\nobjective = \"rpo\"\nshare = 0.0\n",
        &every_first_phase(),
    ]).to_owned();
    format!("{prices}{expectation}")
}

/// An expectation for each phase.
fn every_first_phase() -> String {
    let of = |phase: Phase| format!("[[expect]]\ndesign = \"two\"\nfirst_phase = \"{}\"\n", phase.name());
    Phase::ALL.into_iter().map(of).collect()
}

/// Regions, the link between them, and the visitors.
pub(super) fn places(dice: &mut Dice<'_>, capacity: Capacity) -> String {
    let mut text = String::new();
    for name in ["x", "y"] {
        text += &region(dice, capacity, name);
    }
    text += &format!(
        "[[links]]\nbetween = [\"x\", \"y\"]\nrtt = {}\nbandwidth = {}\n{}",
        delay(dice, 100),
        match capacity {
            Capacity::Ample => "\"unlimited\"",
            Capacity::Any => dice.one_of(&["\"unlimited\"", "\"8kB/s\""]),
        },
        dice.one_of(&["", "call_size = \"10kB\"\n"]),
    );
    for [name, near, far] in [["east", "x", "y"], ["west", "y", "x"]] {
        let think = delay(dice, 8_000);
        // Who never leaves must think.
        let services = if think == "\"0s\"" { "" } else { dice.one_of(&["", "service_clients = 3\n"]) };
        text += &format!(
            "[geographies.{name}]\n\
             sessions = {{ {} }}\nrequests_per_session = {}\nthink_time = {think}\n{services}write_share = {}\n\
             rtt = {{ {near} = {}, {far} = \"150ms\" }}\n{}{}",
            dice.one_of(&SESSIONS),
            dice.one_of(&REQUESTS),
            dice.one_of(&["0.0", "0.3", "1.0"]),
            delay(dice, 30),
            resolvers(dice),
            client(dice, capacity),
        );
    }
    text
}

const SESSIONS: [&str; 5] = [
    "rate = 0.5",
    "rate = 2.0",
    "daily_mean = 1.0, profile = [1,2,1,2,1,2,1,2,1,2,1,2,1,2,1,2,1,2,1,2,1,2,1,2]",
    "daily_mean = 1.0, utc_offset = \"-3h 30m\", profile = [2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]",
    "trace = \"arrivals.csv\"",
];

const REQUESTS: [&str; 5] = [
    "1",
    r#"{ dist = "geometric", mean = 4 }"#,
    r#"{ dist = "uniform", low = 1, high = 5 }"#,
    r#"{ dist = "empirical", file = "observed.csv", column = "requests" }"#,
    r#"{ dist = "constant", value = 3 }"#,
];

fn region(dice: &mut Dice<'_>, capacity: Capacity, name: &str) -> String {
    let (workers, queue, connections) = match capacity {
        Capacity::Ample => (200, 10_000, 1_000),
        Capacity::Any => (dice.from(1, 4), dice.from(0, 12), dice.from(1, 6)),
    };
    let limits = match capacity {
        Capacity::Ample => dice.one_of(&["", ", statement_timeout = \"never\""]),
        Capacity::Any => dice.one_of(&[
            "",
            ", queue_limit = \"unlimited\", statement_timeout = \"never\"",
            ", queue_limit = 3",
            ", statement_timeout = \"20ms\"",
            ", queue_limit = 0",
        ]),
    };
    format!(
        "[regions.{name}]\n\
         app = {{ instances = {}, workers = {workers}, service = {}, queue_limit = {queue}, hold_worker = {}{} }}\n\
         database = {{ connections = {connections}, read = {}, write = {}, timeout = \"{}s\", connect_timeout = \"{}s\"{limits} }}\n",
        dice.from(1, 3),
        delay(dice, 30),
        dice.one_of(&["true", "true", "false"]),
        dice.one_of(&["", ", cold_start = { factor = 5, lasts = \"60s\" }"]),
        delay(dice, 2),
        delay(dice, 5),
        // Receipts may take seconds, as below.
        if capacity == Capacity::Ample { 30 } else { dice.from(2, 30) },
        dice.from(1, 4),
    )
}

fn resolvers(dice: &mut Dice<'_>) -> String {
    format!(
        "resolvers = {{ count = {}, foreign = {}{}{} }}\n",
        dice.from(1, 20),
        dice.one_of(&["0.0", "0.2"]),
        dice.one_of(&["", ", skew = 0.0", ", rtt = \"30ms\"", ", timeout = \"2s\""]),
        dice.one_of(&[
            "",
            ", min_ttl = \"20s\"",
            ", max_ttl = \"10s\", failure_ttl = \"5s\"",
            ", max_ttl = \"never\", serve_stale = true",
            ", serve_stale = true, max_stale = \"1m\"",
            ", serve_stale = false, whole_seconds = true, prefetch = false",
            ", whole_seconds = true, prefetch = true, failure_ttl = \"2s\"",
            ", prefetch = true, whole_seconds = false",
        ]),
    )
}

fn client(dice: &mut Dice<'_>, capacity: Capacity) -> String {
    let pins = dice.one_of(&[
        "pin_share = 0.0",
        "pin_share = 0.2",
        "pin_share = 0.2, pin = \"5m\"",
        "preset = \"flavel-2014\"",
        "preset = \"jvm\", dns_cache = \"forever\"",
        "preset = \"browser\", pin_share = 0.2",
        "preset = \"go\"",
        "preset = \"node\", dns_cache = \"ttl\"",
        "pin_share = 0.0, dns_cache = \"40s\"",
    ]);
    // A receipt may take seconds where commits wait for the slowest before them.
    let (connect, request) = match capacity {
        Capacity::Ample => ("3s", "10s"),
        Capacity::Any => (dice.one_of(&["3s", "1s"]), dice.one_of(&["3s", "10s"])),
    };
    format!(
        "client = {{ {pins}, keepalive = {}, tls_round_trips = {}, max_attempts = {}, backoff = {}, backoff_limit = {}{}, \
         connect_timeout = \"{connect}\", request_timeout = \"{request}\", patience = \"{PATIENCE_S}s\" }}\n",
        dice.one_of(&["\"0s\"", "\"60s\"", "\"60s\"", "\"forever\""]),
        dice.from(0, 2),
        dice.from(1, 4),
        dice.one_of(&["\"0s\"", "\"200ms\""]),
        dice.one_of(&["\"20s\"", "\"300ms\""]),
        dice.one_of(&[
            "",
            ", idempotent = true",
            ", reresolve = true, leave = 0.5",
            ", retry_budget = 0.1",
            ", retransmit_for = \"0s\"",
            ", idempotent = false, reresolve = false, retry_budget = \"unlimited\"",
        ]),
    )
}

/// A length for those who draw one here and there.
pub(super) fn seconds(dice: &mut Dice<'_>, typical_s: u64) -> String {
    length(dice, 1_000 * typical_s)
}
