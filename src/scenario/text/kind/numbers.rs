//! Plain numbers and counts.

use std::fmt::Display;

use serde_json::{Value as Json, json};

use super::{SpelledKind, ValueKind};
use crate::scenario::text::document::{Node, Value};

/// A plain number.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) enum PlainNumber {
    /// Of whatever size.
    Any,
    /// From one to another.
    Within(f64, f64),
    /// Above 0, and up to this.
    AboveZero(f64),
}

impl ValueKind for PlainNumber {
    type Value = f64;

    fn read(&self, _: &str, node: &Node) -> Result<f64, String> {
        let value = match &node.value {
            Value::Integer(number) => *number as f64,
            Value::Float(number) if number.is_finite() => *number,
            Value::Float(number) => return Err(format!("{number} is not a finite number")),
            other => return Err(format!("expected a number, found {}", other.kind())),
        };
        let outside = |allowed: String| Err(format!("{} is out of range; it must be {allowed}", node.value.quoted()));
        match self {
            PlainNumber::Within(low, high) if !(*low..=*high).contains(&value) => {
                outside(format!("from {low} to {high}"))
            }
            PlainNumber::AboveZero(high) if value <= 0.0 || value > *high => {
                outside(format!("above 0 and at most {high}"))
            }
            PlainNumber::Any | PlainNumber::Within(..) | PlainNumber::AboveZero(_) => Ok(value),
        }
    }

    fn stand_in(&self) -> f64 {
        1.0
    }

    fn name(&self) -> String {
        match self {
            PlainNumber::Any => "number".to_owned(),
            PlainNumber::Within(low, high) => format!("number from {low} to {high}"),
            PlainNumber::AboveZero(high) => format!("number above 0, at most {high}"),
        }
    }

    fn schema(&self) -> Json {
        match self {
            PlainNumber::Any => json!({ "type": "number" }),
            PlainNumber::Within(low, high) => json!({ "type": "number", "minimum": low, "maximum": high }),
            PlainNumber::AboveZero(high) => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": high }),
        }
    }
}

impl SpelledKind for PlainNumber {
    fn spelled(&self, value: &f64) -> String {
        value.to_string()
    }
}

/// A whole number from one to another.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct Count<T>(pub(in crate::scenario) T, pub(in crate::scenario) T);

impl<T: Copy + Into<u64> + TryFrom<i128> + Display> ValueKind for Count<T> {
    type Value = T;

    fn read(&self, _: &str, node: &Node) -> Result<T, String> {
        let Count(low, high) = *self;
        let allowed = || format!("it must be from {low} to {high}");
        match &node.value {
            Value::Integer(number) => match T::try_from(*number) {
                Ok(value) if (low.into()..=high.into()).contains(&value.into()) => Ok(value),
                _ => Err(format!("{number} is out of range; {}", allowed())),
            },
            Value::Float(number) => Err(format!("{number:?} is not a whole number; {}", allowed())),
            other => Err(format!("expected a whole number, found {}", other.kind())),
        }
    }

    fn stand_in(&self) -> T {
        self.0
    }

    fn name(&self) -> String {
        let Count(low, high) = *self;
        if high.into() == u64::MAX { "whole number".to_owned() } else { format!("count from {low} to {high}") }
    }

    fn schema(&self) -> Json {
        json!({ "type": "integer", "minimum": self.0.into(), "maximum": self.1.into() })
    }
}

impl<T: Copy + Into<u64> + TryFrom<i128> + Display> SpelledKind for Count<T> {
    fn spelled(&self, value: &T) -> String {
        value.to_string()
    }
}
