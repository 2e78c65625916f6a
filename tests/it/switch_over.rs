//! Speed at which visitors follow a new answer, against the published measurement.
//!
//! Flavel, Mani and Maltz (LANMAN 2014) switched the answer of a name with a TTL of 20 s: 60 s later 90 % of the requests had
//! moved, and after 15 minutes 2 % of the users were still at the old address. Here both ends stay up meanwhile: traffic was
//! moved, nothing had failed.

#![expect(clippy::disallowed_macros, reason = "each test prints how close it came")]

use firedrill::model::RunOutcome;

use crate::closed_form::{plan, runs};

/// Requests that went to the old region, and all, in the ten-second bins `from` to `to` after the switch, over all runs.
fn share(outcomes: &[Vec<[u64; 2]>], from: usize, to: usize) -> f64 {
    let bins = outcomes.iter().flat_map(|bins| &bins[from..to]);
    let (old, all) = bins.fold((0, 0), |sums, [old, all]| (sums.0 + old, sums.1 + all));
    old as f64 / all as f64
}

/// The attempts by age of the switch, in each of some runs in which the traffic manager leaves region a while its app is up:
/// its deep probes find the database gone.
fn switch(client: &str, count: u64) -> Vec<Vec<[u64; 2]>> {
    let client = format!("geographies.here.client={client}");
    let settings = [
        "study.horizon=20m",
        "geographies.here.sessions.rate=20",
        "geographies.here.requests_per_session={ dist = \"geometric\", mean = 6 }",
        "geographies.here.think_time={ dist = \"lognormal\", median = \"4s\", p95 = \"25s\" }",
        "geographies.here.resolvers={ count = 40, skew = 1.0, foreign = 0.0 }",
        "geographies.here.rtt={ a = \"35ms\", b = \"80ms\" }",
        &client,
        "dns.answer_ttl=20s",
        "dns.health_checks={ checkers = 1, interval = \"1s\", timeout = \"1s\", fall = 1, probe = \"deep\" }",
        "designs.only.database={ primary = \"b\", reads = \"local\", endpoint = { via = \"dns\", ttl = \"1000d\" } }",
    ];
    let gone =
        "[[incidents]]\nname = \"gone\"\nkind = \"database-outage\"\ntarget = \"a\"\nat = \"120s\"\nlasts = \"1h\"\n";
    runs(&plan(&settings, gone), count, |outcome: &RunOutcome| outcome.switch_tail.attempts.clone())
}

#[test]
fn with_the_preset_visitors_follow_a_new_answer_as_fast_as_was_measured() {
    let outcomes = switch("{ preset = \"flavel-2014\", max_attempts = 1 }", 60);
    let (minute, quarter) = (share(&outcomes, 4, 8), share(&outcomes, 85, 95));
    println!("the old region has {minute:.4} of the requests after 60 s, {quarter:.4} after 15 min");
    assert!((minute - 0.10).abs() < 0.008, "{minute} of the requests go to the old region after 60 s");
    assert!((quarter - 0.02).abs() < 0.003, "{quarter} of the requests go to the old region after 15 minutes");
}

#[test]
fn connections_that_are_kept_for_a_minute_hold_visitors_back() {
    let outcomes = switch("{ max_attempts = 1 }", 20);
    let (minute, quarter) = (share(&outcomes, 4, 8), share(&outcomes, 85, 95));
    println!("the old region has {minute:.4} of the requests after 60 s, {quarter:.4} after 15 min");
    assert!(minute > 0.25, "{minute} of the requests go to the old region after 60 s");
    assert!((quarter - 0.024).abs() < 0.006, "{quarter} of the requests go to the old region after 15 minutes");
}
