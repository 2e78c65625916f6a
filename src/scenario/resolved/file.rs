//! The resolved scenario as a file: what was written, with every change in it, and every key that was left out with its default.
//!
//! Text of the file stays as it was spelled, to the last digit, and in its order; so does the name of a data file.

use std::fmt::Write;

use toml::de::DeValue;

use super::spelling::ResolvedSetting;
use super::spelling::quoted;
use crate::scenario::text::document::{Node, Origin, TableEntry, Value, from_override};
use crate::scenario::whole::Scenario;

/// A scenario file as it was read, changes laid over it.
#[derive(Clone, Debug)]
pub struct Document {
    root: Value,
}

impl Document {
    pub(in super::super) fn new(root: Value) -> Self {
        Document { root }
    }

    /// Writes it as a scenario file with every default of `scenario`, which was read from it, and with its seed and its number of
    /// runs. If it is one of several that were run, `which` says which one, in a line.
    pub fn to_toml(&self, scenario: &Scenario, which: Option<&str>) -> String {
        let mut root = self.root.clone();
        for ResolvedSetting { key, value } in scenario.resolved() {
            let mut path = parts(&key);
            let is_kept = !matches!(&*key, "study.runs" | "study.seed");
            // A window that is left to the load is not one that is written down.
            let value =
                if key == "study.window" && scenario.study.window.is_none() { "auto".to_owned() } else { value };
            if path[0] == "incidents" {
                let index = scenario.incidents.iter().position(|incident| incident.name == path[1]);
                put(&mut root, &["incidents", &index.unwrap_or(0).to_string(), "name"], &quoted(&path[1]), true);
                path[1] = index.unwrap_or(0).to_string();
            }
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            if !is_of_a_file(&path, &value) {
                put(&mut root, &path, &value, is_kept);
            }
        }
        let which = which.map_or_else(String::new, |which| format!(" {}", which.replace(char::is_control, " ")));
        let mut text =
            format!("# The scenario as it was run{which}: with every change, and with every default written out.\n");
        if let Value::Table(entries) = &root {
            table(&mut text, "", entries);
        }
        text
    }
}

/// Returns true of the keys that tell what a file holds and not where it is.
fn is_of_a_file(path: &[&str], value: &str) -> bool {
    matches!(path.last(), Some(&("values" | "trace"))) && value.contains(" values, sha256 ")
}

/// Splits a dotted path whose names may stand in quotes.
fn parts(key: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in key.chars() {
        match c {
            '.' if !is_quoted => {
                parts.push(String::new());
                continue;
            }
            '"' if !is_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        parts.last_mut().expect("never empty").push(c);
    }
    let plain = |part: String| match DeValue::parse(&part).ok().map(toml::Spanned::into_inner) {
        Some(DeValue::String(text)) if part.starts_with('"') => text.into_owned(),
        _ => part,
    };
    parts.into_iter().map(plain).collect()
}

/// Puts `value` at `path` below `at`, unless something else stands in the way, or there is a value that `is_kept`.
fn put(at: &mut Value, path: &[&str], value: &str, is_kept: bool) {
    let Some((part, rest)) = path.split_first() else { return };
    let node = match at {
        Value::List(items) => match part.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
            Some(node) => node,
            None => return,
        },
        Value::Table(entries) => {
            let known = entries.iter().position(|entry| entry.key == *part);
            if known.is_some() && rest.is_empty() && is_kept {
                return;
            }
            let place = known.unwrap_or_else(|| {
                let node = Node { value: Value::Table(Vec::new()), origin: Origin::Override(0) };
                entries.push(TableEntry { key: (*part).to_owned(), key_origin: Origin::Override(0), node });
                entries.len() - 1
            });
            &mut entries[place].node
        }
        // A table that is written as one value, such as a constant in place of a distribution.
        _ => return,
    };
    if rest.is_empty() {
        *node = from_override(value, 0);
    } else {
        put(&mut node.value, rest, value, is_kept);
    }
}

/// Writes the table at `path`: its values first, then the tables in it.
fn table(text: &mut String, path: &str, entries: &[TableEntry]) {
    let is_list = |node: &Node| match &node.value {
        Value::List(items) => !items.is_empty() && items.iter().all(|item| matches!(item.value, Value::Table(_))),
        _ => false,
    };
    let is_table = |node: &Node| matches!(node.value, Value::Table(_)) || is_list(node);
    for entry in entries.iter().filter(|entry| !is_table(&entry.node)) {
        let _ = writeln!(text, "{} = {}", name(&entry.key), inline(&entry.node.value));
    }
    for entry in entries.iter().filter(|entry| is_table(&entry.node)) {
        let path = if path.is_empty() { name(&entry.key) } else { format!("{path}.{}", name(&entry.key)) };
        match &entry.node.value {
            Value::Table(inner) => {
                let _ = writeln!(text, "\n[{path}]");
                table(text, &path, inner);
            }
            Value::List(items) => {
                for item in items {
                    let _ = writeln!(text, "\n[[{path}]]");
                    if let Value::Table(inner) = &item.value {
                        table(text, &path, inner);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Writes a key.
fn name(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// Writes a value on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}").to_ascii_lowercase(),
        Value::Bool(value) => value.to_string(),
        Value::Date(text) => text.clone(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) => {
            let entry = |entry: &TableEntry| format!("{} = {}", name(&entry.key), inline(&entry.node.value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::tests::{BASE, parse, shipped};
    use super::*;
    use crate::scenario::load::{LoadOptions, Loaded};
    use crate::scenario::text::overrides::Override;

    fn again(loaded: &Loaded, file: &str) -> Scenario {
        let text = loaded.document.to_toml(&loaded.scenario, None);
        Scenario::parse(&text, file, &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}\n{text}")).scenario
    }

    #[test]
    fn a_resolved_scenario_that_is_read_is_the_scenario() {
        for (file, text) in shipped() {
            let loaded = Scenario::parse(&text, &file, &LoadOptions::default()).unwrap();
            assert_eq!(again(&loaded, &file).hash(), loaded.scenario.hash(), "{file}");
        }
        let odd = [
            vec!["dns.answer_ttl=90s", "designs.one.dns.cname_ttl=never"],
            vec!["study.window=3s", "geographies.asia.client.preset=flavel-2014"],
            vec!["geographies.asia.think_time={ dist = \"lognormal\", median = \"0.1234567s\", p95 = \"3s\" }"],
            vec![
                "geographies.asia.sessions={ daily_mean = 0.1, profile = [1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,2,3,4,5,7] }",
            ],
            vec!["description=\"a = \\\"b\\\" \\t [x]\\n# no comment\"", "expect.0.min=0"],
            vec!["designs.both.replication.mode=sync", "designs.both.database.endpoint.via=driver"],
            vec!["incidents.power loss={ name = \"a.b\", kind = \"link-partition\", every = \"1h\", lasts = \"1s\" }"],
        ];
        for overrides in odd {
            let loaded = parse(BASE, &overrides).unwrap();
            assert_eq!(again(&loaded, "base.toml").hash(), loaded.scenario.hash(), "{overrides:?}");
        }
        let dotted = BASE.replace("north", "us.west").replace("[regions.us.west]", "[regions.\"us.west\"]");
        let loaded = parse(&dotted.replace("{ us.west = ", "{ \"us.west\" = "), &[]).unwrap();
        assert_eq!(again(&loaded, "base.toml").hash(), loaded.scenario.hash());
    }

    #[test]
    fn every_default_is_written_out_and_seed_and_runs_are_those_that_were_run() {
        let mut loaded = parse(BASE, &[]).unwrap();
        (loaded.scenario.study.seed, loaded.scenario.study.runs) = (99, 12);
        let text = loaded.document.to_toml(&loaded.scenario, None);
        let keys = |text: &str| -> BTreeSet<String> {
            let parsed = Scenario::parse(text, "base.toml", &LoadOptions::default()).unwrap();
            let Value::Table(entries) = parsed.document.root else { panic!("no table") };
            entries.into_iter().map(|entry| entry.key).collect()
        };
        assert!(keys(&text).contains("dns") && text.contains("quorum = "), "{text}");
        let changed: Override = "dns.health_checks.quorum=0.7".parse().unwrap();
        let with =
            Scenario::parse(&text, "base.toml", &LoadOptions { overrides: vec![changed], ..LoadOptions::default() });
        assert_eq!(with.unwrap().scenario.study.seed, 99);
        assert_eq!(again(&loaded, "base.toml").study.runs, 12);
    }
}
