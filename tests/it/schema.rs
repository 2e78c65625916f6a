//! The published schemas, as validators.

use jsonschema::Validator;
use serde_json::Value;

/// A schema that documents are held against.
pub(crate) struct Schema(Validator);

impl Schema {
    /// Takes the text of a schema; panics where it is none.
    pub(crate) fn new(text: &str) -> Self {
        let schema = serde_json::from_str(text).expect("JSON");
        Schema(jsonschema::validator_for(&schema).expect("a schema"))
    }

    /// Returns the objections to `document`, each with its place.
    pub(crate) fn complaints(&self, document: &Value) -> Vec<String> {
        self.0.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// Tells if `document` keeps to the schema.
    pub(crate) fn allows(&self, document: &Value) -> bool {
        self.0.is_valid(document)
    }
}
