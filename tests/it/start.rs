//! First use: a scenario to start from, the schema for the editor, the keys explained.

use crate::support::{cases, finish, firedrill, scratch};

#[test]
fn a_first_scenario_is_written_validated_and_checked() {
    let folder = scratch();
    let run = |args: &[&str]| finish(firedrill(folder.path()).args(args));
    let done = run(&["init"]);
    assert_eq!((done.status, done.stdout.as_str()), (0, "drill.toml: written\n"), "{}", done.stderr);
    assert_eq!(run(&["validate", "drill.toml"]).status, 0);
    // The 95th percentile that it demands takes 59 runs; half its length by default.
    let horizon = format!("study.horizon={}", cases("40m", "22m"));
    let checked = run(&["check", "drill.toml", "--runs", cases("70", "59"), "--set", &horizon]);
    assert_eq!(checked.status, 0, "{}{}", checked.stdout, checked.stderr);
    let again = run(&["init"]);
    assert_eq!((again.status, again.stderr.as_str()), (2, "error: drill.toml already exists; not overwritten\n"));
}

#[test]
fn keys_are_explained_by_their_beginning() {
    let folder = scratch();
    let done = finish(firedrill(folder.path()).args(["validate", "--explain", "study.slo"]));
    let expected = "study.slo\n    share above 0; default 95%\n    \
                    share of requests that must succeed for a window not to be downtime\n";
    assert_eq!(done.stdout, expected);
    let all = finish(firedrill(folder.path()).args(["validate", "--explain"]));
    assert!(all.stdout.lines().count() > 450, "{} lines", all.stdout.lines().count());
    let none = finish(firedrill(folder.path()).args(["validate", "--explain", "dsn"]));
    assert_eq!((none.status, none.stdout.as_str()), (2, ""));
}

#[test]
fn completions_and_manual_pages_name_every_subcommand() {
    let folder = scratch();
    for args in [vec!["completions", "bash"], vec!["completions", "zsh"], vec!["completions", "fish"], vec!["man"]] {
        let done = finish(firedrill(folder.path()).args(&args));
        assert_eq!(done.status, 0, "{args:?}");
        for subcommand in ["compare", "check", "selfcheck", "init"] {
            assert!(done.stdout.contains(subcommand), "{args:?} does not know {subcommand}");
        }
    }
}
