//! The page that documents the format names every key that the reader accepts.

use std::collections::BTreeSet;

use toml::de::DeTable;

use super::{BASE, parse, shipped, with};
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
        with("think_time = \"4s\"", "think_time = \"4s\"\nresolvers = { serve_stale = true }"),
        with("policy = \"nearest\"", "policy = \"weighted\", weights = { north = 1 }"),
        with("rate = 40.0", "daily_mean = 4.0"),
        with("rate = 40.0", "trace = \"a.csv\""),
        with("kind = \"region-outage\"", "kind = \"gray\""),
        with("kind = \"region-outage\"", "kind = \"database-outage\""),
        with("kind = \"region-outage\"", "kind = \"app-outage\""),
        with("kind = \"region-outage\"", "kind = \"path-outage\""),
        with("kind = \"region-outage\"", "kind = \"link-slow\""),
        with("[regions.north]\napp = {", "[regions.north]\napp = { cold_start = {},"),
        with("kind = \"region-outage\"", "kind = \"control-plane-outage\""),
        with("design = \"both\"", "better = \"both\""),
        with(promotion, "promotion = { when = \"manual\" }\nstandby = { kind = \"warm\" }"),
        with(promotion, "failback = { when = \"never\" }\nstandby = { kind = \"hot\" }"),
        with(promotion, "replication = { mode = \"semi-sync\" }"),
        with(promotion, "standby = { kind = \"cold\" }"),
        format!("{BASE}\n[prices]\n"),
        format!("{BASE}\n[[expect]]\ndesign = \"both\"\nobjective = \"rto\"\nshare = 0.9\n"),
        format!("{BASE}\n[[expect]]\ndesign = \"both\"\nfirst_phase = \"undetected\"\n"),
        with(promotion, "replication = { mode = \"sync\" }"),
        with(promotion, "promotion = { when = \"planned\", at = \"1m\" }"),
        with(&format!("{{ primary = \"north\" }}\n{promotion}"), "{ writes = \"multi-primary\" }"),
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
        let log = Log::new(Source { file: "s.toml", text: &text, overrides: &[] }, &root, false);
        let _ = read(&log);
        keys.extend(log.accepted());
    }
    keys
}

/// The cells of every row of the page's tables of keys.
fn rows() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut in_keys = false;
    for line in PAGE.lines() {
        let cells: Vec<String> = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        in_keys = line.starts_with('|') && (in_keys || cells[0] == "key");
        if in_keys && cells[0].starts_with('`') {
            found.push(cells);
        }
    }
    found
}

/// What stands between the backticks of a cell that has nothing else.
fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

#[test]
fn every_key_that_is_accepted_is_documented_and_no_other() {
    // A design's dns has the keys of the world's.
    let accepted: BTreeSet<String> = accepted().into_iter().filter(|key| !key.starts_with("designs.*.dns.")).collect();
    let documented: BTreeSet<String> = rows().iter().map(|cells| code(&cells[0]).unwrap().to_owned()).collect();
    let missing: Vec<&String> = accepted.difference(&documented).collect();
    assert!(missing.is_empty(), "docs/scenario-format.md has no row for: {missing:#?}");
    let unknown: Vec<&String> = documented.difference(&accepted).collect();
    assert!(unknown.is_empty(), "docs/scenario-format.md has rows for keys that are not read: {unknown:#?}");
}

/// A key of the documentation as the base scenario has it.
fn concrete(key: &str, design: &str) -> String {
    let named = [
        ("regions.*", "regions.north"),
        ("geographies.*", "geographies.asia"),
        ("links.*", "links.0"),
        ("incidents.*", "incidents.0"),
    ];
    let key = named.into_iter().fold(key.to_owned(), |key, (from, to)| key.replace(from, to));
    key.replace("designs.*", &format!("designs.{design}"))
}

/// Whether the scenario `text` sets `key` itself.
fn sets(text: &str, key: &str) -> bool {
    let root = toml::Value::Table(text.parse().unwrap());
    let below = |value: &toml::Value, part: &str| match part.parse::<usize>() {
        Ok(at) => value.get(at).cloned(),
        Err(_) => value.get(part).cloned(),
    };
    key.split('.').try_fold(root, |value, part| below(&value, part)).is_some()
}

#[test]
fn every_documented_default_is_what_a_missing_key_means() {
    let bare = with("[study]\nhorizon = \"45m\"\nwarmup = \"5m\"\nruns = 10\n", "")
        .replace("[dns]\nanswer_ttl = \"60s\"\nhealth_checks = { quorum = 0.5, probe = \"ping\" }\n", "");
    let more = "replication = { mode = \"semi-sync\" }\nstandby = { region = \"south\", kind = \"hot\" }\n";
    let chosen = bare
        .replace("[designs.both]\n", &format!("[designs.both]\n{more}"))
        .replace("[designs.one]\n", "[designs.one]\nreplication = { mode = \"sync\" }\n")
        .replace("{ primary = \"north\" }", "{ primary = \"north\", endpoint = { via = \"driver\" } }");
    let two_primaries = bare
        .replace("{ primary = \"north\" }\npromotion = { when = \"automatic\" }", "{ writes = \"multi-primary\" }")
        .replace("{ primary = \"north\" }", "{ writes = \"multi-primary\" }");
    let planned = bare.replace("{ when = \"automatic\" }", "{ when = \"planned\", at = \"1m\" }");
    let node = bare.replace("kind = \"region-outage\"", "kind = \"database-outage\"");
    let chosen = chosen.replace("think_time", "resolvers = { serve_stale = true }\nthink_time");
    let daily = bare.replace("rate = 40.0", &format!("daily_mean = 4.0, profile = {:?}", [1; 24]));
    let mut checked = 0;
    for cells in rows() {
        let (key, Some(default)) = (code(&cells[0]).unwrap(), cells.get(2).and_then(|cell| code(cell))) else {
            continue;
        };
        let mut loaded = 0;
        for (text, design) in [
            (&bare, "both"),
            (&daily, "both"),
            (&bare, "one"),
            (&chosen, "both"),
            (&chosen, "one"),
            (&two_primaries, "one"),
            (&planned, "both"),
            (&node, "both"),
        ] {
            let key = concrete(key, design);
            // A text that sets the key, or chose a variant without it, says nothing about its default.
            if sets(text, &key) {
                continue;
            }
            let Ok(changed) = parse(text, &[&format!("{key}={default}")]) else { continue };
            assert_eq!(changed.scenario.hash(), parse(text, &[]).unwrap().scenario.hash(), "{key}={default}");
            loaded += 1;
        }
        assert!(loaded > 0, "no variant of the base scenario takes {key}={default}");
        checked += 1;
    }
    assert!(checked > 45, "only {checked} defaults were found in the page");
}
