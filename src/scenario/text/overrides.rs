//! Overrides: `KEY=VALUE` changes that are laid over a file before it is checked.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::document::{MOST_DOTS, Node, Origin, TableEntry, Value, from_override, too_deep};
use super::key::{key_parts, key_value};
use super::problem::{Problem, SourceText};
use super::suggest::nearest;

/// One change to a scenario: a dotted path of the file and the value that it gets.
///
/// Items of a list are named by their place (`incidents.0.at`) or their `name` (`incidents.power loss.at`). A name that holds
/// a dot stands in quotes, as TOML writes it (`regions."us.west".app.instances`). A value that is not TOML is taken as a text, so `dns.answer_ttl=10s` needs no quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    key: String,
    value: String,
    /// Option of the command line that it comes from, for messages about it.
    option: &'static str,
}

/// A change that is not written as `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("invalid override {text:?}: expected KEY=VALUE, as in dns.answer_ttl=10s")]
pub struct OverrideError {
    /// The text.
    pub text: String,
}

impl Override {
    /// The dotted path.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The same, as one value of what `--vary` varies: messages about it name that option, and not `--set`.
    #[must_use]
    pub fn varied(self) -> Self {
        Override { option: "--vary", ..self }
    }

    /// Option of the command line that it comes from.
    pub(in crate::scenario) fn option(&self) -> &'static str {
        self.option
    }
}

impl FromStr for Override {
    type Err = OverrideError;

    fn from_str(text: &str) -> Result<Self, OverrideError> {
        match key_value(text) {
            Some((key, value)) if !key.is_empty() => {
                Ok(Override { key: key.to_owned(), value: value.to_owned(), option: "--set" })
            }
            _ => Err(OverrideError { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Override {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={}", self.key, self.value)
    }
}

/// Tables whose keys are names that the file chooses: a new name there is a slip.
const NAMED: [&str; 3] = ["regions", "geographies", "designs"];

/// Lays the overrides of `source` over `root`, in order.
pub(in crate::scenario) fn apply(root: &mut Value, source: &SourceText<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, change) in source.overrides.iter().enumerate() {
        if too_deep(&change.to_string()).is_some() {
            let message = format!("nests too deep; it may have at most {MOST_DOTS} dots");
            problems.push(source.place(&Origin::Override(index), &change.key).problem(message));
            continue;
        }
        let value = from_override(&change.value, index);
        let done = key_parts(&change.key).and_then(|path| {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            set(root, &path, 0, value, index)
        });
        if let Err(message) = done {
            problems.push(source.place(&Origin::Override(index), &change.key).problem(message));
        }
    }
    problems
}

/// Puts `node` at `path[depth..]` below `value`.
fn set(value: &mut Value, path: &[&str], depth: usize, node: Node, index: usize) -> Result<(), String> {
    let part = path[depth];
    let last = depth + 1 == path.len();
    let so_far = path[..depth].join(".");
    let slot = match value {
        Value::List(items) => item(items, part, &so_far)?,
        Value::Table(entries) => {
            let at = match entries.iter().position(|entry| entry.key == part) {
                Some(at) => at,
                None if !last && depth == 1 && NAMED.contains(&path[0]) => {
                    let known: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
                    return Err(format!("{so_far} has no {part:?}; {}", nearest(part, &known)));
                }
                None => {
                    let origin = Origin::Override(index);
                    let empty = Node { value: Value::Table(Vec::new()), origin: origin.clone() };
                    entries.push(TableEntry { key: part.to_owned(), key_origin: origin, node: empty });
                    entries.len() - 1
                }
            };
            &mut entries[at].node
        }
        other => return Err(format!("{so_far} is {}, which has no key {part:?}", other.kind())),
    };
    if last {
        *slot = node;
        return Ok(());
    }
    set(&mut slot.value, path, depth + 1, node, index)
}

/// The item of a list with the place or the name `part`.
fn item<'a>(items: &'a mut [Node], part: &str, list: &str) -> Result<&'a mut Node, String> {
    let name_of = |node: &Node| match &node.value {
        Value::Table(entries) => {
            entries.iter().find(|entry| entry.key == "name").and_then(|entry| match &entry.node.value {
                Value::Text(name) => Some(name.clone()),
                _ => None,
            })
        }
        _ => None,
    };
    let names: Vec<Option<String>> = items.iter().map(name_of).collect();
    let by_name = names.iter().position(|name| name.as_deref() == Some(part));
    let at = by_name.or_else(|| part.parse().ok().filter(|at| *at < items.len()));
    match at {
        Some(at) => Ok(&mut items[at]),
        None => {
            let mut known: Vec<String> = (0..items.len()).map(|at| at.to_string()).collect();
            known.extend(names.into_iter().flatten());
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(format!("{list} has no {part:?}; {}", nearest(part, &known)))
        }
    }
}
