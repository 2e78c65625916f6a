//! What is written down of the scenario format is what the code says of it: the page's tables of keys, and the schema.

use std::fmt::Write;
use std::fs;

use firedrill::model::Phase;
use firedrill::scenario::{FormatKey, Vocabulary, keys};

use crate::support::{assert_document, finish, firedrill, repository, scratch};

const PAGE: &str = "docs/scenario-format.md";
/// What a table of keys stands between, the first parts of their paths in the first of them.
const OPENING: &str = "<!-- keys: ";
const CLOSING: &str = "<!-- end of keys -->";

/// The keys of the format, but for the names of metrics, which the page does not list.
fn all_keys() -> Vec<FormatKey> {
    let phases = Phase::ALL.into_iter().map(|phase| phase.name().to_owned()).collect();
    keys(&Vocabulary { phases, ..Vocabulary::default() })
}

/// The table of the keys whose paths begin with one of `parts`, which are set apart by commas.
fn table(keys: &[FormatKey], parts: &str) -> String {
    let parts: Vec<&str> = parts.split(", ").collect();
    let first = |key: &FormatKey| key.path.split('.').next().unwrap_or_default().to_owned();
    let rows: Vec<&FormatKey> = keys.iter().filter(|key| parts.contains(&first(key).as_str())).collect();
    assert!(!rows.is_empty(), "no key begins with {parts:?}");
    let has_sources = rows.iter().any(|key| !key.source.is_empty());
    let (heading, rule) = if has_sources { (" source of the default |", "---|") } else { ("", "") };
    let mut text = format!("| key | value | default | meaning |{heading}\n|---|---|---|---|{rule}\n");
    for FormatKey { path, value, default, meaning, source, .. } in rows {
        let source = match (has_sources, source.as_str()) {
            (false, _) => String::new(),
            (true, "") => " |".to_owned(),
            (true, source) => format!(" {source} |"),
        };
        writeln!(text, "| `{path}` | {value} | {default} | {meaning} |{source}").unwrap();
    }
    text
}

/// The page with the tables that the code makes, and the parts of paths that it has.
fn page() -> (String, Vec<String>) {
    let keys = all_keys();
    let old = fs::read_to_string(repository().join(PAGE)).unwrap();
    let (mut new, mut parts) = (String::new(), Vec::new());
    let mut is_inside = false;
    for line in old.lines() {
        is_inside &= line != CLOSING;
        if !is_inside {
            writeln!(new, "{line}").unwrap();
        }
        if let Some(named) = line.strip_prefix(OPENING).and_then(|rest| rest.strip_suffix(" -->")) {
            write!(new, "\n{}\n", table(&keys, named)).unwrap();
            parts.extend(named.split(", ").map(str::to_owned));
            is_inside = true;
        }
    }
    (new, parts)
}

#[test]
fn the_page_lists_the_keys_that_are_read() {
    let (page, parts) = page();
    for key in all_keys() {
        let first = key.path.split('.').next().unwrap_or_default();
        assert!(parts.iter().any(|part| part == first), "{PAGE} has no table for {}", key.path);
    }
    assert_document(PAGE, &page);
}

#[test]
fn the_published_schema_is_what_the_command_prints() {
    let done = finish(firedrill(scratch().path()).arg("schema"));
    assert_document("docs/scenario.schema.json", &done.stdout);
}

/// The words in the first column of the page's table whose first heading is `heading`.
fn words(heading: &str) -> Vec<String> {
    let page = fs::read_to_string(repository().join(PAGE)).unwrap();
    let (_, table) = page.split_once(&format!("\n| `{heading}` |")).expect("a table");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).expect("a word").to_owned()).collect()
}

#[test]
fn the_page_says_what_each_kind_of_incident_and_distribution_is() {
    for (heading, path) in [("kind", "incidents.*.kind"), ("dist", "distribution.dist")] {
        let key = all_keys().into_iter().find(|key| key.path == path).unwrap();
        let mut read: Vec<&str> = key.value.split(", ").map(|word| word.trim_matches('`')).collect();
        let mut described = words(heading);
        read.sort_unstable();
        described.sort_unstable();
        assert_eq!(described, read, "{path}");
    }
}
