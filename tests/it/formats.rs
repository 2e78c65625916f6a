//! Sweeps and searches as text, JSON and Markdown: one set of results, in the files and on stdout.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::{Finished, SMALL, TINY, files, finish, firedrill, scratch, study, write_scenario};

/// Output of a command in each format, and the files that it wrote, which are the same in all of them.
struct InEveryFormat {
    text: Finished,
    json: Value,
    markdown: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// Runs a command on `scenario` in each format.
fn in_every_format(scenario: &str, args: &[&str]) -> InEveryFormat {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), scenario);
    let (subcommand, rest) = args.split_first().expect("a subcommand");
    let run = |format: &[&str]| {
        let mut command = firedrill(folder.path());
        let done =
            finish(command.args([subcommand, scenario]).args(rest).args(["--out", "out", "--quiet"]).args(format));
        assert!(matches!(done.status, 0 | 1), "{args:?}: {}", done.stderr);
        (done, files(&folder.path().join("out")))
    };
    let [(text, written), (json, in_json), (markdown, in_markdown)] =
        [&[][..], &["--format", "json"], &["--format", "markdown"]].map(run);
    assert!(written == in_json && written == in_markdown, "the format changes no file");
    assert_eq!((json.status, markdown.status), (text.status, text.status));
    let in_file = written.get("sweep.json").or_else(|| written.get("find.json")).expect("the results");
    assert_eq!(json.stdout.as_bytes(), in_file, "stdout is the file");
    let json = serde_json::from_str(&json.stdout).expect("one JSON document");
    InEveryFormat { text, json, markdown: markdown.stdout, files: written }
}

fn rows(csv: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().unwrap().clone();
    let row = |row: csv::StringRecord| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// A number of JSON as a CSV file has it: nothing if it is null or beyond the horizon.
fn written(number: &Value) -> String {
    number.as_f64().map_or_else(String::new, |number| number.to_string())
}

/// Compares fields of a row with numbers of JSON; the file has twelve digits or more of them.
fn assert_same(row: &BTreeMap<String, String>, fields: &[(&str, &Value)]) {
    for (field, value) in fields {
        let (found, expected) = (&row[*field], written(value));
        let is_close = found.parse::<f64>().ok().zip(expected.parse::<f64>().ok());
        let is_close = is_close.is_some_and(|(one, other)| (one - other).abs() <= 1e-9 * other.abs());
        assert!(*found == expected || is_close, "{field}: {found} in the table, {expected} in JSON\n{row:?}");
    }
}

/// Asserts that `sweep.csv` has the numbers of the JSON, row by row.
fn assert_table_of_points(results: &InEveryFormat) {
    let table = rows(&results.files["sweep.csv"]);
    let mut next = table.iter();
    for (place, point) in results.json["points"].as_array().unwrap().iter().enumerate() {
        for design in point["designs"].as_array().unwrap() {
            for metric in design["metrics"].as_array().unwrap() {
                let row = next.next().expect("a row for each");
                assert_eq!(row["point"], place.to_string());
                for (key, value) in
                    results.json["keys"].as_array().unwrap().iter().zip(point["values"].as_array().unwrap())
                {
                    assert_eq!(row[key.as_str().unwrap()], value.as_str().unwrap());
                }
                assert_eq!(
                    [&row["design"], &row["metric"]].map(|name| Value::from(name.as_str())),
                    [&design["name"], &metric["name"]].map(Value::clone)
                );
                assert_eq!(
                    [&row["n"], &row["censored"]].map(|n| Value::from(n.parse::<u64>().unwrap())),
                    [&metric["n"], &metric["censored"]].map(Value::clone)
                );
                let mean = &metric["mean"];
                assert_same(row, &[("mean", &mean["point"]), ("mean_low", &mean["low"]), ("mean_high", &mean["high"])]);
                let median =
                    metric["quantiles"].as_array().unwrap().iter().find(|one| one["p"] == 0.5).expect("a median");
                assert_same(
                    row,
                    &[("median", &median["estimate"]["point"]), ("median_runs_needed", &median["runs_needed"])],
                );
            }
        }
    }
    assert!(next.next().is_none() && !table.is_empty(), "as many rows as numbers");
}

#[test]
fn a_sweep_over_one_key_says_the_same_in_every_format() {
    let found = in_every_format(SMALL, &["sweep", "--vary", "dns.answer_ttl=10s,60s", "--runs", "7"]);
    assert_table_of_points(&found);
    let json = &found.json;
    assert_eq!((&json["version"], &json["seed"], &json["runs"]), (&1.into(), &7.into(), &7.into()));
    assert!(json["front"].is_null(), "there are no prices");
    assert!(
        found.markdown.starts_with(
            "## small: a sweep over dns.answer\\_ttl\n\n7 runs of each design at each of 2 points, seed 7."
        ),
        "{}",
        found.markdown
    );
    // A table for each metric that the text has, with a row for each point.
    let heading = "### downtime\n\n| dns.answer\\_ttl | active-active | active-passive |\n|---|---|---|\n| 10s | ";
    assert!(found.markdown.contains(heading), "{}", found.markdown);
    let shown = |text: &str, before: &str| text.lines().filter(|line| line.starts_with(before)).count();
    let of_metrics = found.text.stdout.matches("(mean, and half of its 95 % interval)").count();
    assert_eq!((shown(&found.markdown, "### "), shown(&found.markdown, "| 60s |")), (of_metrics, of_metrics));
    // One cell in all of them.
    let is_wanted = |metric: &&Value| metric["name"] == "downtime_s";
    let metric = json["points"][1]["designs"][0]["metrics"].as_array().unwrap().iter().find(is_wanted).unwrap();
    let mean = metric["mean"]["point"].as_f64().unwrap();
    let said = format!("{} min {} s ±", (mean / 60.0).floor(), (mean % 60.0).round());
    assert!(found.text.stdout.contains(&said) && found.markdown.contains(&said), "{said}\n{}", found.text.stdout);
}

#[test]
fn a_sweep_over_two_keys_with_prices_has_its_front_in_every_format() {
    let priced = format!("{SMALL}\n[prices]\ninstance_hour = 1.0\n");
    let keys = ["--vary", "regions.singapore.app.instances=2,9", "--vary", "study.slo=90%,99%"];
    let found = in_every_format(&priced, &[&["sweep", "--runs", "3"][..], &keys].concat());
    assert_table_of_points(&found);
    let front = found.json["front"].as_array().unwrap();
    let table = rows(&found.files["front.csv"]);
    assert_eq!((front.len(), table.len()), (8, 8));
    for (entry, row) in front.iter().zip(&table) {
        for measure in ["cost_per_month", "recovery_time_s", "writes_lost"] {
            let [low, high] = ["low", "high"].map(|end| format!("{measure}_{end}"));
            let of = &entry[measure];
            assert_same(row, &[(measure, &of["mean"]), (&low, &of["low"]), (&high, &of["high"])]);
            let sentence = of["sentence"].as_str().unwrap();
            assert!(found.text.stdout.contains(sentence), "{sentence}");
        }
        assert_eq!(
            [&row["design"], &row["standing"]].map(|one| Value::from(one.as_str())),
            [&entry["design"], &entry["standing"]].map(Value::clone)
        );
        let by = &entry["dominated_by"];
        assert_eq!(row["dominated_by_design"], by["design"].as_str().unwrap_or_default());
        assert_eq!(row["dominated_by_point"], by["point"].as_u64().map_or_else(String::new, |point| point.to_string()));
        let sentence = entry["sentence"].as_str().unwrap();
        assert!(
            found.text.stdout.contains(sentence) && found.markdown.contains(&format!("| {sentence} |\n")),
            "{sentence}"
        );
    }
    assert!(found.markdown.contains("\n### cost against recovery time against lost writes"), "{}", found.markdown);
}

#[test]
fn what_dominates_is_named_by_its_point_and_design() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), &format!("{SMALL}\n[prices]\ninstance_hour = 1.0\n"));
    let mut command = firedrill(folder.path());
    let args = ["--vary", "regions.singapore.app.instances=2,9", "--design", "active-active", "--runs", "40"];
    let done = finish(command.args(["sweep", scenario, "--format", "json", "--quiet", "--out", "out"]).args(args));
    let found: Value = serde_json::from_str(&done.stdout).expect("one JSON document");
    // Nine instances cost more than two and save nobody.
    let nine = &found["front"][1];
    assert_eq!((&nine["standing"], &nine["sentence"]), (&"dominated".into(), &"dominated by 2, active-active".into()));
    assert_eq!(nine["dominated_by"], serde_json::json!({ "point": 0, "design": "active-active" }));
    assert_eq!(
        (&found["front"][0]["standing"], &found["front"][0]["dominated_by"]),
        (&"not_dominated".into(), &Value::Null)
    );
}

/// Asserts that `find.csv` has the numbers of the JSON, and that text and Markdown say what it says.
fn assert_search(found: &InEveryFormat) {
    assert_eq!((&found.json["version"], &found.json["scenario"]), (&1.into(), &"small".into()));
    let table = rows(&found.files["find.csv"]);
    let mut next = table.iter();
    let key = found.json["key"].as_str().unwrap();
    for design in found.json["designs"].as_array().unwrap() {
        let sentence = design["sentence"].as_str().unwrap();
        let name = design["design"].as_str().unwrap();
        assert!(found.text.stdout.contains(&format!("\n{name}: {sentence}\n")), "{}", found.text.stdout);
        let escaped = sentence.replace('_', "\\_");
        assert!(found.markdown.contains(&format!("\n### {name}: {escaped}\n")), "{}", found.markdown);
        for tried in design["tried"].as_array().unwrap() {
            let row = next.next().expect("a row for each value");
            assert_eq!([&row["design"], &row[key]], [name, tried["value"].as_str().unwrap()]);
            let interval = &tried["interval"];
            assert_same(
                row,
                &[
                    ("measured", &tried["measured"]),
                    ("low", &interval["low"]),
                    ("high", &interval["high"]),
                    ("n", &tried["n"]),
                    ("runs_needed", &tried["runs_needed"]),
                    ("runs_unattended", &tried["runs_unattended"]),
                ],
            );
            for (field, flag) in [("holds", &tried["holds"]), ("clear", &tried["clear"])] {
                assert_eq!(row[field], flag.as_bool().map_or_else(String::new, |flag| u8::from(flag).to_string()));
            }
            let words = tried["sentence"].as_str().unwrap();
            assert!(found.text.stdout.contains(words), "{words}");
            let line = format!("| {} | {} |\n", row[key], words.replace('_', "\\_").replace('*', "\\*"));
            assert!(found.markdown.contains(&line), "{line}\n{}", found.markdown);
        }
    }
    assert!(next.next().is_none() && !table.is_empty(), "as many rows as values");
}

#[test]
fn a_search_says_the_same_in_every_format_whether_it_finds_an_answer_or_not() {
    let lasts = ["find", "--vary", "incidents.0.lasts=1s..3m", "--steps", "2", "--such-that"];
    let found = in_every_format(SMALL, &[&lasts[..], &["max(downtime_s) < 40"]].concat());
    assert_search(&found);
    assert_eq!(found.json["designs"][0]["answer"], "up_to", "{}", found.json);
    assert!(found.json["designs"][0]["holds"].is_string() && found.json["designs"][0]["fails"].is_string());

    let alone = ["mean(lost_service_s) < 0", "--design", "active-passive"];
    let nowhere = in_every_format(SMALL, &[&lasts[..], &alone].concat());
    assert_search(&nowhere);
    let answer = &nowhere.json["designs"][0];
    assert_eq!((nowhere.text.status, &answer["answer"], &answer["holds"]), (1, &"nowhere".into(), &Value::Null));
}

#[test]
fn a_search_whose_runs_say_nothing_says_so_in_every_format() {
    // Two minutes in one part of the world, where nobody asks after the first minute: no request meets the incident. One in 5,000 s.
    let quiet = SMALL.replace("sessions             = { rate = 2.0 }", "sessions             = { rate = 0.0001 }");
    let args = [
        "find",
        "--vary",
        "dns.answer_ttl=5s..10m",
        "--steps",
        "1",
        "--such-that",
        "mean(lost_service_s) < 1000",
        "--design",
        "active-active",
    ];
    let unseen = in_every_format(&quiet, &args);
    assert_search(&unseen);
    let tried = &unseen.json["designs"][0]["tried"][0];
    assert!(tried["runs_unattended"].as_u64() > Some(0) || tried["runs_needed"].is_u64(), "{tried}");
    assert!(
        unseen.text.status == 1 && unseen.text.stdout.contains("no request met the incident"),
        "{}",
        unseen.text.stdout
    );
    // Nobody recovers where nothing was bad: the metric applies to too few runs.
    let mild = [
        "find",
        "--vary",
        "incidents.0.lasts=1ms..2ms",
        "--steps",
        "1",
        "--such-that",
        "mean(recovery_time_s) < 1m",
        "--design",
        "active-active",
    ];
    let none = in_every_format(SMALL, &mild);
    assert_search(&none);
    let design = &none.json["designs"][0];
    assert_eq!(
        (&design["answer"], &design["tried"][0]["measured"]),
        (&"too_few_runs".into(), &Value::Null),
        "{design}"
    );
    assert_eq!(design["tried"][0]["runs_needed"], 2);
}

#[test]
fn the_resolved_scenario_of_several_values_says_of_which_one_it_is() {
    let first = |args: &[&str]| {
        let text = String::from_utf8(study(TINY, args, &[])["resolved.toml"].clone()).unwrap();
        (text.lines().next().unwrap().to_owned(), text)
    };
    let keys = ["--vary", "dns.answer_ttl=10s,60s", "--vary", "study.slo=90%,99%"];
    let (line, text) = first(&[&["sweep", "--runs", "1"][..], &keys].concat());
    assert_eq!(
        line,
        "# The scenario as it was run at the first point of a sweep, dns.answer_ttl=10s study.slo=90% (sweep.csv has the values of \
         all): with every change, and with every default written out."
    );
    assert!(text.contains("answer_ttl = \"10s\"") && text.contains("slo = \"90%\""), "{text}");
    let (line, text) =
        first(&["find", "--vary", "dns.answer_ttl=5s..10m", "--steps", "1", "--such-that", "mean(downtime_s) < 3m"]);
    assert_eq!(
        line,
        "# The scenario as it was run at the low end of a search, dns.answer_ttl=5s (find.csv has all values tried): with every \
         change, and with every default written out."
    );
    assert!(text.contains("answer_ttl = \"5s\""), "{text}");
    // A part of a sweep says it too.
    let folder = scratch();
    let scenario = write_scenario(folder.path(), TINY);
    let mut command = firedrill(folder.path());
    let args = ["--runs", "2", "--vary", "dns.answer_ttl=10s,60s", "--shard", "1/2", "--out", "part"];
    assert_eq!(finish(command.args(["sweep", scenario]).args(args)).status, 0);
    let part = fs::read_to_string(folder.path().join("part/resolved.toml")).unwrap();
    assert!(
        part.starts_with("# The scenario as it was run at the first point of a sweep, dns.answer_ttl=10s ("),
        "{part}"
    );
}
