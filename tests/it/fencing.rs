//! Fencing on the public interface: who stops acknowledging, who goes on, and for whose lease a promotion waits.

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::units::SimDuration;

use crate::data::WORLD;

/// Ten visitors a second, all of the east, who write once; reads the scenario of that design and incident.
fn writers(design: &str) -> Scenario {
    let (places, rest) = WORLD.split_once("[geographies.west]").expect("two geographies");
    let (_, east) = rest.split_once("[geographies.east]").expect("two geographies");
    let east = east
        .replace("requests_per_session = 4", "requests_per_session = 1")
        .replace("write_share          = 0.5", "write_share          = 1.0");
    let text = format!("{places}[geographies.east]{east}{design}");
    let loaded = Scenario::parse(&text, "fencing.toml", &LoadOptions::default());
    loaded.unwrap_or_else(|error| panic!("{error}")).scenario
}

fn outcome(design: &str) -> RunOutcome {
    simulate(&Plan::new(&writers(design)), 0, 0).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Failed requests of the run.
fn failed(outcome: &RunOutcome) -> u64 {
    outcome.visitors.iter().flatten().map(|tally| tally.failed).sum()
}

// The replica takes the cut for a death, and is the primary 15 s after it. Ten visitors a second fail until then, less what their
// retries save; the new primary has no replica that could be promoted over it, and goes on for the 105 s that the cut lasts yet.
#[test]
fn a_new_primary_does_not_fence_itself_for_want_of_the_old_one() {
    let promoted = outcome(
        r#"
[designs.only]
routing   = { policy = "nearest" }
database  = { primary = "a", reads = "local", endpoint = { via = "driver", errors = 1, retest = "1s" } }
promotion = { when = "automatic", detect = "10s", duration = "5s", watch = "replica", fencing = true }

[[incidents]]
name  = "cut"
kind  = "link-partition"
at    = "60s"
lasts = "2m"
"#,
    );
    assert!((50..200).contains(&failed(&promoted)), "{} requests failed", failed(&promoted));
}

/// The primary is in the region of the writers, and cut off from its replica for a minute, which does not take over before the cut heals.
fn cut_off(mode: &str) -> u64 {
    failed(&outcome(&format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "b", reads = "local", endpoint = {{ via = "driver" }} }}
replication = {{ {mode} }}
promotion   = {{ when = "automatic", detect = "2m", duration = "5s", watch = "replica", fencing = true, lease = "20s" }}

[[incidents]]
name  = "cut"
kind  = "link-partition"
at    = "60s"
lasts = "1m"
"#
    )))
}

// A replica that is ejected 2 s after the cut cannot be promoted: its primary needs no contact with it. One that commits do not wait for
// can be, so that its primary takes no write from 20 s after the cut on: ten a second for 40 s, of which retries save the last few.
#[test]
fn a_primary_whose_replica_is_ejected_does_not_fence_itself() {
    assert_eq!(cut_off("mode = \"sync\", eject_after = \"2s\""), 0);
    let fenced = cut_off("mode = \"async\"");
    assert!((250..410).contains(&fenced), "{fenced}");
}

/// Time from the loss of the primary, which is in region a, to the end of the last window in which a write fails.
fn unable_to_write_s(promotion: &str, loss: &str) -> f64 {
    let outcome = outcome(&format!(
        r#"
[designs.only]
routing   = {{ policy = "nearest" }}
database  = {{ primary = "a", reads = "local", endpoint = {{ via = "driver", errors = 1, retest = "10m" }} }}
promotion = {{ {promotion}, duration = "5s" }}

[[incidents]]
name   = "loss"
target = "a"
at     = "60s"
lasts  = "2m"
{loss}
"#
    ));
    let last = (0..outcome.windows.len).rfind(|window| outcome.windows.requests(*window).1 > 0).expect("failures");
    // The first window of 5 s begins at 10 s.
    (last as f64 + 1.0) * 5.0 - 50.0
}

const REFUSES: &str = "kind = \"database-outage\"";
const SILENT: &str = "kind = \"database-outage\"\nmode = \"blackhole\"";
const POWER: &str = "kind = \"region-outage\"";
const ISOLATED: &str = "kind = \"region-isolation\"";

// A decision after 10 s and a promotion of 5 s: nobody can write for 15 s. A lease of 40 s makes it 40 s. Of the last writes before that
// retries save some.
#[test]
fn nobody_waits_for_the_lease_of_a_node_that_is_known_to_be_dead() {
    let controller = "when = \"automatic\", detect = \"10s\", lease = \"40s\"";
    let operator = "when = \"manual\", decision = \"10s\", lease = \"40s\"";
    for (promotion, loss, expected) in [
        (controller, REFUSES, 15.0),
        // It may only be cut off: nobody knows.
        (controller, SILENT, 40.0),
        (controller, POWER, 40.0),
        (controller, ISOLATED, 40.0),
        (operator, REFUSES, 15.0),
        // The operator fences it by hand, where a hand reaches it.
        (operator, SILENT, 15.0),
        (operator, POWER, 40.0),
        (operator, ISOLATED, 40.0),
    ] {
        let found = unable_to_write_s(promotion, loss);
        assert!((expected - 10.0..expected + 5.1).contains(&found), "{promotion}; {loss}: {found} s, not {expected} s");
    }
}

#[test]
fn a_lease_that_outlasts_detection_decision_and_promotion_is_warned_of() {
    let warned = |promotion: &str| {
        let design = format!(
            "[designs.only]\nrouting = {{ policy = \"nearest\" }}\ndatabase = {{ primary = \"a\" }}\npromotion = {{ {promotion} }}\n"
        );
        let text = format!("{WORLD}{design}");
        let loaded = Scenario::parse(&text, "fencing.toml", &LoadOptions::default()).expect("a scenario");
        loaded.warnings.iter().map(ToString::to_string).filter(|warning| warning.contains("lease")).collect::<Vec<_>>()
    };
    let none: [String; 0] = [];
    assert_eq!(warned("when = \"automatic\", detect = \"10s\", duration = \"5s\""), none);
    assert_eq!(warned("when = \"automatic\", detect = \"10s\", duration = \"5s\", lease = \"15s\""), none);
    let late = warned("when = \"automatic\", detect = \"10s\", duration = \"5s\", lease = \"16s\"");
    assert!(late.len() == 1 && late[0].contains("16s") && late[0].contains("15s"), "{late:?}");
    assert_eq!(warned("when = \"manual\", decision = \"10s\", duration = \"5s\"").len(), 1, "the default of 30s");
    assert_eq!(warned("when = \"manual\", decision = \"10s\", duration = \"5s\", fencing = false"), none);
    assert_eq!(warned("when = \"manual\", decision = \"1m\", duration = \"5s\""), none);
    assert_eq!(SimDuration::from_secs(30), firedrill::scenario::Promotion::default().lease);
}
