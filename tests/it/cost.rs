//! A study costs what it is expected to cost: within a factor of two while servers keep up, and below the stated bound
//! otherwise. What cannot be afforded is refused by `validate` and `run` alike.

use std::fs;
use std::path::Path;

use firedrill::model::{Plan, simulate};
use firedrill::scenario::{Extent, LoadOptions, Scenario};

use crate::scenarios::scenarios;
use crate::support::{Finished, SMALL, TINY, cases, files, finish, firedrill, scratch, some_of};

/// A scenario with two designs of two regions, by the parts that the cases change.
fn made_up(runs: u64, sessions: &str, rest: &str) -> String {
    format!(
        r#"
name = "base"
[study]
horizon = "10m"
warmup = "1m"
runs = {runs}
[regions.a]
app = {{ instances = 2, workers = 16, service = "10ms", queue_limit = 100 }}
database = {{ connections = 16, read = "1ms", write = "1ms" }}
[regions.b]
app = {{ instances = 2, workers = 16, service = "10ms", queue_limit = 100 }}
database = {{ connections = 16, read = "1ms", write = "1ms" }}
[[links]]
between = ["a", "b"]
rtt = "50ms"
[geographies.g]
sessions = {{ {sessions} }}
requests_per_session = 3
think_time = "1s"
write_share = 0.1
rtt = {{ a = "10ms", b = "60ms" }}
[designs.x]
routing = {{ policy = "nearest" }}
database = {{ primary = "a" }}
{rest}"#
    )
}

fn incidents(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(|place| format!("[[incidents]]\nname = \"i{place}\"\n{}\n", of(place))).collect()
}

fn scenario(text: &str) -> Scenario {
    Scenario::parse(text, "s.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}")).scenario
}

/// Events of the first runs of every design, as simulated, as estimated and as bounded, a run.
fn events(scenario: &Scenario, runs: u64) -> [f64; 3] {
    let plan = Plan::new(scenario);
    let mut sums = [0.0; 3];
    for (place, design) in scenario.designs.iter().enumerate() {
        let cost = scenario.cost_of(design);
        for run in 0..runs {
            let outcome = simulate(&plan, place, run).unwrap_or_else(|failure| panic!("{failure}"));
            assert!((outcome.events as f64) < cost.most_events, "{} events of {}", outcome.events, cost.most_events);
            sums[0] += outcome.events as f64;
        }
        sums[1] += runs as f64 * cost.events;
        sums[2] += runs as f64 * cost.most_events;
    }
    sums.map(|sum| sum / runs as f64)
}

#[test]
fn the_events_of_the_library_are_within_a_factor_of_two() {
    let mut wrong = Vec::new();
    for path in some_of(scenarios(), 6) {
        let scenario = Scenario::load(&path, &LoadOptions::default()).unwrap().scenario;
        let [found, expected, _] = events(&scenario, 1);
        let ratio = expected / found;
        if !(0.5..=2.0).contains(&ratio) {
            wrong.push(format!("{}: {expected:.0} expected, {found:.0} found: {ratio:.2}", scenario.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ten_surges_at_once_are_counted_together() {
    let surges = incidents(10, |_| {
        "kind = \"traffic-surge\"\ntarget = \"g\"\nfactor = 100\nat = \"1m\"\nlasts = \"9m\"".to_owned()
    });
    // 99 times ten surges for 540 s, at one session a second of three requests: 1.6 M requests, of which servers take a part.
    let scenario = scenario(&made_up(1, "rate = 1.0", &surges));
    let cost = scenario.cost(Extent { designs: &[], jobs: 1 });
    assert!((1.5e6..1.7e6).contains(&cost.requests), "{}", cost.requests);
    let [found, expected, _] = events(&scenario, 1);
    assert!((0.5..=2.0).contains(&(expected / found)), "{expected} expected, {found} found");
}

fn tried(folder: &Path, text: &str) -> [Finished; 2] {
    fs::write(folder.join("s.toml"), text).unwrap();
    let validate = finish(firedrill(folder).args(["validate", "s.toml"]));
    [validate, finish(firedrill(folder).args(["run", "s.toml", "--quiet", "--out", "o"]))]
}

/// Asserts that `validate` and `run` refuse `text` with the same words, which have `part`.
fn refused(folder: &Path, text: &str, part: &str) {
    for done in tried(folder, text) {
        assert_eq!(done.status, 2, "{}", done.stderr);
        assert!(done.stderr.contains(part), "no {part:?} in {}", done.stderr);
    }
}

#[test]
fn what_cannot_be_afforded_is_refused_by_validate_and_by_run() {
    let folder = scratch();
    let slow = |_| "kind = \"link-slow\"\ndelay = \"1ms\"\nevery = \"1ms\"\nlasts = \"5.1ms\"".to_owned();
    // 98,000 occurrences of each of 150 in a run.
    refused(
        folder.path(),
        &made_up(1, "rate = 1.0", &incidents(150, slow)),
        "of memory would be needed, more than 6.00 GB",
    );
    // Ten million sessions start at one moment.
    fs::write(folder.path().join("one.csv"), "time_s,count\n0,10000000\n").unwrap();
    refused(folder.path(), &made_up(1, "trace = \"one.csv\"", ""), "of memory would be needed");
    let two = "[designs.y]\nrouting = { policy = \"failover\", order = [\"a\", \"b\"] }\ndatabase = { primary = \"a\" }\n\
               [dns.health_checks]\ninterval = \"90y\"\ncheckers = 1\n";
    refused(folder.path(), &made_up(10_000_000, "rate = 1e-9", two), "more than");
    let endless = |_| {
        "kind = \"link-partition\"\nevery = { dist = \"pareto\", min = \"1ns\", shape = 1 }\nlasts = \"1s\"".to_owned()
    };
    refused(folder.path(), &made_up(1, "rate = 1.0", &incidents(1, endless)), "a shape of 1 or less has no mean");
    // Its mean is 101 ms, but in ten minutes most gaps are far shorter: their mean up to there is 14 ns.
    let often = |_| {
        "kind = \"link-partition\"\nevery = { dist = \"pareto\", min = \"1ns\", shape = 1.01 }\nlasts = \"1ns\""
            .to_owned()
    };
    refused(folder.path(), &made_up(1, "rate = 1.0", &incidents(1, often)), "times in a run; at most 100000");
}

#[test]
fn a_valid_scenario_does_not_end_in_a_defect() {
    let folder = scratch();
    let slow = |_| "kind = \"link-slow\"\ndelay = \"1ns\"\nevery = \"3ms\"\nlasts = \"3.1ms\"".to_owned();
    // 690,000 occurrences, of two events each; by default 200,000.
    let text = made_up(1, "rate = 1.0", &incidents(cases(7, 2), slow));
    let [validate, run] = tried(folder.path(), &text);
    assert_eq!((validate.status, run.status), (0, 0), "{}{}", validate.stderr, run.stderr);
}

#[test]
fn validate_says_what_a_study_costs() {
    let folder = scratch();
    fs::write(folder.path().join("s.toml"), SMALL).unwrap();
    let done = finish(firedrill(folder.path()).args(["validate", "s.toml"]));
    assert_eq!(done.status, 0, "{}", done.stderr);
    let cost = done.stdout.trim_end().rsplit_once(" each: ").expect("the cost at the end").1;
    // Two geographies of 2 sessions a second and 6 requests each, 600 s, three runs of two designs: 86,400 less the last ones: sessions
    // last 37 s on average, so that 1 - 37 / 1,200 of five requests in six are made.
    assert!(cost.starts_with("84.2") && cost.contains(" k requests, about a second on this machine, "), "{cost}");
    let (_, disk) = cost.split_once("MB, ").expect("memory, then the disk");
    assert!(disk.ends_with(" MB on the disk"), "{cost}");
}

#[test]
fn the_most_runs_and_the_most_values_that_may_be_asked_for_are_refused_like_any_study_that_costs_too_much() {
    let folder = scratch();
    fs::write(folder.path().join("s.toml"), SMALL).unwrap();
    // 140,000 requests a run of either design; a study of 100,000 runs may be made.
    let long = ["s.toml", "--set", "study.horizon=100m", "--out", "o", "--quiet"];
    let until = ["run", "--until", "downtime_s.mean +-1s", "--max-runs", "1000000"];
    let find = ["find", "--runs", "100000", "--steps", "30", "--such-that", "mean(downtime_s) < 3m"];
    for (args, words) in [
        (&until[..], "--max-runs 1000000: about "),
        // The first look and 30 halvings for either design.
        (&[&find[..], &["--vary", "dns.answer_ttl=1s..9s"]].concat(), "up to 65 values: about "),
    ] {
        let done = finish(firedrill(folder.path()).args(args).args(long));
        assert_eq!(done.status, 2, "{}", done.stderr);
        assert!(done.stderr.contains(words) && done.stderr.contains("more than 200 G"), "{}", done.stderr);
        assert!(!folder.path().join("o").exists());
    }
}

#[test]
fn the_bytes_on_the_disk_are_within_a_factor_of_two() {
    let folder = scratch();
    let busy = made_up(1, "rate = 20.0", "");
    let cases = vec![("small", SMALL, 20), ("tiny", TINY, 200), ("busy", busy.as_str(), 20)];
    for (what, text, runs) in some_of(cases, 1) {
        fs::write(folder.path().join("s.toml"), text).unwrap();
        let mut scenario = scenario(text);
        scenario.study.runs = runs;
        let expected = scenario.cost(Extent { designs: &[], jobs: 1 }).disk;
        let run = |more: &[&str]| {
            let done = finish(
                firedrill(folder.path()).args(["run", "s.toml", "--quiet", "--runs"]).arg(runs.to_string()).args(more),
            );
            assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
        };
        run(&["--out", "o"]);
        run(&["--out", "part", "--shard", "1/1"]);
        let written: usize = files(&folder.path().join("o")).values().map(Vec::len).sum();
        let log = fs::metadata(folder.path().join("part/runs.log")).unwrap().len();
        let near = |expected: f64, found: f64| (0.5..2.0).contains(&(expected / found));
        assert!(near(expected.runs, log as f64), "{what}: {:.0} expected, a log of {log}", expected.runs);
        // Without charts there is less.
        let is_near = near(expected.files, written as f64) || cfg!(not(feature = "charts"));
        assert!(is_near, "{what}: {:.0} expected, {written} written", expected.files);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_a_study_is_within_a_factor_of_two() {
    let folder = scratch();
    let cases = [
        ("small", SMALL.to_owned(), "3"),
        ("many runs", SMALL.to_owned(), "600"),
        ("sessions", made_up(1, "rate = 300.0", "").replace("= 3\n", "= 10\n").replace("\"1s\"", "\"100s\""), "1"),
        (
            "incidents",
            made_up(
                1,
                "rate = 1.0",
                &incidents(2, |_| {
                    "kind = \"link-slow\"\ndelay = \"1ms\"\nevery = \"10ms\"\nlasts = \"5ms\"".to_owned()
                }),
            ),
            "2",
        ),
    ];
    for (what, text, runs) in some_of(cases.into(), 2) {
        fs::write(folder.path().join("s.toml"), &text).unwrap();
        let mut scenario = scenario(&text);
        scenario.study.runs = runs.parse().unwrap();
        let expected = scenario.cost(Extent { designs: &[], jobs: 2 }).bytes;
        let args = ["run", "s.toml", "--quiet", "--jobs", "2", "--runs", runs, "--out", "o"];
        let mut command = firedrill(folder.path());
        command.args(args).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let found = peak(command.spawn().unwrap());
        // Without charts the program itself is smaller.
        let room = if cfg!(feature = "charts") { 2.0 } else { 5.0 };
        assert!(expected < room * found && found < 2.0 * expected, "{what}: {expected} expected, {found} found");
    }
}

/// Returns the memory at the peak of a run of `text`, as it is found, expected and bounded.
#[cfg(target_os = "linux")]
fn memory(folder: &Path, text: &str) -> [f64; 3] {
    fs::write(folder.join("s.toml"), text).unwrap();
    let mut scenario = scenario(text);
    scenario.study.runs = 1;
    let cost = scenario.cost(Extent { designs: &[], jobs: 1 });
    let mut command = firedrill(folder);
    command.args(["run", "s.toml", "--quiet", "--jobs", "1", "--runs", "1", "--out", "o"]);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    [peak(command.spawn().unwrap()), cost.bytes, cost.most_bytes]
}

/// A thousand writes a second for five minutes.
#[cfg(target_os = "linux")]
fn writes(rest: &str) -> String {
    let text = made_up(1, "rate = 1000.0", rest);
    text.replace("requests_per_session = 3", "requests_per_session = 1")
        .replace("= 0.1", "= 1.0")
        .replace("\"10m\"", "\"5m\"")
}

#[cfg(target_os = "linux")]
#[test]
fn commits_that_are_not_applied_and_requests_that_wait_are_counted() {
    let folder = scratch();
    let cut =
        |kind: &str| writes(&format!("[[incidents]]\nname = \"i\"\nkind = {kind}\nat = \"30s\"\nlasts = \"4m\"\n"));
    let one_worker =
        made_up(1, "rate = 500.0", "").replace("\"10m\"", "\"5m\"").replace("_session = 3", "_session = 1");
    let one_worker = one_worker.replace("instances = 2, workers = 16", "instances = 1, workers = 1");
    let one_worker = one_worker.replace("queue_limit = 100 ", "queue_limit = 10000000 ");
    let one_worker = one_worker.replace("[designs.x]", "client = { patience = \"100s\" }\n[designs.x]");
    let cases = [
        ("partition", cut("\"link-partition\"")),
        ("stall", cut("\"replication-stall\"")),
        ("replica", cut("\"database-outage\"\ntarget = \"b\"")),
        ("apply", writes("replication = { mode = \"async\", apply_rate = 200 }")),
        ("queue", one_worker),
    ];
    for (what, text) in some_of(cases.into(), 2) {
        let [found, expected, most] = memory(folder.path(), &text);
        // Without charts the program itself is smaller.
        let room = if cfg!(feature = "charts") { 2.0 } else { 5.0 };
        assert!(expected < room * found && found < 2.0 * expected, "{what}: {expected} expected, {found} found");
        assert!(found < most, "{what}: {found} of {most}");
        // The program alone is expected to take less than 40 MB.
        assert!(expected > 60e6, "{what}: {expected}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_the_library_is_below_its_bound() {
    for path in some_of(scenarios(), 2) {
        let mut scenario = Scenario::load(&path, &LoadOptions::default()).unwrap().scenario;
        scenario.study.runs = 1;
        let most = scenario.cost(Extent { designs: &[], jobs: 1 }).most_bytes;
        let folder = scratch();
        let mut command = firedrill(folder.path());
        command.arg("run").arg(&path).args(["--quiet", "--jobs", "1", "--runs", "1", "--out", "o"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let found = peak(command.spawn().unwrap());
        assert!(found < most, "{}: {found} of {most}", scenario.name);
    }
}

#[test]
fn many_commits_that_cannot_be_applied_are_refused() {
    let folder = scratch();
    let stall = "[[incidents]]\nname = \"i\"\nkind = \"replication-stall\"\nat = \"1m\"\nlasts = \"590m\"\n";
    let text = made_up(1, "rate = 1000.0", stall).replace("\"10m\"", "\"600m\"").replace("= 0.1", "= 1.0");
    refused(folder.path(), &text, "of memory would be needed, more than 6.00 GB");
}

/// Waits for a process and returns the most memory that it had, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn peak(mut process: std::process::Child) -> f64 {
    let mut most = 0.0_f64;
    while process.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.trim().parse::<f64>().ok());
        most = most.max(kib.unwrap_or(0.0) * 1_024.0);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    most
}
