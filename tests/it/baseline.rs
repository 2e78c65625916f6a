//! Baselines on the command line: kept, compared, renewed; and planted regressions, which they must catch.

use std::fs;
use std::path::Path;

use firedrill::baseline::Baseline;

#[cfg(unix)]
use crate::support::files;
use crate::support::{Finished, SMALL, finish, firedrill, repository, scratch, some_of};

fn in_folder(folder: &Path, args: &[&str]) -> Finished {
    finish(firedrill(folder).args(args).env_remove("CI"))
}

/// A folder with the small scenario and its baseline `main` of 4 runs.
fn kept() -> tempfile::TempDir {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    let done = in_folder(folder.path(), &["check", "small.toml", "-n", "4", "--save-baseline", "main"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    folder
}

#[test]
fn the_same_again_is_the_same_to_the_byte() {
    let folder = kept();
    let text = fs::read_to_string(folder.path().join("baselines/main/small.txt")).unwrap();
    assert!(text.contains("\nscenario  small\n") && text.contains("\ndesign active-active\n"), "{text}");
    let done = in_folder(folder.path(), &["check", "small.toml", "-n", "4", "--baseline", "main"]);
    assert_eq!(done.status, 0, "{}", done.stdout);
    assert!(done.stdout.contains("\n  ✓ the bytes of baseline \"main\": the same in all 8 runs\n"), "{}", done.stdout);
    assert!(!done.stdout.contains("runs; "), "nothing is undecided: {}", done.stdout);
    // Keeping the same again changes nothing, and something else is for `bless`.
    assert_eq!(in_folder(folder.path(), &["check", "small.toml", "-n", "4", "--save-baseline", "main"]).status, 0);
    let other = in_folder(folder.path(), &["check", "small.toml", "-n", "5", "--save-baseline", "main"]);
    assert_eq!(other.status, 2);
    assert!(other.stderr.contains("`firedrill bless main small.toml`"), "{}", other.stderr);
}

/// Interrupts a command that keeps a baseline while it simulates: its file is opened right before. Returns its exit status.
#[cfg(unix)]
fn interrupted(folder: &Path, args: &[&str]) -> Option<i32> {
    use std::process::Stdio;

    let mut command = firedrill(folder);
    let command = command.args(args).args(["-n", "20000", "--jobs", "1"]).env_remove("CI");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let is_opened = || {
        let mut entries = fs::read_dir(folder.join("baselines/main")).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().starts_with(".firedrill-"))
    };
    while !is_opened() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was interrupted");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap().code()
}

#[cfg(unix)]
#[test]
fn a_baseline_that_is_interrupted_is_as_it_was_or_not_there() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    for args in [&["check", "small.toml", "--save-baseline", "main"][..], &["bless", "main", "small.toml", "--yes"]] {
        assert_eq!(interrupted(folder.path(), args), Some(3), "{args:?}");
        assert_eq!(files(folder.path()).keys().collect::<Vec<_>>(), ["small.toml"], "{args:?}");
        assert!(!folder.path().join("baselines").exists(), "{args:?}: a folder was left");
    }
    let folder = kept();
    let before = files(folder.path());
    assert_eq!(interrupted(folder.path(), &["bless", "main", "small.toml", "--yes"]), Some(3));
    assert!(files(folder.path()) == before, "the baseline is another");
}

#[test]
fn other_bytes_of_the_same_scenario_fail_and_name_the_run() {
    let folder = kept();
    let file = folder.path().join("baselines/main/small.txt");
    let mut baseline: Baseline = fs::read_to_string(&file).unwrap().parse().unwrap();
    baseline.designs[1].runs[3].digest = "0000000000000000".to_owned();
    fs::write(&file, baseline.to_text()).unwrap();
    let done = in_folder(folder.path(), &["check", "small.toml", "-n", "4", "--baseline", "main"]);
    assert_eq!(done.status, 1, "{}", done.stdout);
    assert!(done.stdout.contains("1 of 8 runs give other bytes"), "{}", done.stdout);
    let repeat = "repeat: firedrill run small.toml --design active-passive --seed 7 --first-run 3 --runs 1\n";
    assert!(done.stdout.contains(repeat), "{}", done.stdout);
}

#[test]
fn a_baseline_that_is_not_there_is_no_pass() {
    let folder = kept();
    let done = in_folder(folder.path(), &["check", "small.toml", "--baseline", "mian"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("`firedrill check small.toml --save-baseline mian` makes it"), "{}", done.stderr);
    assert_eq!(in_folder(folder.path(), &["check", "small.toml", "--baseline", "../main"]).status, 2);
    fs::write(folder.path().join("baselines/main/small.txt"), "what?").unwrap();
    let done = in_folder(folder.path(), &["check", "small.toml", "--baseline", "main"]);
    assert!(done.stderr.contains("small.txt: line 1: expected `firedrill …`"), "{}", done.stderr);
}

#[test]
fn bless_shows_each_field_and_accepts_only_for_a_person() {
    let folder = kept();
    let file = folder.path().join("baselines/main/small.txt");
    let before = fs::read(&file).unwrap();
    let bless = ["bless", "main", "small.toml", "-n", "4", "--set", "dns.answer_ttl=3m"];
    let asked = in_folder(folder.path(), &bless);
    assert_eq!(asked.status, 1, "nobody can be asked: {}", asked.stderr);
    let first = "small.toml\n  designs.active-active.database.endpoint.ttl: 60s -> 180s\n";
    assert!(asked.stdout.starts_with(first), "{}", asked.stdout);
    for field in
        ["\n  dns.answer_ttl: 60s -> 180s\n", "\n  active-active: downtime_s: ", "\n  active-active: 4 of 4 runs"]
    {
        assert!(asked.stdout.contains(field), "{field:?}: {}", asked.stdout);
    }
    let mut yes = bless.to_vec();
    yes.push("--yes");
    let refused = finish(firedrill(folder.path()).args(&yes).env("CI", "true"));
    assert_eq!(refused.status, 2, "{}", refused.stderr);
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(in_folder(folder.path(), &yes).status, 0);
    assert_ne!(fs::read(&file).unwrap(), before);
    assert_eq!(in_folder(folder.path(), &bless).stdout, "small.toml: nothing differs\n");
}

/// Keys that change with the TTL of the answer: those of the databases' names follow it.
const LONGER_TTL: [&str; 3] = [
    "designs.active-active.database.endpoint.ttl: 60s -> 180s",
    "designs.active-passive.database.endpoint.ttl: 60s -> 180s",
    "dns.answer_ttl: 60s -> 180s",
];

#[test]
fn what_has_changed_in_the_scenario_comes_first_in_every_form() {
    let folder = kept();
    let changed = ["check", "small.toml", "-n", "4", "--baseline", "main", "--set", "dns.answer_ttl=180s"];
    let with = |rest: &[&str]| in_folder(folder.path(), &[&changed[..], rest].concat());
    let text = with(&[]).stdout;
    let first = format!("small.toml\n  changed since baseline \"main\":\n    {}\n  ✓ ", LONGER_TTL.join("\n    "));
    assert!(text.starts_with(&first), "{text}");
    assert!(text.contains("need not be the same: other values of 3 keys of the scenario"), "{text}");

    let json: serde_json::Value = serde_json::from_str(&with(&["--format", "json"]).stdout).unwrap();
    let ttl = &json[0]["since"]["changes"][2];
    assert_eq!((&ttl["key"], &ttl["was"], &ttl["is"]), (&"dns.answer_ttl".into(), &"60s".into(), &"180s".into()));

    let markdown = with(&["--format", "markdown", "--junit", "out.xml"]).stdout;
    let block = format!("Changed since baseline `main`:\n\n```text\n{}\n```\n\n| |", LONGER_TTL.join("\n"));
    assert!(markdown.contains(&block), "{markdown}");
    let junit = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    let case = junit.split("<testcase ").nth(1).unwrap();
    assert!(case.starts_with("name=\"the scenario since baseline &quot;main&quot;\""), "{case}");
    assert!(case.contains("dns.answer_ttl: 60s -&gt; 180s</system-out>"), "{case}");

    let mut command = firedrill(folder.path());
    let told = finish(command.args(changed).arg("--quiet").env_remove("CI").env("GITHUB_ACTIONS", "true"));
    let notice = "::notice file=small.toml,title=changed since baseline \"main\"::";
    assert!(told.stderr.starts_with(&format!("{notice}{}\n", LONGER_TTL.join("%0A"))), "{}", told.stderr);

    let same = in_folder(folder.path(), &changed[..6]).stdout;
    assert!(!same.contains("changed since"), "{same}");
}

#[test]
fn a_baseline_that_is_cut_edited_or_older_is_refused_and_can_be_renewed() {
    let folder = kept();
    let file = folder.path().join("baselines/main/small.txt");
    let whole = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let end = lines.iter().position(|line| line.starts_with("end ")).unwrap();
    let header = lines.iter().position(|line| line.starts_with("seed ")).unwrap();
    let without_a_run = [&lines[..end - 2], &lines[end - 1..]].concat().join("\n");
    let bless = "restore it, or renew it with `firedrill bless main small.toml`";
    for (broken, why) in [
        (lines[..=header].join("\n"), "it is truncated, or of an older version of Firedrill"),
        (lines[..end].join("\n"), "it is truncated, or of an older version of Firedrill"),
        (without_a_run, "it is truncated: "),
        (whole.replace("dns.answer_ttl = 60s", "dns.answer_ttl = 90s"), "it was edited"),
    ] {
        fs::write(&file, &broken).unwrap();
        for compared in ["--baseline", "--save-baseline"] {
            let done = in_folder(folder.path(), &["check", "small.toml", "-n", "4", compared, "main", "--quiet"]);
            assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{why}: {}", done.stdout);
            assert!(done.stderr.contains("small.txt: ") && done.stderr.contains(why), "{why}: {}", done.stderr);
            assert!(done.stderr.contains(bless), "{}", done.stderr);
            assert_eq!(fs::read_to_string(&file).unwrap(), broken, "it is left alone");
        }
        let renewed = in_folder(folder.path(), &["bless", "main", "small.toml", "-n", "4", "--yes"]);
        assert_eq!(renewed.status, 0, "{}", renewed.stderr);
        assert!(
            renewed.stdout.contains("nothing can be compared") && renewed.stdout.contains(why),
            "{}",
            renewed.stdout
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), whole);
    }
}

#[test]
fn a_baseline_with_the_line_endings_of_windows_is_the_same() {
    let folder = kept();
    let file = folder.path().join("baselines/main/small.txt");
    fs::write(&file, fs::read_to_string(&file).unwrap().replace('\n', "\r\n")).unwrap();
    for kept in ["--baseline", "--save-baseline"] {
        let done = in_folder(folder.path(), &["check", "small.toml", "-n", "4", kept, "main"]);
        assert_eq!(done.status, 0, "{kept}: {}{}", done.stdout, done.stderr);
    }
    let done = in_folder(folder.path(), &["bless", "main", "small.toml", "-n", "4"]);
    assert_eq!((done.status, done.stdout.as_str()), (0, "small.toml: nothing differs\n"));
}

#[test]
fn scenarios_whose_names_hold_a_dot_have_their_own_baselines() {
    let folder = scratch();
    fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    fs::write(folder.path().join("a.b.toml"), SMALL.replace("name        = \"small\"", "name = \"other\"")).unwrap();
    let done = in_folder(folder.path(), &["check", ".", "-n", "2", "--save-baseline", "main"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let scenario = |file: &str| {
        let text = fs::read_to_string(folder.path().join("baselines/main").join(file)).unwrap();
        text.parse::<Baseline>().unwrap().scenario
    };
    assert_eq!((scenario("a.txt"), scenario("a.b.txt")), ("small".to_owned(), "other".to_owned()));
    assert_eq!(in_folder(folder.path(), &["check", ".", "-n", "2", "--baseline", "main"]).status, 0);
}

#[test]
fn a_gate_that_could_not_fail_for_want_of_runs_fails() {
    let folder = kept();
    let changed = ["check", "small.toml", "-n", "4", "--baseline", "main", "--set", "dns.answer_ttl=180s"];
    let done = in_folder(folder.path(), &changed);
    assert_eq!(done.status, 1, "{}", done.stdout);
    // 2 designs and 13 metrics: 0.001 / 26 is 1 in 26,000, and two signs of 16 coins are 1 in 2^15 = 32,768.
    let gate = "  ✗ the runs in common with baseline \"main\": too few, 4: with fewer than 16 nothing can be called worse; \
                take --runs 16 or more, for the baseline too\n";
    assert!(done.stdout.contains(gate), "{}", done.stdout);
    let quiet = in_folder(folder.path(), &[&changed[..], &["--quiet"]].concat());
    assert_eq!(quiet.status, 1);
    assert!(quiet.stdout.ends_with(gate), "{}", quiet.stdout);
    assert!(quiet.stdout.contains("    dns.answer_ttl: 60s -> 180s\n"), "{}", quiet.stdout);
    let kept = in_folder(folder.path(), &["check", "small.toml", "-n", "4", "--save-baseline", "other", "--quiet"]);
    let warning = "warning: baselines/other/small.txt: keeps 4 runs of each design; with fewer than 16 a check";
    assert!(kept.status == 0 && kept.stderr.starts_with(warning), "{}", kept.stderr);
    let none = in_folder(folder.path(), &["check", "small.toml", "-n", "4", "--baseline", "main", "--seed", "8"]);
    assert_eq!(none.status, 1, "another seed gives other bytes: {}", none.stdout);
}

#[test]
fn undecided_metrics_pass_and_are_counted_in_the_last_line() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    let check = |rest: &[&str]| in_folder(folder.path(), &[&["check", "small.toml", "-n", "18"], rest].concat());
    assert_eq!(check(&["--save-baseline", "main"]).status, 0);
    let done = check(&["--baseline", "main", "--seed", "8"]);
    assert_eq!(done.status, 0, "{}", done.stdout);
    let undecided = done.stdout.lines().filter(|line| line.starts_with("  ? ")).count();
    let counted = format!(", 0 fail, {undecided} undecided (pass; more runs may tell)\n");
    assert!(undecided > 0 && done.stdout.ends_with(&counted), "{}", done.stdout);
}

#[test]
fn a_baseline_that_cannot_be_written_is_status_3() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    fs::write(folder.path().join("baselines"), "a file where the folder would be").unwrap();
    let done = in_folder(folder.path(), &["check", "small.toml", "-n", "2", "--save-baseline", "main"]);
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(done.stderr.contains("baselines/main/small.txt: cannot be written"), "{}", done.stderr);
}

/// A scenario, and the setting that triples the TTL of one of its designs.
const PLANTED: [(&str, &str); 5] = [
    ("ttl-too-long", "designs.ttl-60s.dns.answer_ttl=180s"),
    ("article", "dns.answer_ttl=180s"),
    ("region-outage", "dns.answer_ttl=180s"),
    ("lossy-failover", "dns.answer_ttl=180s"),
    ("flapping-failback", "dns.answer_ttl=180s"),
];

#[test]
fn planted_regressions_are_caught_in_five_scenarios_and_other_seeds_raise_no_alarm() {
    for (scenario, ttl) in some_of(PLANTED.to_vec(), 1) {
        let folder = scratch();
        let file = format!("{scenario}.toml");
        fs::copy(repository().join("scenarios").join(&file), folder.path().join(&file)).unwrap();
        // One worker where there are sixteen: half of sixteen times enough is enough.
        let check = |rest: &[&str]| {
            let sized = ["hong-kong", "frankfurt"].map(|region| format!("--set=regions.{region}.app.workers=1"));
            let mut command = firedrill(folder.path());
            finish(command.args(["check", &file, "-n", "18"]).args(sized).args(rest))
        };
        check(&["--save-baseline", "main"]);
        let worse = |settings: &[&str]| {
            let settings: Vec<String> = settings.iter().map(|setting| format!("--set={setting}")).collect();
            let mut rest = vec!["--baseline", "main"];
            rest.extend(settings.iter().map(String::as_str));
            let done = check(&rest);
            assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
            assert!(done.status == 1 || !done.stdout.contains("✗"), "{}", done.stdout);
            done.stdout.contains(": worse, ")
        };
        let halved = ["regions.hong-kong.app.instances=1", "regions.frankfurt.app.instances=1"];
        for planted in some_of(vec![&[ttl][..], &["dns.health_checks.fall=100"], &halved], 1) {
            assert!(worse(planted), "{scenario}: {planted:?}");
        }
        let other = check(&["--baseline", "main", "--seed", "4711"]);
        assert!(!other.stdout.contains(": worse, ") && !other.stdout.contains(": better, "), "{}", other.stdout);
    }
}

#[test]
fn no_report_takes_the_place_of_a_baseline() {
    let folder = kept();
    let file = folder.path().join("baselines/main/small.txt");
    let before = fs::read(&file).unwrap();
    for option in ["--baseline", "--save-baseline"] {
        let args = ["check", "small.toml", "-n", "4", option, "main", "--junit", "./baselines/main/small.txt"];
        let done = in_folder(folder.path(), &args);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{}", done.stderr);
        assert!(done.stderr.contains("must not be overwritten"), "{}", done.stderr);
        assert!(fs::read(&file).unwrap() == before, "the baseline is another");
    }
}

#[cfg(unix)]
#[test]
fn a_baseline_is_not_kept_where_a_link_leads() {
    for link in ["baselines", "baselines/main"] {
        let folder = scratch();
        let work = folder.path().join("work");
        fs::create_dir_all(folder.path().join("else")).unwrap();
        fs::create_dir_all(work.join(link).parent().unwrap()).unwrap();
        fs::write(work.join("small.toml"), SMALL).unwrap();
        std::os::unix::fs::symlink(folder.path().join("else"), work.join(link)).unwrap();
        for args in [&["check", "small.toml", "--save-baseline", "main"][..], &["bless", "main", "small.toml", "--yes"]]
        {
            let done = in_folder(&work, &[args, &["-n", "4"]].concat());
            assert_eq!(done.status, 3, "{}", done.stderr);
            assert!(done.stderr.contains(&format!("{link} is a link")), "{}", done.stderr);
            assert!(files(&folder.path().join("else")).is_empty(), "something was written");
        }
    }
}
