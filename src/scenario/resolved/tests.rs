//! Tests of the resolved scenario: its lines mean what the file means, and no key is missing.

use std::collections::BTreeSet;

use super::super::tests::{BASE, parse, shipped, with};
use super::spelling::Spelled;
use super::*;
use crate::scenario::load::LoadOptions;
use crate::scenario::schema::{Vocabulary, keys};
use crate::units::SimDuration;

fn lines(scenario: &Scenario) -> Vec<String> {
    scenario.resolved().iter().map(|setting| format!("{} = {}", setting.key, setting.value)).collect()
}

/// The value of `key` in the base under `overrides`.
fn value(key: &str, overrides: &[&str]) -> Option<String> {
    let settings = parse(BASE, overrides).unwrap().scenario.resolved();
    settings.into_iter().find(|setting| setting.key == key).map(|setting| setting.value)
}

/// The base with what one incident needs.
fn incident(rest: &str) -> String {
    with("kind = \"region-outage\"\ntarget = \"north\"", rest)
}

/// Scenarios that have, together, every key of the format but those of files.
fn variants() -> Vec<Scenario> {
    let changed = |overrides: &[&str]| parse(BASE, overrides).unwrap().scenario;
    let multi = BASE
        .replace("{ primary = \"north\" }\npromotion = { when = \"automatic\" }", "{ writes = \"multi-primary\" }")
        .replace("{ primary = \"north\" }", "{ writes = \"multi-primary\", conflicts.policy = \"last-writer-wins\" }");
    let profile = format!("geographies.asia.sessions={{ daily_mean = 4, profile = {:?} }}", [1; 24]);
    let texts = [
        multi,
        incident("kind = \"gray\"\ntarget = \"south\"\nfactor = 2"),
        incident("kind = \"app-outage\"\ntarget = \"south\"\nshare = 0.5"),
        incident("kind = \"database-outage\"\ntarget = \"south\""),
        incident("kind = \"link-slow\"\ndelay = \"1s\""),
        incident("kind = \"path-outage\"\ntarget = \"asia\"\nregion = \"north\""),
        incident("kind = \"control-plane-outage\""),
        incident("kind = \"dns-outage\"\ntarget = \"gtm\""),
        format!("{BASE}\n[objectives]\nrto = \"5m\"\nrpo = \"1s\"\n\n[prices]\n"),
        format!("{BASE}\n[[expect]]\nbetter = \"both\"\nthan = \"one\"\nmetric = \"downtime_s\"\nshare = 0.9\n"),
        format!("{BASE}\n[[expect]]\nbetter = \"both\"\nthan = \"one\"\nmetric = \"downtime_s\"\ntimes = 1.5\n"),
        format!("{BASE}\n[objectives]\nrto = \"5m\"\n[[expect]]\ndesign = \"one\"\nobjective = \"rto\"\nshare = 0.9\n"),
        format!("{BASE}\n[[expect]]\ndesign = \"one\"\nfirst_phase = \"undetected\"\n"),
    ];
    let mut found: Vec<Scenario> = texts.iter().map(|text| parse(text, &[]).unwrap().scenario).collect();
    found.extend([
        changed(&["designs.both.replication.mode=semi-sync", "expect.0.min=0"]),
        changed(&["designs.both.replication.mode=sync", "designs.both.dns.addresses=2"]),
        changed(&["designs.both.promotion={ when = \"manual\", decision = \"10m\" }"]),
        changed(&["designs.both.promotion={ when = \"planned\", at = \"1m\" }"]),
        changed(&["designs.both.database.endpoint.via=driver"]),
        changed(&["designs.both.standby={ region = \"south\", kind = \"warm\", share = 0.5, activation = \"1m\" }"]),
        changed(&["designs.both.routing={ policy = \"weighted\", weights = { north = 1 } }"]),
        changed(&["geographies.asia.resolvers.serve_stale=true"]),
        changed(&["regions.north.app.cold_start={ factor = 2, lasts = \"1m\" }"]),
        changed(&[&profile]),
        changed(&["incidents.power loss={ name = \"x\", kind = \"link-partition\", every = \"1h\", lasts = \"1s\" }"]),
    ]);
    found
}

#[test]
fn a_value_is_spelled_in_one_way_however_the_file_spells_it() {
    assert_eq!(value("dns.answer_ttl", &["dns.answer_ttl=1m"]), Some("60s".to_owned()));
    assert_eq!(value("dns.answer_ttl", &["dns.answer_ttl=3m"]), Some("180s".to_owned()));
    for (written, spelled) in [
        ("0s", "0s"),
        ("1500ms", "1500ms"),
        ("0.25s", "250ms"),
        ("1m 30s", "90s"),
        ("10m", "10m"),
        ("1h 30m", "90m"),
        ("1d", "24h"),
        ("2w", "14d"),
        ("2us", "2us"),
        ("7ns", "7ns"),
    ] {
        assert_eq!(written.parse::<SimDuration>().unwrap().spelled(), spelled, "{written}");
    }
    assert_eq!(value("study.slo", &["study.slo=95%"]), Some("0.95".to_owned()));
    assert_eq!(value("links.0.bandwidth", &["links.0.bandwidth=160Mbit/s"]), Some("20MB/s".to_owned()));
    assert_eq!(value("study.starts_at", &["study.starts_at=06:30"]), Some("06:30".to_owned()));
    assert_eq!(
        value("description", &["description=\"a = \\\"b\\\"\\n\""]),
        Some(r#""a \u003D \"b\"\u000A""#.to_owned())
    );
}

#[test]
fn the_window_is_the_one_that_is_used() {
    // 40 sessions of 6 requests are 240 requests a second: 100 within one. At a tenth of that, 24 a second, within 5.
    assert_eq!(value("study.window", &[]), Some("1s".to_owned()));
    assert_eq!(value("study.window", &["geographies.asia.sessions.rate=4"]), Some("5s".to_owned()));
}

#[test]
fn a_design_has_the_names_that_are_not_as_the_worlds() {
    let overrides = ["dns.answer_ttl=30s", "designs.one.dns.answer_ttl=90s", "designs.one.dns.cname_ttl=10m"];
    assert_eq!(value("dns.answer_ttl", &overrides), Some("30s".to_owned()));
    assert_eq!(value("designs.one.dns.answer_ttl", &overrides), Some("90s".to_owned()));
    assert_eq!(value("designs.one.dns.cname_ttl", &overrides), None, "the world's is 10m, too");
    assert_eq!(value("designs.both.dns.answer_ttl", &overrides), None);
}

#[test]
fn given_back_as_changes_the_lines_change_nothing() {
    let mut all = variants();
    for (file, text) in shipped() {
        let mut scenario = Scenario::parse(&text, &file, &LoadOptions::default()).unwrap().scenario;
        // A window that is written down is not one that is left to the load.
        scenario.study.window = Some(scenario.window());
        // The rates of a profile are those of the file to twelve digits.
        let again =
            lines(&scenario).into_iter().filter(|line| !line.contains("profile") && !line.contains("daily_mean"));
        let again: Vec<_> = again.map(|line| line.parse().unwrap()).collect();
        let options = LoadOptions { overrides: again, ..LoadOptions::default() };
        let same = Scenario::parse(&text, &file, &options).unwrap_or_else(|error| panic!("{error}")).scenario;
        assert_eq!(same.hash(), scenario.hash(), "{file}");
        all.push(scenario);
    }
    for scenario in all {
        let settings = scenario.resolved();
        assert!(settings.windows(2).all(|pair| pair[0].key < pair[1].key), "sorted, and each key once");
        for ResolvedSetting { key, value } in settings {
            assert!(!key.contains(" = ") && !value.is_empty() && value.trim() == value, "{key} = {value}");
        }
    }
}

/// The path of a key as the format's page has it, with `*` for what the file chooses.
fn documented_path(key: &str) -> String {
    let mut parts: Vec<&str> = key.split('.').collect();
    if matches!(parts[0], "regions" | "geographies" | "designs" | "incidents" | "links" | "expect") {
        parts[1] = "*";
    }
    if parts.len() == 4 && parts[0] == "geographies" && parts[2] == "rtt" {
        parts[3] = "*";
    }
    if let [.., "orders" | "weights" | "at", name] = &mut parts[..] {
        *name = "*";
    }
    parts.join(".")
}

#[test]
fn every_key_of_the_format_is_listed() {
    let settings = || variants().into_iter().flat_map(|scenario| scenario.resolved());
    let listed: BTreeSet<String> = settings().map(|setting| documented_path(&setting.key)).collect();
    // Names are in the paths, a preset stands for other keys, and files are told by a digest.
    let other = [
        "regions.*.name",
        "incidents.*.name",
        "geographies.*.client.preset",
        "designs.*.replication.preset",
        "geographies.*.sessions.trace",
    ];
    let documented = keys(&Vocabulary::default());
    for key in &documented {
        let is_table = key.value.contains("table") && !key.value.contains("or distribution");
        if is_table || key.path.starts_with("distribution.") || other.contains(&key.path.as_str()) {
            continue;
        }
        let parameter = format!("{}.dist", key.path);
        assert!(listed.contains(&key.path) || listed.contains(&parameter), "{} is in no resolved scenario", key.path);
    }
    let known = |path: &str| documented.iter().any(|key| key.path == path);
    for path in &listed {
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        assert!(known(path) || known(parent), "{path} is no key of the format");
    }
}

#[test]
fn a_daily_profile_is_listed_as_it_is_written() {
    let mut hours = [1.0; 24];
    (hours[9], hours[10]) = (1.5, 0.5);
    let sessions = format!("geographies.asia.sessions={{ daily_mean = 4, profile = {hours:?}, utc_offset = \"-7h\" }}");
    let of = |key: &str| value(&format!("geographies.asia.sessions.{key}"), &[&sessions, "study.starts_at=03:00"]);
    assert_eq!(of("daily_mean"), Some("4".to_owned()));
    assert_eq!(of("utc_offset"), Some("-420m".to_owned()));
    let profile = of("profile").unwrap();
    assert!(profile.starts_with("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 0.5, 1, "), "{profile}");
}

#[test]
fn names_that_hold_a_dot_stand_in_quotes() {
    let dotted = BASE.replace("north", "us.west").replace("[regions.us.west]", "[regions.\"us.west\"]");
    let dotted = dotted.replace("{ us.west = ", "{ \"us.west\" = ");
    let settings = parse(&dotted, &[]).unwrap().scenario.resolved();
    let keys: Vec<&str> = settings.iter().map(|setting| setting.key.as_str()).collect();
    assert!(keys.contains(&r#"regions."us.west".app.instances"#), "{keys:?}");
}
