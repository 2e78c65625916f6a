//! No document, however wrong, makes the loader panic; and a refused one always says why.

use proptest::prelude::*;

use super::{BASE, parse};
use crate::scenario::load::{LoadError, LoadOptions};
use crate::scenario::text::overrides::Override;
use crate::scenario::whole::Scenario;

/// Values to put in the place of others.
const VALUES: [&str; 16] = [
    "0",
    "-1",
    "1e300",
    "nan",
    "inf",
    "\"\"",
    "\"0s\"",
    "\"500y\"",
    "\"-1s\"",
    "\"99%\"",
    "true",
    "[]",
    "{}",
    "[[1]]",
    "2024-01-01",
    "{ dist = \"weibull\", scale = \"1s\", shape = 1e-9 }",
];

/// Every key of the base scenario, with dots.
const KEYS: [&str; 24] = [
    "name",
    "study.horizon",
    "study.warmup",
    "study.runs",
    "study.window",
    "regions.north",
    "regions.north.app.service",
    "regions.south.database.connections",
    "links.0.rtt",
    "links.0.bandwidth",
    "links",
    "keys.count",
    "geographies.asia.sessions.rate",
    "geographies.asia.requests_per_session",
    "geographies.asia.rtt.north",
    "geographies.asia.client",
    "dns.health_checks.quorum",
    "designs.both.routing.order",
    "designs.one.database.endpoint",
    "designs.one.standby",
    "incidents.0.at",
    "incidents.0.every",
    "expect.0.max",
    "objectives.rto",
];

fn must_explain(text: &str, overrides: Vec<Override>) {
    match Scenario::parse(text, "s.toml", &LoadOptions { overrides, ..LoadOptions::default() }) {
        Ok(loaded) => assert!(!loaded.scenario.hash().is_empty()),
        Err(LoadError::Invalid(problems)) => {
            assert!(!problems.as_slice().is_empty());
            assert!(problems.as_slice().iter().all(|problem| !problem.message().is_empty()));
            assert!(!problems.to_string().is_empty());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn the_base_scenario_is_valid() {
    parse(BASE, &[]).unwrap();
}

#[test]
fn deep_nesting_is_refused_and_does_not_exhaust_the_stack() {
    let deep = 100_000;
    must_explain(&format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)), Vec::new());
    must_explain(&format!("a = {}1{}", "{a = ".repeat(deep), "}".repeat(deep)), Vec::new());
    must_explain(&format!("{}a = 1", "a.".repeat(deep)), Vec::new());
    must_explain(&format!("[{}a]", "a.".repeat(deep)), Vec::new());
    must_explain(BASE, vec![format!("{}a=1", "a.".repeat(deep)).parse().unwrap()]);
    must_explain(BASE, vec![format!("name={}1", "{a=".repeat(deep)).parse().unwrap()]);
    must_explain(&format!("[{0}a]\n{0}a = 1", "a.".repeat(99)), Vec::new());
    let layer = format!("{{ {}a = [\n", "a.".repeat(100));
    must_explain(&format!("a = [{}", layer.repeat(1_000)), Vec::new());
    must_explain(&format!("a = [{}1{}]", layer.repeat(30), "]}".repeat(30)), Vec::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases::cases(2_000, 250), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..6),
    ) {
        let mut bytes = BASE.as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        must_explain(&String::from_utf8_lossy(&bytes), Vec::new());
    }

    #[test]
    fn lines_dropped_doubled_or_swapped_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_u8..3), 1..6),
    ) {
        let mut lines: Vec<&str> = BASE.lines().collect();
        for (one, other, how) in changes {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            match how {
                0 => drop(lines.remove(one)),
                1 => lines.insert(one, lines[other]),
                _ => lines.swap(one, other),
            }
        }
        must_explain(&lines.join("\n"), Vec::new());
    }

    #[test]
    fn any_value_at_any_key_never_panics(
        changes in prop::collection::vec((prop::sample::select(&KEYS[..]), prop::sample::select(&VALUES[..])), 1..4),
    ) {
        let overrides = changes.into_iter().map(|(key, value)| format!("{key}={value}").parse().unwrap()).collect();
        must_explain(BASE, overrides);
    }

    #[test]
    fn random_text_never_panics(text in "(?s).{0,200}", change in "[a-z.0-9\"\\[\\]]{1,20}=.{0,20}") {
        must_explain(&text, Vec::new());
        must_explain(BASE, change.parse().into_iter().collect());
    }
}
