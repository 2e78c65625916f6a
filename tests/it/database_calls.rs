//! Database calls that take too long: the app's timeout, the node's queue limit and its statement timeout, each where its share of
//! failures has a closed form.

use firedrill::model::RunOutcome;

use crate::closed_form::{plan, runs};

/// Ten writes a second for 1000 s, in four runs, with a node as the settings say. The app has workers for all.
fn outcomes(settings: &[&str]) -> Vec<RunOutcome> {
    let common = [
        "study.horizon=1060s",
        "geographies.here.sessions.rate=10",
        "geographies.here.write_share=1",
        // A driver would turn to the other node after a few failures.
        r#"designs.only.database.endpoint={ via = "dns" }"#,
        "geographies.here.client.patience=60s",
        "geographies.here.client.request_timeout=60s",
    ];
    runs(&plan(&[&common[..], settings].concat(), ""), 4, Clone::clone)
}

/// Writes that failed, as a share of all; and those that failed and were committed all the same.
fn failed(outcomes: &[RunOutcome]) -> (f64, f64) {
    let sum = |of: fn(&RunOutcome) -> u64| outcomes.iter().map(of).sum::<u64>() as f64;
    let all = sum(|outcome| outcome.visitors[0][1].succeeded + outcome.visitors[0][1].failed);
    // The ledger counts those of the last minute, too.
    let ambiguous = sum(|outcome| outcome.writes[0].ambiguous) * 1000.0 / 1060.0;
    (sum(|outcome| outcome.visitors[0][1].failed) / all, ambiguous / all)
}

/// Longest latency of a write that succeeded, in seconds.
fn longest_s(outcomes: &[RunOutcome]) -> f64 {
    let longest = outcomes.iter().map(|outcome| outcome.visitors[0][1].latency.max).max();
    longest.unwrap().as_secs_f64()
}

const SECOND_ON_AVERAGE: &str = r#"regions.a.database.write={ dist = "exponential", mean = "1s" }"#;

/// An app used to wait for a busy node as long as its turn took.
#[test]
fn an_app_waits_no_longer_for_a_busy_node_than_its_timeout_and_leaves_its_queue() {
    // Eight connections serve a second each, and ten calls come a second: the queue grows until it takes 5 s, and who waits longer
    // leaves it, uncommitted.
    let outcomes = outcomes(&["regions.a.database.connections=8", SECOND_ON_AVERAGE, "regions.a.database.timeout=5s"]);
    let (failed, ambiguous) = failed(&outcomes);
    assert!(longest_s(&outcomes) <= 5.01, "{}", longest_s(&outcomes));
    // Eight connections do eight of ten a second. What they do for those who have left meanwhile is done in vain, but committed.
    assert!(failed > 0.2 && failed - ambiguous > 0.15, "{failed} failed, {ambiguous} committed all the same");
    assert!((failed - ambiguous - 0.2).abs() < 0.02, "a fifth is never served: {failed}, {ambiguous}");
}

#[test]
fn a_call_that_is_being_served_runs_on_when_its_app_has_given_it_up() {
    // Of exponential services of a second on average, exp(-1) last longer than a second.
    let outcomes = outcomes(&[SECOND_ON_AVERAGE, "regions.a.database.timeout=1s"]);
    let (failed, ambiguous) = failed(&outcomes);
    assert!((failed - 0.3679).abs() < 0.01 && (ambiguous - failed).abs() < 0.01, "{failed} {ambiguous}");
}

#[test]
fn a_statement_that_runs_for_too_long_is_ended_and_commits_nothing() {
    // exp(-1 / 2) last longer than half a second.
    let outcomes = outcomes(&[SECOND_ON_AVERAGE, "regions.a.database.statement_timeout=500ms"]);
    let (failed, ambiguous) = failed(&outcomes);
    assert!((failed - 0.6065).abs() < 0.01 && ambiguous == 0.0, "{failed} {ambiguous}");
    // It takes the connection no longer: E[min(X, 0.5)] = 1 - exp(-0.5) of a second, for each of ten a second.
    let used: u128 = outcomes.iter().map(|outcome| outcome.regions[0].load.database_busy_ns).sum();
    let writes = 4.0 * 1000.0 * 10.0;
    assert!((used as f64 / 1e9 / writes - 0.3935).abs() < 0.01, "{used}");
}

#[test]
fn a_call_to_a_node_whose_queue_is_full_fails_at_once() {
    // One connection, no queue: Erlang's loss formula, a / (1 + a) with a load of a = 1.
    let outcomes = outcomes(&[
        "regions.a.database.connections=1",
        r#"regions.a.database.write={ dist = "exponential", mean = "100ms" }"#,
        "regions.a.database.queue_limit=0",
    ]);
    let (failed, ambiguous) = failed(&outcomes);
    assert!((failed - 0.5).abs() < 0.02 && ambiguous == 0.0, "{failed} {ambiguous}");
}

/// The three limits leave what is settled early as it would be by events: reads take the fast path here.
#[test]
fn the_limits_hold_for_reads_that_need_no_event_too() {
    let read = r#"regions.a.database.read={ dist = "exponential", mean = "1s" }"#;
    let failed_reads = |limit: &str| {
        let outcomes = outcomes(&["geographies.here.write_share=0", "designs.only.database.reads=local", read, limit]);
        let sum = |of: fn(&RunOutcome) -> u64| outcomes.iter().map(of).sum::<u64>() as f64;
        let failed = sum(|outcome| outcome.visitors[0][0].failed);
        failed / (failed + sum(|outcome| outcome.visitors[0][0].succeeded))
    };
    for (limit, share) in
        [("regions.a.database.timeout=1s", 0.3679), ("regions.a.database.statement_timeout=1s", 0.3679)]
    {
        let failed = failed_reads(limit);
        assert!((failed - share).abs() < 0.01, "{limit}: {failed}");
    }
}

/// A call that was longer on the link than its connect may take used to be given up when it arrived.
#[test]
fn a_connect_over_a_long_link_times_out_in_time() {
    let dead = r#"
[[incidents]]
name   = "disk"
kind   = "database-outage"
target = "a"
mode   = "blackhole"
at     = "1s"
lasts  = "1h"
"#;
    let settings = [
        "study.horizon=1000s",
        "study.warmup=10s",
        "geographies.here.client.patience=20s",
        r#"designs.only.routing={ policy = "failover", order = ["b", "a"] }"#,
        r#"designs.only.database.endpoint={ via = "dns" }"#,
        "links.0.rtt=8s",
        "regions.a.database.connect_timeout=3s",
    ];
    let outcome = runs(&plan(&settings, dead), 1, Clone::clone).remove(0);
    // Each request holds a worker of b for the three seconds of the connect; it took the four of half a round trip.
    let held_s = outcome.regions[1].load.app_busy_ns as f64 / 1e9 / outcome.visitors[0][0].failed as f64;
    assert!(outcome.visitors[0][0].succeeded == 0 && (held_s - 3.0).abs() < 0.05, "{held_s}");
}
