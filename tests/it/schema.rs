//! A validator for the published schemas, which are of JSON Schema 2020-12. It knows the keywords that they use and refuses a
//! schema with any other, so that nothing in a schema goes unchecked. As in the specification, `format` is a remark and no rule.

use regex_lite::Regex;
use serde_json::{Map, Value};

/// A schema of which every keyword is known and has a value of the right kind.
pub(crate) struct Schema(Value);

impl Schema {
    /// Takes the text of a schema; panics where it is none.
    pub(crate) fn new(text: &str) -> Self {
        let schema: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_is_schema(&schema, &schema, "#");
        Self(schema)
    }

    /// What is wrong with `document`, each with its place.
    pub(crate) fn complaints(&self, document: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        self.check(&self.0, document, "", &mut complaints);
        complaints
    }

    /// Tells whether `document` keeps to the schema.
    pub(crate) fn allows(&self, document: &Value) -> bool {
        self.complaints(document).is_empty()
    }

    fn check(&self, schema: &Value, found: &Value, place: &str, complaints: &mut Vec<String>) {
        let rules = match schema {
            Value::Bool(true) => return,
            Value::Object(rules) => rules,
            _ => return complaints.push(format!("{place}: nothing may be here")),
        };
        for (keyword, rule) in rules {
            let holds = match keyword.as_str() {
                "$ref" => {
                    self.check(target(&self.0, rule), found, place, complaints);
                    true
                }
                "anyOf" => self.choices(rule, found) > 0,
                "oneOf" => self.choices(rule, found) == 1,
                "properties" | "additionalProperties" | "items" => {
                    self.check_inside(keyword, rules, found, place, complaints);
                    true
                }
                _ => holds(keyword, rule, found),
            };
            if !holds {
                complaints.push(format!("{place}: {found} against {keyword} {rule}"));
            }
        }
    }

    /// The number of schemas in the list `rule` that allow what was found.
    fn choices(&self, rule: &Value, found: &Value) -> usize {
        let is_allowed = |choice: &&Value| {
            let mut complaints = Vec::new();
            self.check(choice, found, "", &mut complaints);
            complaints.is_empty()
        };
        rule.as_array().expect("a list").iter().filter(is_allowed).count()
    }

    /// Checks the parts of an object or a list that `keyword` is about.
    fn check_inside(
        &self,
        keyword: &str,
        rules: &Map<String, Value>,
        found: &Value,
        place: &str,
        complaints: &mut Vec<String>,
    ) {
        let rule = &rules[keyword];
        match (keyword, found) {
            ("properties", Value::Object(fields)) => {
                for (name, value) in fields {
                    if let Some(schema) = rule.get(name) {
                        self.check(schema, value, &format!("{place}/{name}"), complaints);
                    }
                }
            }
            ("additionalProperties", Value::Object(fields)) => {
                let is_named = |name: &str| rules.get("properties").is_some_and(|named| named.get(name).is_some());
                for (name, value) in fields.iter().filter(|(name, _)| !is_named(name)) {
                    self.check(rule, value, &format!("{place}/{name}"), complaints);
                }
            }
            ("items", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.check(rule, item, &format!("{place}/{index}"), complaints);
                }
            }
            _ => (),
        }
    }
}

/// Tells whether what was found keeps to one rule that is no schema of its own.
fn holds(keyword: &str, rule: &Value, found: &Value) -> bool {
    let number = |of: &dyn Fn(f64, f64) -> bool| found.as_f64().is_none_or(|found| of(found, rule.as_f64().unwrap()));
    let length = |of: &dyn Fn(u64, u64) -> bool| {
        found.as_array().is_none_or(|items| of(items.len() as u64, rule.as_u64().unwrap()))
    };
    match keyword {
        "type" => match rule {
            Value::String(kind) => is_of(kind, found),
            kinds => kinds.as_array().unwrap().iter().any(|kind| is_of(kind.as_str().unwrap(), found)),
        },
        "const" => rule == found,
        "enum" => rule.as_array().unwrap().contains(found),
        "minimum" => number(&|found, least| found >= least),
        "exclusiveMinimum" => number(&|found, least| found > least),
        "maximum" => number(&|found, most| found <= most),
        "minItems" => length(&|found, least| found >= least),
        "maxItems" => length(&|found, most| found <= most),
        "pattern" => found.as_str().is_none_or(|text| Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
        "required" => found.as_object().is_none_or(|fields| {
            rule.as_array().unwrap().iter().all(|name| fields.contains_key(name.as_str().unwrap()))
        }),
        // `assert_is_schema` lets nothing else in but remarks.
        _ => true,
    }
}

fn is_of(kind: &str, found: &Value) -> bool {
    match kind {
        "null" => found.is_null(),
        "boolean" => found.is_boolean(),
        "string" => found.is_string(),
        "array" => found.is_array(),
        "object" => found.is_object(),
        "number" => found.is_number(),
        // A number with a fraction of nothing is a whole one.
        "integer" => found.is_u64() || found.is_i64() || found.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => panic!("a type {kind:?}"),
    }
}

/// The part of a schema that `$ref` names.
fn target<'a>(whole: &'a Value, rule: &Value) -> &'a Value {
    let pointer = rule.as_str().and_then(|name| name.strip_prefix('#')).expect("a place in the same schema");
    whole.pointer(pointer).unwrap_or_else(|| panic!("there is no {rule}"))
}

/// Panics at a keyword that [`Schema`] does not know, and at one whose value is of another kind than it should be.
fn assert_is_schema(whole: &Value, schema: &Value, place: &str) {
    let rules = match schema {
        Value::Bool(_) => return,
        schema => schema.as_object().unwrap_or_else(|| panic!("{place}: no schema")),
    };
    for (keyword, rule) in rules {
        let place = format!("{place}/{keyword}");
        let each = |rules: Vec<(String, &Value)>| {
            rules.iter().for_each(|(name, rule)| assert_is_schema(whole, rule, &format!("{place}/{name}")));
        };
        let is_right = match keyword.as_str() {
            "$schema" | "title" | "description" | "format" => rule.is_string(),
            "const" => true,
            "enum" => rule.as_array().is_some_and(|values| !values.is_empty()),
            "minimum" | "exclusiveMinimum" | "maximum" => rule.is_number(),
            "minItems" | "maxItems" => rule.is_u64(),
            "pattern" => rule.as_str().is_some_and(|pattern| Regex::new(pattern).is_ok()),
            "required" => rule.as_array().is_some_and(|names| names.iter().all(Value::is_string)),
            "type" => {
                let kinds = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                kinds.iter().for_each(|kind| _ = is_of(kind.as_str().expect("a type"), &Value::Null));
                !kinds.is_empty()
            }
            "$ref" => target(whole, rule).is_object(),
            "items" | "additionalProperties" => {
                assert_is_schema(whole, rule, &place);
                true
            }
            "anyOf" | "oneOf" => {
                let choices = rule.as_array().expect("a list");
                each(choices.iter().enumerate().map(|(index, rule)| (index.to_string(), rule)).collect());
                !choices.is_empty()
            }
            "properties" | "$defs" => {
                each(rule.as_object().expect("schemas").iter().map(|(name, rule)| (name.clone(), rule)).collect());
                true
            }
            _ => panic!("{place}: not known"),
        };
        assert!(is_right, "{place}: {rule}");
    }
}

#[test]
fn the_validator_finds_what_breaks_each_rule() {
    let schema = |rules: Value| {
        let mut whole = serde_json::json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": { "word": { "type": "string" } },
        });
        whole.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
        Schema::new(&whole.to_string())
    };
    for (rules, right, wrong) in [
        (r##"{ "$ref": "#/$defs/word" }"##, r#""a""#, "1"),
        (r#"{ "type": ["string", "null"] }"#, "null", "1"),
        (r#"{ "type": "integer" }"#, "1.0", "1.5"),
        (r#"{ "const": 2 }"#, "2", "3"),
        (r#"{ "enum": ["a", 2] }"#, "2", r#""b""#),
        (r#"{ "minimum": 2 }"#, "2", "1.9"),
        (r#"{ "exclusiveMinimum": 2 }"#, "2.1", "2"),
        (r#"{ "maximum": 2 }"#, "2", "2.1"),
        (r#"{ "minItems": 1 }"#, "[1]", "[]"),
        (r#"{ "maxItems": 1 }"#, "[1]", "[1, 2]"),
        (r#"{ "pattern": "^[0-9]+s$" }"#, r#""10s""#, r#""10 s""#),
        (r#"{ "required": ["a"] }"#, r#"{ "a": 1 }"#, r#"{ "b": 1 }"#),
        (r#"{ "properties": { "a": { "type": "string" } } }"#, r#"{ "b": 1 }"#, r#"{ "a": 1 }"#),
        (r#"{ "properties": { "a": true }, "additionalProperties": false }"#, r#"{ "a": 1 }"#, r#"{ "b": 1 }"#),
        (r#"{ "items": { "minimum": 2 } }"#, "[2, 3]", "[2, 1]"),
        (r#"{ "anyOf": [{ "minimum": 2 }, { "const": 0 }] }"#, "0", "1"),
        (r#"{ "oneOf": [{ "minimum": 2 }, { "maximum": 3 }] }"#, "4", "2"),
    ] {
        let schema = schema(serde_json::from_str(rules).unwrap());
        let [right, wrong] = [right, wrong].map(|text| serde_json::from_str::<Value>(text).unwrap());
        assert!(schema.allows(&right), "{rules}: {:?}", schema.complaints(&right));
        assert!(!schema.allows(&wrong), "{rules}: {wrong}");
    }
    let unknown = std::panic::catch_unwind(|| schema(serde_json::json!({ "uniqueItems": true })));
    assert!(unknown.is_err(), "a keyword that is not checked");
}
