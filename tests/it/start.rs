//! First use: a scenario to start from, the schema for the editor, the keys explained.

use std::fs;

use crate::schema::Schema;
use crate::support::{SMALL, cases, finish, firedrill, repository, scratch};

fn schema() -> Schema {
    Schema::new(&fs::read_to_string(repository().join("docs/scenario.schema.json")).expect("the published schema"))
}

/// Returns the objections of the schema to a scenario.
fn complaints(schema: &Schema, text: &str) -> Vec<String> {
    schema.complaints(&serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("JSON"))
}

#[test]
fn every_scenario_agrees_with_the_schema() {
    let schema = schema();
    let scenarios = fs::read_dir(repository().join("scenarios")).unwrap();
    let mut texts: Vec<(String, String)> = scenarios
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    assert!(texts.len() > 15);
    texts.push(("small.toml".into(), SMALL.into()));
    texts.push(("starter.toml".into(), fs::read_to_string(repository().join("assets/starter.toml")).unwrap()));
    for (name, text) in texts {
        let complaints = complaints(&schema, &text);
        assert!(complaints.is_empty(), "{name}: {complaints:#?}");
    }
}

#[test]
fn the_schema_finds_mistakes() {
    let schema = schema();
    let starter = fs::read_to_string(repository().join("assets/starter.toml")).unwrap();
    for (right, wrong) in [
        ("\"60s\"", "60"),
        ("answer_ttl", "answer_tll"),
        ("\"region-outage\"", "\"region-outrage\""),
        ("write_share          = \"10%\"", "write_share          = 10"),
        ("instances = 2", "instances = \"2\""),
        ("median = \"20ms\"", "median = \"20 minutes\""),
    ] {
        assert!(starter.contains(right), "{right}");
        let complaints = complaints(&schema, &starter.replace(right, wrong));
        assert!(!complaints.is_empty(), "{wrong} is no mistake to the schema");
    }
}

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
