//! Kinds that are made of others, or are those of one key alone.

use serde_json::{Value as Json, json};

use super::{SpelledKind, ValueKind};
use crate::scenario::text::document::{Node, Value};

/// A value of another kind, or a word for none.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Unless<K>(pub(in crate::scenario) &'static str, pub(in crate::scenario) K);

impl<K: ValueKind> ValueKind for Unless<K> {
    type Value = Option<K::Value>;

    fn read(&self, key: &str, node: &Node) -> Result<Option<K::Value>, String> {
        let Unless(word, kind) = self;
        match &node.value {
            Value::Text(text) if text == word => Ok(None),
            _ => kind.read(key, node).map(Some).map_err(|message| format!("{message}; or {word:?}")),
        }
    }

    fn stand_in(&self) -> Option<K::Value> {
        None
    }

    fn name(&self) -> String {
        format!("{} or `{:?}`", self.1.name(), self.0)
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [self.1.schema(), { "const": self.0 }] })
    }
}

impl<K: SpelledKind> SpelledKind for Unless<K> {
    fn spelled(&self, value: &Option<K::Value>) -> String {
        value.as_ref().map_or_else(|| self.0.to_owned(), |value| self.1.spelled(value))
    }
}

/// A kind that a check makes narrower.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Narrowed<K, F> {
    kind: K,
    name: &'static str,
    check: F,
}

/// Returns `kind` without the values that `check` refuses; documents call it `name`.
pub(in crate::scenario) fn narrowed<K: ValueKind, F>(kind: K, name: &'static str, check: F) -> Narrowed<K, F>
where
    F: Fn(K::Value) -> Result<K::Value, String>,
{
    Narrowed { kind, name, check }
}

impl<K: ValueKind, F: Fn(K::Value) -> Result<K::Value, String>> ValueKind for Narrowed<K, F> {
    type Value = K::Value;

    fn read(&self, key: &str, node: &Node) -> Result<K::Value, String> {
        (self.check)(self.kind.read(key, node)?)
    }

    fn stand_in(&self) -> K::Value {
        self.kind.stand_in()
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn schema(&self) -> Json {
        self.kind.schema()
    }
}

impl<K: SpelledKind, F: Fn(K::Value) -> Result<K::Value, String>> SpelledKind for Narrowed<K, F> {
    fn spelled(&self, value: &K::Value) -> String {
        self.kind.spelled(value)
    }
}

/// A kind of one key alone.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Special<T, F> {
    name: &'static str,
    schema: fn() -> Json,
    stand_in: T,
    read: F,
}

/// Returns the kind of what `read` reads; see [`ValueKind`] for the others.
pub(in crate::scenario) fn special<T, F>(
    name: &'static str,
    schema: fn() -> Json,
    stand_in: T,
    read: F,
) -> Special<T, F>
where
    F: Fn(&Node) -> Result<T, String>,
{
    Special { name, schema, stand_in, read }
}

impl<T: Clone, F: Fn(&Node) -> Result<T, String>> ValueKind for Special<T, F> {
    type Value = T;

    fn read(&self, _: &str, node: &Node) -> Result<T, String> {
        (self.read)(node)
    }

    fn stand_in(&self) -> T {
        self.stand_in.clone()
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn schema(&self) -> Json {
        (self.schema)()
    }
}
