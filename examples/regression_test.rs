//! A regression test as a user of the library would write it: put the function below into `tests/`, with `#[test]`.
//!
//! *Covers*: assertions on metrics with the line that repeats the study in their message.
//! *Scenario*: the starter that `firedrill init` writes.

#![expect(clippy::disallowed_macros, reason = "an example prints")]

use std::sync::atomic::AtomicBool;

use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{self, StudySpec};

/// Under a dark region active-active may lose a tenth of a run's service time, and active-passive must not do better.
fn a_dark_region_costs_no_more_than_agreed() {
    let text = include_str!("../assets/starter.toml");
    let loaded = Scenario::parse(text, "assets/starter.toml", &LoadOptions::default()).expect("a scenario");
    let mut spec = StudySpec::new(loaded.scenario);
    spec.runs = Some(20);
    spec.command = "firedrill run assets/starter.toml".to_owned();
    let study = spec.prepare().expect("a study");
    let outcome = study::run(&study, |_| (), &AtomicBool::new(false)).expect("runs");

    let lost = |place: usize| {
        let design = &outcome.designs[place];
        let summary = outcome.summary(design, "lost_service_s").expect("a known metric");
        summary.mean.expect("runs that recover")
    };
    let (active, passive) = (lost(0), lost(1));
    let replay = outcome.replay(&["active-active"]);
    assert!(active.high < 120.0, "lost {active:?}, at most 120 s were agreed; to repeat it: {replay}");
    assert!(active.high < passive.low, "active-active no longer beats active-passive; to repeat it: {replay}");
    println!("active-active loses {:.0} s and active-passive {:.0} s: as agreed", active.point, passive.point);
    println!("to repeat it: {replay}");
}

fn main() {
    a_dark_region_costs_no_more_than_agreed();
}
