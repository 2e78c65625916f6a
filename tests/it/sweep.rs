//! Sweeps, tipping points and fronts, as a user runs them.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Finished, SMALL, files, finish, firedrill, scratch, study, write_scenario};

type Row = BTreeMap<String, String>;

/// The small scenario, with a price, under the `firedrill` command: what it printed, and the files it wrote.
fn with_small(args: &[&str]) -> (Finished, BTreeMap<String, Vec<u8>>) {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), &format!("{SMALL}\n[prices]\ninstance_hour = 1.0\n"));
    let (subcommand, rest) = args.split_first().expect("a subcommand");
    let done = finish(firedrill(folder.path()).args([subcommand, scenario]).args(rest).args(["--out", "out"]));
    let out = folder.path().join("out");
    let written = if out.exists() { files(&out) } else { BTreeMap::new() };
    (done, written)
}

fn rows(csv: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| -> Row {
        header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn every_point_is_the_study_that_its_settings_make() {
    let (done, written) = with_small(&["sweep", "--vary", "dns.answer_ttl=10s,60s", "--runs", "3"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let alone = study(SMALL, &["run", "--runs", "3", "--set", "dns.answer_ttl=60s"], &[]);
    let downtimes: Vec<f64> = rows(&alone["runs.csv"])
        .iter()
        .filter(|row| row["design"] == "active-active")
        .map(|row| row["downtime_s"].parse().unwrap())
        .collect();
    let swept = rows(&written["sweep.csv"]);
    let is_wanted = |row: &&Row| {
        row["dns.answer_ttl"] == "60s" && row["design"] == "active-active" && row["metric"] == "downtime_s"
    };
    let row = swept.iter().find(is_wanted).expect("a row of the point");
    let mean: f64 = row["mean"].parse().unwrap();
    assert!((mean - downtimes.iter().sum::<f64>() / 3.0).abs() < 1e-9, "{row:?} {downtimes:?}");
    assert_eq!((row["point"].as_str(), row["unit"].as_str(), row["n"].as_str()), ("1", "s", "3"));
    assert!(row["mean_low"].parse::<f64>().unwrap() <= mean, "{row:?}");
    assert!(done.stdout.contains("3 runs of each design at each of 2 points"), "{}", done.stdout);
}

#[test]
fn lines_over_one_key_and_maps_over_two_are_the_same_on_any_number_of_threads() {
    let one_key = |jobs| with_small(&["sweep", "--vary", "dns.answer_ttl=10s,60s", "--runs", "2", "--jobs", jobs]).1;
    let one = one_key("1");
    assert!(one == one_key("3"), "the number of threads shows");
    let lines = String::from_utf8(one["charts/downtime_s.svg"].clone()).unwrap();
    assert!(lines.contains("How does downtime depend on dns.answer_ttl?"));
    let two_keys = ["sweep", "--vary", "dns.answer_ttl=10s,60s", "--vary", "study.slo=90%,99%", "--runs", "2"];
    let map = String::from_utf8(with_small(&two_keys).1["charts/downtime_s.svg"].clone()).unwrap();
    assert!(map.contains("How does mean downtime depend on study.slo and dns.answer_ttl?"));
}

#[test]
fn a_front_marks_what_is_dominated() {
    let (_, written) = with_small(&["sweep", "--vary", "regions.singapore.app.instances=2,9", "--runs", "2"]);
    let front = rows(&written["front.csv"]);
    let number = |row: &Row, name: &str| row[name].parse::<f64>().unwrap_or(f64::INFINITY);
    let measures = |row: &Row| ["cost_per_month", "recovery_time_s", "writes_lost"].map(|name| number(row, name));
    for row in &front {
        let mine = measures(row);
        let beats = |other: [f64; 3]| other != mine && other.iter().zip(&mine).all(|(other, mine)| other <= mine);
        let is_beaten = front.iter().any(|other| beats(measures(other)));
        assert_eq!(row["dominated"] == "1", is_beaten, "{row:?}");
    }
    assert!(front.iter().any(|row| row["dominated"] == "0") && front.len() == 4, "{front:?}");
    assert!(written.contains_key("charts/front.png"));
}

#[test]
fn points_are_spread_over_ranges() {
    let ranges = ["--vary", "dns.answer_ttl=5s..5m", "--vary", "study.slo=90%..99%"];
    let (done, written) = with_small(&[&["sweep", "--points", "4", "--runs", "1"][..], &ranges].concat());
    assert_eq!(done.status, 0, "{}", done.stderr);
    let point = |row: &Row| (row["dns.answer_ttl"].clone(), row["study.slo"].clone());
    let points: BTreeSet<(String, String)> = rows(&written["sweep.csv"]).iter().map(point).collect();
    assert_eq!(points.len(), 4, "{points:?}");
}

#[test]
fn the_tipping_point_is_found_or_said_not_to_be_there() {
    let find = |range: &str, condition: &str| {
        with_small(&["find", "--vary", range, "--such-that", condition, "--steps", "3"]).0
    };
    let done = find("dns.answer_ttl=5s..2h", "mean(lost_service_s) < 1000000");
    assert!(done.status == 0 && done.stdout.contains("it holds with every dns.answer_ttl tried"), "{}", done.stdout);
    let done = find("dns.answer_ttl=5s..2h", "mean(lost_service_s) < 0");
    assert!(done.status == 1 && done.stdout.contains("it holds with no dns.answer_ttl tried"), "{}", done.stdout);
    let done = find("incidents.0.lasts=1s..3m", "max(downtime_s) < 40");
    assert!(done.stdout.contains("the largest incidents.0.lasts that holds is"), "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("3 runs at each value, seed 7"), "{}", done.stdout);
}

#[test]
fn mistakes_are_named_before_anything_runs() {
    let ttl = "dns.answer_ttl=1s";
    for (args, message) in [
        (vec!["sweep", "--vary", "dns.answer_ttl"], "--vary \"dns.answer_ttl\" varies nothing"),
        (vec!["sweep", "--vary", "dns.answer_ttl=1s,1s"], "--vary dns.answer_ttl: 1s is given twice"),
        (vec!["sweep", "--vary", "dns.answer_tll=1s"], "did you mean \"answer_ttl\"?"),
        (vec!["sweep", "--vary", ttl, "--vary", ttl], "--vary dns.answer_ttl: is given twice"),
        (vec!["sweep", "--points", "3", "--vary", ttl], "is no range"),
        (vec!["find", "--vary", "dns.answer_ttl=1s..1h", "--such-that", "downtime_s < 3"], "is no condition"),
        (vec!["find", "--vary", "dns.answer_ttl=1s..1h", "--such-that", "mean(downtime) < 3"], "\"downtime_s\"?"),
    ] {
        let (done, written) = with_small(&args);
        assert_eq!((done.status, written.len()), (2, 0), "{args:?}: {}", done.stderr);
        assert!(done.stderr.contains(message), "{args:?}: {}", done.stderr);
    }
}

#[test]
fn runs_are_added_until_the_interval_is_narrow_enough() {
    let until = ["run", "--runs", "3", "--until", "lost_service_s.mean +-20%", "--max-runs", "60"];
    let (done, written) = with_small(&until);
    assert!(done.stderr.contains("stopped after "), "{}", done.stderr);
    let receipt: serde_json::Value = serde_json::from_slice(&written["receipt.json"]).unwrap();
    let runs = receipt["runs"].as_u64().unwrap();
    assert!(runs > 3 && runs.is_multiple_of(3) && runs <= 60, "{receipt}");
    assert_eq!(receipt["settings"][0], "until lost_service_s.mean +-20%");
    let (_, whole) = with_small(&["run", "--runs", &runs.to_string()]);
    assert!(written["runs.csv"] == whole["runs.csv"] && written["latency.csv"] == whole["latency.csv"]);
    for (target, message) in [("downtime_s", "is no target"), ("downtim_s.mean +-1s", "did you mean \"downtime_s\"?")] {
        let (done, _) = with_small(&["run", "--until", target]);
        assert!(done.status == 2 && done.stderr.contains(message), "{}", done.stderr);
    }
}
