//! A study outlives the process that makes it: kills, torn logs, full disks, interruptions.

use std::fs;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Stdio;
#[cfg(unix)]
use std::time::Duration;

use crate::support::{Finished, assert_same_files, files, finish, firedrill, in_folder, with_small_scenario};
#[cfg(unix)]
use crate::support::{TINY, cases, draws_all, scratch, some_of, tiny_pair, write_scenario};

/// The logs of studies that were cut off in `folder`.
fn logs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let hidden = entries.filter(|path| path.file_name().unwrap().to_string_lossy().contains(".firedrill-"));
    hidden.map(|staging| staging.join("runs.log")).filter(|log| log.exists()).collect()
}

/// Starts the command `args` in `folder`, lets it make some runs, and kills it. Returns false if it ended first.
#[cfg(unix)]
fn kill_after(folder: &Path, args: &[&str], bytes: u64) -> bool {
    let mut command = firedrill(folder);
    let mut child = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let written = || logs(folder).iter().any(|log| fs::metadata(log).is_ok_and(|found| found.len() >= bytes));
    while child.try_wait().unwrap().is_none() && !written() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    child.wait().unwrap().code().is_none()
}

/// Kills the command at `kills` moments on its way, goes on each time, and compares what comes out in the end.
#[cfg(unix)]
fn survives(args: &[&str], kills: u64) {
    use rand::{Rng, SeedableRng};

    let folder = scratch();
    write_scenario(folder.path(), &tiny_pair());
    let whole = in_folder(folder.path(), &[args, &["--out", "whole"]].concat());
    let asked = [args, &["--out", "o", "--resume"]].concat();
    let mut draw = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(kills);
    let (mut size, mut killed) = (0, 0);
    for _ in 0..kills {
        // Somewhere within the next few runs, at times within a record.
        size += draw.random_range(1..900_000 / kills);
        killed += u64::from(kill_after(folder.path(), &asked, size));
        assert!(logs(folder.path()).len() <= 1, "{:?}", logs(folder.path()));
        if !folder.path().join("o/receipt.json").exists() && size % 3 == 0 {
            // As after a power cut: the last of what was written is not there, or is no longer what it was.
            for log in logs(folder.path()) {
                let mut bytes = fs::read(&log).unwrap();
                bytes.truncate(bytes.len().saturating_sub(draw.random_range(0..5_000)));
                bytes.resize(bytes.len() + draw.random_range(0..5_000), 0);
                fs::write(&log, bytes).unwrap();
            }
        }
    }
    assert!(killed > 0, "nothing was killed");
    let done = in_folder(folder.path(), &asked);
    assert_eq!((done.status, &done.stdout), (whole.status, &whole.stdout), "{}", done.stderr);
    assert_same_files(&files(&folder.path().join("o")), &files(&folder.path().join("whole")));
    assert_eq!(logs(folder.path()), Vec::<PathBuf>::new());
}

/// Kills of each command in `cargo test`; the whole number is in the test below that is ignored.
#[cfg(unix)]
const SAMPLE: u64 = 5;

#[cfg(unix)]
const COMPARE: [&str; 5] = ["compare", "small.toml", "--runs", "100", "--quiet"];
#[cfg(unix)]
const UNTIL: [&str; 8] =
    ["run", "small.toml", "--runs", "40", "--until", "latency_p50_ms.mean +-0.0001%", "--max-runs", "100"];
#[cfg(unix)]
const SWEEP: [&str; 6] = ["sweep", "small.toml", "--runs", "30", "--vary", "dns.answer_ttl=10s,60s,5m"];
#[cfg(unix)]
const FIND: [&str; 8] =
    ["find", "small.toml", "--runs", "20", "--vary", "dns.answer_ttl=5s..10m", "--such-that", "mean(downtime_s) < 15s"];

#[cfg(unix)]
#[test]
fn a_study_that_is_killed_again_and_again_ends_in_the_bytes_of_one_that_is_not() {
    survives(&COMPARE, SAMPLE);
}

#[cfg(unix)]
#[test]
fn so_do_a_study_whose_runs_follow_from_the_results_a_sweep_and_a_search() {
    let find = [&FIND[..], &["--steps", cases("6", "1")]].concat();
    let designs = if draws_all() { &[][..] } else { &["--design", "one"] };
    for args in some_of(vec![&UNTIL[..], &SWEEP, &find], 1) {
        survives(&[args, designs].concat(), cases(3, 2));
    }
}

#[cfg(unix)]
#[test]
#[ignore = "takes minutes; `.ci/full` runs it"]
fn a_hundred_kills_lose_nothing() {
    for args in [&COMPARE[..], &UNTIL, &SWEEP, &FIND] {
        survives(args, 25);
    }
}

#[cfg(unix)]
#[test]
fn runs_that_were_cut_off_are_gone_on_with_or_thrown_away_only_when_that_is_said() {
    let folder = with_small_scenario();
    let run = |more: &[&str]| in_folder(folder.path(), &[&["run", "small.toml", "--out", "o"], more].concat());
    assert!(kill_after(folder.path(), &["run", "small.toml", "--runs", "1000", "--out", "o"], 50_000));
    let before = logs(folder.path());
    let done = run(&["--runs", "1000"]);
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(done.stderr.contains("use --resume to continue it, or --discard to delete them"), "{}", done.stderr);
    for (other, words) in [
        (&["--runs", "1000", "--seed", "8"][..], "seed: 7 there, 8 here"),
        (&["--runs", "2"], "runs: 1000 there, 2 here"),
        (
            &["--runs", "1000", "--design", "active-active"],
            "designs: active-active, active-passive there, active-active",
        ),
        (&["--runs", "1000", "--set", "study.slo=90%"], "changes (--set): none there, study.slo=90% here"),
    ] {
        let done = run(&[other, &["--resume"]].concat());
        assert_eq!(done.status, 2, "{}", done.stderr);
        assert!(done.stderr.contains(words), "{}", done.stderr);
        assert_eq!(logs(folder.path()), before);
    }
    assert_eq!(run(&["--runs", "2", "--discard"]).status, 0);
    assert_eq!(logs(folder.path()), Vec::<PathBuf>::new());
    assert!(folder.path().join("o/receipt.json").exists() && !folder.path().join("o/runs.log").exists());
    // What never had a run is swept away.
    for (letters, text) in [("aaaaaaaaaaaa", ""), ("bbbbbbbbbbbb", "firedrill runs 1\n\0\0\0\0")] {
        let staging = folder.path().join(format!(".o.firedrill-{letters}"));
        fs::create_dir(&staging).unwrap();
        fs::write(staging.join("runs.log"), text).unwrap();
    }
    assert_eq!(run(&["--runs", "2"]).status, 0);
    assert_eq!(logs(folder.path()), Vec::<PathBuf>::new());
    // With nothing to go on with, it starts anew: a task may always be started so.
    assert_eq!(run(&["--runs", "2", "--resume"]).status, 0);
}

/// A file may not grow beyond some size, as on a full disk.
#[cfg(unix)]
#[test]
fn runs_outlast_a_full_disk() {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    // Some 5 kB each, of which 100 kB may be written.
    let args = ["run", "small.toml", "--runs", "40"];
    in_folder(folder.path(), &[&args[..], &["--out", "whole"]].concat());
    let program = env!("CARGO_BIN_EXE_firedrill");
    let shell = format!("trap '' XFSZ; ulimit -f 200; exec {program} run small.toml --runs 40 --out o");
    let done = finish(std::process::Command::new("sh").args(["-c", &shell]).current_dir(folder.path()));
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(done.stderr.contains("runs.log: cannot be written; it holds"), "{}", done.stderr);
    assert!(done.stderr.contains("the same command with --resume goes on with them"), "{}", done.stderr);
    let done = in_folder(folder.path(), &[&args[..], &["--out", "o", "--resume"]].concat());
    assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
    assert_same_files(&files(&folder.path().join("o")), &files(&folder.path().join("whole")));
}

/// Starts the command, interrupts it once its log is as long as `bytes`, and returns what it left.
#[cfg(unix)]
fn interrupted(folder: &Path, args: &[&str], bytes: u64) -> Finished {
    let mut command = firedrill(folder);
    let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !logs(folder).iter().any(|log| fs::metadata(log).is_ok_and(|found| found.len() >= bytes)) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[cfg(unix)]
#[test]
fn an_interrupted_study_is_written_marked_in_every_place_and_can_be_completed() {
    let folder = with_small_scenario();
    let args = ["compare", "small.toml", "--runs", "24"];
    let whole = in_folder(folder.path(), &[&args[..], &["--out", "whole"]].concat());
    let done = interrupted(folder.path(), &[&args[..], &["--out", "o"]].concat(), 160_000);
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(done.stdout.starts_with("PARTIAL: stopped after "), "{}", done.stdout);
    assert!(done.stderr.contains("of 24 runs of each design") && done.stderr.contains("--resume"), "{}", done.stderr);
    let written = files(&folder.path().join("o"));
    let json = |name: &str| serde_json::from_slice::<serde_json::Value>(&written[name]).unwrap();
    let made = json("summary.json")["partial"]["made"].as_u64().unwrap();
    assert_eq!(json("summary.json")["partial"], serde_json::json!({ "made": made, "asked": 24 }));
    assert_eq!(
        (&json("receipt.json")["partial"], &json("receipt.json")["runs"]),
        (&json("summary.json")["partial"], &made.into())
    );
    assert!(json("receipt.json")["files"]["runs.log"].is_string());
    for (name, bytes) in &written {
        let text = String::from_utf8_lossy(bytes);
        let shows_numbers = name.ends_with(".csv") || name.ends_with(".svg") || name.ends_with(".html");
        assert!(!shows_numbers || text.contains("PARTIAL: "), "{name} is not marked");
    }
    // The runs are those of a study of so many.
    let fewer = ["compare", "small.toml", "--runs", &made.to_string(), "--out", "fewer"];
    in_folder(folder.path(), &fewer);
    let rows = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes).lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
    };
    let fewer = files(&folder.path().join("fewer"));
    assert!(
        written.keys().filter(|name| name.ends_with(".csv")).all(|name| rows(&written[name]) == rows(&fewer[name]))
    );
    #[cfg(feature = "charts")]
    assert_eq!(in_folder(folder.path(), &["report", "o"]).status, 0);
    // What was made is not thrown away unasked, and is gone on with.
    let again = in_folder(folder.path(), &[&args[..], &["--out", "o"]].concat());
    assert!(again.status == 3 && again.stderr.contains("--discard"), "{}", again.stderr);
    assert_eq!(files(&folder.path().join("o")), written);
    let done = in_folder(folder.path(), &[&args[..], &["--out", "o", "--resume"]].concat());
    assert_eq!((done.status, &done.stdout), (whole.status, &whole.stdout), "{}", done.stderr);
    assert_same_files(&files(&folder.path().join("o")), &files(&folder.path().join("whole")));
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_or_search_says_what_there_is_and_can_be_completed() {
    let runs = cases(10, 5);
    let number = runs.to_string();
    let sweep = ["sweep", "small.toml", "--runs", &number, "--vary", "dns.answer_ttl=10s,60s,5m"];
    let find = [
        "find",
        "small.toml",
        "--runs",
        &number,
        "--vary",
        "dns.answer_ttl=5s..10m",
        "--steps",
        cases("6", "1"),
        "--such-that",
        "mean(downtime_s) < 3m",
    ];
    for (args, table) in some_of(vec![(&sweep[..], "sweep.csv"), (&find, "find.csv")], 1) {
        let folder = with_small_scenario();
        let whole = in_folder(folder.path(), &[args, &["--out", "whole"]].concat());
        // A value has these runs of two designs, of some 20 kB each.
        let done = interrupted(folder.path(), &[args, &["--out", "o"]].concat(), 65_000 * runs);
        assert_eq!(done.status, 3, "{}", done.stderr);
        assert!(done.stdout.starts_with("PARTIAL: stopped "), "{}\n{}", done.stdout, done.stderr);
        let written = files(&folder.path().join("o"));
        assert!(written[table].starts_with(b"# PARTIAL: "));
        assert!(String::from_utf8_lossy(&written["receipt.json"]).contains("\"partial\""));
        let done = in_folder(folder.path(), &[args, &["--out", "o", "--resume"]].concat());
        assert_eq!((done.status, &done.stdout), (whole.status, &whole.stdout), "{}", done.stderr);
        assert_same_files(&files(&folder.path().join("o")), &files(&folder.path().join("whole")));
    }
}

#[test]
fn the_resolved_scenario_in_the_folder_gives_the_same_runs() {
    let folder = with_small_scenario();
    let args = ["compare", "small.toml", "--runs", "3", "--seed", "11", "--set", "dns.answer_ttl=45s", "--out", "o"];
    assert_eq!(in_folder(folder.path(), &args).status, 0);
    let text = fs::read_to_string(folder.path().join("o/resolved.toml")).unwrap();
    assert!(
        text.contains("answer_ttl = \"45s\"") && text.contains("seed = 11") && text.contains("quorum = "),
        "{text}"
    );
    let done = in_folder(folder.path(), &["compare", "o/resolved.toml", "--out", "again"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let (first, again) = (files(&folder.path().join("o")), files(&folder.path().join("again")));
    assert_eq!(first["runs.csv"], again["runs.csv"]);
    let hash = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        serde_json::from_slice::<serde_json::Value>(&files["receipt.json"]).unwrap()["scenario_sha256"].clone()
    };
    assert_eq!(hash(&first), hash(&again));
    // What is resolved already is resolved.
    assert_eq!(String::from_utf8_lossy(&first["resolved.toml"]), String::from_utf8_lossy(&again["resolved.toml"]));
}
