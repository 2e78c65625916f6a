//! Recovery, fail-over and attendance of whole runs, with the right values worked by hand.

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadOptions, Scenario};

use crate::support::repository;

/// A scenario of the library with more incidents, and other settings.
fn library(name: &str, settings: &[&str], more: &str) -> Plan {
    let path = repository().join("scenarios").join(name);
    let text = std::fs::read_to_string(path).expect("a scenario of the library");
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    let loaded = Scenario::parse(&format!("{text}\n{more}"), name, &options).unwrap_or_else(|error| panic!("{error}"));
    Plan::new(&loaded.scenario)
}

#[test]
fn probe() {
    for at in ["5m", "15m", "15m 500ms"] {
        let more = format!("[[incidents]]\nname = \"hiccup\"\nkind = \"replication-stall\"\nat = \"{at}\"\nlasts = \"1s\"");
        let plan = library("region-outage.toml", &[], &more);
        for number in 0..6 {
            let outcome: RunOutcome = simulate(&plan, 0, number).unwrap();
            println!("{at} {number}");
            for incident in &outcome.incidents { println!("  {incident:?}"); }
        }
    }
}
