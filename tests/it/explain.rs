//! Runs that explain themselves: every step has a cause, back to a root, and the phases add up.

use firedrill::explain::{Explanation, explain, trace};
use firedrill::model::{Plan, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use rayon::prelude::*;

use crate::support::{
    SMALL, assert_snapshot, finish, firedrill, in_folder, repository, scratch, with_small_scenario, write_scenario,
};

fn plan(text: &str, file: &str) -> Plan {
    let loaded = Scenario::parse(text, file, &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    Plan::new(&loaded.scenario)
}

/// Fails unless the steps are in order, each with an earlier cause, and led to by something that can begin by itself.
fn assert_causes(explanation: &Explanation) {
    for (number, step) in explanation.steps.iter().enumerate() {
        assert_eq!(step.number, number);
        let before = number.checked_sub(1).map_or(0.0, |before| explanation.steps[before].at_s);
        assert!(step.at_s >= before && step.at_s <= explanation.horizon_s, "{step:?}");
        match step.cause {
            Some(cause) => assert!(cause < number && explanation.steps[cause].at_s <= step.at_s, "{step:?}"),
            None => assert!(["run-starts", "incident-begins", "switch-begins"].contains(&step.kind), "{step:?}"),
        }
        assert!(explanation.steps[step.root].cause.is_none(), "{step:?}");
    }
    let failed: u64 = explanation.phases.iter().map(|cost| cost.failed).sum();
    assert_eq!(failed, explanation.failed, "the phases add up");
}

#[test]
fn every_step_of_every_scenario_leads_back_to_a_fault_or_a_plan() {
    let mut files: Vec<_> = std::fs::read_dir(repository().join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        // A year of simulated time shows nothing that half an hour does not, and takes long.
        .filter(|path| !path.ends_with("year-of-outages.toml"))
        .collect();
    files.sort();
    assert!(files.len() > 15);
    files.par_iter().for_each(|path| {
        let loaded = Scenario::load(path, &LoadOptions::default()).unwrap();
        let plan = Plan::new(&loaded.scenario);
        for design in 0..loaded.scenario.designs.len() {
            assert_causes(&explain(&plan, design, 1).unwrap());
        }
    });
}

#[test]
fn keeping_a_diary_changes_no_result() {
    let plan = plan(SMALL, "small.toml");
    let explained = explain(&plan, 0, 1).unwrap();
    let outcome = simulate(&plan, 0, 1).unwrap();
    let succeeded: u64 = outcome.visitors.iter().flatten().map(|tally| tally.succeeded).sum();
    let failed: u64 = outcome.visitors.iter().flatten().map(|tally| tally.failed).sum();
    assert_eq!((explained.succeeded, explained.failed), (succeeded, failed));
}

#[test]
fn a_traced_incident_reads_as_it_was_reviewed() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), SMALL);
    let args =
        ["explain", scenario, "--design", "active-active", "--run", "1", "--trace", "t.json", "--chart", "c.svg"];
    let done = finish(firedrill(folder.path()).args(args));
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert_eq!(done.stderr, "again: firedrill explain small.toml --design active-active --run 1\n");
    assert_snapshot("explain-small.txt", &done.stdout);
    let chart = std::fs::read_to_string(folder.path().join("c.svg")).unwrap();
    assert!(chart.starts_with("<svg ") && chart.contains("power loss begins"), "{chart}");
    let json = finish(firedrill(folder.path()).args(&args[..6]).args(["--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["steps"][1]["kind"], "incident-begins");
}

#[test]
fn a_trace_has_what_the_trace_event_format_asks_for() {
    let explanation = explain(&plan(SMALL, "small.toml"), 1, 0).unwrap();
    let trace: serde_json::Value = serde_json::from_str(&trace(&explanation)).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    for event in events {
        assert!(event["ph"].is_string() && event["pid"].is_u64() && event["tid"].is_u64(), "{event}");
        match event["ph"].as_str().unwrap() {
            "M" => assert!(event["args"]["name"].is_string(), "{event}"),
            "X" => assert!(event["ts"].is_u64() && event["dur"].as_u64() > Some(0) && event["name"].is_string()),
            "s" | "f" => assert!(event["ts"].is_u64() && event["id"].is_u64() && event["name"].is_string(), "{event}"),
            other => panic!("an event of phase {other}"),
        }
    }
    let of = |phase: &str| events.iter().filter(|event| event["ph"] == phase).count();
    assert_eq!(of("X"), explanation.steps.len());
    assert_eq!((of("s"), of("f")), (of("f"), explanation.steps.iter().filter(|step| step.cause.is_some()).count()));
}

#[test]
fn the_worst_and_the_middle_run_are_chosen_by_a_metric() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), SMALL);
    let run = |args: &[&str]| finish(firedrill(folder.path()).args(["explain", scenario]).args(args));
    let number = |args: &[&str]| {
        let done = run(&[&["--design", "active-active", "--runs", "5"], args].concat());
        done.stderr.rsplit("--run ").next().unwrap().trim().parse::<u64>().unwrap_or_else(|_| panic!("{}", done.stderr))
    };
    finish(firedrill(folder.path()).args([
        "run",
        scenario,
        "--design",
        "active-active",
        "--runs",
        "5",
        "--out",
        "out",
    ]));
    let mut reader = csv::Reader::from_path(folder.path().join("out/runs.csv")).unwrap();
    let column = reader.headers().unwrap().iter().position(|name| name == "lost_service_s").unwrap();
    let lost: Vec<f64> = reader.records().map(|row| row.unwrap()[column].parse().unwrap()).collect();
    let mut order: Vec<usize> = (0..5).collect();
    order.sort_by(|one, other| lost[*one].total_cmp(&lost[*other]));
    assert_eq!(number(&["--worst", "lost_service_s"]), order[4] as u64, "{lost:?}");
    assert_eq!(number(&["--median", "lost_service_s"]), order[2] as u64, "{lost:?}");
    for (args, message) in [
        (vec!["--run", "1"], "which design?"),
        (vec!["--design", "active-active"], "--run <N>"),
        (vec!["--design", "active-active", "--worst", "downtime"], "did you mean \"downtime_s\"?"),
        (vec!["--design", "active-activ", "--run", "1"], "did you mean \"active-active\"?"),
    ] {
        let done = run(&args);
        assert!(done.status == 2 && done.stderr.contains(message), "{args:?}: {}", done.stderr);
    }
}

#[test]
fn a_chart_or_a_trace_takes_the_place_of_its_like_and_of_no_other_file() {
    let folder = with_small_scenario();
    let explain = |option: &str, target: &str| {
        in_folder(folder.path(), &["explain", "small.toml", "--design", "active-active", "--run", "0", option, target])
    };
    for (option, words) in [("--chart", "is no SVG"), ("--trace", "is no trace")] {
        std::fs::write(folder.path().join("notes"), "mine").unwrap();
        let done = explain(option, "notes");
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{}", done.stderr);
        assert!(done.stderr.contains(words), "{}", done.stderr);
        assert_eq!(std::fs::read_to_string(folder.path().join("notes")).unwrap(), "mine");
        for _ in 0..2 {
            assert_eq!(explain(option, &option[2..]).status, 0, "{option}");
        }
    }
}
