//! Packets on the wire when a way is cut, on the public interface: one rule for requests, answers, calls, log records and receipts.

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadOptions, Scenario};

use crate::data::{WORLD, total};

/// Twenty visitors of the east a second, 2 s from region b, where they write once to the primary. The log leaves at the commit.
fn outcome(design: &str, incident: &str) -> RunOutcome {
    let (places, rest) = WORLD.split_once("[geographies.west]").expect("two geographies");
    let (_, east) = rest.split_once("[geographies.east]").expect("two geographies");
    let places = places.replace("rtt     = \"200ms\"", "rtt     = \"2s\"");
    let east = east
        .replace("rate = 10.0", "rate = 20.0")
        .replace("requests_per_session = 4", "requests_per_session = 1")
        .replace("write_share          = 0.5", "write_share          = 1.0")
        .replace("b = \"20ms\"", "b = \"2s\"")
        .replace("a = \"200ms\"", "a = \"4s\"")
        .replace(
            "pin_share = 0.0",
            "pin_share = 0.0, max_attempts = 1, connect_timeout = \"10s\", tls_round_trips = 0",
        );
    let text = format!(
        "{places}[geographies.east]{east}[designs.only]\nrouting = {{ policy = \"nearest\" }}\n{design}[[incidents]]\nname = \"cut\"\nat = \"60s\"\n{incident}"
    );
    let loaded = Scenario::parse(&text, "wire.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap_or_else(|failure| panic!("{failure}\n{text}"))
}

const PRIMARY: &str =
    "database = { primary = \"b\", endpoint = { via = \"driver\" } }\npromotion = { when = \"never\" }\n";
const ASYNC: &str = "replication = { mode = \"async\", ship = \"0s\", apply = \"0s\" }\n";

/// The primary's region is cut off for good, and nobody takes its place.
fn isolated(in_flight: &str) -> RunOutcome {
    let island = format!("kind = \"region-isolation\"\ntarget = \"b\"\nlasts = \"1h\"\nin_flight = \"{in_flight}\"\n");
    outcome(&format!("{PRIMARY}{ASYNC}"), &island)
}

// Of each write the log record and the answer leave region b at once and take a second. Where the answer arrives, so does the record:
// nothing that was acknowledged is only there. In the last two seconds before the cut some 40 requests are sent, of which half
// arrive before it, and half after it; these commit, and their answers are not heard.
#[test]
fn an_isolation_loses_no_acknowledged_write_whose_log_record_a_network_would_have_delivered() {
    let delivered = isolated("delivered");
    assert_eq!(total(&delivered, |tally| tally.stranded), 0);
    let ambiguous = total(&delivered, |tally| tally.ambiguous);
    assert!((8..35).contains(&ambiguous), "about 20: {ambiguous}");
    // If the cut loses what is on its way, the answers of the last second go with the records.
    let lost = isolated("lost");
    assert_eq!(total(&lost, |tally| tally.stranded), 0);
    let ambiguous = total(&lost, |tally| tally.ambiguous);
    assert!((8..35).contains(&ambiguous), "about 20: {ambiguous}");
    let more = total(&delivered, |tally| tally.acknowledged) - total(&lost, |tally| tally.acknowledged);
    assert!((8..35).contains(&more), "about 20 answers: {more}");
}

// A path is cut for 30 s: requests of the second before that arrive, and are executed at once, not when the path heals.
#[test]
fn a_request_that_entered_before_the_path_was_cut_arrives_and_its_answer_does_not() {
    let path = |in_flight: &str| {
        let cut = format!(
            "kind = \"path-outage\"\ntarget = \"east\"\nregion = \"b\"\nlasts = \"1h\"\nin_flight = \"{in_flight}\"\n"
        );
        outcome(&format!("{PRIMARY}{ASYNC}"), &cut)
    };
    let ambiguous = |outcome: &RunOutcome| total(outcome, |tally| tally.ambiguous);
    let (delivered, lost) = (path("delivered"), path("lost"));
    assert!((8..35).contains(&ambiguous(&delivered)), "requests of a second: {}", ambiguous(&delivered));
    assert!((8..35).contains(&ambiguous(&lost)), "answers of a second: {}", ambiguous(&lost));
    assert!(total(&delivered, |tally| tally.acknowledged) > total(&lost, |tally| tally.acknowledged));
}

// A commit waits for its record to arrive, and for the receipt to come back: a second each. The link is cut at 60 s: of those made between
// 58 s and 59 s, whose receipts were on their way, some 20 are answered. Those after that wait, and are let go after 10 s.
#[test]
fn a_receipt_that_was_on_its_way_arrives() {
    let design = format!("{PRIMARY}replication = {{ mode = \"sync\", ship = \"0s\", apply = \"0s\" }}\n");
    let acknowledged = |in_flight: &str| {
        let cut = format!("kind = \"link-partition\"\nlasts = \"1h\"\nin_flight = \"{in_flight}\"\n");
        total(&outcome(&design, &cut), |tally| tally.acknowledged)
    };
    let more = acknowledged("delivered") - acknowledged("lost");
    assert!((8..35).contains(&more), "about 20 receipts: {more}");
}

// The app of region b calls the primary in region a: calls that entered the link before the cut are served there, a second later.
#[test]
fn a_database_call_that_entered_the_link_before_it_was_cut_is_served() {
    let design = format!(
        "database = {{ primary = \"a\", endpoint = {{ via = \"dns\" }} }}\npromotion = {{ when = \"never\" }}\n{ASYNC}"
    );
    let ambiguous = |in_flight: &str| {
        let cut = format!("kind = \"link-partition\"\nlasts = \"1h\"\nin_flight = \"{in_flight}\"\n");
        total(&outcome(&design, &cut), |tally| tally.ambiguous)
    };
    // Lost: those whose answers were on the link. Delivered: those whose calls were, since their answers meet the cut.
    for in_flight in ["delivered", "lost"] {
        let found = ambiguous(in_flight);
        assert!((8..35).contains(&found), "{in_flight}: {found}");
    }
    let acknowledged = |in_flight: &str| {
        let cut = format!("kind = \"link-partition\"\nlasts = \"1h\"\nin_flight = \"{in_flight}\"\n");
        total(&outcome(&design, &cut), |tally| tally.acknowledged)
    };
    let more = acknowledged("delivered") - acknowledged("lost");
    assert!((8..35).contains(&more), "about 20 answers: {more}");
}

// In a region that is dark packets towards it are gone, and what had left it arrives, log records and answers alike.
#[test]
fn what_had_left_a_dark_region_arrives() {
    let dark = outcome(&format!("{PRIMARY}{ASYNC}"), "kind = \"region-outage\"\ntarget = \"b\"\nlasts = \"1h\"\n");
    assert_eq!(total(&dark, |tally| tally.stranded), 0);
    assert_eq!(total(&dark, |tally| tally.ambiguous), 0, "nothing that comes later is executed");
}
