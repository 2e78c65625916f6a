//! Texts, words and booleans.

use std::marker::PhantomData;

use serde_json::{Value as Json, json};

use super::narrower::special;
use super::{Plain, SpelledKind, ValueKind};
use crate::scenario::text::document::{Node, Value};
use crate::scenario::text::printable::{is_unprintable, quotation};
use crate::scenario::text::suggest::nearest;
use crate::scenario::text::words::Words;

/// True or false.
pub(in crate::scenario) const TRUTH: Plain<bool> = Plain {
    name: "boolean",
    schema: || json!({ "type": "boolean" }),
    stand_in: false,
    spelled: bool::to_string,
    read: |node| match &node.value {
        Value::Bool(value) => Ok(*value),
        other => Err(format!("expected true or false, found {}", other.kind())),
    },
};

/// The JSON Schema of any text.
pub(in crate::scenario) fn any_text() -> Json {
    json!({ "type": "string" })
}

/// Returns the kind of a text that documents call `name`.
pub(in crate::scenario) fn text_called(name: &'static str) -> impl ValueKind<Value = String> {
    special(name, any_text, String::new(), text)
}

/// Returns the kind of a text that can be shown anywhere, lines of printable characters; documents call it `name`.
pub(in crate::scenario) fn printable_text(name: &'static str) -> impl ValueKind<Value = String> {
    special(name, any_text, String::new(), |node| {
        let text = text(node)?;
        match text.chars().find(|c| is_unprintable(*c) && !matches!(c, '\n' | '\t')) {
            Some(found) => Err(format!(
                "has the character {found:?}, which cannot be printed; a text is of printable characters, tabs and line \
                 breaks"
            )),
            None => Ok(text),
        }
    })
}

/// Returns a text.
///
/// # Errors
/// If it is none; in words.
pub(in crate::scenario) fn text(node: &Node) -> Result<String, String> {
    match &node.value {
        Value::Text(text) => Ok(text.clone()),
        other => Err(format!("expected a text, found {}", other.kind())),
    }
}

/// Returns a list of texts.
///
/// # Errors
/// If it is none; in words.
pub(in crate::scenario) fn texts(node: &Node) -> Result<Vec<String>, String> {
    match &node.value {
        Value::List(items) => items.iter().map(text).collect(),
        other => Err(format!("expected a list of texts, found {}", other.kind())),
    }
}

/// A word for a variant of `E`.
#[derive(Debug)]
pub(in crate::scenario) struct OneOf<E>(PhantomData<E>);

/// Returns the kind of a word for a variant of `E`.
pub(in crate::scenario) fn one_of<E: Words>() -> OneOf<E> {
    OneOf(PhantomData)
}

impl<E: Words> ValueKind for OneOf<E> {
    type Value = E;

    fn read(&self, key: &str, node: &Node) -> Result<E, String> {
        let known = E::words();
        let Value::Text(word) = &node.value else {
            return Err(format!("expected one of {}, found {}", known.join(", "), node.value.kind()));
        };
        E::named(word).ok_or_else(|| format!("unknown {key} {}; {}", quotation(word), nearest(word, &known)))
    }

    fn stand_in(&self) -> E {
        E::ALL[0]
    }

    fn name(&self) -> String {
        E::words().iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    }

    fn schema(&self) -> Json {
        json!({ "enum": E::words() })
    }
}

impl<E: Words> SpelledKind for OneOf<E> {
    fn spelled(&self, value: &E) -> String {
        value.word().to_owned()
    }
}
