//! Sweeps, tipping points and fronts, as a user runs them.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Finished, SMALL, draws_all, files, finish, firedrill, scratch, study, write_scenario};

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
    assert!(lines.contains("What does dns.answer_ttl do to downtime?"));
    let two_keys = ["sweep", "--vary", "dns.answer_ttl=10s,60s", "--vary", "study.slo=90%,99%", "--runs", "2"];
    let map = String::from_utf8(with_small(&two_keys).1["charts/downtime_s.svg"].clone()).unwrap();
    assert!(map.contains("What do dns.answer_ttl and study.slo do to downtime?"));
}

#[test]
fn over_three_keys_only_the_front_is_drawn_and_that_is_said() {
    let third = "regions.singapore.app.instances=2,3";
    let keys = ["dns.answer_ttl=10s,60s", "study.slo=90%,99%", third].map(|key| ["--vary", key]).concat();
    let (done, written) = with_small(&[&["sweep", "--runs", "1"][..], &keys].concat());
    let charts: Vec<&String> = written.keys().filter(|name| name.starts_with("charts/")).collect();
    assert_eq!(charts, ["charts/front.png", "charts/front.svg"], "{}", done.stderr);
    let note = "charts: front; metrics are drawn over one or two keys, and not over 3";
    assert!(done.stderr.contains(note), "{}", done.stderr);
    let (done, _) = with_small(&["sweep", "--vary", "dns.answer_ttl=10s,60s", "--runs", "1"]);
    assert!(done.stderr.contains("charts: cost_per_month, downtime_s, front,"), "{}", done.stderr);
}

#[test]
fn a_front_says_what_is_dominated_and_by_what() {
    let vary = ["sweep", "--vary", "regions.singapore.app.instances=2,9", "--runs", "40"];
    let (done, written) = with_small(&vary);
    let front = rows(&written["front.csv"]);
    let standing = |instances: &str, design: &str| {
        let is_wanted = |row: &&Row| row["regions.singapore.app.instances"] == instances && row["design"] == design;
        front.iter().find(is_wanted).expect("a row").clone()
    };
    // Nine instances cost more than two and save nobody; the standby has fewer, but recovers later.
    let nine = standing("9", "active-active");
    assert_eq!((nine["standing"].as_str(), nine["dominated_by_point"].as_str()), ("dominated", "0"), "{nine:?}");
    for design in ["active-active", "active-passive"] {
        let two = standing("2", design);
        assert_ne!(two["standing"], "dominated", "{two:?}");
        let cost = |name: &str| two[name].parse::<f64>().unwrap();
        assert!(cost("cost_per_month_low") <= cost("cost_per_month"), "{two:?}");
        assert!(two["recovery_time_s_high"].parse::<f64>().unwrap() > two["recovery_time_s"].parse().unwrap());
    }
    assert!(written.contains_key("charts/front.png") && front.len() == 4);
    assert!(done.stdout.contains("cost against recovery time against lost writes"), "{}", done.stdout);
    assert!(done.stdout.contains("dominated by 2, active-active"), "{}", done.stdout);
}

#[test]
fn one_run_tells_nothing_of_a_front_but_what_is_equal() {
    let (_, written) = with_small(&["sweep", "--vary", "dns.answer_ttl=10s,5m", "--runs", "1"]);
    for row in rows(&written["front.csv"]) {
        assert_ne!(row["standing"], "dominated", "{row:?}");
        assert_eq!((row["cost_per_month_low"].as_str(), row["dominated_by_design"].as_str()), ("", ""), "{row:?}");
    }
}

#[test]
fn a_quantile_of_too_few_runs_says_how_many_it_needs() {
    let (_, written) = with_small(&["sweep", "--vary", "dns.answer_ttl=10s,60s", "--runs", "7"]);
    let swept = rows(&written["sweep.csv"]);
    let row = swept.iter().find(|row| row["metric"] == "downtime_s").expect("a row");
    // Seven runs support a median, which needs six, and no 95th percentile.
    assert!(row["median"].parse::<f64>().is_ok() && row["median_runs_needed"].is_empty(), "{row:?}");
    assert_eq!((row["p95"].as_str(), row["p95_runs_needed"].as_str()), ("", "59"), "{row:?}");
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
    let find_in = |range: &str, condition: &str, more: &[&str]| {
        with_small(&[&["find", "--vary", range, "--such-that", condition], more].concat())
    };
    let few = if draws_all() { &["--steps", "3"][..] } else { &["--steps", "1", "--design", "active-active"] };
    let find = |range: &str, condition: &str| find_in(range, condition, few);
    let (done, _) = find("dns.answer_ttl=5s..2h", "mean(lost_service_s) < 1000000");
    assert!(done.status == 0 && done.stdout.contains("it holds with every dns.answer_ttl tried"), "{}", done.stdout);
    assert!(done.stdout.contains("with confidence: at every value tried the whole 95 % interval"), "{}", done.stdout);
    let (done, _) = find("dns.answer_ttl=5s..2h", "mean(lost_service_s) < 0");
    assert!(done.status == 1 && done.stdout.contains("it holds with no dns.answer_ttl tried"), "{}", done.stdout);
    assert!(
        done.stdout.contains("at every value tried the whole 95 % interval is beyond the bound"),
        "{}",
        done.stdout
    );
    // Three runs without a lost write are no proof that none is lost, and no share of three is below 1 % for sure.
    let (done, _) = find("dns.answer_ttl=5s..20s", "mean(writes_lost) < 1000000");
    assert!(
        done.stdout.contains("the same in all 3 runs; at 95 %, up to 56.1 % of runs may have another"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("without confidence: at no value tried"), "{}", done.stdout);
    let (done, written) = find("dns.answer_ttl=5s..20s", "share(downtime_s > 1h) < 1%");
    assert!(done.stderr.contains("with 3 runs no value can be sure to hold; that takes 368"), "{}", done.stderr);
    let json = String::from_utf8(written["find.json"].clone()).unwrap();
    assert!(json.contains("that takes 368 runs at least (--runs)"), "{json}");
    let (done, written) = find_in("incidents.0.lasts=1s..3m", "max(downtime_s) < 40", &["--steps", "3"]);
    assert!(done.stdout.contains("the largest incidents.0.lasts that holds is"), "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("3 runs at each value, seed 7"), "{}", done.stdout);
    let names: Vec<&str> = written.keys().map(String::as_str).collect();
    assert_eq!(names, ["find.csv", "find.json", "receipt.json", "resolved.toml", "scenario.toml"]);
    let answers: serde_json::Value = serde_json::from_slice(&written["find.json"]).unwrap();
    let answer = &answers["designs"][0];
    assert_eq!((&answer["answer"], &answer["design"]), (&"up_to".into(), &"active-active".into()));
    let tried = rows(&written["find.csv"]);
    let verdict = |value: &serde_json::Value| {
        let is_wanted = |row: &&Row| {
            row["design"] == "active-active" && row["incidents.0.lasts"] == value.as_str().expect("a value")
        };
        tried.iter().find(is_wanted).expect("a row").clone()
    };
    let (holds, fails) = (verdict(&answer["holds"]), verdict(&answer["fails"]));
    assert!(holds["holds"] == "1" && holds["measured"].parse::<f64>().unwrap() < 40.0, "{holds:?}");
    assert!(fails["holds"] == "0" && fails["measured"].parse::<f64>().unwrap() >= 40.0, "{fails:?}");
}

#[test]
fn a_search_gives_the_same_files_on_any_number_of_threads() {
    let find = ["find", "--vary", "dns.answer_ttl=5s..10m", "--such-that", "mean(lost_service_s) < 30", "--steps", "2"];
    let with = |jobs| with_small(&[&find[..], &["--jobs", jobs, "--set", "study.slo=0.9"]].concat());
    let (one, three) = (with("1"), with("3"));
    assert!(one.1 == three.1 && one.0.stdout == three.0.stdout, "the number of threads shows");
    let receipt: serde_json::Value = serde_json::from_slice(&one.1["receipt.json"]).unwrap();
    assert_eq!(receipt["settings"], serde_json::json!(["study.slo=0.9"]));
    assert_eq!((&receipt["low"], &receipt["high"], &receipt["steps"]), (&"5s".into(), &"10m".into(), &2.into()));
}

#[test]
fn points_over_two_keys_are_drawn_wherever_they_lie() {
    let ranges = ["--vary", "dns.answer_ttl=5s..5m", "--vary", "study.slo=90%..99%"];
    let (_, written) = with_small(&[&["sweep", "--points", "5", "--runs", "2"][..], &ranges].concat());
    let map = String::from_utf8(written["charts/downtime_s.svg"].clone()).unwrap();
    assert!(map.contains("What do dns.answer_ttl and study.slo do to downtime?"));
    // Ten discs, each with its rim.
    assert!(map.matches("<circle").count() >= 20, "{}", map.matches("<circle").count());
    let swept = rows(&written["sweep.csv"]);
    assert!(swept.iter().any(|row| row["point"] == "4"));
}

#[test]
fn mistakes_are_named_before_anything_runs() {
    let ttl = "dns.answer_ttl=1s";
    for (args, message) in [
        (vec!["sweep", "--vary", "dns.answer_ttl"], "--vary \"dns.answer_ttl\": expected KEY=VALUE"),
        (vec!["sweep", "--vary", "dns.answer_ttl=1s,1s"], "--vary dns.answer_ttl: 1s is given twice"),
        (vec!["sweep", "--vary", "dns.answer_ttl=60s,1m"], "--vary dns.answer_ttl: 60s and 1m are the same value"),
        (vec!["sweep", "--vary", "study.runs=3,5"], "--vary study.runs cannot be varied: all points have the same"),
        (
            vec!["find", "--vary", "study.seed=3..5", "--such-that", "mean(downtime_s) < 3"],
            "--vary study.seed cannot be varied: all points have the same",
        ),
        (
            vec!["find", "--vary", "dns.answer_ttl=1s..1h", "--such-that", "mean(writes_lost) < 3s"],
            "--such-that mean(writes_lost) < 3s: 3s does not fit writes_lost, which is a count; allowed: a number",
        ),
        (vec!["sweep", "--vary", "dns.answer_tll=1s"], "did you mean \"answer_ttl\"?"),
        (vec!["sweep", "--vary", ttl, "--vary", ttl], "--vary dns.answer_ttl: is given twice"),
        (vec!["sweep", "--points", "3", "--vary", ttl], "expected KEY=LOW..HIGH"),
        (vec!["sweep", "--vary", "dns.answer_ttl=5s..1h"], "\"dns.answer_ttl=5s..1h\" is a range; --points N says"),
        (vec!["sweep", "--vary", "dns.answer_ttl=10s,60"], "--vary dns.answer_ttl=60: 60 has no unit"),
        (vec!["sweep", "--vary", ttl, "--set", "study.runs=0"], "--set study.runs=0: 0 is out of range"),
        (
            vec!["find", "--vary", "dns.answer_ttl=1h..5s", "--such-that", "mean(downtime_s) < 3"],
            "--vary dns.answer_ttl: the low end of the range 1h..5s is not below the high one",
        ),
        (
            vec!["find", "--vary", "dns.answer_ttl=1..3", "--such-that", "mean(downtime_s) < 3"],
            "--vary dns.answer_ttl=1: 1 has no unit",
        ),
        (vec!["find", "--vary", "dns.answer_ttl=1s..1h", "--such-that", "downtime_s < 3"], "expected a form such as"),
        (vec!["find", "--vary", "dns.answer_ttl=1s..1h", "--such-that", "mean(downtime) < 3"], "\"downtime_s\"?"),
        (
            vec!["find", "--vary", "dns.answer_ttl=1s..1h", "--such-that", "p99(downtime_s) < 3"],
            "needs 299 runs, and there are 3 (--runs)",
        ),
    ] {
        let (done, written) = with_small(&args);
        assert_eq!((done.status, written.len()), (2, 0), "{args:?}: {}", done.stderr);
        assert!(done.stderr.contains(message), "{args:?}: {}", done.stderr);
    }
}

#[test]
fn runs_are_added_until_the_interval_is_narrow_enough_and_every_file_says_why() {
    let until = |most: &str, jobs: &str| {
        let targets = ["--until", "lost_service_s.mean +-20%", "--until", "downtime_s.mean +-40s"];
        with_small(&[&["compare", "--runs", "3", "--quiet", "--max-runs", most, "--jobs", jobs][..], &targets].concat())
    };
    let (done, written) = until("60", "1");
    assert!(done.status == 0 && done.stderr.is_empty(), "{}", done.stderr);
    assert!(written == until("60", "3").1, "the number of threads shows");
    let json = |name: &str| -> serde_json::Value { serde_json::from_slice(&written[name]).unwrap() };
    let (receipt, summary) = (json("receipt.json"), json("summary.json"));
    let runs = receipt["runs"].as_u64().unwrap();
    assert!(runs > 3 && runs.is_multiple_of(3) && runs <= 60, "{receipt}");
    let rule = serde_json::json!({
        "targets": ["lost_service_s.mean +-20%", "downtime_s.mean +-40s"],
        "runs_at_a_time": 3,
        "max_runs": 60,
        "met": true,
    });
    assert_eq!((&receipt["until"], &receipt["settings"]), (&rule, &serde_json::json!([])));
    let reached = summary["until"]["targets"].as_array().unwrap();
    assert!(summary["until"]["met"] == true && reached.len() == 4, "{}", summary["until"]);
    assert!(reached.iter().all(|one| one["met"] == true && one["reach"].as_f64() <= one["allowed"].as_f64()));
    let report = String::from_utf8(written["report.html"].clone()).unwrap();
    for part in [
        "Were the runs enough?",
        "every interval is as narrow as was asked for.",
        "--runs 3 --seed 7 --out again --until &#39;lost_service_s.mean +-20%&#39; --until &#39;downtime_s.mean +-40s&#39; --max-runs 60",
    ] {
        assert!(report.contains(part), "{part}");
    }
    let stdout = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(stdout.contains(&format!("Stopped after {runs} runs, 3 at a time: every interval")), "{}", done.stdout);
    let (_, whole) = with_small(&["run", "--runs", &runs.to_string()]);
    assert!(written["runs.csv"] == whole["runs.csv"] && written["latency.csv"] == whole["latency.csv"]);
}

#[test]
fn the_most_runs_are_never_exceeded_and_a_target_met_there_is_met() {
    let runs = |args: &[&str]| {
        let (done, written) = with_small(
            &[&["run", "--design", "active-active", "--runs", "3", "--until", "lost_service_s.mean +-20%"], args]
                .concat(),
        );
        let receipt: serde_json::Value = serde_json::from_slice(&written["receipt.json"]).unwrap();
        (receipt["runs"].as_u64().unwrap(), receipt["until"]["met"].as_bool().unwrap(), done.stdout)
    };
    // Fewer than a first lot.
    let (few, met, stdout) = runs(&["--max-runs", "2"]);
    assert_eq!((few, met), (2, false));
    assert!(stdout.contains("as many as --max-runs"), "{stdout}");
    let (enough, met, _) = runs(&["--max-runs", "100"]);
    assert!(met && enough < 100);
    let (at_the_limit, met, stdout) = runs(&["--max-runs", &enough.to_string()]);
    assert!(met && at_the_limit == enough && !stdout.contains("--max-runs"), "{stdout}");
}

#[test]
fn targets_that_are_not_understood_are_refused() {
    for (target, message) in [
        ("downtime_s", "expected METRIC.STATISTIC"),
        ("downtim_s.mean +-1s", "did you mean \"downtime_s\"?"),
        ("latency_p50_ms.mean +-1B", "expected METRIC.STATISTIC"),
        ("writes_lost.mean +-1s", "--until writes_lost.mean +-1s: 1s does not fit writes_lost, which is a count"),
    ] {
        let (done, _) = with_small(&["run", "--until", target]);
        assert!(done.status == 2 && done.stderr.contains(message), "{}", done.stderr);
    }
}
