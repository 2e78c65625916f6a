//! The documents of the format: its keys, and its JSON Schema, for editors that complete keys and underline mistakes as one types.
//!
//! It knows every key, its meaning, its default and what a single value may be. What depends on other values (names that must
//! exist, which keys a kind of incident needs) is in the descriptions, and left to `firedrill validate`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::load::read;
use super::text::catalogue::FormatKey;
use super::text::log::ReadLog;

/// Words of the format that other rooms know: the names of metrics and of phases.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Names of metrics; that of a geography's own follows after a `_`.
    pub metrics: Vec<String>,
    /// Names of phases.
    pub phases: Vec<String>,
}

impl Vocabulary {
    /// Says of `key` which of these words its value may be, if it is one of them.
    fn explain(&self, key: &mut FormatKey) {
        let Vocabulary { metrics, phases } = self;
        match key.value.as_str() {
            "phase" => {
                key.schema = json!({ "enum": phases });
                key.value = phases.iter().map(|phase| format!("`{phase}`")).collect::<Vec<_>>().join(", ");
            }
            "metric" => {
                let of_one = json!({ "type": "string", "pattern": format!("^({})_.+$", metrics.join("|")) });
                key.schema = json!({ "anyOf": [{ "enum": metrics }, of_one] });
            }
            _ => {}
        }
    }
}

/// Lists the keys of the format: the code that reads them says what it would ask for.
pub fn keys(vocabulary: &Vocabulary) -> Vec<FormatKey> {
    let log = ReadLog::of_keys();
    let _ = read(&log);
    let mut keys = log.into_catalogue().into_keys();
    keys.iter_mut().for_each(|key| vocabulary.explain(key));
    keys
}

/// The schema, draft 2020-12.
pub fn schema(vocabulary: &Vocabulary) -> Value {
    let mut tree = Tree::default();
    let keys = keys(vocabulary);
    keys.iter().for_each(|key| tree.add(&key.path, key));
    let distribution = tree.below.remove("distribution").unwrap_or_default().object();
    let dns = tree.below.insert("dns", Tree::reference("dns")).unwrap_or_default().object();
    if let Some(design) = tree.below.get_mut("designs").and_then(|designs| designs.below.get_mut("*")) {
        design.below.insert("dns", Tree::reference("dns"));
    }
    let mut schema = tree.object();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Firedrill scenario");
    schema["$defs"] = json!({ "distribution": distribution, "dns": dns });
    schema
}

/// Keys by the parts of their paths.
#[derive(Default)]
struct Tree<'k> {
    key: Option<&'k FormatKey>,
    /// Stands for a definition that is used in several places.
    definition: Option<&'static str>,
    below: BTreeMap<&'k str, Tree<'k>>,
}

impl<'k> Tree<'k> {
    fn reference(definition: &'static str) -> Self {
        Tree { definition: Some(definition), ..Tree::default() }
    }

    fn add(&mut self, path: &'k str, key: &'k FormatKey) {
        match path.split_once('.') {
            Some((first, rest)) => self.below.entry(first).or_default().add(rest, key),
            None => self.below.entry(path).or_default().key = Some(key),
        }
    }

    /// An object with the keys below.
    fn object(&self) -> Value {
        let mut object = json!({ "type": "object", "additionalProperties": false });
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (&name, tree) in &self.below {
            if name == "*" {
                object["additionalProperties"] = tree.value();
                continue;
            }
            properties.insert(name.to_owned(), tree.value());
            if tree.key.is_some_and(|key| key.is_required) {
                required.push(name);
            }
        }
        if !properties.is_empty() {
            object["properties"] = properties.into();
        }
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        object
    }

    /// Returns the schema of this place.
    fn value(&self) -> Value {
        if let Some(definition) = self.definition {
            return json!({ "$ref": format!("#/$defs/{definition}") });
        }
        let is_list = self.key.is_some_and(|key| ["one table", "list of tables"].contains(&key.value.as_str()));
        let mut value = match (self.below.get("*"), self.key) {
            (Some(items), _) if is_list => json!({ "type": "array", "items": items.value() }),
            (None, Some(key)) if self.below.is_empty() => key.schema.clone(),
            _ => self.object(),
        };
        if let Some(key) = self.key {
            let default = match key.default.as_str() {
                "required" | "none" => String::new(),
                default if default.starts_with("required") || default.starts_with("none") => {
                    format!(" It is {default}.")
                }
                default => format!(" Default: {default}."),
            };
            value["description"] = json!(format!("{}.{default}", key.meaning).replace('`', ""));
            if let Some(default) = &key.always {
                value["default"] = spoken(default);
            }
        }
        value
    }
}

/// A default in JSON: a number or a boolean if it is one, else a text.
fn spoken(default: &str) -> Value {
    serde_json::from_str(default).unwrap_or_else(|_| default.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_meaning_default_and_bounds() {
        let schema = schema(&Vocabulary::default());
        let checks = &schema["$defs"]["dns"]["properties"]["health_checks"]["properties"];
        let fall = &checks["fall"];
        assert_eq!((&fall["type"], &fall["minimum"], &fall["maximum"]), (&json!("integer"), &json!(1), &json!(100)));
        assert_eq!((&fall["default"], &checks["interval"]["default"]), (&json!(3), &json!("1m")));
        assert_eq!(fall["description"], "failed probes in a row that turn a region down. Default: 3.");
        let incident = &schema["properties"]["incidents"]["items"];
        let kinds = &incident["properties"]["kind"]["enum"];
        assert!(kinds.as_array().unwrap().contains(&json!("region-outage")), "{kinds}");
        assert_eq!(incident["required"], json!(["kind", "lasts", "name"]));
        let app = &schema["properties"]["regions"]["additionalProperties"]["properties"]["app"]["properties"];
        assert_eq!(app["cold_start"]["properties"]["factor"]["maximum"], 1000.0);
        let order =
            &schema["properties"]["designs"]["additionalProperties"]["properties"]["routing"]["properties"]["order"];
        assert_eq!(order["description"], "from first to last choice. It is required if policy is failover.");
    }

    #[test]
    fn names_of_metrics_and_phases_are_allowed_and_no_others() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let schema = schema(&Vocabulary { metrics: words(&["lost", "events"]), phases: words(&["link"]) });
        let expect = &schema["properties"]["expect"]["items"]["properties"];
        assert_eq!(expect["first_phase"]["enum"], json!(["link"]));
        assert_eq!(expect["metric"]["anyOf"][0]["enum"], json!(["lost", "events"]));
        assert_eq!(expect["metric"]["anyOf"][1]["pattern"], "^(lost|events)_.+$");
    }
}
