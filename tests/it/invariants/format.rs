//! That the generated scenarios span the format: every key, and every choice that a key has, as the schema lists them.

use std::collections::BTreeSet;

use firedrill::model::Phase;
use firedrill::scenario::{Vocabulary, schema};
use serde_json::Value;

use super::generator::{Capacity, Generated};
use super::{SCENARIOS, some_tapes};

/// Keys that the generator leaves out, and the reason.
const LEFT_OUT: [(&str, &str); 0] = [];

/// A key, or a choice of one, by its place in the schema.
type Places = BTreeSet<String>;

/// Everything that the schema lists at `path` and below.
fn listed(schema: &Value, path: &str, places: &mut Places) {
    for alternative in schema["anyOf"].as_array().into_iter().flatten() {
        listed(alternative, path, places);
    }
    for choice in schema["enum"].as_array().into_iter().flatten().chain(schema.get("const")) {
        places.insert(format!("{path} = {choice}"));
    }
    if schema["type"] == "boolean" {
        places.extend([true, false].map(|choice| format!("{path} = {choice}")));
    }
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        places.insert(format!("{path}.{key}"));
        listed(below, &format!("{path}.{key}"), places);
    }
    for below in [&schema["additionalProperties"], &schema["items"]].into_iter().filter(|below| below.is_object()) {
        listed(below, &format!("{path}.*"), places);
    }
}

/// Collects the parts of the schema `whole` that the document `value` uses, at `path`, where it says `schema`.
fn used(whole: &Value, schema: &Value, value: &Value, path: &str, places: &mut Places) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        return used(whole, &whole["$defs"][name], value, &format!("${name}"), places);
    }
    for alternative in schema["anyOf"].as_array().into_iter().flatten() {
        if alternative.get("$ref").is_none() || value.is_object() {
            used(whole, alternative, value, path, places);
        }
    }
    // A choice that is not listed is not a place, so that an alternative that does not fit adds nothing.
    if !value.is_object() && !value.is_array() {
        places.insert(format!("{path} = {value}"));
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(key) {
            Some(below) => {
                places.insert(format!("{path}.{key}"));
                used(whole, below, value, &format!("{path}.{key}"), places);
            }
            None => used(whole, &schema["additionalProperties"], value, &format!("{path}.*"), places),
        }
    }
    for value in value.as_array().into_iter().flatten() {
        used(whole, &schema["items"], value, &format!("{path}.*"), places);
    }
}

#[test]
fn the_generator_draws_every_key_of_the_format_and_every_choice() {
    // Metrics are left to their own tests.
    let phases = Phase::ALL.into_iter().map(|phase| phase.name().to_owned()).collect();
    let schema = schema(&Vocabulary { phases, ..Vocabulary::default() });
    let mut wanted = Places::new();
    listed(&schema, "", &mut wanted);
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        listed(definition, &format!("${name}"), &mut wanted);
    }
    assert!(wanted.len() > 200, "only {} keys and choices are listed", wanted.len());
    let mut drawn = Places::new();
    for tape in some_tapes(SCENARIOS) {
        let document: toml::Value = toml::from_str(&Generated::new(&tape, Capacity::Any).text()).expect("TOML");
        let document = serde_json::to_value(document).expect("JSON");
        used(&schema, &schema, &document, "", &mut drawn);
    }
    let missing: Vec<&String> = wanted.difference(&drawn).collect();
    let expected: Vec<&str> = LEFT_OUT.iter().map(|(place, _)| *place).collect();
    assert_eq!(
        missing, expected,
        "these keys and choices are never drawn, or are drawn though they are listed as left out"
    );
}
