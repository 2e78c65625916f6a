//! Converts single values of a document, and says what is wrong with them.

use std::fmt::Display;
use std::str::FromStr;

use super::document::{Node, Value};
use super::printable::is_unprintable;
use crate::units::{Bandwidth, ByteSize, Share, SimDuration};

/// The longest duration that a scenario may name: 100 years.
pub(super) const LONGEST: SimDuration = SimDuration::from_secs(100 * 365 * 86_400);

/// Reads a quantity that is written as text with a unit.
fn quantity<T: FromStr>(node: &Node, what: &str) -> Result<T, String>
where
    T::Err: Display,
{
    match &node.value {
        Value::Text(text) => text.parse().map_err(|error: T::Err| error.to_string()),
        Value::Integer(_) | Value::Float(_) => Err(format!("{} has no unit; expected {what}", node.value.quoted())),
        other => Err(format!("expected {what}, found {}", other.kind())),
    }
}

/// A duration of at most 100 years.
pub(super) fn duration(node: &Node) -> Result<SimDuration, String> {
    let value: SimDuration = quantity(node, "a duration like \"30s\"")?;
    if value > LONGEST { Err(format!("{} is too long; the longest is 100y", node.value.quoted())) } else { Ok(value) }
}

/// The shortest period of something that happens again and again: shorter ones flood a run with events.
pub(super) const SHORTEST_PERIOD: SimDuration = SimDuration::from_nanos(100_000_000);

/// A duration of at least `least`.
pub(super) fn duration_from(least: SimDuration) -> impl Fn(&Node) -> Result<SimDuration, String> {
    move |node| match duration(node)? {
        value if value < least => Err(format!("{} is too short; the shortest is {least}", node.value.quoted())),
        value => Ok(value),
    }
}

/// A duration above zero.
pub(super) fn positive_duration(node: &Node) -> Result<SimDuration, String> {
    match duration(node)? {
        SimDuration::ZERO => Err(format!("{} is too short; it must be above 0s", node.value.quoted())),
        value => Ok(value),
    }
}

/// A share or probability from 0 to 1.
pub(super) fn share(node: &Node) -> Result<f64, String> {
    let value = match &node.value {
        Value::Integer(number) => *number as f64,
        Value::Float(number) => *number,
        _ => quantity::<Share>(node, "a share like \"5%\" or 0.05")?.0,
    };
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(format!("{} is out of range; a share is from 0 to 1, or from \"0%\" to \"100%\"", node.value.quoted()))
    }
}

/// A share above 0.
pub(super) fn positive_share(node: &Node) -> Result<f64, String> {
    match share(node)? {
        0.0 => Err(format!("{} is out of range; this share must be above 0", node.value.quoted())),
        value => Ok(value),
    }
}

/// A number of bytes above zero, at most 1 TB.
pub(super) fn size(node: &Node) -> Result<u64, String> {
    match quantity::<ByteSize>(node, "a size like \"1kB\"")?.0 {
        bytes @ 1..=1_000_000_000_000 => Ok(bytes),
        _ => Err(format!("{} is out of range; a size is from 1B to 1TB", node.value.quoted())),
    }
}

/// Bytes per second above zero.
pub(super) fn bandwidth(node: &Node) -> Result<f64, String> {
    let rate = quantity::<Bandwidth>(node, "a bandwidth like \"20MB/s\"")?.0;
    if (1.0..=1e15).contains(&rate) {
        Ok(rate)
    } else {
        Err(format!("{} is out of range; a bandwidth is from 1B/s to 1000TB/s", node.value.quoted()))
    }
}

/// A plain number, of whatever size.
pub(super) fn number(node: &Node) -> Result<f64, String> {
    match &node.value {
        Value::Integer(number) => Ok(*number as f64),
        Value::Float(number) if number.is_finite() => Ok(*number),
        Value::Float(number) => Err(format!("{number} is not a finite number")),
        other => Err(format!("expected a number, found {}", other.kind())),
    }
}

/// A plain number from `low` to `high`.
pub(super) fn number_within(low: f64, high: f64) -> impl Fn(&Node) -> Result<f64, String> {
    move |node| match number(node)? {
        value if (low..=high).contains(&value) => Ok(value),
        _ => Err(format!("{} is out of range; it must be from {low} to {high}", node.value.quoted())),
    }
}

/// A plain number above 0 and up to `high`.
pub(super) fn rate_up_to(high: f64) -> impl Fn(&Node) -> Result<f64, String> {
    move |node| match number(node)? {
        value if value > 0.0 && value <= high => Ok(value),
        _ => Err(format!("{} is out of range; it must be above 0 and at most {high}", node.value.quoted())),
    }
}

/// A whole number from `low` to `high`.
pub(super) fn whole(low: u64, high: u64) -> impl Fn(&Node) -> Result<u64, String> {
    move |node| match &node.value {
        Value::Integer(number) => match u64::try_from(*number) {
            Ok(value) if (low..=high).contains(&value) => Ok(value),
            _ => Err(format!("{number} is out of range; it must be from {low} to {high}")),
        },
        Value::Float(number) => Err(format!("{number:?} is not a whole number; it must be from {low} to {high}")),
        other => Err(format!("expected a whole number, found {}", other.kind())),
    }
}

/// A count from `low` to `high`.
pub(super) fn count(low: u32, high: u32) -> impl Fn(&Node) -> Result<u32, String> {
    move |node| {
        let value = whole(u64::from(low), u64::from(high))(node)?;
        u32::try_from(value).map_err(|_| format!("{value} is out of range; it must be from {low} to {high}"))
    }
}

/// A text.
pub(super) fn text(node: &Node) -> Result<String, String> {
    match &node.value {
        Value::Text(text) => Ok(text.clone()),
        other => Err(format!("expected a text, found {}", other.kind())),
    }
}

/// A text that can be shown anywhere: lines of printable characters.
pub(super) fn printable_text(node: &Node) -> Result<String, String> {
    let text = text(node)?;
    match text.chars().find(|c| is_unprintable(*c) && !matches!(c, '\n' | '\t')) {
        Some(found) => Err(format!(
            "has the character {found:?}, which cannot be printed; a text is of printable characters, tabs and line breaks"
        )),
        None => Ok(text),
    }
}

/// A list of texts.
pub(super) fn texts(node: &Node) -> Result<Vec<String>, String> {
    match &node.value {
        Value::List(items) => items.iter().map(text).collect(),
        other => Err(format!("expected a list of texts, found {}", other.kind())),
    }
}

/// True or false.
pub(super) fn truth(node: &Node) -> Result<bool, String> {
    match &node.value {
        Value::Bool(value) => Ok(*value),
        other => Err(format!("expected true or false, found {}", other.kind())),
    }
}

/// What `convert` reads, or `None` for the text `word`.
pub(super) fn unless<T>(
    word: &'static str,
    convert: impl Fn(&Node) -> Result<T, String>,
) -> impl Fn(&Node) -> Result<Option<T>, String> {
    move |node| match &node.value {
        Value::Text(text) if text == word => Ok(None),
        _ => convert(node).map(Some).map_err(|message| format!("{message}; or {word:?}")),
    }
}

/// A time of day from 00:00 to 23:59, as the time since midnight.
pub(super) fn time_of_day(node: &Node) -> Result<SimDuration, String> {
    let expected = "a time of day from \"00:00\" to \"23:59\"";
    let written = match &node.value {
        Value::Text(text) => text.as_str(),
        // TOML has times of day of its own, with seconds.
        Value::Date(text) => text.strip_suffix(":00").filter(|head| head.contains(':')).unwrap_or(text),
        other => return Err(format!("expected {expected}, found {}", other.kind())),
    };
    let two_digits = |text: &str, below: u64| {
        let is_one = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u64>().ok().filter(|number| is_one && *number < below)
    };
    let parts = written.split_once(':').and_then(|(h, m)| two_digits(h, 24).zip(two_digits(m, 60)));
    match parts {
        Some((hours, minutes)) => Ok(SimDuration::from_secs(hours * 3_600 + minutes * 60)),
        None => Err(format!("{} is not {expected}", node.value.quoted())),
    }
}
