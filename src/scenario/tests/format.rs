//! The keys that the format's documents list are those that the reader asks for.

use super::{parse, with};
use crate::scenario::schema::{Vocabulary, keys};
use crate::scenario::text::catalogue::FormatKey;

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

/// Tells if the scenario `text` sets `key` itself.
fn sets(text: &str, key: &str) -> bool {
    let root = toml::Value::Table(text.parse().unwrap());
    let below = |value: &toml::Value, part: &str| match part.parse::<usize>() {
        Ok(at) => value.get(at).cloned(),
        Err(_) => value.get(part).cloned(),
    };
    key.split('.').try_fold(root, |value, part| below(&value, part)).is_some()
}

#[test]
fn every_listed_default_is_what_a_missing_key_means() {
    let bare = with("[study]\nhorizon = \"45m\"\nwarmup = \"5m\"\nruns = 10\n", "")
        .replace("[dns]\nanswer_ttl = \"60s\"\nhealth_checks = { quorum = 0.5, probe = \"ping\" }\n", "");
    // Prices that are all 0 are not the same as none.
    let bare = format!("{bare}\n[prices]\n");
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
    let of_kind = |kind: &str| bare.replace("kind = \"region-outage\"", kind);
    let app = of_kind("kind = \"app-outage\"");
    let slow = of_kind("kind = \"gray\"\nfactor = 2");
    let failing = of_kind("kind = \"gray\"\nerrors = 0.5");
    let frozen = of_kind("kind = \"control-plane-outage\"");
    let cut = bare.replace("kind = \"region-outage\"\ntarget = \"north\"", "kind = \"link-partition\"");
    let chosen = chosen.replace("think_time", "resolvers = { serve_stale = true }\nthink_time");
    let daily = bare.replace("rate = 40.0", &format!("daily_mean = 4.0, profile = {:?}", [1; 24]));
    let mut checked = 0;
    for FormatKey { path, default, .. } in keys(&Vocabulary::default()) {
        // A default with a condition is one where that is met.
        let Some(default) = default.split('`').nth(1).filter(|_| default.starts_with('`')) else { continue };
        if path.starts_with("distribution.") {
            continue;
        }
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
            (&app, "both"),
            (&slow, "both"),
            (&failing, "both"),
            (&frozen, "both"),
            (&cut, "both"),
        ] {
            let key = concrete(&path, design);
            // Kinds of incidents differ in their modes; the first default is that of a region.
            if key == "incidents.0.mode" && !text.contains("region-outage") {
                continue;
            }
            // A text that sets the key, or chose a variant without it, says nothing about its default.
            if sets(text, &key) {
                continue;
            }
            let Ok(changed) = parse(text, &[&format!("{key}={default}")]) else { continue };
            assert_eq!(changed.scenario.hash(), parse(text, &[]).unwrap().scenario.hash(), "{key}={default}");
            loaded += 1;
        }
        assert!(loaded > 0, "no variant of the base scenario takes {path}={default}");
        checked += 1;
    }
    assert!(checked > 45, "only {checked} defaults were found");
}

fn key(path: &str) -> FormatKey {
    keys(&Vocabulary::default()).into_iter().find(|key| key.path == path).unwrap_or_else(|| panic!("{path} is no key"))
}

#[test]
fn keys_have_their_value_default_meaning_and_source() {
    let FormatKey { value, default, meaning, source, .. } = key("dns.answer_ttl");
    assert_eq!((&*value, &*default, &*source), ("duration above 0", "`1m`", "GTM: one minute"));
    assert_eq!(meaning, "TTL of the traffic manager's answer");
    assert_eq!(key("dns.health_checks.probe").value, "`ping`, `tcp`, `http`, `deep`");
    assert_eq!(key("dns.health_checks.fall").value, "count from 1 to 100");
    assert_eq!(key("incidents.*.at").default, "none");
    assert!(keys(&Vocabulary::default()).len() > 150, "{}", keys(&Vocabulary::default()).len());
}

#[test]
fn a_key_that_depends_on_another_says_so() {
    let default = |path: &str| key(path).default;
    assert_eq!(default("designs.*.routing.order"), "required if `policy` is `failover`");
    assert_eq!(
        default("designs.*.standby.activation"),
        "`0s` if `kind` is `hot`; required if `kind` is `warm` or `cold`"
    );
    assert_eq!(default("geographies.*.resolvers.max_stale"), "`1d` if `serve_stale` is `true`");
    assert_eq!(default("geographies.*.sessions.profile"), "required with `daily_mean`");
    assert_eq!(default("geographies.*.sessions.rate"), "required without `daily_mean` or `trace`");
    assert_eq!(
        default("incidents.*.mode"),
        "`blackhole` if `kind` is `region-outage`; `refuse` if `kind` is `app-outage` or `database-outage`; `silent` if \
         `kind` is `dns-outage`"
    );
    assert_eq!(default("distribution.p95"), "required if `dist` is `lognormal`");
}

#[test]
fn every_key_of_every_scenario_is_listed() {
    let listed = keys(&Vocabulary::default());
    let known = |path: &[String]| {
        let fits = |key: &FormatKey| {
            let parts: Vec<&str> = key.path.split('.').collect();
            parts.len() == path.len() && parts.iter().zip(path).all(|(part, own)| *part == "*" || part == own)
        };
        listed.iter().any(fits)
    };
    for (file, text) in super::shipped() {
        for path in paths(&toml::Value::Table(text.parse().unwrap())) {
            let is_in_a_distribution = listed.iter().any(|key| {
                key.path.strip_prefix("distribution.").is_some_and(|name| Some(name) == path.last().map(String::as_str))
            });
            // The world's keys hold for a design's `dns`, too.
            let world = path.get(2).is_some_and(|part| part == "dns").then(|| known(&path[2..]));
            assert!(known(&path) || is_in_a_distribution || world == Some(true), "{file}: {path:?}");
        }
    }
}

/// The paths of the values of `value`.
fn paths(value: &toml::Value) -> Vec<Vec<String>> {
    let below: Vec<(String, &toml::Value)> = match value {
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), value)).collect(),
        toml::Value::Array(items) if items.iter().all(toml::Value::is_table) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        _ => return vec![Vec::new()],
    };
    let mut found = Vec::new();
    for (key, value) in below {
        found.extend(paths(value).into_iter().map(|rest| [vec![key.clone()], rest].concat()));
    }
    found
}
