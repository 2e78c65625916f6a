//! The memory of a study hardly grows with its runs: their rows stay in the log, and are read back one by one or by the column.

#![expect(clippy::disallowed_macros, reason = "each test prints its memory")]

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::support::{TINY, cases, firedrill, scratch, some_of, write_scenario};

/// The most memory that the command `args` takes with so many runs, in bytes.
fn peak(folder: &Path, args: &[&str], runs: u64) -> f64 {
    let mut command = firedrill(folder);
    let command = command.args(args).args(["--runs", &runs.to_string()]).env_remove("CI");
    // Large blocks go back to the system at once, so that the peak is what is held, and not what the allocator keeps.
    let command = command.env("MALLOC_MMAP_THRESHOLD_", "131072");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        peak = peak.max(1024.0 * kilobytes.unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(child.wait().unwrap().success() && peak > 0.0);
    peak
}

/// Bytes that each of the runs from `few` to `many` takes of the command `args`.
fn slope(args: &[&str], few: u64, many: u64) -> f64 {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    let [least, most] = [few, many].map(|runs| peak(folder.path(), args, runs));
    let slope = (most - least) / (many - few) as f64;
    let command = args[0];
    println!("{command}, {few} runs: {:.0} MB, {many} runs: {:.0} MB; {slope:.0} bytes a run", least / 1e6, most / 1e6);
    slope
}

const RUN: [&str; 5] = ["run", "small.toml", "--quiet", "--out", "o"];

#[test]
fn a_run_more_takes_no_row_more_in_memory() {
    // A row takes 10 kB and more while it is held; one peak lies within a few MB of another by chance.
    let checks: [&[&str]; 2] = [&["check", "small.toml"], &["explain", "small.toml", "--worst", "downtime_s"]];
    let most = cases(2_500, 1_000);
    let commands = vec![(&RUN[..], most - cases(2_000, 800), most), (checks[0], 200, 1_200), (checks[1], 200, 1_200)];
    for (args, few, many) in some_of(commands, 1) {
        let slope = slope(args, few, many);
        assert!(slope < 5_000.0, "{args:?}: {slope} bytes a run");
    }
}

#[test]
#[ignore = "takes a minute or more; .ci/run asks for it"]
fn fifty_thousand_runs_take_the_memory_of_a_million_in_half_a_gigabyte() {
    // 60 MB for the program and its charts, and so much for each run.
    let slope = slope(&RUN, 5_000, 50_000);
    assert!(slope < 440.0, "{slope} bytes a run");
}

#[test]
#[ignore = "takes some 11 GB of disk and, by estimate, an hour; `.ci/full` runs it"]
fn a_million_runs_take_less_than_half_a_gigabyte() {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    let most = peak(folder.path(), &RUN, 1_000_000);
    println!("1,000,000 runs: {:.0} MB", most / 1e6);
    assert!(most < 500e6, "{most} bytes");
}

#[test]
#[ignore = "takes half a minute; .ci/run asks for it"]
fn a_baseline_takes_its_numbers_and_no_rows() {
    // Some twenty numbers and a digest of each run are what a baseline consists of, once in memory and once as text.
    let slope = slope(&["bless", "main", "small.toml", "--yes"], 200, 4_200);
    assert!(slope < 3_000.0, "{slope} bytes a run");
}
