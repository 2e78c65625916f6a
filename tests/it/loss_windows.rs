//! Windows of loss of nodes that are cut off, and backlogs of the replication stream, on the public interface.

use firedrill::model::{Plan, RunOutcome, Timing, simulate};
use firedrill::scenario::{LoadOptions, Scenario};

use crate::data::{WORLD, outcome, seconds};

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
