//! Checks on time, as ratios and with room: growth of the work with its parts, and the time a run takes to stop.

#![expect(clippy::disallowed_methods, reason = "these tests are about time; no result depends on it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use firedrill::model::{Plan, simulate};
use firedrill::scenario::{LoadOptions, Scenario};

use crate::support::TINY;

fn scenario(text: &str) -> Scenario {
    Scenario::parse(text, "s.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}")).scenario
}

/// Events and seconds of a run of 40 minutes in which a region turns gray so often.
fn gray(occurrences: u32) -> (f64, f64) {
    let half = 2_400_000 / (2 * occurrences);
    let incident = format!(
        "\n[[incidents]]\nname = \"gray\"\nkind = \"gray\"\ntarget = \"b\"\nfactor = 2\nerrors = \"1%\"\n\
         every = \"{half}ms\"\nlasts = \"{half}ms\"\n"
    );
    let scenario = scenario(&(TINY.replace("\"2m\"", "\"40m\"") + &incident));
    let plan = Plan::new(&scenario);
    let begun = Instant::now();
    let outcome = simulate(&plan, 0, 0).unwrap_or_else(|failure| panic!("{failure}"));
    (outcome.events as f64, begun.elapsed().as_secs_f64())
}

#[test]
fn eight_times_as_many_gray_spells_take_eight_times_the_work() {
    let fastest = |occurrences| {
        let found = [0; 3].map(|_| gray(occurrences));
        found.into_iter().reduce(|one, other| (one.0, one.1.min(other.1))).expect("three of them")
    };
    let ((few, few_s), (many, many_s)) = (fastest(2_000), fastest(16_000));
    // Two events for each of the 14,000 more.
    assert!((20_000.0..60_000.0).contains(&(many - few)), "{few} and {many} events");
    assert!(many_s < 3.0 * 8.0 * few_s, "{few_s} s and {many_s} s");
}

#[test]
#[ignore = "measures a second on a machine that may be busy; .ci/run asks for it"]
fn a_run_stops_soon_after_it_is_told_to() {
    // Hours of simulated time: some minutes of work.
    let scenario = scenario(&TINY.replace("\"2m\"", "\"1000h\"").replace("rate = 0.2", "rate = 20"));
    let stop = Arc::new(AtomicBool::new(false));
    let plan = Plan::new(&scenario).stopped_by(Arc::clone(&stop));
    let told = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        let told = Instant::now();
        stop.store(true, Ordering::Relaxed);
        told
    });
    assert!(simulate(&plan, 0, 0).is_err(), "it came to its end");
    let after = told.join().unwrap().elapsed();
    // 0.2 s are promised, of a build for release.
    assert!(after < Duration::from_secs(1), "{after:?}");
}
