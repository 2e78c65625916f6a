//! Downtime by threshold, and warnings about studies with too little traffic, as a user meets them.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{Edges, StudySpec, run};

use crate::support::{SMALL, cases, finish, firedrill, repository, scratch, shared_study, some_of, write_scenario};

/// The small scenario, with a trace of a session each second up to `last` in place of its rates.
fn small_of_trace(folder: &Path, last: u32) -> &'static str {
    let rows: String = (0..=last).map(|second| format!("{second}\n")).collect();
    fs::write(folder.join("visitors.csv"), format!("time_s\n{rows}")).unwrap();
    write_scenario(folder, &SMALL.replace("{ rate = 2.0 }", "{ trace = \"visitors.csv\" }"))
}

#[test]
fn every_command_that_runs_a_scenario_says_once_that_its_trace_ends_early() {
    let folder = scratch();
    // Singapore loses power at 3 min, and a session takes 37 s.
    let scenario = small_of_trace(folder.path(), 100);
    let sweep = ["--vary", "dns.answer_ttl=10s,60s"];
    let find = ["--vary", "dns.answer_ttl=10s..60s", "--such-that", "mean(downtime_s) < 1h", "--steps", "1"];
    for (command, more) in [
        ("validate", &[][..]),
        ("run", &["--runs", "1", "--out", "out"]),
        ("compare", &["--runs", "1", "--out", "out"]),
        ("check", &["--runs", "1"]),
        ("sweep", &[&sweep[..], &["--runs", "2", "--out", "swept"]].concat()),
        ("find", &[&find[..], &["--runs", "2", "--out", "found"]].concat()),
    ] {
        let done = finish(firedrill(folder.path()).arg(command).arg(scenario).args(more));
        let said = |text: &str| done.stderr.matches(text).count();
        for geography in ["asia", "europe"] {
            let end = format!(
                "geographies.{geography}.sessions.trace: visitors.csv ends at 1 min 40 s of 10 min; no session of \
                 {geography:?} starts after that"
            );
            assert_eq!(said(&end), 1, "{command}: {}", done.stderr);
        }
        assert_eq!(said("no session starts after 1 min 40 s, so that incident"), 1, "{command}: {}", done.stderr);
    }
}

#[test]
fn a_trace_as_long_as_the_run_gets_no_warning() {
    let folder = scratch();
    let scenario = small_of_trace(folder.path(), 599);
    let done = finish(firedrill(folder.path()).arg("validate").arg(scenario).args(["--set", "study.window=30s"]));
    assert_eq!((done.status, done.stderr.as_str()), (0, ""));
}

#[test]
fn sparse_windows_are_warned_of_and_filled_ones_are_not() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), SMALL);
    let of_rate = |rate: &str| {
        let mut command = firedrill(folder.path());
        command.args(["validate", scenario]);
        for key in ["asia", "europe"] {
            command.arg("--set").arg(format!("geographies.{key}.sessions.rate={rate}"));
        }
        finish(&mut command).stderr
    };
    // Two geographies of sessions with six requests, in windows of 10 s: 1.8 and 216 requests.
    assert!(of_rate("0.015").contains("study.window: windows of 10 s hold 1.8 requests"));
    assert_eq!(of_rate("1.8"), "");
}

#[test]
fn thresholds_csv_has_each_design_and_threshold_with_its_windows() {
    // 24 requests a second and 8.5 min measured, so windows take at most 51 s: 99 % needs 1,000 requests, and 99.9 % 10,000.
    let files = shared_study(SMALL, &["run"]);
    let text = String::from_utf8(files["thresholds.csv"].clone()).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("design,threshold,window_s,mean_s,low_s,high_s,n"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let head =
        |design: usize| rows[6 * design..6 * design + 6].iter().map(|row| [row[1], row[2], row[6]]).collect::<Vec<_>>();
    let expected = [
        ["0.5", "10", "3"],
        ["0.8", "10", "3"],
        ["0.9", "10", "3"],
        ["0.95", "10", "3"],
        ["0.99", "50", "3"],
        ["0.999", "", "0"],
    ];
    assert_eq!((head(0), head(1)), (expected.to_vec(), expected.to_vec()));
    // At the service level it is the downtime.
    let runs = String::from_utf8(files["runs.csv"].clone()).unwrap();
    let mut runs = csv::Reader::from_reader(runs.as_bytes());
    let headers = runs.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (downtime, under) = (column("downtime_s"), column("downtime_under_95_s"));
    for row in runs.records().map(Result::unwrap) {
        assert_eq!(row[downtime], row[under]);
        assert_eq!(&row[column("downtime_under_99_9_s")], "");
    }
}

#[test]
fn a_metric_that_is_not_computed_is_refused_before_the_first_run_and_says_what_to_do() {
    let folder = scratch();
    let refused = |metric: &str, command: &str| {
        let expect = format!("\n[[expect]]\ndesign = \"one\"\nmetric = \"{metric}\"\nstat = \"mean\"\nmax = 5\n");
        let first =
            SMALL.lines().find_map(|line| line.strip_prefix("[designs.")).and_then(|rest| rest.split(']').next());
        let expect = expect.replace("one", first.expect("a design"));
        let scenario = write_scenario(folder.path(), &format!("{SMALL}{expect}"));
        let done = finish(firedrill(folder.path()).args([command, scenario]));
        assert_eq!(done.status, 2, "{metric}: {}{}", done.stdout, done.stderr);
        done.stderr
    };
    // 24 requests a second: 10,000 take 42 windows of 10 s, which is 7 min.
    for command in ["validate", "run", "check"] {
        let said = refused("downtime_under_99_9_s", command);
        for part in ["a window of 10,000 requests takes 7 min, more than a tenth of the 8 min 30 s", "study.horizon"] {
            assert!(said.contains(part), "{command}: {part:?} is not in: {said}");
        }
    }
    assert!(refused("utilisation_asia", "validate").contains("unknown metric \"utilisation_asia\""));
    assert!(refused("cost_per_month", "validate").contains("only where the file has [prices]"));
    let scenario = write_scenario(folder.path(), SMALL);
    for args in [
        ["find", "--vary", "dns.answer_ttl=5s..1h", "--such-that", "mean(downtime_under_99_9_s) < 5"],
        ["run", "--runs", "500", "--until", "downtime_under_99_9_s.mean +-5s"],
    ] {
        let done = finish(firedrill(folder.path()).args(&args[..1]).arg(scenario).args(&args[1..]));
        assert!(done.status == 2 && done.stderr.contains("takes 7 min"), "{args:?}: {}{}", done.stdout, done.stderr);
    }
}

#[test]
fn a_number_of_one_geography_can_be_demanded_by_the_name_under_which_it_is_shown() {
    let folder = scratch();
    let demanded = |metric: &str| {
        format!("\n[[expect]]\ndesign = \"active-active\"\nmetric = \"{metric}\"\nstat = \"mean\"\nmin = 0\n")
    };
    // The first is shown in the results, the second only in by_geography.csv.
    let text = format!("{SMALL}{}{}", demanded("latency_p50_ms_calm_europe"), demanded("lost_service_s_asia"));
    let scenario = write_scenario(folder.path(), &text);
    let until = ["--until", "latency_p50_ms_calm_europe.mean +-90%"];
    let args = ["run", scenario, "--runs", "4", "--format", "json", "--out", "out"];
    let done = finish(firedrill(folder.path()).args(args).args(until));
    assert_eq!(done.status, 0, "{}{}", done.stdout, done.stderr);
    let study: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    let [_, shown, other] = &study["expectations"].as_array().unwrap()[..] else { panic!("three expectations") };
    let europe = &study["designs"][0]["geographies"][1];
    assert_eq!((&europe["name"], &europe["metrics"][0]["name"]), (&"europe".into(), &"latency_p50_ms_calm".into()));
    assert_eq!(shown["measured"], europe["metrics"][0]["mean"]["point"]);
    assert_eq!(shown["metric"], "latency_p50_ms_calm_europe");
    assert!(other["verdict"] == "pass" && other["measured"].as_f64().unwrap() > 1.0, "{other}");
    assert_eq!(study["until"]["targets"][0]["met"], true);
    let condition = "mean(latency_p50_ms_calm_europe) < 10s";
    let find = ["find", scenario, "--vary", "dns.answer_ttl=5s..1h", "--runs", "3", "--such-that", condition];
    let done = finish(firedrill(folder.path()).args(find));
    assert!(done.status == 0 && done.stdout.contains(condition), "{}{}", done.stdout, done.stderr);
    let misspelt = write_scenario(folder.path(), &format!("{SMALL}{}", demanded("latency_p50_ms_calm_euorpe")));
    let done = finish(firedrill(folder.path()).args(["validate", misspelt]));
    assert!(done.stderr.contains("(did you mean \"latency_p50_ms_calm_europe\"?)"), "{}", done.stderr);
}

#[cfg(feature = "charts")]
#[test]
fn downtime_by_threshold_is_drawn() {
    let files = shared_study(SMALL, &["run"]);
    let svg = String::from_utf8(files["charts/downtime_by_threshold.svg"].clone()).unwrap();
    for part in ["How long is success under each threshold?", "mean downtime of a run (", "99.9", "SLO 95 %"] {
        assert!(svg.contains(part), "{part:?} is not in the chart");
    }
    assert!(files.contains_key("charts/downtime_by_threshold.png"));
}

#[test]
fn the_downtime_of_the_article_is_on_the_edge() {
    // Active/passive is under 95 % for most of the outage of 15 min, and under 90 % for a third of it.
    let path = repository().join("scenarios/article.toml");
    let mut spec = StudySpec::new(Scenario::load(&path, &LoadOptions::default()).unwrap().scenario);
    spec.runs = Some(8);
    let outcome = run(&spec.prepare().unwrap(), |_| (), &AtomicBool::new(false)).unwrap();
    let edges = Edges::of(&outcome);
    let names: Vec<&str> = edges.designs.iter().map(|edge| edge.design.as_str()).collect();
    assert_eq!(names, ["active-active", "active-passive"]);
    let pair = edges.pair("active-active", "active-passive").unwrap().to_string();
    // 36 requests a second: half the budget takes 400 of them, which three of the study's windows of 5 s hold.
    let opening =
        "the SLO of 95 % lies where service hovers: in windows of 15 s, as 97.5 % needs 400 requests in each, it is ";
    assert!(pair.starts_with(opening) && pair.contains(" it would be ") && pair.contains(" against "), "{pair}");
}

/// The small scenario at a tenth of its traffic: 24 requests in windows of 10 s, where 95 % needs 200.
fn sparse_small(folder: &Path) -> &'static str {
    let expectation = "\n[[expect]]\ndesign = \"active-active\"\nmetric = \"downtime_s\"\nstat = \"mean\"\nmax = 0\n";
    write_scenario(folder, &(SMALL.replace("{ rate = 2.0 }", "{ rate = 0.2 }") + expectation))
}

/// Words about its windows.
const SPARSE: &str = "windows of 10 s (24 requests each; under 200, downtime depends on traffic)";

/// The text with every run of white space, and the report's fixed blanks, as one blank.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sparse_windows_are_said_wherever_downtime_is_printed() {
    let folder = scratch();
    let scenario = sparse_small(folder.path());
    let said = |args: &[&str]| {
        let done = finish(firedrill(folder.path()).args(args));
        unwrapped(&done.stdout)
    };
    for format in some_of(vec!["text", "json", "markdown"], 1) {
        let text = said(&["check", scenario, "--format", format, "--junit", "out.xml"]);
        assert!(text.contains(&format!("downtime is counted in {SPARSE}")), "{format}: {text}");
    }
    let quiet = said(&["check", scenario, "--quiet"]);
    assert!(quiet.contains(SPARSE), "what fails is a downtime: {quiet}");
    let junit = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    assert!(unwrapped(&junit).contains(SPARSE), "{junit}");
    for args in [
        &["compare", scenario, "--out", "compared"][..],
        &["run", scenario, "--out", "run"],
        &["sweep", scenario, "--vary", "dns.answer_ttl=10s,60s", "--out", "swept"],
        &[
            "find",
            scenario,
            "--vary",
            "dns.answer_ttl=10s..60s",
            "--such-that",
            "mean(downtime_s) < 1h",
            "--steps",
            "1",
        ],
    ] {
        let text = said(args);
        assert!(text.contains(SPARSE), "{args:?}: {text}");
    }
    let other = ["find", scenario, "--vary", "dns.answer_ttl=10s..60s", "--such-that", "mean(lost_service_s) < 1h"];
    assert!(
        !said(&[&other[..], &["--steps", "1"]].concat()).contains("downtime depends on traffic"),
        "lost service does not"
    );
    #[cfg(feature = "charts")]
    {
        let page = fs::read_to_string(folder.path().join("compared/report.html")).unwrap();
        assert!(unwrapped(&page).contains(&format!("in {SPARSE}.")), "the footnote of the report");
    }
}

#[test]
fn windows_whose_traffic_is_not_the_same_at_every_point_are_told_where_they_hold_fewest() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), SMALL);
    let vary = ["sweep", scenario, "--vary", "geographies.asia.sessions.rate=0.01,0.02,2", "--runs", "2"];
    let done = finish(firedrill(folder.path()).args(vary));
    // 2.01 sessions a second of six requests: 120.6 in 10 s, and 121.2; 240 at the third point are enough.
    let told = "At 2 of 3 points, downtime is counted in windows with few requests; fewest at \
                geographies.asia.sessions.rate=0.01: windows of 10 s (120 requests each; under 200";
    assert!(unwrapped(&done.stdout).contains(told), "{}", done.stdout);
}

#[test]
fn a_downtime_on_the_edge_is_called_so_wherever_it_is_printed() {
    let folder = scratch();
    let article = fs::read_to_string(repository().join("scenarios/article.toml")).unwrap();
    let expectation = "\n[[expect]]\ndesign = \"active-passive\"\nmetric = \"downtime_s\"\nstat = \"mean\"\nmax = 1\n";
    let scenario = write_scenario(folder.path(), &(article + expectation));
    let said = |args: &[&str]| {
        unwrapped(&finish(firedrill(folder.path()).args(args).args(["--runs", cases("8", "3")])).stdout)
    };
    let why = "the SLO of 95 % lies where service hovers: ";
    for format in some_of(vec!["text", "json", "markdown"], 1) {
        let text = said(&["check", scenario, "--format", format, "--junit", "out.xml"]);
        let note = format!("downtime of active-passive is on the edge: {why}");
        assert!(text.contains("; on the edge") && text.contains(&note), "{format}: {text}");
    }
    assert!(unwrapped(&fs::read_to_string(folder.path().join("out.xml")).unwrap()).contains(why));
    let only = ["--design", "active-passive"];
    let sweep = ["sweep", scenario, "--vary", "dns.answer_ttl=60s,90s", "--out", "swept"];
    let text = said(&[&sweep[..], &only].concat());
    assert!(text.contains("At dns.answer_ttl=90s, downtime of active-passive is on the edge: "), "{text}");
    #[cfg(feature = "charts")]
    {
        said(&["compare", scenario, "--out", "compared"]);
        let page = unwrapped(&fs::read_to_string(folder.path().join("compared/report.html")).unwrap());
        let footnote = "On the edge (active-active and active-passive) means that downtime hangs on this level;";
        assert!(page.contains(footnote) && page.contains(why), "the footnote of the report");
    }
}
