//! Parts of a study that are made apart, and what is put together from them: the bytes of one machine.

use std::fs;
use std::path::Path;

use crate::support::{
    Finished, SMALL, assert_same_files, files, finish, firedrill, in_folder, scratch, tiny_pair, with_small_scenario,
    write_scenario,
};

/// A folder with the scenario `text`, and what the command `args` gives there without parts.
fn with_whole(text: &str, args: &[&str]) -> (tempfile::TempDir, Finished) {
    let folder = scratch();
    write_scenario(folder.path(), text);
    let whole = in_folder(folder.path(), args);
    assert!(matches!(whole.status, 0 | 1), "{}", whole.stderr);
    (folder, whole)
}

/// Makes the parts of the command `args` into `1`, `2` and so on.
fn parts(folder: &Path, args: &[&str], of: u64) {
    for part in 1..=of {
        let (shard, out) = (format!("{part}/{of}"), part.to_string());
        let done = in_folder(folder, &[args, &["--shard", &shard, "--out", &out]].concat());
        assert_eq!((done.status, done.stdout.as_str()), (0, ""), "{}", done.stderr);
    }
}

#[test]
fn parts_in_any_order_and_repeated_make_the_files_and_the_words_of_one_machine() {
    for args in [
        &["compare", "small.toml", "--runs", "7", "--seed", "3", "--set", "dns.answer_ttl=20s"][..],
        &["run", "small.toml", "--runs", "5", "--first-run", "4", "--design", "other"],
        &["sweep", "small.toml", "--runs", "3", "--vary", "dns.answer_ttl=10s,60s", "--vary", "study.slo=90%,95%"],
    ] {
        let (folder, whole) = with_whole(&tiny_pair(), &[args, &["--out", "whole"]].concat());
        parts(folder.path(), args, 3);
        let merged = in_folder(folder.path(), &["merge", "3", "1", "2", "1", "--out", "merged"]);
        assert_eq!((merged.status, &merged.stdout), (whole.status, &whole.stdout), "{}", merged.stderr);
        assert_same_files(&files(&folder.path().join("merged")), &files(&folder.path().join("whole")));
    }
}

#[test]
fn parts_of_a_check_give_its_words_and_its_status() {
    let args = ["check", "small.toml", "--runs", "5"];
    let (folder, whole) = with_whole(SMALL, &args);
    parts(folder.path(), &args, 2);
    for (format, more) in [("text", None), ("json", Some("json")), ("markdown", Some("markdown"))] {
        let whole = match more {
            None => Finished { ..in_folder(folder.path(), &args) },
            Some(more) => in_folder(folder.path(), &[&args[..], &["--format", more]].concat()),
        };
        let merged = in_folder(folder.path(), &["merge", "2", "1", "--format", format]);
        assert_eq!((merged.status, merged.stdout), (whole.status, whole.stdout), "{}", merged.stderr);
    }
    assert!(matches!(whole.status, 0 | 1));
    assert!(!folder.path().join("firedrill-out").exists(), "a check writes no files");
}

#[test]
fn several_scenarios_are_put_together_from_folders_of_parts() {
    let folder = scratch();
    write_scenario(folder.path(), &tiny_pair());
    fs::write(folder.path().join("other.toml"), tiny_pair().replace("\"tiny\"", "\"the other\"")).unwrap();
    let args = ["compare", "small.toml", "other.toml", "--runs", "3", "--format", "json"];
    let whole = in_folder(folder.path(), &[&args[..], &["--out", "whole"]].concat());
    parts(folder.path(), &args[..5], 2);
    let merged = in_folder(folder.path(), &["merge", "1", "2", "--format", "json", "--out", "merged"]);
    assert_eq!((merged.status, &merged.stdout), (whole.status, &whole.stdout), "{}", merged.stderr);
    assert_same_files(&files(&folder.path().join("merged")), &files(&folder.path().join("whole")));
}

#[test]
fn missing_foreign_and_changed_parts_are_named_and_refused() {
    let folder = with_small_scenario();
    let args = ["run", "small.toml", "--runs", "3"];
    parts(folder.path(), &args, 3);
    let refused = |args: &[&str], words: &[&str]| {
        let done = in_folder(folder.path(), &[&["merge", "--out", "merged"], args].concat());
        assert_eq!(done.status, 2, "{}", done.stderr);
        for word in words {
            assert!(done.stderr.contains(word), "{}", done.stderr);
        }
        assert!(!folder.path().join("merged").exists(), "something was written");
    };
    refused(&["1"], &["parts are missing: 2/3, 3/3"]);
    for (out, more, words) in [
        ("seed", &["--seed", "99"][..], "seed: 7 there, 99 here"),
        ("ttl", &["--set", "dns.answer_ttl=9s"], "changes (--set): none there, dns.answer_ttl=9s here"),
        ("runs", &["--runs", "4"], "runs: 3 there, 4 here"),
    ] {
        let other = ["run", "small.toml", "--shard", "2/3", "--out", out];
        let other = [&other[..], if out == "runs" { &[] } else { &["--runs", "3"] }, more].concat();
        assert_eq!(in_folder(folder.path(), &other).status, 0);
        refused(&["1", out, "3"], &[&format!("{out}: belongs to another study than 1"), words]);
    }
    // The same words in the file, and another world behind them.
    fs::write(folder.path().join("small.toml"), SMALL.replace("horizon", "slo = \"90%\"\nhorizon")).unwrap();
    assert_eq!(in_folder(folder.path(), &[&args[..], &["--shard", "2/3", "--out", "slo"]].concat()).status, 0);
    refused(&["1", "slo", "3"], &["slo: belongs to another study", "SHA-256 of the resolved scenario"]);
    refused(&["1", "2", "nowhere"], &["nowhere: cannot be read"]);
    fs::create_dir(folder.path().join("empty")).unwrap();
    refused(&["empty"], &["empty: holds no part of a study"]);
    let log = folder.path().join("2/runs.log");
    let mut bytes = fs::read(&log).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&log, bytes).unwrap();
    refused(&["1", "2", "3"], &["2/runs.log: has not the SHA-256"]);
}

#[test]
fn a_part_goes_with_no_rule_for_the_number_of_runs_and_with_no_baseline() {
    let folder = with_small_scenario();
    for args in [
        &["run", "small.toml", "--shard", "1/2", "--until", "downtime_s.mean +-10%"][..],
        &["check", "small.toml", "--shard", "1/2", "--out", "o", "--save-baseline", "main"],
        &["check", "small.toml", "--shard", "1/2"],
        &["run", "small.toml", "--shard", "3/2"],
        &["run", "small.toml", "--shard", "auto/2"],
    ] {
        let done = in_folder(folder.path(), args);
        assert_eq!(done.status, 2, "{args:?}: {}", done.stderr);
    }
    let mut indexed = firedrill(folder.path());
    indexed.args(["run", "small.toml", "--runs", "2", "--shard", "auto/2", "--out", "o"]);
    let done = finish(indexed.env("JOB_COMPLETION_INDEX", "1"));
    assert_eq!(done.status, 0, "{}", done.stderr);
    let receipt = fs::read_to_string(folder.path().join("o/receipt.json")).unwrap();
    assert!(receipt.contains("\"shard\": \"2/2\""), "{receipt}");
}

#[test]
fn parts_without_runs_are_made_and_merged() {
    for args in [
        &["run", "small.toml", "--runs", "2"][..],
        &["sweep", "small.toml", "--runs", "1", "--vary", "dns.answer_ttl=10s,60s"],
    ] {
        let (folder, whole) = with_whole(&tiny_pair(), &[args, &["--out", "whole"]].concat());
        parts(folder.path(), args, 5);
        let merged = in_folder(folder.path(), &["merge", "5", "4", "3", "2", "1", "--out", "merged"]);
        assert_eq!((merged.status, &merged.stdout), (whole.status, &whole.stdout), "{}", merged.stderr);
        assert_same_files(&files(&folder.path().join("merged")), &files(&folder.path().join("whole")));
    }
}

#[test]
fn a_study_has_at_most_a_million_parts_or_so() {
    let folder = with_small_scenario();
    let done = in_folder(folder.path(), &["run", "small.toml", "--shard", "1/1048577", "--out", "out"]);
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("at most 1048576"), "{}", done.stderr);
}
