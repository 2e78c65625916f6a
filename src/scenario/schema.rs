//! The JSON Schema of the format, for editors that complete keys and underline mistakes as one types.
//!
//! It knows every key, its meaning, its default and what a single value may be. What depends on other values (which keys a
//! kind of incident needs, names that must exist) is left to `firedrill validate`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::reference::{Key, choices, keys};

/// Numbers with a unit each, the largest first.
const DURATION: &str = r"^\s*([0-9]+(\.[0-9]+)?\s*(y|w|d|h|m|s|ms|us|ns)\s*)+$";
const SHARE: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$";
const SIZE: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*(B|[kMGT]B|[KMGT]iB)\s*$";
const BANDWIDTH: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*((B|[kMGT]B|[KMGT]iB)/s|[kMG]?bit/s)\s*$";

/// Tables that are lists.
const LISTS: [&str; 3] = ["links", "incidents", "expect"];

/// The schema, draft 2020-12.
pub fn schema() -> Value {
    let mut tree = Tree::default();
    keys().iter().for_each(|key| tree.add(key.path, key));
    let distribution = tree.below.remove("distribution").unwrap_or_default().object();
    let dns = tree.below.insert("dns", Tree::reference("dns")).unwrap_or_default().object();
    if let Some(design) = tree.below.get_mut("designs").and_then(|designs| designs.below.get_mut("*")) {
        design.below.insert("dns", Tree::reference("dns"));
    }
    let mut schema = tree.object();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Firedrill scenario");
    schema["required"] = json!(["regions", "links", "geographies", "designs"]);
    schema["$defs"] = json!({ "distribution": distribution, "dns": dns });
    schema
}

/// Keys by the parts of their paths.
#[derive(Default)]
struct Tree {
    key: Option<&'static Key>,
    /// Stands for a definition that is used in several places.
    definition: Option<&'static str>,
    below: BTreeMap<&'static str, Tree>,
}

impl Tree {
    fn reference(definition: &'static str) -> Self {
        Tree { definition: Some(definition), ..Tree::default() }
    }

    fn add(&mut self, path: &'static str, key: &'static Key) {
        match path.split_once('.') {
            Some((first, rest)) => self.below.entry(first).or_default().add(rest, key),
            None => self.below.entry(path).or_default().key = Some(key),
        }
    }

    /// An object with the keys below.
    fn object(&self) -> Value {
        let mut object = json!({ "type": "object", "additionalProperties": false });
        let mut properties = Map::new();
        for (&name, tree) in &self.below {
            if name == "*" {
                object["additionalProperties"] = tree.value("*");
            } else {
                properties.insert(name.to_owned(), tree.value(name));
            }
        }
        if !properties.is_empty() {
            object["properties"] = properties.into();
        }
        object
    }

    /// What stands at this place, which is called `name`.
    fn value(&self, name: &str) -> Value {
        if let Some(definition) = self.definition {
            return json!({ "$ref": format!("#/$defs/{definition}") });
        }
        let mut value = match self.below.get("*") {
            Some(items) if LISTS.contains(&name) => json!({ "type": "array", "items": items.value("*") }),
            _ if !self.below.is_empty() => self.object(),
            _ => self.key.map_or(json!(true), of_kind),
        };
        if let Some(key) = self.key {
            let default = match key.default {
                "" | "required" | "none" => String::new(),
                default => format!(" Default: {default}."),
            };
            value["description"] = json!(format!("{}.{default}", key.meaning.replace('`', "")));
        }
        value
    }
}

fn text(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn either(one: Value, other: Value) -> Value {
    json!({ "anyOf": [one, other] })
}

/// What a single value may be.
fn of_kind(key: &Key) -> Value {
    let kind = key.value;
    if let Some((first, word)) = kind.split_once(" or `\"") {
        let word = word.trim_end_matches("\"`");
        return either(simple(first).unwrap_or(json!({})), json!({ "const": word }));
    }
    if kind == "see next table" && !key.path.ends_with("target") {
        let name = key.path.rsplit('.').next().unwrap_or_default();
        return json!({ "enum": choices(name) });
    }
    simple(kind).unwrap_or(json!({}))
}

/// The same without alternatives; `None` for what may be anything.
fn simple(kind: &str) -> Option<Value> {
    let number = |text: &str| text.parse::<f64>().ok();
    let value = match kind {
        "name" | "text" | "path" | "region" | "design" | "metric" => json!({ "type": "string" }),
        "boolean" => json!({ "type": "boolean" }),
        "durations" => either(text(DURATION), json!({ "$ref": "#/$defs/distribution" })),
        "number or distribution" => either(json!({ "type": "number" }), json!({ "$ref": "#/$defs/distribution" })),
        "time of day, UTC" => text("^[0-2][0-9]:[0-5][0-9]$"),
        "both regions" => json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 }),
        "24 numbers" => json!({ "type": "array", "items": { "type": "number" }, "minItems": 24, "maxItems": 24 }),
        "size" => text(SIZE),
        "bandwidth" => text(BANDWIDTH),
        "1 or 2" => json!({ "enum": [1, 2] }),
        "count" | "whole number" => json!({ "type": "integer", "minimum": 0 }),
        "count up to 10 million" => json!({ "type": "integer", "minimum": 1, "maximum": 10_000_000 }),
        "duration, from `\"-14h\"` to `\"14h\"`" => json!({ "type": "string" }),
        "number" => json!({ "type": "number" }),
        "number above 0" => json!({ "type": "number", "exclusiveMinimum": 0 }),
        "value" => either(json!({ "type": "number" }), text(DURATION)),
        "see next table" | "`mean`, `min`, `max`, or a quantile such as `p95`" => json!({ "type": "string" }),
        "`blackhole`, `refuse`; of a dns-outage `silent`, `empty`" => {
            json!({ "enum": ["blackhole", "refuse", "silent", "empty"] })
        }
        _ if kind.starts_with("duration") => text(DURATION),
        _ if kind.starts_with("share") => either(json!({ "type": "number", "minimum": 0, "maximum": 1 }), text(SHARE)),
        _ if kind.starts_with("number up to ") => {
            json!({ "type": "number", "minimum": 0, "maximum": number(&kind["number up to ".len()..])? })
        }
        _ if kind.starts_with("number from ") || kind.starts_with("count from ") => {
            let (low, high) =
                kind["number from ".len() - usize::from(kind.starts_with("count"))..].split_once(" to ")?;
            let of = if kind.starts_with("count") { "integer" } else { "number" };
            json!({ "type": of, "minimum": number(low)?, "maximum": number(high)? })
        }
        _ if kind.starts_with('`') => {
            json!({ "enum": kind.split(", ").map(|word| word.trim_matches('`')).collect::<Vec<_>>() })
        }
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_known() {
        let tables = ["table", "tables", "one table", "two tables", "list of tables"];
        let is_unknown = |key: &&Key| !tables.contains(&key.value) && of_kind(key) == json!({});
        let unknown: Vec<&Key> = keys().iter().filter(is_unknown).collect();
        assert!(unknown.is_empty(), "{unknown:#?}");
    }

    #[test]
    fn a_key_has_its_meaning_default_and_bounds() {
        let schema = schema();
        let fall = &schema["$defs"]["dns"]["properties"]["health_checks"]["properties"]["fall"];
        assert_eq!(fall["type"], "integer");
        assert_eq!(fall["description"], "failed probes in a row that turn a region down. Default: 3.");
        let kind = &schema["properties"]["incidents"]["items"]["properties"]["kind"]["enum"];
        assert!(kind.as_array().unwrap().contains(&json!("region-outage")), "{kind}");
        let factor =
            &schema["properties"]["regions"]["additionalProperties"]["properties"]["app"]["properties"]["cold_start"];
        assert_eq!(factor["properties"]["factor"]["maximum"], 1000.0);
    }
}
