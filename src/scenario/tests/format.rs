//! The page that documents the format names every key that the reader accepts.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::{BASE, shipped, with};
use crate::scenario::document::from_file;
use crate::scenario::load::read;
use crate::scenario::problem::Source;
use crate::scenario::reader::Log;

const PAGE: &str = include_str!("../../../docs/scenario-format.md");

/// Variants of the base scenario that lead the reader through every choice.
fn variants() -> Vec<String> {
    let mut texts: Vec<String> = shipped().into_iter().map(|(_, text)| text).collect();
    let promotion = "promotion = { when = \"automatic\" }";
    texts.extend([
        BASE.to_owned(),
        with("kind = \"region-outage\"", "kind = \"link-partition\""),
        with("kind = \"region-outage\"", "kind = \"dns-outage\""),
        with("design = \"both\"", "better = \"both\""),
        with(promotion, "promotion = { when = \"manual\" }\nstandby = { kind = \"warm\" }"),
        with(promotion, "failback = { when = \"never\" }\nstandby = { kind = \"hot\" }"),
        with(promotion, "replication = { mode = \"semi-sync\" }"),
        with(promotion, "replication = { mode = \"sync\" }"),
        with("{ primary = \"north\" }\npromotion", "{ endpoint = { via = \"driver\" } }\npromotion"),
    ]);
    for kind in ["constant", "exponential", "lognormal", "uniform", "pareto", "weibull", "empirical"] {
        texts.push(with("think_time = \"4s\"", &format!("think_time = {{ dist = \"{kind}\" }}")));
    }
    texts
}

fn accepted() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for text in variants() {
        let table = DeTable::parse(&text).unwrap();
        let root = from_file(table.get_ref());
        let log = Log::new(Source { file: "s.toml", text: &text, overrides: &[] }, &root);
        let _ = read(&log);
        keys.extend(log.accepted());
    }
    keys
}

#[test]
fn every_key_that_is_accepted_is_documented() {
    let undocumented: Vec<String> = accepted()
        .into_iter()
        // A design's dns has the keys of the world's.
        .filter(|key| !key.starts_with("designs.*.dns."))
        .filter(|key| !PAGE.contains(&format!("| `{key}` |")))
        .collect();
    assert!(undocumented.is_empty(), "docs/scenario-format.md has no row for: {undocumented:#?}");
}

#[test]
fn every_key_that_is_documented_is_accepted() {
    let accepted = accepted();
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(key, _)| key));
    let unknown: Vec<&str> = rows.filter(|key| !accepted.contains(*key)).collect();
    assert!(unknown.is_empty(), "docs/scenario-format.md has rows for keys that are not read: {unknown:#?}");
}
