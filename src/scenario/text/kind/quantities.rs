//! Quantities with a unit, shares and times of day.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Value as Json, json};

use super::Plain;
use crate::scenario::text::document::{Node, Value};
use crate::units::{Bandwidth, ByteSize, Share, SimDuration};

/// Any duration of at most 100 years.
pub(in crate::scenario) const DURATION: Plain<SimDuration> = Plain {
    name: "duration",
    schema: || pattern(DURATION_PATTERN),
    stand_in: SimDuration::from_secs(1),
    spelled: SimDuration::to_string,
    read: duration,
};

/// A duration above zero.
pub(in crate::scenario) const ABOVE_ZERO: Plain<SimDuration> = Plain {
    name: "duration above 0",
    read: |node| match duration(node)? {
        SimDuration::ZERO => Err(format!("{} is too short; it must be above 0s", node.value.quoted())),
        value => Ok(value),
    },
    ..DURATION
};

/// The shortest period of something that happens again and again: a shorter one would flood a run with events.
const SHORTEST_PERIOD: SimDuration = SimDuration::from_nanos(100_000_000);

/// The period of something that happens again and again.
pub(in crate::scenario) const PERIOD: Plain<SimDuration> = Plain {
    name: "duration from 100ms",
    read: |node| match duration(node)? {
        value if value < SHORTEST_PERIOD => {
            Err(format!("{} is too short; the shortest is {SHORTEST_PERIOD}", node.value.quoted()))
        }
        value => Ok(value),
    },
    ..DURATION
};

/// A share or probability from 0 to 1.
pub(in crate::scenario) const SHARE: Plain<f64> = Plain {
    name: "share",
    schema: || either(json!({ "type": "number", "minimum": 0, "maximum": 1 }), pattern(SHARE_PATTERN)),
    stand_in: 1.0,
    spelled: |share| format!("{}%", (share * 1e9).round() / 1e7),
    read: share,
};

/// A share above zero.
pub(in crate::scenario) const SOME_SHARE: Plain<f64> = Plain {
    name: "share above 0",
    schema: || either(json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }), pattern(SHARE_PATTERN)),
    read: |node| match share(node)? {
        0.0 => Err(format!("{} is out of range; this share must be above 0", node.value.quoted())),
        value => Ok(value),
    },
    ..SHARE
};

/// A number of bytes above zero, at most 1 TB.
pub(in crate::scenario) const SIZE: Plain<u64> = Plain {
    name: "size",
    schema: || pattern(SIZE_PATTERN),
    stand_in: 1,
    spelled: |bytes| ByteSize(*bytes).to_string(),
    read: |node| match quantity::<ByteSize>(node, "a size like \"1kB\"")?.0 {
        bytes @ 1..=1_000_000_000_000 => Ok(bytes),
        _ => Err(format!("{} is out of range; a size is from 1B to 1TB", node.value.quoted())),
    },
};

/// Bytes per second above zero.
pub(in crate::scenario) const BANDWIDTH: Plain<f64> = Plain {
    name: "bandwidth",
    schema: || pattern(BANDWIDTH_PATTERN),
    stand_in: 1.0,
    spelled: |rate| Bandwidth(*rate).to_string(),
    read: |node| match quantity::<Bandwidth>(node, "a bandwidth like \"20MB/s\"")?.0 {
        rate if (1.0..=1e15).contains(&rate) => Ok(rate),
        _ => Err(format!("{} is out of range; a bandwidth is from 1B/s to 1000TB/s", node.value.quoted())),
    },
};

/// A time of day from 00:00 to 23:59, as the time since midnight.
pub(in crate::scenario) const TIME_OF_DAY: Plain<SimDuration> = Plain {
    name: "time of day, UTC",
    schema: || pattern("^[0-2][0-9]:[0-5][0-9]$"),
    stand_in: SimDuration::ZERO,
    spelled: |time| {
        let minutes = time.as_nanos() / 60_000_000_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    },
    read: time_of_day,
};

/// The JSON Schema of a number or a duration.
pub(in crate::scenario) fn number_or_duration() -> Json {
    either(json!({ "type": "number" }), pattern(DURATION_PATTERN))
}

/// Numbers with a unit each, the largest first.
const DURATION_PATTERN: &str = r"^\s*([0-9]+(\.[0-9]+)?\s*(y|w|d|h|m|s|ms|us|ns)\s*)+$";
const SHARE_PATTERN: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$";
const SIZE_PATTERN: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*(B|[kMGT]B|[KMGT]iB)\s*$";
const BANDWIDTH_PATTERN: &str = r"^\s*[0-9]+(\.[0-9]+)?\s*((B|[kMGT]B|[KMGT]iB)/s|[kMG]?bit/s)\s*$";

fn pattern(pattern: &str) -> Json {
    json!({ "type": "string", "pattern": pattern })
}

fn either(one: Json, other: Json) -> Json {
    json!({ "anyOf": [one, other] })
}

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

/// The longest duration that a scenario may name: 100 years.
const LONGEST: SimDuration = SimDuration::from_secs(100 * 365 * 86_400);

fn duration(node: &Node) -> Result<SimDuration, String> {
    let value: SimDuration = quantity(node, "a duration like \"30s\"")?;
    if value > LONGEST { Err(format!("{} is too long; the longest is 100y", node.value.quoted())) } else { Ok(value) }
}

fn share(node: &Node) -> Result<f64, String> {
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

fn time_of_day(node: &Node) -> Result<SimDuration, String> {
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
