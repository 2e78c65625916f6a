//! Data on the public interface: two primaries and their conflicts, split brain, reconciliation, planned switch-over.

use firedrill::model::{Plan, RunOutcome, Timing, WriteTally, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::units::SimDuration;

use crate::support::scratch;

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

/// Region a's database loses its storage for a minute, and then needs a copy of 200 MB at 4 MB/s: 50 s.
fn destroyed(design: &str, more: &str) -> RunOutcome {
    let world = WORLD
        .replace("skew = 1.0 }", "skew = 1.0, size = \"200MB\" }")
        .replace("rtt     = \"200ms\"", "rtt     = \"200ms\"\nbandwidth = \"4MB/s\"");
    let text = format!(
        r#"{world}
[designs.only]
routing     = {{ policy = "nearest" }}
{design}

[[incidents]]
name    = "fire"
kind    = "database-outage"
target  = "a"
storage = "destroyed"
at      = "60s"
lasts   = "60s"
{more}"#
    );
    let loaded = Scenario::parse(&text, "data.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap_or_else(|failure| panic!("{failure}\n{text}"))
}

const SLOWLY_SHIPPED: &str =
    "database = { primary = \"a\", endpoint = { via = \"driver\" } }\nreplication = { ship = \"5s\" }\n";

/// When the first incident's service level was back, and when its backlog was cleared: since its start, and since its end.
fn recovery(outcome: &RunOutcome) -> (Timing, Timing) {
    (outcome.incidents[0].recovered, outcome.incidents[0].backlog_cleared)
}

fn seconds(timing: Timing) -> f64 {
    match timing {
        Timing::After(time) => time.as_secs_f64(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_primary_whose_storage_is_destroyed_is_restored_from_its_replica_before_it_serves() {
    let outcome = destroyed(&format!("{SLOWLY_SHIPPED}promotion = {{ when = \"never\" }}"), "");
    let lost = total(&outcome, |tally| tally.lost);
    // What was not shipped in the last five seconds: about 40 writes in each.
    assert!((150..260).contains(&lost), "{lost} writes lost");
    assert_eq!(total(&outcome, |tally| tally.stranded + tally.recovered), 0);
    assert!(outcome.data_loss_window.as_secs_f64() > 4.0, "{}", outcome.data_loss_window);
    let recovered = seconds(recovery(&outcome).0);
    assert!((110.0..=120.0).contains(&recovered), "the outage and the copy take 110 s; recovered after {recovered} s");
}

#[test]
fn a_replaced_primary_whose_storage_is_destroyed_rejoins_by_a_full_copy_even_if_it_was_to_be_reconciled() {
    let promotion =
        "promotion = { when = \"automatic\", detect = \"5s\", duration = \"5s\", on_return = \"reconcile\" }";
    let outcome = destroyed(&format!("{SLOWLY_SHIPPED}{promotion}"), "");
    assert!(total(&outcome, |tally| tally.lost) > 60, "{:?}", outcome.writes);
    assert_eq!(total(&outcome, |tally| tally.stranded + tally.recovered + tally.conflicting), 0);
    let (recovered, cleared) = recovery(&outcome);
    assert!(seconds(recovered) < 30.0, "{recovered:?}");
    assert!(seconds(cleared) >= 50.0, "commits wait behind the copy: {cleared:?}");
}

#[test]
fn a_cut_suspends_a_full_copy() {
    let cut = "[[incidents]]\nname = \"cut\"\nkind = \"link-partition\"\nat = \"140s\"\nlasts = \"20s\"\n";
    let outcome = destroyed(&format!("{SLOWLY_SHIPPED}promotion = {{ when = \"never\" }}"), cut);
    let recovered = seconds(recovery(&outcome).0);
    assert!((130.0..=140.0).contains(&recovered), "20 s later than without the cut; recovered after {recovered} s");
}

#[test]
fn what_only_destroyed_storage_had_is_lost_even_if_nobody_returns() {
    let text = destroyed_for_good("a");
    assert!(total(&text, |tally| tally.lost) > 60, "{:?}", text.writes);
    assert_eq!(total(&text, |tally| tally.stranded), 0);
}

#[test]
fn if_both_nodes_are_destroyed_everything_is_lost() {
    let second = "[[incidents]]\nname = \"another\"\nkind = \"database-outage\"\ntarget = \"b\"\nstorage = \"destroyed\"\nat = \"90s\"\nlasts = \"1s\"\n";
    let outcome = destroyed(&format!("{SLOWLY_SHIPPED}promotion = {{ when = \"never\" }}"), second);
    let acknowledged = total(&outcome, |tally| tally.acknowledged);
    assert_eq!(total(&outcome, |tally| tally.lost), acknowledged);
    assert!(acknowledged > 1000, "{acknowledged}");
}

#[test]
fn of_two_primaries_the_destroyed_one_loses_what_it_had_not_shipped_and_gets_the_others_rows() {
    let design = "database = { writes = \"multi-primary\", conflicts = { policy = \"last-writer-wins\" }, endpoint = { via = \"driver\" } }\nreplication = { ship = \"2s\" }";
    let outcome = destroyed(design, "");
    assert!(total(&outcome, |tally| tally.lost) > 10, "{:?}", outcome.writes);
    assert_eq!(outcome.keys_diverged, 0);
}

/// A database of region a that is destroyed and stays away until after the horizon, replaced by a promotion.
fn destroyed_for_good(target: &str) -> RunOutcome {
    outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "{target}", endpoint = {{ via = "driver" }} }}
replication = {{ ship = "5s" }}
promotion   = {{ when = "automatic", detect = "5s", duration = "5s" }}

[[incidents]]
name    = "fire"
kind    = "database-outage"
target  = "{target}"
storage = "destroyed"
at      = "60s"
lasts   = "1h"
"#
    ))
}

/// Writes of which the answer is lost on the way back are tried again: a blackhole of the app after the commit.
fn repeated(idempotent: bool) -> RunOutcome {
    let client =
        format!("client               = {{ pin_share = 0.0, request_timeout = \"1s\", idempotent = {idempotent} }}");
    let text = format!(
        r#"{}
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "driver" }} }}
promotion   = {{ when = "never" }}

[[incidents]]
name   = "slow"
kind   = "link-slow"
delay  = "2s"
at     = "60s"
lasts  = "60s"
"#,
        WORLD.replace("client               = { pin_share = 0.0 }", &client)
    );
    let loaded = Scenario::parse(&text, "data.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap_or_else(|failure| panic!("{failure}"))
}

#[test]
fn a_repeated_write_commits_again_unless_the_database_recognises_it() {
    let (blind, recognised) = (repeated(false), repeated(true));
    assert!(total(&blind, |tally| tally.duplicated) > 100, "{:?}", blind.writes);
    assert_eq!(total(&recognised, |tally| tally.duplicated), 0);
    assert!(total(&recognised, |tally| tally.ambiguous) > 100, "the visitor still does not know");
}

// Seen to fail while the copy was made of what had been taken out of the log by then.
#[test]
fn a_full_copy_has_what_the_other_node_has_applied_by_then() {
    let (west, east) = WORLD.split_once("[geographies.east]").expect("two geographies");
    let only_west_writes =
        format!("{west}[geographies.east]{}", east.replace("write_share          = 0.5", "write_share = 0.0"));
    let text = only_west_writes
        .replace("keys = { count = 200, skew = 1.0 }", "keys = { count = 100000, size = \"4MB\" }")
        + r#"
[designs.only]
routing     = { policy = "nearest" }
database    = { writes = "multi-primary", conflicts = { policy = "last-writer-wins" } }
replication = { mode = "async", ship = { dist = "exponential", mean = "100ms" } }
promotion   = { when = "never" }

[[incidents]]
name    = "disk"
kind    = "database-outage"
target  = "a"
storage = "destroyed"
at      = "1m"
lasts   = "1s"
"#;
    let loaded = Scenario::parse(&text, "data.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan::new(&loaded.scenario);
    for run in 0..20 {
        assert_eq!(simulate(&plan, 0, run).unwrap().keys_diverged, 0, "run {run}");
    }
}

/// Sessions of 400 requests read at b and write at a, over a stream that takes 10 s. At 4 min a dies, and b is promoted 10 s later.
const OWN_WRITES: &str = r#"
name  = "own"
study = { horizon = "8m", warmup = "4m30s", seed = 3 }
keys  = { count = 20, skew = 0.0 }

[regions.a]
app      = { instances = 4, workers = 16, service = "10ms", queue_limit = 200 }
database = { connections = 32, read = "2ms", write = "4ms" }

[regions.b]
app      = { instances = 4, workers = 16, service = "10ms", queue_limit = 200 }
database = { connections = 32, read = "2ms", write = "4ms" }

[[links]]
between = ["a", "b"]
rtt     = "160ms"

[geographies.here]
sessions             = { rate = 0.05 }
requests_per_session = 400
think_time           = "1s"
write_share          = 0.1
rtt                  = { a = "170ms", b = "25ms" }

[designs.only]
routing     = { policy = "nearest" }
database    = { primary = "a", reads = "local", endpoint = { via = "driver" } }
replication = { mode = "async", ship = "10s" }
promotion   = { when = "automatic", detect = "5s", duration = "5s" }

[[incidents]]
name   = "death"
kind   = "database-outage"
target = "a"
at     = "4m"
lasts  = "3m"
"#;

// A session makes 0.96 requests in a second, and there are 0.05 t sessions after t seconds: 0.0048 t writes in a second, 0.00024 t of
// each key. So 11.3 writes of the last 10 s are lost. Of these, exp(-0.00012 (270^2 - 251^2)) = 30 % have not been written anew when
// measured time begins, 20 s after the promotion. From then on a session reads one of the 20 keys 0.043 times in a second, until
// somebody writes it, 0.065 times in a second and more and more often: 0.6 reads. 11.3 x 0.30 x 0.6 = 2.0 reads in a run.
#[test]
fn a_session_misses_its_own_lost_write_until_somebody_writes_the_key_anew() {
    let loaded = Scenario::parse(OWN_WRITES, "own.toml", &LoadOptions::default()).unwrap();
    let plan = Plan::new(&loaded.scenario);
    let runs = 200;
    let (mut lost, mut missed, mut stale) = (0, 0, 0);
    for run in 0..runs {
        let outcome = simulate(&plan, 0, run).unwrap();
        lost += total(&outcome, |tally| tally.lost);
        missed += outcome.visitors[0][0].own_writes_missed;
        stale += outcome.visitors[0][0].stale_reads;
    }
    let per_run = |count: u64| count as f64 / runs as f64;
    assert!((10.0..12.5).contains(&per_run(lost)), "{} writes lost in a run", per_run(lost));
    assert!((1.5..2.6).contains(&per_run(missed)), "{} own writes missed in a run", per_run(missed));
    assert_eq!(stale, 0, "versions that are lost make no read stale");
}

/// Stale reads at b, where somebody reads the only key at 12 s and at 16 s, while region a writes it at `a_writes` seconds and b at
/// `b_writes`. Both are primaries, and what one has written comes to the other 10 s later.
fn stale_reads_at_b(a_writes: &str, b_writes: &str, conflicts: &str) -> u64 {
    let folder = scratch();
    for (name, rows) in [("a.csv", a_writes), ("b.csv", b_writes), ("reads.csv", "12\n16")] {
        std::fs::write(folder.path().join(name), format!("time_s\n{rows}\n")).unwrap();
    }
    let visitors = |name: &str, trace: &str, write_share: u32, [a, b]: [&str; 2]| {
        let trace = folder.path().join(trace).display().to_string();
        format!(
            r#"
[geographies.{name}]
sessions             = {{ trace = {trace:?} }}
requests_per_session = 1
think_time           = "1s"
write_share          = {write_share}
rtt                  = {{ a = "{a}", b = "{b}" }}
resolvers            = {{ foreign = 0 }}
client               = {{ pin_share = 0.0 }}
"#
        )
    };
    let (world, _) = WORLD.split_once("[geographies.west]").expect("geographies");
    let world = world.replace("count = 200", "count = 1").replace("warmup = \"10s\"", "warmup = \"0s\"");
    let text = [
        world,
        visitors("west", "a.csv", 1, ["20ms", "200ms"]),
        visitors("east", "b.csv", 1, ["200ms", "20ms"]),
        visitors("readers", "reads.csv", 0, ["200ms", "20ms"]),
        format!(
            r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ writes = "multi-primary", conflicts = {conflicts} }}
replication = {{ mode = "async", ship = "10s" }}
"#
        ),
    ]
    .concat();
    let loaded = Scenario::parse(&text, "data.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let outcome = simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap();
    outcome.visitors.iter().map(|tallies| tallies[0].stale_reads).sum()
}

// Region a's write at 10 s is on its way to b until 20 s, so that both reads miss it. Whether they are stale hangs on what becomes of
// it when b has written the key meanwhile: after the first read, and without having seen it.
#[test]
fn a_version_that_a_conflict_throws_away_makes_no_read_stale_even_if_that_happens_after_the_read() {
    let of = |b_writes, conflicts: &str| stale_reads_at_b("10", b_writes, conflicts);
    assert_eq!(of("100", r#"{ policy = "last-writer-wins" }"#), 2, "nothing to conflict with");
    assert_eq!(of("14", r#"{ policy = "last-writer-wins" }"#), 0, "b wrote last");
    assert_eq!(of("14", r#"{ policy = "ignore" }"#), 0, "b keeps its own");
    assert_eq!(of("14", r#"{ policy = "ignore", at = { a = "overwrite" } }"#), 0, "and a takes it over");
    assert_eq!(of("14", r#"{ policy = "halt", repair = "1s" }"#), 0, "the operator keeps the row that is there");
    assert_eq!(of("14", r#"{ policy = "halt", repair = "1h" }"#), 0, "so he will after the horizon");
    assert_eq!(of("14", r#"{ policy = "overwrite" }"#), 2, "it comes to b, and stays there");
    assert_eq!(of("14", r#"{ policy = "ignore", at = { b = "overwrite" } }"#), 2, "it stays everywhere");
}

// Now b has written at 10 s, and a at 14 s without having seen it: the second read alone can miss that.
#[test]
fn a_version_that_had_not_seen_an_earlier_one_makes_a_read_stale_only_if_it_stays() {
    let of = |conflicts: &str| stale_reads_at_b("14", "10", conflicts);
    assert_eq!(of(r#"{ policy = "last-writer-wins" }"#), 1, "a wrote last");
    assert_eq!(of(r#"{ policy = "ignore" }"#), 0, "b keeps its own");
    assert_eq!(of(r#"{ policy = "ignore", at = { b = "overwrite" } }"#), 1, "it stays everywhere");
}

/// Region a, the primary, is cut off at 60 s for so long, with a stream that takes 5 s.
fn isolated(fencing: bool, lasts: &str, more: &str) -> RunOutcome {
    outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "driver" }} }}
replication = {{ mode = "async", ship = "5s" }}
promotion   = {{ when = "automatic", detect = "10s", duration = "5s", fencing = {fencing} }}

[[incidents]]
name   = "island"
kind   = "region-isolation"
target = "a"
at     = "60s"
lasts  = "{lasts}"
{more}"#
    ))
}

// Some 40 writes commit in a second, so that the oldest that had not left was acknowledged just after 55 s. The fenced primary stops
// 10 s after the cut, the other one when it is found again at 120 s: but nobody has had a success of either since 60 s.
#[test]
fn the_window_of_an_isolated_primary_ends_with_its_isolation() {
    for fencing in [true, false] {
        let found = isolated(fencing, "60s", "").data_loss_window.as_secs_f64();
        assert!((4.7..5.1).contains(&found), "fencing {fencing}: {found} s");
        let for_good = isolated(fencing, "1h", "").stranded_window.as_secs_f64();
        assert!((4.7..5.1).contains(&for_good), "fencing {fencing}, stranded: {for_good} s");
    }
}

// The region is found again at 90 s, but not by the other node, whose link is cut until 150 s: until then it takes the writes of those
// who are led to it.
#[test]
fn the_window_of_a_primary_that_is_found_again_by_its_visitors_ends_with_its_last_success() {
    let cut = "[[incidents]]\nname = \"cut\"\nkind = \"link-partition\"\nat = \"60s\"\nlasts = \"90s\"\n";
    let window = isolated(false, "30s", cut).data_loss_window.as_secs_f64();
    assert!((93.0..95.1).contains(&window), "from 55 s to 150 s: {window} s");
}

// Both are primaries: a dies at 60 s and b at 90 s, for good. Everything is stranded, and b took writes until it died.
#[test]
fn if_two_primaries_are_gone_the_window_ends_with_the_later_of_them() {
    let death = |name: &str, at: u32| {
        format!(
            "[[incidents]]\nname = \"{name}\"\nkind = \"database-outage\"\ntarget = \"{name}\"\nat = \"{at}s\"\nlasts = \"1h\"\n"
        )
    };
    let outcome = outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ writes = "multi-primary", conflicts = {{ policy = "last-writer-wins" }} }}
replication = {{ mode = "async", ship = "5s" }}
{}{}"#,
        death("a", 60),
        death("b", 90)
    ));
    let window = outcome.stranded_window.as_secs_f64();
    assert!((89.0..90.1).contains(&window), "from the first write to 90 s: {window} s");
}

/// Backlogs after a cut of 20 s: four commits of 1 kB in a second until the old primary is fenced 15 s after the cut, and a promotion
/// that is finished 5 s after the healing. A surge ends 1 s after the healing.
fn backlogs(bandwidth: &str) -> Vec<Timing> {
    let (west, _) = WORLD.split_once("[geographies.east]").expect("two geographies");
    let west = west
        .replace("sessions             = { rate = 10.0 }", "sessions             = { rate = 4.0 }")
        .replace("requests_per_session = 4", "requests_per_session = 1")
        .replace("write_share          = 0.5", "write_share          = 1.0")
        .replace("rtt     = \"200ms\"", &format!("rtt     = \"200ms\"\nbandwidth = \"{bandwidth}\""));
    let text = format!(
        r#"{west}
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "driver" }} }}
replication = {{ mode = "async", ship = "100ms", write_size = "1kB" }}
promotion   = {{ when = "automatic", detect = "15s", duration = "10s", watch = "replica", fencing = true }}

[[incidents]]
name  = "cut"
kind  = "link-partition"
at    = "60s"
lasts = "20s"

[[incidents]]
name   = "surge"
kind   = "traffic-surge"
target = "west"
factor = 1.1
at     = "70s"
lasts  = "11s"
"#
    );
    let loaded = Scenario::parse(&text, "data.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let outcome = simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap_or_else(|failure| panic!("{failure}"));
    outcome.incidents.iter().map(|incident| incident.backlog_cleared).collect()
}

// 15 s of four commits a second are about 60, of 50 ms each on a line of 20 kB/s: 3 s. Nobody commits there after that.
#[test]
fn a_backlog_is_cleared_though_its_sender_never_commits_again() {
    let cleared = backlogs("20kB/s");
    assert!((2.0..4.0).contains(&seconds(cleared[0])), "{:?}", cleared[0]);
    assert_eq!(cleared[1], Timing::NotApplicable, "the end of a surge leaves no backlog");
}

// On a line of 5 kB/s they take 12 s, but after 5 s the branch is cut off.
#[test]
fn a_backlog_whose_branch_is_discarded_is_void() {
    assert_eq!(backlogs("5kB/s")[0], Timing::NotApplicable);
}
