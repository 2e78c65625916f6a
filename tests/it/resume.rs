//! `--resume` where results are whole already: they are kept, and that is said.

use std::fs;
use std::path::Path;

use crate::support::{
    Finished, TINY, assert_same_files, files, finish, firedrill, in_folder, scratch, some_of, tiny_pair,
    with_small_scenario, write_scenario,
};

/// A folder with two scenarios.
fn two_scenarios() -> tempfile::TempDir {
    let folder = scratch();
    for name in ["one", "two"] {
        let text = tiny_pair().replace("name = \"tiny\"", &format!("name = {name:?}"));
        fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    folder
}

fn compare(folder: &Path, more: &[&str]) -> Finished {
    finish(firedrill(folder).args(["compare", "one.toml", "two.toml", "--out", "o"]).args(more))
}

const KEPT: &str = "one: already complete in o/one, and not made again";

#[test]
fn a_scenario_that_is_complete_is_kept_and_the_others_are_made() {
    let folder = two_scenarios();
    let whole = compare(folder.path(), &["--runs", "3"]);
    assert!(!whole.stderr.contains("already complete"), "{}", whole.stderr);
    let before = files(&folder.path().join("o"));
    fs::remove_dir_all(folder.path().join("o/two")).unwrap();
    let again = compare(folder.path(), &["--runs", "3", "--resume"]);
    assert_eq!((again.status, &again.stdout), (whole.status, &whole.stdout), "{}", again.stderr);
    assert!(again.stderr.contains(KEPT) && !again.stderr.contains("two: already"), "{}", again.stderr);
    assert!(
        again.stderr.contains("two: 3 runs of 2 designs") && !again.stderr.contains("one: 3 runs"),
        "{}",
        again.stderr
    );
    assert_same_files(&files(&folder.path().join("o")), &before);
    // In other forms too, with both of them kept.
    for format in some_of(vec![&["--format", "json"][..], &["--verbose"]], 1) {
        let kept = compare(folder.path(), &[&["--runs", "3", "--quiet", "--resume"], format].concat());
        assert!(
            kept.stderr.contains(KEPT) && kept.stderr.contains("two: already complete in o/two"),
            "{}",
            kept.stderr
        );
        fs::remove_dir_all(folder.path().join("o")).unwrap();
        let made = compare(folder.path(), &[&["--runs", "3", "--quiet"], format].concat());
        assert_eq!((kept.status, &kept.stdout), (made.status, &made.stdout), "{}", kept.stderr);
    }
}

#[test]
fn another_study_is_made_and_so_is_one_whose_files_are_no_longer_what_was_written() {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    let run = |more: &[&str]| in_folder(folder.path(), &[&["run", "small.toml", "--out", "o"], more].concat());
    assert_eq!(run(&["--runs", "2"]).status, 0);
    for other in
        [&["--runs", "3"][..], &["--runs", "2", "--seed", "8"], &["--runs", "2", "--set", "dns.answer_ttl=20s"]]
    {
        let done = run(&[other, &["--resume"]].concat());
        assert!(done.status != 2 && !done.stderr.contains("already complete"), "{other:?}: {}", done.stderr);
    }
    assert_eq!(run(&["--runs", "2"]).status, 0);
    // Without the word nothing is kept.
    assert!(!run(&["--runs", "2"]).stderr.contains("already complete"));
    fs::write(folder.path().join("o/runs.csv"), "edited").unwrap();
    let done = run(&["--runs", "2", "--resume"]);
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(done.stderr.contains("runs.csv (has not the SHA-256 in receipt.json)"), "{}", done.stderr);
}

#[test]
fn a_study_whose_number_of_runs_was_left_to_the_results_and_one_that_fails_its_expectation_are_kept_too() {
    let folder = with_small_scenario();
    let until =
        ["run", "small.toml", "--runs", "3", "--until", "lost_service_s.mean +-40%", "--max-runs", "30", "--out", "o"];
    let made = in_folder(folder.path(), &until);
    let kept = in_folder(folder.path(), &[&until[..], &["--resume"]].concat());
    assert_eq!((kept.status, &kept.stdout), (made.status, &made.stdout), "{}", kept.stderr);
    assert!(kept.stderr.contains("small: already complete in o"), "{}", kept.stderr);
    let more = in_folder(folder.path(), &[&until[..6], &["--max-runs", "31", "--out", "o", "--resume"]].concat());
    assert!(!more.stderr.contains("already complete"), "{}", more.stderr);
    let failing = ["compare", "small.toml", "--runs", "3", "--set", "expect.0.min=1", "--out", "f"];
    assert_eq!(in_folder(folder.path(), &failing).status, 1);
    let kept = in_folder(folder.path(), &[&failing[..], &["--resume"]].concat());
    assert!(kept.status == 1 && kept.stderr.contains("already complete"), "{}", kept.stderr);
    // A run is no comparison.
    let run = in_folder(folder.path(), &[&["run"], &failing[1..], &["--resume"]].concat());
    assert!(!run.stderr.contains("already complete"), "{}", run.stderr);
}

#[test]
fn a_log_of_nothing_but_zeros_holds_no_runs() {
    let folder = with_small_scenario();
    let left = folder.path().join(".out.firedrill-abcdefghijkl");
    for length in [7, 100_000] {
        fs::create_dir(&left).unwrap();
        fs::write(left.join("runs.log"), vec![0; length]).unwrap();
        let done =
            in_folder(folder.path(), &["run", "small.toml", "--runs", "1", "--quiet", "--out", "out", "--resume"]);
        assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
        assert!(!left.exists(), "it was left");
        fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
}
