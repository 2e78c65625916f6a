//! Tests of the loader as a whole: the files that come with Firedrill, exact messages, and files that nobody would write.

mod format;
mod messages;
mod robust;
mod traffic;

use super::*;
use crate::units::SimDuration;

/// A valid scenario, short and without a warning.
pub(super) const BASE: &str = include_str!("base.toml");

/// [`BASE`] with one part replaced.
pub(super) fn with(part: &str, by: &str) -> String {
    assert_eq!(BASE.matches(part).count(), 1, "{part:?} is not once in the base");
    BASE.replace(part, by)
}

/// Parses `text` as `s.toml` under overrides.
pub(super) fn parse(text: &str, overrides: &[&str]) -> Result<Loaded, LoadError> {
    let overrides = overrides.iter().map(|text| text.parse().unwrap()).collect();
    Scenario::parse(text, "s.toml", &LoadOptions { overrides, ..LoadOptions::default() })
}

pub(super) fn shipped() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files.into_iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_shipped_scenario_loads_without_a_warning_but_on_windows_of_its_own_and_within_its_budget() {
    let files = shipped();
    assert!(files.len() >= 5);
    let windows_of_their_own = [
        ("aws-us-east-1-2025.toml", "windows of 30 s hold"),
        ("year-of-outages.toml", "windows of 1 h hold 57.6 requests"),
    ];
    for (file, text) in files {
        let loaded = Scenario::parse(&text, &file, &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
        let warnings: Vec<&str> = loaded.warnings.iter().map(Problem::message).collect();
        let own = windows_of_their_own.iter().filter(|(name, _)| file.ends_with(name));
        let expected: Vec<&str> = own.map(|&(_, opening)| opening).collect();
        let is_as_expected = warnings.iter().zip(&expected).all(|(message, opening)| message.starts_with(opening));
        assert!(warnings.len() == expected.len() && is_as_expected, "{file}: {warnings:?}");
        let requests = loaded.scenario.cost(Extent { designs: &[], jobs: 1 }).requests;
        assert!(requests <= 40e6, "{file}: {requests}");
        assert!(text.starts_with("# The question:"), "{file}");
        assert!(file.ends_with(&format!("{}.toml", loaded.scenario.name)), "{file}");
    }
}

#[test]
fn comments_white_space_order_and_written_defaults_leave_the_hash_alone() {
    let hash = |text: &str| parse(text, &[]).unwrap().scenario.hash();
    let same = [
        format!("# a comment\n\n{BASE}"),
        with("warmup = \"5m\"\nruns = 10", "runs   =   10\nwarmup = \"300s\""),
        with("runs = 10", "runs = 10\nslo = \"95%\""),
    ];
    for text in same {
        assert_eq!(hash(&text), hash(BASE));
    }
    assert_ne!(hash(&with("runs = 10", "runs = 11")), hash(BASE));
    assert_eq!(hash(BASE).len(), 64);
}

#[test]
fn nearest_orders_by_median_round_trip_time_and_ties_by_the_file() {
    let [a, b] = RegionId::BOTH;
    let orders = |text: &str| match &parse(text, &[]).unwrap().scenario.designs[0].routing {
        Routing::Nearest { orders } => orders.clone(),
        Routing::Failover { .. } | Routing::Weighted { .. } => panic!("the first design is nearest"),
    };
    assert_eq!(orders(BASE), [[a, b]]);
    assert_eq!(orders(&with("north = \"35ms\"", "north = \"180ms\"")), [[b, a]]);
    assert_eq!(orders(&with("north = \"35ms\"", "north = \"170ms\"")), [[a, b]]);
    let explicit = "policy = \"nearest\", orders = { asia = [\"south\", \"north\"] }";
    assert_eq!(orders(&with("policy = \"nearest\"", explicit)), [[b, a]]);
}

#[test]
fn a_designs_dns_table_lies_over_the_worlds() {
    let text = with("[designs.one]", "[designs.one]\ndns = { answer_ttl = \"5s\", health_checks = { fall = 2 } }");
    let scenario = parse(&text, &[]).unwrap().scenario;
    let [both, one] = &scenario.designs[..] else { panic!("two designs") };
    assert_eq!((one.dns.answer_ttl.to_string(), one.dns.health_checks.fall), ("5s".to_owned(), 2));
    assert_eq!(one.dns.health_checks.interval, both.dns.health_checks.interval);
    assert_eq!(both.dns.answer_ttl.to_string(), "1m");
    // The endpoint's TTL follows the answer's unless it is given.
    assert_eq!(one.database.endpoint, Endpoint::Dns { ttl: one.dns.answer_ttl });
}

#[test]
fn an_empirical_distribution_comes_from_a_file_beside_the_scenario() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), "at,service_ms\n1,20\n2,10\n").unwrap();
    let load = |column: &str| {
        let table = format!("{{ dist = \"empirical\", file = \"t.csv\", column = \"{column}\", unit = \"ms\" }}");
        std::fs::write(folder.path().join("s.toml"), with("think_time = \"4s\"", &format!("think_time = {table}")))
            .unwrap();
        Scenario::load(&folder.path().join("s.toml"), &LoadOptions::default())
    };
    let scenario = load("service_ms").unwrap().scenario;
    assert_eq!(scenario.geographies[0].think_time, Distribution::Empirical { values: [0.01, 0.02].into() });
    let error = load("service").unwrap_err().to_string();
    assert!(error.contains("\"t.csv\" has no column \"service\"; its first line must name the columns"), "{error}");
    assert!(!error.contains("service_ms\""), "nothing of the file is quoted: {error}");
}

#[test]
fn a_later_check_can_point_at_the_metric_of_an_expectation() {
    let loaded = parse(BASE, &[]).unwrap();
    let problem = loaded.expectation_places[0].metric.problem("unknown metric");
    assert_eq!(
        problem.to_string(),
        "s.toml:49:10: expect.0.metric: unknown metric\n   |\n49 | metric = \"downtime_s\"\n   |          ^^^^^^^^^^^^"
    );
}

#[test]
fn the_requests_are_rate_times_time_times_runs_times_designs_less_what_the_end_cuts_off() {
    let scenario = parse(BASE, &[]).unwrap().scenario;
    assert_eq!(scenario.request_rate(), 240.0);
    // 40 sessions a second for 2,700 s. The first request is made at once, the other five over 20 s: who comes in the last 20 s
    // makes half of them.
    let cost = scenario.cost(Extent { designs: &[], jobs: 1 });
    let requests = 40.0 * 2_700.0 * (1.0 + 5.0 * (1.0 - 20.0 / 5_400.0)) * 10.0 * 2.0;
    assert!((cost.requests - requests).abs() < 1.0, "{} and not {requests}", cost.requests);
    let one = scenario.cost(Extent { designs: &["one".to_owned()], jobs: 1 });
    assert!((one.requests - requests / 2.0).abs() < 1.0 && one.bytes < cost.bytes);
    assert_eq!(scenario.window(), SimDuration::from_secs(1));
    let slow = parse(BASE, &["geographies.asia.sessions.rate=0.1"]).unwrap().scenario;
    assert_eq!(slow.window(), SimDuration::from_secs(60));
}
