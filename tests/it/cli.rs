//! The command as a user meets it: help, exit statuses, and a message that names the place for everything that is wrong.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::support::{
    Finished, SMALL, TINY, assert_snapshot, finish, firedrill, repository, scratch, shared_study, tiny_pair,
    write_scenario,
};

/// Runs `firedrill` in a folder that holds `text` as `small.toml`.
fn with_scenario(text: &str, args: &[&str]) -> Finished {
    let folder = scratch();
    write_scenario(folder.path(), text);
    finish(firedrill(folder.path()).args(args))
}

/// Asserts that validating `text` is refused with a message that has each of `parts`, and no panic.
fn assert_refused(text: &str, parts: &[&str]) {
    let done = with_scenario(text, &["validate", "small.toml"]);
    assert_bad_input(&done, parts);
    assert!(done.stderr.contains("small.toml"), "the file is not named:\n{}", done.stderr);
}

fn assert_bad_input(done: &Finished, parts: &[&str]) {
    assert_eq!(done.status, 2, "stdout:\n{}\nstderr:\n{}", done.stdout, done.stderr);
    assert_explained(done, parts);
}

fn assert_explained(done: &Finished, parts: &[&str]) {
    assert!(!done.stderr.contains("panicked") && !done.stderr.contains("bug"), "a panic:\n{}", done.stderr);
    for part in parts {
        assert!(done.stderr.contains(part), "no {part:?} in:\n{}", done.stderr);
    }
}

/// `SMALL` with `from` replaced by `to`; fails if there is no `from`.
fn edited(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "the small scenario has no {from:?}");
    SMALL.replacen(from, to, 1)
}

// ── Help ────────────────────────────────────────────────────────────────────

#[test]
fn help_texts_are_as_reviewed() {
    for (name, args) in [
        ("help.txt", vec!["--help"]),
        ("help-run.txt", vec!["run", "--help"]),
        ("help-compare.txt", vec!["compare", "--help"]),
        ("help-explain.txt", vec!["explain", "--help"]),
        ("help-find.txt", vec!["find", "--help"]),
        ("help-sweep.txt", vec!["sweep", "--help"]),
        ("help-merge.txt", vec!["merge", "--help"]),
        ("help-init.txt", vec!["init", "--help"]),
        ("help-selfcheck.txt", vec!["selfcheck", "--help"]),
        ("help-validate.txt", vec!["validate", "--help"]),
    ] {
        let done = finish(firedrill(&repository()).args(args));
        assert_eq!(done.status, 0, "{}", done.stderr);
        assert_snapshot(name, &done.stdout);
    }
}

#[test]
fn the_version_is_the_crates() {
    let done = finish(firedrill(&repository()).arg("--version"));
    assert_eq!((done.status, done.stdout.trim()), (0, concat!("firedrill ", env!("CARGO_PKG_VERSION"))));
}

// ── Exit statuses ───────────────────────────────────────────────────────────

#[test]
fn a_met_expectation_is_status_0_and_results_go_to_stdout() {
    let done = with_scenario(SMALL, &["run", "small.toml", "--out", "out"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    for part in ["active-active", "active-passive"] {
        assert!(done.stdout.contains(part), "no {part} in:\n{}", done.stdout);
    }
    let closing = done.stderr.lines().find(|line| line.contains("events/s") && line.contains("requests/s"));
    assert!(closing.is_some(), "no speed in:\n{}", done.stderr);
}

#[test]
fn an_expectation_not_met_is_status_1_and_the_results_are_written() {
    let folder = scratch();
    write_scenario(folder.path(), &edited("min    = 0.1", "min    = 1.5"));
    let done = finish(firedrill(folder.path()).args(["run", "small.toml", "--out", "out"]));
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(folder.path().join("out/runs.csv").is_file());
}

#[test]
fn quiet_says_nothing_on_stderr() {
    let done = with_scenario(SMALL, &["run", "small.toml", "--quiet", "--runs", "2", "--out", "out"]);
    assert_eq!((done.status, done.stderr.as_str()), (0, ""));
}

#[test]
fn json_on_stdout_is_one_document() {
    let done = with_scenario(SMALL, &["compare", "small.toml", "--format", "json", "--out", "out"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let document: serde_json::Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert!(document.is_object() || document.is_array());
}

#[test]
fn the_default_folder_is_called_after_the_scenario() {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    let done = finish(firedrill(folder.path()).args(["run", "small.toml"]));
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(folder.path().join("firedrill-out/tiny/runs.csv").is_file());
}

#[test]
fn several_scenarios_go_to_a_folder_each() {
    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    fs::write(folder.path().join("other.toml"), edited("\"small\"", "\"other\"")).unwrap();
    let done =
        finish(firedrill(folder.path()).args(["compare", "small.toml", "other.toml", "--runs", "2", "--out", "out"]));
    assert_eq!(done.status, 0, "{}", done.stderr);
    for name in ["small", "other"] {
        assert!(folder.path().join("out").join(name).join("runs.csv").is_file(), "no results of {name}");
    }
}

#[test]
fn json_of_several_scenarios_is_one_array() {
    let folder = scratch();
    write_scenario(folder.path(), &tiny_pair());
    fs::write(folder.path().join("other.toml"), tiny_pair().replace("\"tiny\"", "\"the other\"")).unwrap();
    let mut command = firedrill(folder.path());
    command.args(["compare", "small.toml", "other.toml", "--format", "json", "--out", "out"]);
    let done = finish(&mut command);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let document: serde_json::Value = serde_json::from_str(&done.stdout).expect("one JSON document");
    assert_eq!(document.as_array().map(Vec::len), Some(2));
}

#[test]
fn two_scenarios_of_one_name_are_refused() {
    let done = with_scenario(SMALL, &["compare", "small.toml", "small.toml", "--out", "out"]);
    assert_bad_input(&done, &["\"small\""]);
}

#[test]
fn a_value_set_on_the_command_line_counts() {
    let rows = |set: &[&str]| shared_study(TINY, &[&["run"], set].concat())["runs.csv"].clone();
    assert_ne!(rows(&[]), rows(&["--set", "study.horizon=\"3m\""]));
}

// ── Arguments that make no sense ────────────────────────────────────────────

#[test]
fn arguments_that_make_no_sense_are_status_2() {
    let cases: [(&[&str], &[&str]); 12] = [
        (&[], &["Usage"]),
        (&["simulate", "small.toml"], &["simulate"]),
        (&["run"], &["SCENARIO"]),
        (&["run", "small.toml", "--runs", "0"], &["--runs", "0"]),
        (&["run", "small.toml", "--jobs", "0"], &["--jobs", "0"]),
        (&["run", "small.toml", "--runs", "many"], &["--runs", "many"]),
        (&["run", "small.toml", "--seed", "-1"], &["-1"]),
        (&["run", "small.toml", "--format", "xml"], &["xml", "json"]),
        (&["run", "small.toml", "--design", "active-activ"], &["active-activ", "did you mean", "active-active"]),
        (&["run", "small.toml", "--design", "active-active", "--design", "active-active"], &["active-active", "twice"]),
        (&["run", "small.toml", "--set", "study.horizon"], &["study.horizon"]),
        (&["run", "small.toml", "--set", "study.horizn=\"5m\""], &["horizn"]),
    ];
    for (args, parts) in cases {
        assert_bad_input(&with_scenario(SMALL, args), parts);
    }
}

#[test]
fn a_comparison_of_one_design_is_refused() {
    let done = with_scenario(SMALL, &["compare", "small.toml", "--design", "active-active", "--out", "out"]);
    assert_bad_input(&done, &["two designs"]);
}

#[test]
fn run_numbers_beyond_the_last_are_refused() {
    let last = u64::MAX.to_string();
    let done = with_scenario(SMALL, &["run", "small.toml", "--first-run", &last, "--runs", "2", "--out", "out"]);
    assert_bad_input(&done, &["run number", "18446744073709551615"]);
}

// ── Scenarios that make no sense ────────────────────────────────────────────

#[test]
fn a_scenario_that_makes_no_sense_is_refused_at_its_place() {
    let cases = [
        ("an unknown key", edited("queue_limit = 200", "queue_limt = 200"), vec!["queue_limt", "queue_limit"]),
        ("a missing key", edited("sessions             = { rate = 2.0 }", ""), vec!["sessions", "asia"]),
        ("a wrong unit", edited("answer_ttl    = \"60s\"", "answer_ttl    = \"60MB\""), vec!["answer_ttl", "60MB"]),
        ("no unit", edited("answer_ttl    = \"60s\"", "answer_ttl    = \"60\""), vec!["answer_ttl", "60"]),
        ("NaN", edited("write_share          = 0.1", "write_share          = nan"), vec!["write_share", "asia"]),
        ("1e300", edited("rate = 2.0", "rate = 1e300"), vec!["rate", "asia"]),
        ("a negative share", edited("write_share          = 0.1", "write_share          = -0.1"), vec!["write_share"]),
        ("a late incident", edited("at     = \"3m\"", "at     = \"3h\""), vec!["incidents", "3h"]),
        ("an unknown target", edited("target = \"singapore\"", "target = \"singapor\""), vec!["singapor", "singapore"]),
        ("no primary", edited("primary = \"singapore\", ", ""), vec!["active-active", "primary"]),
        ("no round-trip time", edited("singapore = \"35ms\", ", ""), vec!["asia", "rtt", "singapore"]),
        ("10,000 years", edited("horizon = \"10m\"", "horizon = \"3652500d\""), vec!["horizon"]),
        ("an empty file", String::new(), vec!["empty"]),
        ("no TOML", "name = ".to_string(), vec!["small.toml"]),
    ];
    for (what, text, parts) in cases {
        let done = with_scenario(&text, &["validate", "small.toml"]);
        assert_eq!(done.status, 2, "{what}: stdout:\n{}\nstderr:\n{}", done.stdout, done.stderr);
        assert!(done.stderr.contains("small.toml"), "{what}: the file is not named:\n{}", done.stderr);
        assert_explained(&done, &parts);
    }
}

#[test]
fn every_problem_is_reported_at_once() {
    let text = edited("answer_ttl    = \"60s\"", "answer_ttl    = \"60MB\"").replacen("\"3m\"", "\"3h\"", 1);
    assert_refused(&text, &["60MB", "3h"]);
}

#[test]
fn too_much_work_is_refused_with_the_estimate_unless_forced() {
    let text = edited("horizon = \"10m\"", "horizon = \"60d\"").replace("rate = 2.0", "rate = 1e4");
    let done = with_scenario(&text, &["run", "small.toml", "--out", "out"]);
    assert_bad_input(&done, &["events", "would be simulated", "--force"]);
}

#[test]
fn the_runs_of_the_command_line_count_in_the_estimate() {
    let done = with_scenario(SMALL, &["run", "small.toml", "--runs", "9000000", "--out", "out"]);
    assert_bad_input(&done, &["would be simulated", "--force"]);
}

#[test]
fn an_expectation_of_an_unknown_metric_or_statistic_is_refused_at_its_place() {
    let expectations = "
[[expect]]
design = \"active-active\"
metric = \"downtimes\"
stat   = \"avg\"
max    = 1
";
    let text = format!("{SMALL}{expectations}");
    let place = |part: &str| {
        let line = text.lines().position(|line| line.contains(part)).unwrap() + 1;
        format!("small.toml:{line}:10: expect.")
    };
    let (metric, stat) = (place("downtimes"), place("avg"));
    for subcommand in ["validate", "run"] {
        let done = with_scenario(&text, &[subcommand, "small.toml"]);
        assert_bad_input(&done, &[&metric, "\"downtime_s\"", &stat, "\"avg\"", "^^^^^"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_status_2_and_named() {
    let folder = scratch();
    fs::write(folder.path().join("latin.toml"), b"name = \"caf\xe9\"\n").unwrap();
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    for name in ["missing.toml", "latin.toml", "folder.toml"] {
        for subcommand in ["validate", "run", "compare"] {
            let done = finish(firedrill(folder.path()).args([subcommand, name]));
            assert_bad_input(&done, &[name]);
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "something was written");
}

#[test]
fn validating_several_scenarios_reports_on_each() {
    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    let done = finish(firedrill(folder.path()).args(["validate", "missing-1.toml", "small.toml", "missing-2.toml"]));
    assert_bad_input(&done, &["missing-1.toml", "missing-2.toml"]);
    assert!(done.stdout.contains("small.toml"), "{}", done.stdout);
}

// ── What the machine refuses ────────────────────────────────────────────────

#[test]
fn an_output_folder_that_cannot_be_made_is_status_3_and_named() {
    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    let done = finish(firedrill(folder.path()).args(["run", "small.toml", "--out", "small.toml/out"]));
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert_explained(&done, &["small.toml/out", "cannot write"]);
}

#[test]
fn a_full_disk_behind_stdout_is_status_3() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    for args in [vec!["run", "small.toml", "--runs", "1", "--out", "out"], vec!["validate", "small.toml"]] {
        let mut command = firedrill(folder.path());
        let stdout = fs::OpenOptions::new().write(true).open(full).unwrap();
        let done = finish(command.args(args).stdout(Stdio::from(stdout)).stderr(Stdio::piped()));
        assert_eq!(done.status, 3, "{}", done.stderr);
        assert_explained(&done, &["stdout"]);
    }
}

#[test]
fn a_reader_that_goes_away_is_success() {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = firedrill(folder.path());
    command.args(["run", "small.toml", "--runs", "2", "--out", "out"]).stdout(Stdio::from(writer));
    let output = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("out/runs.csv").is_file());
}

#[cfg(unix)]
#[test]
fn an_interrupted_study_is_status_3_and_leaves_nothing_that_seems_whole() {
    use std::io::{BufRead, BufReader};
    use std::process::Command;

    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    let mut command = firedrill(folder.path());
    command.args(["run", "small.toml", "--runs", "1000000", "--force", "--out", "out"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The first line says what is about to run; by then Ctrl-C is listened for.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("1,000,000 runs"), "{first}");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("stopped after")), "{rest:?}");
    let summary = fs::read_to_string(folder.path().join("out/summary.json"));
    assert!(summary.map_or(true, |text| text.contains("\"partial\"")), "something whole was written");
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_the_parent_ignores_stays_ignored() {
    use std::io::{BufRead, BufReader};
    use std::process::Command;

    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    let mut command = Command::new("sh");
    // As `nohup` does it.
    let line = r#"trap '' HUP; exec "$0" run small.toml --runs 1000000 --force --out out"#;
    command.current_dir(folder.path()).args(["-c", line, env!("CARGO_BIN_EXE_firedrill")]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    let send = |signal: &str, id: u32| Command::new("kill").args([signal, &id.to_string()]).status().unwrap();
    // Were it heard, the second would end the command at once.
    assert!(send("-HUP", child.id()).success());
    assert!(send("-HUP", child.id()).success());
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it heard the signal");
    assert!(send("-TERM", child.id()).success());
    assert_eq!(child.wait().unwrap().code(), Some(3));
}
