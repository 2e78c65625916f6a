//! Variations of a sweep or a search: values of a key, or a range of them.

use std::str::FromStr;

use thiserror::Error;

use crate::maths;
use crate::scenario::{key_parts, key_value};
use crate::units::SimDuration;

/// A key of the scenario and the values that it takes in turn, as in `dns.answer_ttl=10s,30s,60s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variation {
    /// Dotted path of the scenario.
    pub key: String,
    /// Values, as they are written.
    pub values: Vec<String>,
}

/// A key of the scenario and the two ends of what it may be, as in `dns.answer_ttl=5s..1h`.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Dotted path of the scenario.
    pub key: String,
    low: Amount,
    high: Amount,
}

/// Why a variation or a range was not understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VaryError {
    /// It has no key, or no value.
    #[error("{0:?}: expected KEY=VALUE,VALUE,... as in dns.answer_ttl=10s,30s,60s")]
    NoVariation(String),
    /// It is no range.
    #[error("{0:?}: expected KEY=LOW..HIGH, as in dns.answer_ttl=5s..1h, of durations, numbers or percents")]
    NoRange(String),
    /// Values are wanted, and it is a range.
    #[error("{0:?} is a range; --points N says at how many values of it to run, or list them: KEY=VALUE,VALUE,...")]
    RangeWithoutPoints(String),
    /// The ends of a range are in the wrong order, or equal.
    #[error("{key}: the low end of the range {low}..{high} is not below the high one; it is written {key}=LOW..HIGH")]
    LowNotBelowHigh {
        /// The key.
        key: String,
        /// The end that is given as the low one.
        low: String,
        /// The end that is given as the high one.
        high: String,
    },
    /// A value is there twice.
    #[error("{key}: {value} is given twice")]
    Twice {
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// A value is there twice, written in two ways.
    #[error("{key}: {first} and {second} are the same value")]
    Same {
        /// The key.
        key: String,
        /// The value.
        first: String,
        /// The value again.
        second: String,
    },
    /// The points would not be the same runs of the same designs.
    #[error("{0} cannot be varied: all points have the same name, seed, runs, regions and designs ({KEPT})")]
    Kept(String),
}

/// Hint on how the settings that all points share are set.
const KEPT: &str = "--seed, --runs and --design set theirs for all";

/// The settings that all points share, and the tables around it.
const SHARED: [&str; 6] = ["name", "study", "study.runs", "study.seed", "regions", "designs"];

/// The key of a variation, if it can be varied.
fn varied(key: &str) -> Result<String, VaryError> {
    // A key that cannot be read is refused where it is set.
    let parts = key_parts(key).unwrap_or_default();
    if SHARED.contains(&parts.join(".").as_str()) { Err(VaryError::Kept(key.to_owned())) } else { Ok(key.to_owned()) }
}

/// Tells whether two texts are the same value, such as `60s` and `1m`.
fn is_same(one: &str, other: &str) -> bool {
    // Percents are shares.
    let number = |quantity| match quantity {
        Amount::Duration(_) => None,
        Amount::Percent(percent) => Some(percent / 100.0),
        Amount::Whole(number) | Amount::Number(number) => Some(number),
    };
    match (Amount::parse(one), Amount::parse(other)) {
        (Some(Amount::Duration(one)), Some(Amount::Duration(other))) => one == other,
        (Some(one), Some(other)) => number(one).is_some() && number(one) == number(other),
        _ => false,
    }
}

impl FromStr for Variation {
    type Err = VaryError;

    fn from_str(text: &str) -> Result<Self, VaryError> {
        let refused = || VaryError::NoVariation(text.to_owned());
        let (key, values) = key_value(text).ok_or_else(refused)?;
        let key = key.to_owned();
        let values = split(values);
        if key.is_empty() || values.iter().any(String::is_empty) {
            return Err(refused());
        }
        let is_range = |value: &String| ends(value).is_some();
        if values.iter().any(is_range) {
            return Err(VaryError::RangeWithoutPoints(text.to_owned()));
        }
        let key = varied(&key)?;
        for (place, second) in values.iter().enumerate() {
            let is_known = |first: &&String| *first == second || is_same(first, second);
            match values[..place].iter().find(is_known) {
                Some(first) if first == second => return Err(VaryError::Twice { value: second.clone(), key }),
                Some(first) => {
                    return Err(VaryError::Same { first: first.clone(), second: second.clone(), key });
                }
                None => {}
            }
        }
        Ok(Variation { key, values })
    }
}

/// Splits at the commas outside of braces, brackets and quotes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 0_u32, false);
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(character);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// All combinations of the values, the last key changing fastest.
pub fn grid(variations: &[Variation]) -> Vec<Vec<String>> {
    variations.iter().fold(vec![Vec::new()], |points, variation| {
        let with = |point: &Vec<String>, value: &String| point.iter().chain([value]).cloned().collect();
        points.iter().flat_map(|point| variation.values.iter().map(move |value| with(point, value))).collect()
    })
}

/// `count` combinations that fill the ranges evenly: points of Halton's sequence, whose coordinates are the digits of the
/// point's number, mirrored, in the bases 2, 3, 5, … (Halton 1960). The first points of a longer list are those of a
/// shorter one.
///
/// # Panics
/// With more than eight ranges.
pub fn spread(ranges: &[Range], count: u64) -> Vec<Vec<String>> {
    const BASES: [u64; 8] = [2, 3, 5, 7, 11, 13, 17, 19];
    assert!(ranges.len() <= BASES.len(), "at most {} ranges", BASES.len());
    let point = |number| ranges.iter().zip(BASES).map(|(range, base)| range.at(mirrored(number, base))).collect();
    (1..=count).map(point).collect()
}

/// The digits of `number` in `base`, mirrored at the point: in (0, 1) for positive numbers.
fn mirrored(mut number: u64, base: u64) -> f64 {
    let (mut result, mut weight) = (0.0, 1.0);
    while number > 0 {
        weight /= base as f64;
        result += weight * (number % base) as f64;
        number /= base;
    }
    result
}

/// The number behind a duration (in seconds), a percentage or a number as it is written; `None` of anything else.
pub fn quantity(text: &str) -> Option<f64> {
    Amount::parse(text).map(Amount::value)
}

/// A value that can be halved: it says how it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Amount {
    Duration(f64),
    Percent(f64),
    Whole(f64),
    Number(f64),
}

impl Amount {
    /// Reads a duration, a percentage or a number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches('"');
        if let Ok(duration) = text.parse::<SimDuration>() {
            return Some(Amount::Duration(duration.as_nanos() as f64));
        }
        if let Some(percent) = text.strip_suffix('%') {
            return percent.trim().parse().ok().filter(|value: &f64| value.is_finite()).map(Amount::Percent);
        }
        if let Ok(whole) = text.parse::<u32>() {
            return Some(Amount::Whole(f64::from(whole)));
        }
        text.parse().ok().filter(|value: &f64| value.is_finite()).map(Amount::Number)
    }

    /// The value: of a duration in seconds.
    pub(crate) fn value(self) -> f64 {
        match self {
            Amount::Duration(nanos) => nanos / 1e9,
            Amount::Percent(value) | Amount::Whole(value) | Amount::Number(value) => value,
        }
    }

    fn raw(self) -> f64 {
        match self {
            Amount::Duration(value) | Amount::Percent(value) | Amount::Whole(value) | Amount::Number(value) => value,
        }
    }

    /// Another value of the same kind.
    fn with(self, raw: f64) -> Self {
        match self {
            Amount::Duration(_) => {
                // Whole seconds from 10 s on, and three or four digits below: finer values make no other decision.
                let unit = match raw {
                    raw if raw >= 1e10 => 1e9,
                    raw if raw >= 1e9 => 1e7,
                    raw if raw >= 1e6 => 1e5,
                    _ => 1e3,
                };
                Amount::Duration((raw / unit).round() * unit)
            }
            Amount::Percent(_) => Amount::Percent((raw * 1e6).round() / 1e6),
            Amount::Whole(_) => Amount::Whole(raw.round()),
            Amount::Number(_) => Amount::Number((raw * 1e9).round() / 1e9),
        }
    }

    /// As it is written in a scenario.
    pub(crate) fn text(self) -> String {
        match self {
            Amount::Duration(nanos) => SimDuration::from_nanos(nanos as u64).to_string(),
            Amount::Percent(value) => format!("{value}%"),
            Amount::Whole(value) | Amount::Number(value) => value.to_string(),
        }
    }
}

/// Reads `LOW..HIGH`, of two quantities of one kind.
fn ends(text: &str) -> Option<(Amount, Amount)> {
    let (low, high) = text.split_once("..")?;
    let (low, high) = match (Amount::parse(low)?, Amount::parse(high)?) {
        (Amount::Whole(low), high @ Amount::Number(_)) => (Amount::Number(low), high),
        (low @ Amount::Number(_), Amount::Whole(high)) => (low, Amount::Number(high)),
        ends => ends,
    };
    (std::mem::discriminant(&low) == std::mem::discriminant(&high)).then_some((low, high))
}

impl FromStr for Range {
    type Err = VaryError;

    fn from_str(text: &str) -> Result<Self, VaryError> {
        let refused = || VaryError::NoRange(text.to_owned());
        let (key, written) = key_value(text).ok_or_else(refused)?;
        let key = key.to_owned();
        let (low, high) = ends(written).filter(|_| !key.is_empty()).ok_or_else(refused)?;
        let key = varied(&key)?;
        if low.raw() >= high.raw() {
            return Err(VaryError::LowNotBelowHigh { key, low: low.text(), high: high.text() });
        }
        Ok(Range { key, low, high })
    }
}

impl Range {
    /// The value at a share of the way from the low end to the high one: by ratio where the ends are ten times apart or
    /// more, otherwise by difference.
    pub fn at(&self, share: f64) -> String {
        self.low.with(self.raw_at(share)).text()
    }

    fn raw_at(&self, share: f64) -> f64 {
        let (low, high) = (self.low.raw(), self.high.raw());
        if low > 0.0 && high >= 10.0 * low {
            low * maths::exp(share * maths::ln(high / low))
        } else {
            low + share * (high - low)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_split_outside_of_tables_and_quotes() {
        let variation: Variation = r#"a.b=10s, { dist = "uniform", low = "1s", high = "2s" },"x,y""#.parse().unwrap();
        assert_eq!(variation.key, "a.b");
        assert_eq!(variation.values, ["10s", r#"{ dist = "uniform", low = "1s", high = "2s" }"#, r#""x,y""#]);
    }

    #[test]
    fn what_varies_nothing_is_refused() {
        for text in ["dns.answer_ttl", "=1,2", "a=", "a=1,,2"] {
            assert!(matches!(text.parse::<Variation>(), Err(VaryError::NoVariation(_))), "{text}");
        }
        assert_eq!("a=1,2,1".parse::<Variation>().unwrap_err().to_string(), "a: 1 is given twice");
        for (text, message) in
            [("a=60s,10s,1m", "a: 60s and 1m are the same value"), ("a=5%,0.05", "a: 5% and 0.05 are the same value")]
        {
            assert_eq!(text.parse::<Variation>().unwrap_err().to_string(), message);
        }
        assert!("a=5,5s,5%".parse::<Variation>().is_ok());
        for text in ["a=1", "a=1s..5", "=1..2", "a=x..y"] {
            assert!(matches!(text.parse::<Range>(), Err(VaryError::NoRange(_))), "{text}");
        }
        for text in ["a=1h..5s", "a=1..1", "a=1.5..1"] {
            assert!(matches!(text.parse::<Range>(), Err(VaryError::LowNotBelowHigh { .. })), "{text}");
        }
        for text in ["a=5s..1h", "a=1,2..3", "a=1h..5s"] {
            assert!(matches!(text.parse::<Variation>(), Err(VaryError::RangeWithoutPoints(_))), "{text}");
        }
    }

    #[test]
    fn what_all_points_share_cannot_be_varied() {
        for key in ["study.runs", "study.seed", "name", "study . \"runs\"", "study", "designs"] {
            let refused = |error: VaryError| {
                let message = error.to_string();
                assert!(message.starts_with(&format!("{key} cannot be varied: all points have the same")), "{message}");
            };
            refused(format!("{key}=3,5").parse::<Variation>().unwrap_err());
            refused(format!("{key}=3..5").parse::<Range>().unwrap_err());
        }
        assert!("study.slo=90%,99%".parse::<Variation>().is_ok() && "study.slo=90%..99%".parse::<Range>().is_ok());
    }

    #[test]
    fn a_grid_has_every_combination() {
        let variations = ["a=1,2".parse().unwrap(), "b=x,y,z".parse().unwrap()];
        let points = grid(&variations);
        assert_eq!((points.len(), points[0].as_slice()), (6, ["1".to_owned(), "x".to_owned()].as_slice()));
        assert_eq!(points[5], ["2", "z"]);
    }

    #[test]
    fn a_range_keeps_the_kind_of_its_ends() {
        let at = |text: &str, share| text.parse::<Range>().unwrap().at(share);
        assert_eq!((at("a=5s..1h", 0.0), at("a=5s..1h", 1.0)), ("5s".into(), "1h".into()));
        // By ratio: the square root of 5 s times 3600 s.
        assert_eq!(at("a=5s..1h", 0.5), "2m 14s");
        assert_eq!(
            (at("a=1..5", 0.4), at("a=10%..20%", 0.5), at("a=0.5..1", 0.5)),
            ("3".into(), "15%".into(), "0.75".into())
        );
    }

    #[test]
    fn spread_points_fill_every_part_of_the_ranges() {
        let ranges = ["a=0.0..1.0".parse().unwrap(), "b=0.0..1.0".parse().unwrap()];
        let points = spread(&ranges, 60);
        let mut cells = [[0; 3]; 2];
        for point in &points {
            let number = |place: usize| point[place].parse::<f64>().unwrap();
            cells[(number(0) * 2.0) as usize][(number(1) * 3.0) as usize] += 1;
        }
        assert!(cells.iter().flatten().all(|count| (9..=11).contains(count)), "{cells:?}");
        assert_eq!(points[..10], spread(&ranges, 10));
    }
}
