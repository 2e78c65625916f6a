//! Quantities beside a metric, in the metric's own unit: bounds of conditions, widths of targets.
//!
//! A duration fits what is measured in time, a percent a share, and a number anything: it is in the unit that the metric's name
//! ends with. So `latency_p50_ms < 300ms` and `latency_p50_ms < 300` are the same, and so are `< 2h` and `< 2` of hours.

use thiserror::Error;

use super::variation::Amount;
use crate::results::Unit;

/// A value that cannot stand beside a metric.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{value} does not fit {of}, which is {}; allowed: {}", measured(*unit), allowed(*unit))]
pub struct UnitError {
    /// The metric's name, or `the share of runs`.
    pub of: String,
    /// Its unit.
    pub unit: Unit,
    /// The value, as it was understood.
    pub value: String,
}

/// `quantity` in the unit of `of`.
///
/// # Errors
/// If it is of another kind, or a share that is none.
pub(in crate::study) fn in_unit(quantity: Amount, of: &str, unit: Unit) -> Result<f64, UnitError> {
    let fitting = match (quantity, nanos(unit)) {
        (Amount::Duration(duration), Some(nanos)) => Some(duration / nanos),
        (Amount::Duration(_), None) => None,
        (Amount::Percent(percent), _) => (unit == Unit::Share).then_some(percent / 100.0),
        (Amount::Whole(number) | Amount::Number(number), _) => Some(number),
    };
    fitting.filter(|value| unit != Unit::Share || (0.0..=1.0).contains(value)).ok_or_else(|| UnitError {
        of: of.to_owned(),
        unit,
        value: quantity.text(),
    })
}

/// Nanoseconds in a unit of time.
fn nanos(unit: Unit) -> Option<f64> {
    match unit {
        Unit::Milliseconds => Some(1e6),
        Unit::Seconds => Some(1e9),
        Unit::Hours => Some(3_600e9),
        Unit::Share | Unit::Count | Unit::PerRequest | Unit::Bytes | Unit::BytesPerSecond | Unit::Money => None,
    }
}

fn measured(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "in seconds",
        Unit::Milliseconds => "in milliseconds",
        Unit::Hours => "in hours",
        Unit::Share => "a share",
        Unit::Count => "a count",
        Unit::PerRequest => "a number per request",
        Unit::Bytes => "in bytes",
        Unit::BytesPerSecond => "in bytes per second",
        Unit::Money => "money",
    }
}

fn allowed(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "a duration such as 5s, or a number of seconds",
        Unit::Milliseconds => "a duration such as 300ms, or a number of milliseconds",
        Unit::Hours => "a duration such as 2h, or a number of hours",
        Unit::Share => "0% to 100%, or a number from 0 to 1",
        Unit::Count | Unit::PerRequest | Unit::Money => "a number",
        Unit::Bytes => "a number of bytes",
        Unit::BytesPerSecond => "a number of bytes per second",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, unit: Unit) -> Result<f64, String> {
        in_unit(Amount::parse(text).unwrap(), "it", unit).map_err(|error| error.to_string())
    }

    #[test]
    fn durations_and_percents_are_in_the_unit_of_the_metric() {
        for (text, unit, value) in [
            ("300ms", Unit::Milliseconds, 300.0),
            ("5s", Unit::Milliseconds, 5_000.0),
            ("300ms", Unit::Seconds, 0.3),
            ("5m", Unit::Seconds, 300.0),
            ("2h", Unit::Hours, 2.0),
            ("30m", Unit::Hours, 0.5),
            ("5%", Unit::Share, 0.05),
        ] {
            assert_eq!(read(text, unit), Ok(value), "{text} {unit:?}");
        }
    }

    #[test]
    fn a_number_stays_as_it_is() {
        let units = [Unit::Seconds, Unit::Milliseconds, Unit::Hours, Unit::Count, Unit::PerRequest, Unit::Bytes];
        for unit in units.into_iter().chain([Unit::Money]) {
            assert_eq!(read("12.5", unit), Ok(12.5), "{unit:?}");
        }
        assert_eq!((read("0.25", Unit::Share), read("1", Unit::Share)), (Ok(0.25), Ok(1.0)));
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_does() {
        for (text, unit, message) in [
            (
                "5%",
                Unit::Milliseconds,
                "5% does not fit it, which is in milliseconds; allowed: a duration such as 300ms",
            ),
            ("5%", Unit::Count, "5% does not fit it, which is a count; allowed: a number"),
            ("5s", Unit::Count, "5s does not fit it, which is a count; allowed: a number"),
            ("5s", Unit::Share, "5s does not fit it, which is a share; allowed: 0% to 100%, or a number from 0 to 1"),
            ("150%", Unit::Share, "150% does not fit it"),
            ("5", Unit::Share, "5 does not fit it"),
            ("-0.1", Unit::Share, "-0.1 does not fit it"),
        ] {
            let error = read(text, unit).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
