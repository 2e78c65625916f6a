//! A scenario file as a tree of values, each with the place it came from: the file, or an override.
//!
//! The meaning of the tree is not known here.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::printable::quotation;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::scenario) enum Origin {
    /// At these bytes of the file.
    File(Range<usize>),
    /// In the override at this place of the list.
    Override(usize),
}

/// A value and its origin.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct Node {
    /// The value.
    pub(in crate::scenario) value: Value,
    /// Where it was written; for a table with a header, the header.
    pub(in crate::scenario) origin: Origin,
}

/// A value of TOML.
#[derive(Clone, Debug)]
pub(in crate::scenario) enum Value {
    Text(String),
    Integer(i128),
    Float(f64),
    Bool(bool),
    Date(String),
    List(Vec<Node>),
    Table(Vec<TableEntry>),
}

/// One key of a table.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct TableEntry {
    /// The key.
    pub(in crate::scenario) key: String,
    /// Where it was written.
    pub(in crate::scenario) key_origin: Origin,
    /// The value, and where it stands.
    pub(in crate::scenario) node: Node,
}

impl Value {
    /// Returns the kind of value it is, with its article.
    pub(in crate::scenario) fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Bool(_) => "a boolean",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value as it is quoted in a message.
    pub(in crate::scenario) fn quoted(&self) -> String {
        match self {
            Value::Text(text) => quotation(text),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Bool(value) => value.to_string(),
            Value::Date(text) => text.clone(),
            Value::List(_) | Value::Table(_) => self.kind().to_owned(),
        }
    }
}

/// The most dots of one line: a dotted key is a table per dot, and the parser would go as deep as they are many.
pub(in crate::scenario) const MOST_DOTS: usize = 100;

/// The bytes of the first line of `text`, comments aside, with so many dots that its keys might nest too deep.
pub(in crate::scenario) fn too_deep(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') && line.matches('.').count() > MOST_DOTS {
            return Some(start..start + 1);
        }
        start += line.len();
    }
    None
}

/// The tree of a parsed file, tables in the order of the file.
pub(in crate::scenario) fn from_file(table: &DeTable<'_>) -> Value {
    from_table(table, &|span| Origin::File(span))
}

/// The value of the override at place `index`: TOML if it is TOML, else the text itself.
pub(in crate::scenario) fn from_override(text: &str, index: usize) -> Node {
    let value = match DeValue::parse(text.trim()) {
        Ok(value) => from_value(value.get_ref(), &|_| Origin::Override(index)),
        Err(_) => Value::Text(text.trim().to_owned()),
    };
    Node { value, origin: Origin::Override(index) }
}

fn from_table(table: &DeTable<'_>, origin: &dyn Fn(Range<usize>) -> Origin) -> Value {
    // The parser sorts keys by name; the order of the file is that of their spans.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (&toml::Spanned<toml::de::DeString<'_>>, &toml::Spanned<DeValue<'_>>)| TableEntry {
        key: key.get_ref().to_string(),
        key_origin: origin(key.span()),
        node: Node { value: from_value(value.get_ref(), origin), origin: origin(value.span()) },
    };
    Value::Table(entries.into_iter().map(entry).collect())
}

fn from_value(value: &DeValue<'_>, origin: &dyn Fn(Range<usize>) -> Origin) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Float(f64::INFINITY),
        },
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => {
            let node = |item: &toml::Spanned<DeValue<'_>>| Node {
                value: from_value(item.get_ref(), origin),
                origin: origin(item.span()),
            };
            Value::List(items.iter().map(node).collect())
        }
        DeValue::Table(table) => from_table(table, origin),
    }
}
