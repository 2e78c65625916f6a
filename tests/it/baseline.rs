//! Baselines on the command line: kept, compared, renewed; and planted regressions, which they must catch.

use std::fs;
use std::path::Path;

use crate::support::{Finished, SMALL, finish, firedrill, repository, scratch};

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

#[test]
fn other_bytes_of_the_same_scenario_fail_and_name_the_run() {
    let folder = kept();
    let file = folder.path().join("baselines/main/small.txt");
    let text = fs::read_to_string(&file).unwrap();
    let digest = text.lines().rev().find(|line| !line.is_empty()).unwrap().split_whitespace().last().unwrap();
    fs::write(&file, text.replace(digest, "0000000000000000")).unwrap();
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
    for field in ["\n  sha256: ", "\n  active-active: downtime_s: ", "\n  active-active: 4 of 4 runs give other bytes"]
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

/// A scenario, and the setting that triples the TTL of one of its designs.
const PLANTED: [(&str, &str); 5] = [
    ("article", "dns.answer_ttl=180s"),
    ("region-outage", "dns.answer_ttl=180s"),
    ("lossy-failover", "dns.answer_ttl=180s"),
    ("flapping-failback", "dns.answer_ttl=180s"),
    ("ttl-too-long", "designs.ttl-60s.dns.answer_ttl=180s"),
];

#[test]
fn planted_regressions_are_caught_in_five_scenarios_and_other_seeds_raise_no_alarm() {
    for (scenario, ttl) in PLANTED {
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
        assert!(worse(&[ttl]), "{scenario}: {ttl}");
        assert!(worse(&["dns.health_checks.fall=100"]), "{scenario}: no failover");
        let halved = ["regions.hong-kong.app.instances=1", "regions.frankfurt.app.instances=1"];
        assert!(worse(&halved), "{scenario}: half the instances");
        let other = check(&["--baseline", "main", "--seed", "4711"]);
        assert!(!other.stdout.contains(": worse, ") && !other.stdout.contains(": better, "), "{}", other.stdout);
    }
}
