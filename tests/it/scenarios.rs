//! Every scenario of the repository says what it asks, is valid, and runs.

use std::fs;
use std::path::PathBuf;

use crate::support::{finish, firedrill, repository, scratch, some_of};

#[test]
fn every_scenario_opens_with_a_comment() {
    for path in scenarios() {
        let text = fs::read_to_string(&path).unwrap();
        let comment: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(comment.concat().len() > 40, "{}: no opening comment that says what it asks", path.display());
    }
}

#[test]
fn every_scenario_is_valid() {
    let done = finish(firedrill(&repository()).arg("validate").args(scenarios()));
    assert_eq!(done.status, 0, "{}", done.stderr);
}

#[test]
fn every_scenario_runs() {
    for path in some_of(scenarios(), 4) {
        let folder = scratch();
        let mut command = firedrill(&repository());
        command.arg("run").arg(&path).args(["--runs", "1", "--out"]).arg(folder.path().join("out"));
        let done = finish(&mut command);
        // One run may miss an expectation that the study meets.
        assert!(matches!(done.status, 0 | 1), "{}: status {}\n{}", path.display(), done.status, done.stderr);
        assert!(folder.path().join("out/runs.csv").is_file(), "{}: no runs.csv", path.display());
    }
}

pub(crate) fn scenarios() -> Vec<PathBuf> {
    let files = fs::read_dir(repository().join("scenarios")).expect("a folder of scenarios");
    let mut found: Vec<PathBuf> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no scenarios");
    found
}
