//! The same scenario, seed and run number give the same bytes, whatever the threads, the company or the maths library.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex};

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::output::OutputDir;
use firedrill::report::write_files;
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{self, Progress, StudySpec};

use crate::support::{
    SMALL, TINY, assert_same_files, files, finish, firedrill, scratch, shared_study, some_of, study, write_scenario,
};

const RUNS: &str = "runs.csv";

#[test]
fn the_same_command_twice_writes_the_same_bytes() {
    let first = shared_study(SMALL, &["compare", "--runs", "2"]);
    assert!(first.keys().any(|name| name.ends_with(".png")), "no PNG among {:?}", first.keys());
    assert!(first.keys().any(|name| name.ends_with(".svg")), "no SVG among {:?}", first.keys());
    assert_same_files(&first, &study(SMALL, &["compare", "--runs", "2"], &[]));
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let one = study(SMALL, &["compare", "--jobs", "1", "--runs", "5"], &[]);
    for jobs in some_of(vec!["7", "2"], 1) {
        assert_same_files(&one, &study(SMALL, &["compare", "--jobs", jobs, "--runs", "5"], &[]));
    }
}

#[test]
fn another_seed_changes_the_results() {
    let rows = |seed| shared_study(TINY, &["run", "--seed", seed])[RUNS].clone();
    assert_ne!(rows("0"), rows("1"));
}

#[test]
fn a_run_alone_equals_the_same_run_of_a_study() {
    let together = rows(&shared_study(SMALL, &["run"]));
    let alone = rows(&study(SMALL, &["run", "--first-run", "2", "--runs", "1"], &[]));
    assert_eq!(alone.len(), 2, "one row for each design: {alone:?}");
    for (key, row) in alone {
        assert_eq!(Some(&row), together.get(&key), "design {} run {}", key.0, key.1);
    }
}

#[test]
fn leaving_out_a_design_leaves_the_rows_of_the_others_alone() {
    let both = rows(&shared_study(SMALL, &["run"]));
    let one = rows(&study(SMALL, &["run", "--design", "active-passive"], &[]));
    assert_eq!(one.len(), 3);
    for (key, row) in one {
        assert_eq!(Some(&row), both.get(&key), "design {} run {}", key.0, key.1);
    }
}

#[test]
fn adding_a_design_leaves_the_rows_of_the_others_alone() {
    let twin = SMALL
        .split_once("[designs.active-active]")
        .and_then(|(_, rest)| rest.split_once("[designs.active-passive]"))
        .map(|(body, _)| format!("[designs.a-third]{body}[designs.active-active]"))
        .unwrap();
    let three = rows(&study(&SMALL.replacen("[designs.active-active]", &twin, 1), &["run"], &[]));
    let two = rows(&shared_study(SMALL, &["run"]));
    assert_eq!((two.len(), three.len()), (6, 9));
    for (key, row) in two {
        assert_eq!(Some(&row), three.get(&key), "design {} run {}", key.0, key.1);
    }
}

#[test]
fn runs_in_any_order_are_the_same_runs() {
    let loaded = Scenario::parse(SMALL, "small.toml", &LoadOptions::default()).expect("the small scenario");
    let plan = Plan::new(&loaded.scenario);
    let run = |(design, number)| simulate(&plan, design, number).unwrap();
    let all: Vec<(usize, u64)> = (0..2).flat_map(|design| (0..6).map(move |number| (design, number))).collect();
    let in_order: Vec<RunOutcome> = all.iter().copied().map(run).collect();
    // 5 and 12 have no common divisor, so that every run comes once.
    for step in 0..all.len() {
        let place = (7 + 5 * step) % all.len();
        assert!(run(all[place]) == in_order[place], "{:?} is another run after others", all[place]);
    }
}

/// The files of a study with a thread for each of its six runs, which are folded in the order of `rank`.
fn written_in_the_order_of(rank: fn(u64) -> u64) -> BTreeMap<String, Vec<u8>> {
    let scenario = Scenario::parse(SMALL, "small.toml", &LoadOptions::default()).expect("the small scenario").scenario;
    let plan = Plan::new(&scenario);
    let runs = scenario.study.runs;
    let mut spec = StudySpec::new(scenario);
    spec.jobs = NonZeroUsize::new(6);
    let study = spec.prepare().expect("a study");
    // How many runs have been folded, and the ranks of those that were let go, in order.
    let (state, has_changed) = (Mutex::new((0, Vec::new())), Condvar::new());
    let in_turn = |design, number| {
        let outcome = simulate(&plan, design, number);
        let rank = rank(design as u64 * runs + number);
        let mut state = has_changed.wait_while(state.lock().unwrap(), |state| state.0 < rank).unwrap();
        state.1.push(rank);
        outcome
    };
    let folded = |progress: Progress| {
        state.lock().unwrap().0 = progress.runs;
        has_changed.notify_all();
    };
    let outcome = study::run_with(&study, in_turn, folded, &false.into()).expect("an outcome");
    assert_eq!(state.into_inner().unwrap().1, [0, 1, 2, 3, 4, 5], "the runs were not folded in that order");
    let folder = scratch();
    let mut output = OutputDir::open(&folder.path().join("out")).expect("a folder");
    write_files(&outcome, &outcome.conclude().unwrap(), SMALL, &mut output)
        .and_then(|()| output.commit())
        .expect("files");
    files(&folder.path().join("out"))
}

/// Seen to fail when rows are put together in the order in which runs end.
#[test]
fn runs_that_end_in_any_order_leave_the_same_files() {
    let in_order = written_in_the_order_of(|place| place);
    assert_same_files(&in_order, &written_in_the_order_of(|place| 5 - place));
    assert_same_files(&in_order, &written_in_the_order_of(|place| (5 * place + 2) % 6));
}

#[test]
fn a_run_made_twice_side_by_side_is_the_same_and_says_so() {
    let folder = scratch();
    let mut command = firedrill(folder.path());
    let scenario = write_scenario(folder.path(), SMALL);
    let done = finish(command.args(["run", scenario, "--check-determinism", "--out", "out"]));
    assert_same_files(&shared_study(SMALL, &["run"]), &files(&folder.path().join("out")));
    assert!(done.stderr.contains("all 6 runs were made twice: no event differs"), "{}", done.stderr);
}

/// Rows of `runs.csv` by design and run.
fn rows(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<(String, u64), csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(files[RUNS].as_slice());
    let header = reader.headers().unwrap().clone();
    let column =
        |name: &str| header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"));
    let (design, run) = (column("design"), column("run"));
    let records = reader.records().map(Result::unwrap);
    records.map(|record| ((record[design].to_string(), record[run].parse().unwrap()), record)).collect()
}

/// The platform's maths library, moved by one step, reaches no result file.
#[cfg(target_os = "linux")]
mod perturbed_maths {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use crate::support::{SMALL, assert_same_files, repository, scratch, study};

    #[test]
    fn moving_every_result_of_the_platforms_maths_changes_no_byte() {
        let folder = scratch();
        let object = compile(folder.path(), "perturbed_maths.rs", "perturbed_maths.so", &["--crate-type", "cdylib"]);
        let probe = compile(folder.path(), "probe_maths.rs", "probe_maths", &[]);
        assert_live(&probe, &object);

        let object = object.to_str().unwrap();
        let mut command = vec!["compare"];
        DISTRIBUTIONS.iter().for_each(|setting| command.extend(["--set", setting]));
        let plain = study(SMALL, &command, &[]);
        let perturbed = study(SMALL, &command, &[("LD_PRELOAD", object)]);
        assert_same_files(&plain, &perturbed);
    }

    /// Those that the small scenario does not draw from. (An empirical one looks its values up.)
    const DISTRIBUTIONS: [&str; 3] = [
        r#"geographies.asia.think_time={ dist = "weibull", scale = "4s", shape = 0.7 }"#,
        r#"geographies.europe.think_time={ dist = "pareto", min = "1s", shape = 1.5 }"#,
        r#"geographies.europe.rtt.frankfurt={ dist = "uniform", low = "20ms", high = "30ms" }"#,
    ];

    /// Fails unless every function that the probe calls answers differently under the perturbation.
    fn assert_live(probe: &Path, object: &Path) {
        let plain = answers(Command::new(probe).env_remove("LD_PRELOAD"));
        let perturbed = answers(Command::new(probe).env("LD_PRELOAD", object));
        assert!(plain.len() > 50 && plain.len() == perturbed.len(), "the probe printed {} lines", plain.len());
        let unmoved: Vec<_> = plain.iter().filter(|line| perturbed.contains(line)).collect();
        assert!(unmoved.is_empty(), "the perturbation does not reach {unmoved:?}");
    }

    fn answers(probe: &mut Command) -> Vec<String> {
        let output = probe.output().expect("the probe starts");
        assert!(output.status.success(), "the probe failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
    }

    fn compile(folder: &Path, source: &str, name: &str, options: &[&str]) -> PathBuf {
        let target = folder.join(name);
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut command = Command::new(rustc);
        command.args(["--edition", "2024", "-O"]).args(options).arg("-o").arg(&target);
        let output = command.arg(repository().join("tests/it").join(source)).output().expect("rustc starts");
        assert!(output.status.success(), "{source}: {}", String::from_utf8_lossy(&output.stderr));
        target
    }
}
