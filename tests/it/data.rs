//! Data on the public interface: two primaries and their conflicts, split brain, reconciliation, planned switch-over.

use firedrill::model::{Plan, RunOutcome, Timing, WriteTally, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::units::SimDuration;

/// Two regions with visitors of their own who write often to few keys, over a link of 200 ms.
const WORLD: &str = r#"
name = "data"
study = { horizon = "5m", warmup = "10s", seed = 3, window = "5s" }
keys = { count = 200, skew = 1.0 }

[regions.a]
app      = { instances = 1, workers = 200, service = "5ms", queue_limit = 1000 }
database = { connections = 100, read = "1ms", write = "2ms" }

[regions.b]
app      = { instances = 1, workers = 200, service = "5ms", queue_limit = 1000 }
database = { connections = 100, read = "1ms", write = "2ms" }

[[links]]
between = ["a", "b"]
rtt     = "200ms"

[geographies.west]
sessions             = { rate = 10.0 }
requests_per_session = 4
think_time           = "1s"
write_share          = 0.5
rtt                  = { a = "20ms", b = "200ms" }
client               = { pin_share = 0.0 }

[geographies.east]
sessions             = { rate = 10.0 }
requests_per_session = 4
think_time           = "1s"
write_share          = 0.5
rtt                  = { a = "200ms", b = "20ms" }
client               = { pin_share = 0.0 }

[dns]
health_checks = { interval = "10s", timeout = "5s", fall = 2, probe = "ping" }
"#;

fn outcome(design: &str) -> RunOutcome {
    let text = format!("{WORLD}{design}");
    let loaded = Scenario::parse(&text, "data.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap_or_else(|failure| panic!("{failure}\n{text}"))
}

fn total(outcome: &RunOutcome, of: fn(&WriteTally) -> u64) -> u64 {
    outcome.writes.iter().map(of).sum()
}

fn two_primaries(conflicts: &str) -> RunOutcome {
    outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ writes = "multi-primary", conflicts = {conflicts} }}
replication = {{ mode = "async", ship = "100ms" }}
"#
    ))
}

#[test]
fn the_last_writer_wins_in_both_regions_and_throws_the_other_write_away() {
    let outcome = two_primaries(r#"{ policy = "last-writer-wins" }"#);
    assert!(total(&outcome, |tally| tally.conflicting) > 100, "{:?}", outcome.writes);
    assert_eq!(outcome.keys_diverged, 0);
    assert_eq!(total(&outcome, |tally| tally.lost + tally.stranded), 0);
}

#[test]
fn the_same_policy_both_ways_throws_nothing_away_and_lets_the_copies_diverge() {
    for policy in ["ignore", "overwrite"] {
        let outcome = two_primaries(&format!(r#"{{ policy = "{policy}" }}"#));
        assert_eq!(total(&outcome, |tally| tally.conflicting), 0, "{policy}");
        assert!(outcome.keys_diverged > 0, "{policy}");
    }
}

#[test]
fn overwriting_in_one_direction_alone_keeps_the_copies_together_at_the_cost_of_that_regions_writes() {
    let outcome = two_primaries(r#"{ policy = "ignore", at = { a = "overwrite" } }"#);
    assert_eq!(outcome.keys_diverged, 0);
    let [west, east] = [&outcome.writes[0], &outcome.writes[1]];
    assert!(west.conflicting > 50, "what is written at a gives way: {west:?}");
    // A few visitors of the west are led by resolvers of the east, and the other way round.
    assert!(east.conflicting * 5 < west.conflicting, "what is written at b stays: {east:?}");
}

#[test]
fn a_halted_synchronisation_falls_behind_until_the_operator_acts() {
    let halted = two_primaries(r#"{ policy = "halt", repair = "1h" }"#);
    let lag_s = halted.timeline.bins.last().unwrap().lag_s;
    assert!(lag_s > 200.0, "halted from the first conflict on: {lag_s} s");
    let mended = two_primaries(r#"{ policy = "halt", repair = "5ms" }"#);
    assert!(mended.timeline.bins.last().unwrap().lag_s < 200.0, "mended again and again");
}

const CUT: &str = r#"
[[incidents]]
name  = "cut"
kind  = "link-partition"
at    = "1m"
lasts = "2m"
"#;

/// A controller that sees the primary through the link alone, and mistakes the cut for a death.
fn fooled(fencing: bool, on_return: &str) -> RunOutcome {
    outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "driver" }} }}
replication = {{ mode = "async", ship = "100ms" }}
promotion   = {{ when = "automatic", detect = "10s", duration = "5s", watch = "replica", fencing = {fencing}, on_return = "{on_return}" }}
{CUT}"#
    ))
}

#[test]
fn without_fencing_both_sides_take_writes_and_the_old_primarys_are_lost_when_the_cut_heals() {
    let split = fooled(false, "discard");
    let fenced = fooled(true, "discard");
    let lost = |outcome: &RunOutcome| total(outcome, |tally| tally.lost);
    assert!(lost(&split) > 5 * lost(&fenced), "{} against {}", lost(&split), lost(&fenced));
    assert!(lost(&fenced) > 0, "the fenced primary acknowledges until its lease has run out");
    let window_s = split.data_loss_window.as_secs_f64();
    assert!((115.0..121.0).contains(&window_s), "from just after the cut to its healing: {window_s} s");
}

#[test]
fn reconciliation_brings_back_what_does_not_conflict() {
    let outcome = fooled(false, "reconcile");
    assert_eq!(total(&outcome, |tally| tally.lost), 0);
    assert!(total(&outcome, |tally| tally.recovered) > 0, "{:?}", outcome.writes);
    assert!(total(&outcome, |tally| tally.conflicting) > 0, "{:?}", outcome.writes);
}

fn planned(drain: bool) -> RunOutcome {
    outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "driver" }} }}
replication = {{ mode = "async", ship = "500ms" }}
promotion   = {{ when = "planned", at = "1m", drain = {drain}, duration = "0s" }}
"#
    ))
}

#[test]
fn a_planned_switch_over_loses_nothing_if_it_drains_and_what_had_not_left_if_it_does_not() {
    let drained = planned(true);
    assert_eq!(total(&drained, |tally| tally.lost), 0);
    assert!(drained.visitors.iter().flatten().map(|tally| tally.failed + tally.attempts).sum::<u64>() > 0);
    let rushed = planned(false);
    assert!(total(&rushed, |tally| tally.lost) > 5, "about half a second of writes: {:?}", rushed.writes);
}

#[test]
fn a_primary_that_is_drained_goes_on_serving_reads() {
    let outcome = outcome(
        r#"
[designs.only]
routing     = { policy = "nearest" }
database    = { primary = "a", reads = "primary", endpoint = { via = "dns", ttl = "1s" } }
replication = { mode = "async", ship = "500ms" }
promotion   = { when = "planned", at = "1m", drain = true, duration = "20s" }
"#,
    );
    let failed = |operation: usize| outcome.visitors.iter().map(|tallies| tallies[operation].failed).sum::<u64>();
    assert!(failed(1) > 100, "writes are refused for twenty seconds");
    assert!(failed(0) < failed(1) / 10, "{} reads failed", failed(0));
}

#[test]
fn the_role_returns_if_asked_for() {
    let design = |return_role: &str| {
        format!(
            r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "driver" }} }}
replication = {{ mode = "async", ship = "100ms" }}
promotion   = {{ when = "automatic", detect = "5s", duration = "5s", return_role = {return_role} }}

[[incidents]]
name   = "crash"
kind   = "database-outage"
target = "a"
at     = "1m"
lasts  = "1m"
"#
        )
    };
    // The writes of the west are quick while the primary is near.
    let west_write_ms = |outcome: &RunOutcome| {
        let latency = &outcome.visitors[0][1].latency;
        latency.sum_ns as f64 / latency.count() as f64 / 1e6
    };
    let stays = outcome(&design("\"never\""));
    let returns = outcome(&design("\"20s\""));
    assert!(
        west_write_ms(&returns) < west_write_ms(&stays) - 30.0,
        "{} {}",
        west_write_ms(&returns),
        west_write_ms(&stays)
    );
}

#[test]
fn a_second_loss_of_the_primary_is_answered_like_the_first() {
    let outcome = outcome(
        r#"
[designs.only]
routing     = { policy = "nearest" }
database    = { primary = "a", endpoint = { via = "driver" } }
replication = { mode = "async", ship = "100ms" }
promotion   = { when = "automatic", detect = "5s", duration = "5s" }

[[incidents]]
name   = "first"
kind   = "database-outage"
target = "a"
at     = "1m"
lasts  = "30s"

[[incidents]]
name   = "second"
kind   = "database-outage"
target = "b"
at     = "3m"
lasts  = "30s"
"#,
    );
    let verdicts: Vec<Timing> = outcome.incidents.iter().map(|incident| incident.database_verdict).collect();
    assert_eq!(verdicts, [Timing::After(SimDuration::from_secs(5)); 2]);
}
