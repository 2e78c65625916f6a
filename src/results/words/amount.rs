//! Single amounts for people: durations, shares, counts and bytes with their units; and exact numbers for files.

use crate::results::metric::Unit;
pub use crate::units::words::{at_least, counted, duration, grouped, share, significant};

/// A value of a metric with its unit.
pub fn value(value: f64, unit: Unit) -> String {
    if value.is_infinite() {
        return "beyond horizon".to_owned();
    }
    match unit {
        Unit::Seconds => duration(value),
        Unit::Milliseconds => duration(value / 1e3),
        Unit::Share => share(value),
        Unit::Count => count(value),
        Unit::PerRequest => significant(value, 4),
        Unit::Bytes => bytes(value),
        Unit::BytesPerSecond => format!("{}/s", bytes(value)),
        Unit::Hours => format!("{} h", significant(value, 4)),
        Unit::Money => significant(value, 4),
    }
}

/// A difference of two values of a metric, without its sign.
pub fn difference(difference: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => format!("{} points", significant(difference.abs() * 100.0, 3)),
        _ => value(difference.abs(), unit),
    }
}

/// A count, with thousands set apart: `12,345`; one decimal if it is a mean that is not whole.
pub fn count(count: f64) -> String {
    let sign = if count < 0.0 { "-" } else { "" };
    let size = count.abs();
    if size < 100.0 && size.fract() != 0.0 {
        return format!("{sign}{}", significant(size, 3));
    }
    // No count is as large as a number of 64 bits.
    let whole = format!("{size:.0}");
    format!("{sign}{}", whole.parse().map_or(whole, grouped))
}

/// A number of bytes, in decimal units: `1.23 GB`.
pub fn bytes(bytes: f64) -> String {
    let mut size = bytes;
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        if size.abs() < 999.5 {
            return format!("{} {unit}", significant(size, 3));
        }
        size /= 1e3;
    }
    format!("{} PB", significant(size, 3))
}

/// A finite number for a file: the shortest text that reads back as the same number, without an exponent.
pub fn exact(value: f64) -> String {
    format!("{}", value + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_bytes_are_grouped() {
        for (number, text) in [(0.0, "0"), (12.5, "12.5"), (999.0, "999"), (1_234_567.0, "1,234,567"), (123.4, "123")] {
            assert_eq!(count(number), text);
        }
        assert_eq!((bytes(999.0), bytes(1_234_567_890.0)), ("999 B".into(), "1.23 GB".into()));
    }

    #[test]
    fn numbers_in_files_read_back_the_same() {
        for number in [0.1 + 0.2, 1e-9, 1e21, 12.0, -0.0] {
            assert_eq!(exact(number).parse::<f64>().unwrap(), number);
            assert!(!exact(number).contains('e'));
        }
        assert_eq!(exact(-0.0), "0");
    }
}
