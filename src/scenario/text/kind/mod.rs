//! Kinds of values: each reads one value of a document, says what is wrong with it, and describes what it may be.

mod narrower;
mod numbers;
mod quantities;
mod texts;

use serde_json::Value as Json;

pub(in crate::scenario) use narrower::{Unless, narrowed, special};
pub(in crate::scenario) use numbers::{Count, PlainNumber};
pub(in crate::scenario) use quantities::{
    ABOVE_ZERO, BANDWIDTH, DURATION, PERIOD, SHARE, SIZE, SOME_SHARE, TIME_OF_DAY, number_or_duration,
};
pub(in crate::scenario) use texts::{OneOf, TRUTH, any_text, one_of, printable_text, text, text_called, texts};

use super::document::Node;
use super::reader::TableReader;

/// A kind of value that a key may take.
pub(in crate::scenario) trait ValueKind {
    /// The type that it is read as.
    type Value;

    /// Reads the value of `key`.
    ///
    /// # Errors
    /// If it is none of this kind; in words.
    fn read(&self, key: &str, node: &Node) -> Result<Self::Value, String>;

    /// Returns what stands for a refused value that has no default. The whole file is refused, so nobody sees it.
    fn stand_in(&self) -> Self::Value;

    /// Returns what documents call it.
    fn name(&self) -> String;

    /// Returns its JSON Schema.
    fn schema(&self) -> Json;

    /// The table of the format that a value may be, if it may be one.
    const TABLE: Option<&'static str> = None;

    /// Reads a value that is a table, as [`ValueKind::TABLE`] allows.
    fn read_table(&self, _table: &mut TableReader<'_>) -> Self::Value {
        self.stand_in()
    }

    /// Checks a value that has been read.
    ///
    /// # Errors
    /// If it is refused as a whole; in words.
    fn check(&self, _value: &Self::Value) -> Result<(), String> {
        Ok(())
    }
}

/// A kind whose values can be spelled as defaults.
pub(in crate::scenario) trait SpelledKind: ValueKind {
    /// Returns how a file spells `value`.
    fn spelled(&self, value: &Self::Value) -> String;
}

/// A kind that takes no parameters.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Plain<T> {
    name: &'static str,
    schema: fn() -> Json,
    stand_in: T,
    spelled: fn(&T) -> String,
    read: fn(&Node) -> Result<T, String>,
}

impl<T: Copy> ValueKind for Plain<T> {
    type Value = T;

    fn read(&self, _: &str, node: &Node) -> Result<T, String> {
        (self.read)(node)
    }

    fn stand_in(&self) -> T {
        self.stand_in
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn schema(&self) -> Json {
        (self.schema)()
    }
}

impl<T: Copy> SpelledKind for Plain<T> {
    fn spelled(&self, value: &T) -> String {
        (self.spelled)(value)
    }
}
