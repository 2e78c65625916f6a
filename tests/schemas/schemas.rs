//! The published schemas against scenarios and results. A package of its own, since the validator takes longer to build than
//! most of what `cargo test` runs; CI runs it with `cargo test --package firedrill-schemas`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use firedrill::cli;
use jsonschema::Validator;
use serde_json::Value;

const SMALL: &str = include_str!("../it/small.toml");

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads `docs/NAME.schema.json`.
fn schema(name: &str) -> Validator {
    let text = fs::read_to_string(repository().join(format!("docs/{name}.schema.json"))).expect("the published schema");
    jsonschema::validator_for(&serde_json::from_str(&text).expect("JSON")).expect("a schema")
}

/// Returns the objections to `document`, each with its place.
fn complaints(schema: &Validator, document: &Value) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Returns the objections to a scenario.
fn complaints_about(schema: &Validator, scenario: &str) -> Vec<String> {
    complaints(schema, &serde_json::to_value(scenario.parse::<toml::Table>().expect("TOML")).expect("JSON"))
}

/// Runs a command on `scenario` and returns what it writes to `file`.
fn written(scenario: &str, args: &[&str], file: &str) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("small.toml");
    let out = folder.path().join("out");
    fs::write(&source, scenario).expect("a scenario file");
    let paths = [source.to_str().expect("UTF-8"), "--quiet", "--out", out.to_str().expect("UTF-8")];
    let args = cli::Args::parse_from(["firedrill"].iter().chain(&args[..1]).chain(&paths).chain(&args[1..]));
    cli::run(&args).unwrap_or_else(|error| panic!("{args:?}: {error}"));
    serde_json::from_slice(&fs::read(out.join(file)).expect("the results")).expect("JSON")
}

/// Asserts that `document` keeps to the schema, and that this asks for `key`.
fn assert_keeps_to(schema: &Validator, document: &Value, key: &str) {
    let problems = complaints(schema, document);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let mut spoilt = document.clone();
    spoilt.as_object_mut().expect("an object").remove(key).expect("a key");
    assert!(!schema.is_valid(&spoilt), "the schema asks for {key}");
}

#[test]
fn every_scenario_agrees_with_the_schema() {
    let schema = schema("scenario");
    let scenarios = fs::read_dir(repository().join("scenarios")).unwrap();
    let mut texts: Vec<(String, String)> = scenarios
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    assert!(texts.len() > 15);
    texts.push(("small.toml".into(), SMALL.into()));
    texts.push(("starter.toml".into(), fs::read_to_string(repository().join("assets/starter.toml")).unwrap()));
    for (name, text) in texts {
        let complaints = complaints_about(&schema, &text);
        assert!(complaints.is_empty(), "{name}: {complaints:#?}");
    }
}

#[test]
fn the_schema_finds_mistakes() {
    let schema = schema("scenario");
    let starter = fs::read_to_string(repository().join("assets/starter.toml")).unwrap();
    for (right, wrong) in [
        ("\"60s\"", "60"),
        ("answer_ttl", "answer_tll"),
        ("\"region-outage\"", "\"region-outrage\""),
        ("write_share          = \"10%\"", "write_share          = 10"),
        ("instances = 2", "instances = \"2\""),
        ("median = \"20ms\"", "median = \"20 minutes\""),
    ] {
        assert!(starter.contains(right), "{right}");
        let complaints = complaints_about(&schema, &starter.replace(right, wrong));
        assert!(!complaints.is_empty(), "{wrong} is no mistake to the schema");
    }
}

#[test]
fn the_summary_of_a_study_keeps_to_its_schema() {
    let schema = schema("summary");
    for args in [
        &["compare", "--runs", "6"][..],
        &["compare", "--runs", "3", "--until", "downtime_s.mean +-1s", "--max-runs", "6"],
        &["run", "--design", "active-passive", "--runs", "1"],
    ] {
        assert_keeps_to(&schema, &written(SMALL, args, "summary.json"), "best");
    }
}

#[test]
fn a_sweep_keeps_to_its_schema_with_a_front_and_without() {
    let schema = schema("sweep");
    let one_key = ["sweep", "--vary", "dns.answer_ttl=10s,60s", "--runs", "7"];
    assert_keeps_to(&schema, &written(SMALL, &one_key, "sweep.json"), "points");
    let priced = format!("{SMALL}\n[prices]\ninstance_hour = 1.0\n");
    let two_keys = ["--vary", "regions.singapore.app.instances=2,9", "--vary", "study.slo=90%,99%"];
    let front = written(&priced, &[&["sweep", "--runs", "3"][..], &two_keys].concat(), "sweep.json");
    assert_keeps_to(&schema, &front, "front");
}

#[test]
fn a_search_keeps_to_its_schema_whether_it_finds_an_answer_or_not() {
    let schema = schema("find");
    let of = |scenario: &str, key: &str, condition: &str, steps: &str| {
        let args = ["find", "--vary", key, "--steps", steps, "--such-that", condition, "--design", "active-passive"];
        let found = written(scenario, &args, "find.json");
        assert_keeps_to(&schema, &found, "designs");
        found["designs"][0]["answer"].clone()
    };
    let lasts = "incidents.0.lasts=1s..3m";
    assert_eq!(of(SMALL, lasts, "max(downtime_s) < 40", "2"), "up_to");
    assert_eq!(of(SMALL, lasts, "mean(lost_service_s) < 0", "2"), "nowhere");
    // Nobody recovers where nothing was bad.
    assert_eq!(of(SMALL, "incidents.0.lasts=1ms..2ms", "mean(recovery_time_s) < 1m", "1"), "too_few_runs");
    // Half the world is empty, and the other half does not ask while the incident lasts.
    let quiet = SMALL.replace("sessions             = { rate = 2.0 }", "sessions             = { rate = 0.0001 }");
    of(&quiet, "dns.answer_ttl=5s..10m", "mean(lost_service_s) < 1000", "1");
}
