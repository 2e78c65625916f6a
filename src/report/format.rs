//! Numbers for people: durations, shares, counts and bytes with their units; and numbers for files.

use crate::study::Unit;

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

/// A duration: `850 ms`, `12.3 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`.
pub fn duration(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let length = seconds.abs();
    let text = match () {
        () if length == 0.0 => "0 s".to_owned(),
        () if length < 0.001 => format!("{} µs", significant(length * 1e6, 3)),
        () if length < 0.9995 => format!("{} ms", significant(length * 1e3, 3)),
        () if length < 59.95 => format!("{} s", significant(length, 3)),
        () if length < 3_599.5 => two_units(length, 1.0, "s", 60, "min"),
        () if length < 86_370.0 => two_units(length, 60.0, "min", 60, "h"),
        () => two_units(length, 3_600.0, "h", 24, "d"),
    };
    format!("{sign}{text}")
}

/// A length in two units: `small` of `small_s` seconds, and `large` of `per_large` of them.
fn two_units(length: f64, small_s: f64, small: &str, per_large: u64, large: &str) -> String {
    let whole = (length / small_s).round() as u64;
    match (whole / per_large, whole % per_large) {
        (count, 0) => format!("{count} {large}"),
        (count, rest) => format!("{count} {large} {rest} {small}"),
    }
}

/// A share in percent, with two digits of whatever is missing to 100 %: `98.1 %`, `99.982 %`. Only a whole is `100 %`.
pub fn share(share: f64) -> String {
    let missing = 1.0 - share;
    if missing <= 0.0 {
        return format!("{} %", significant(share * 100.0, 3));
    }
    if share < 0.9 {
        return format!("{} %", significant(share * 100.0, 3));
    }
    let mut decimals = 1;
    let mut unit = 0.01;
    while missing < unit && decimals < 10 {
        decimals += 1;
        unit /= 10.0;
    }
    let text = format!("{:.decimals$}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A count, with thousands set apart: `12,345`; one decimal if it is a mean that is not whole.
pub fn count(count: f64) -> String {
    let sign = if count < 0.0 { "-" } else { "" };
    let size = count.abs();
    if size < 100.0 && size.fract() != 0.0 {
        return format!("{sign}{}", significant(size, 3));
    }
    let digits = format!("{size:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}")
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

/// A number with so many significant digits, without trailing zeros after the point and without an exponent.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // The exponent as it is after rounding: 9.996 has one digit before the point, 10.0 has two.
    let scientific = format!("{:.*e}", digits - 1, value);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A finite number for a file: the shortest text that reads back as the same number, without an exponent.
pub fn exact(value: f64) -> String {
    format!("{}", value + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well_at_every_size() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (0.000_25, "250 µs"),
            (0.85, "850 ms"),
            (0.9996, "1 s"),
            (12.34, "12.3 s"),
            (59.96, "1 min"),
            (252.0, "4 min 12 s"),
            (3_599.6, "1 h"),
            (7_500.0, "2 h 5 min"),
            (86_400.0, "1 d"),
            (273_600.0, "3 d 4 h"),
            (-252.0, "-4 min 12 s"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn shares_keep_their_nines() {
        for (part, text) in [
            (0.0, "0 %"),
            (0.000_123, "0.0123 %"),
            (0.5, "50 %"),
            (0.95, "95 %"),
            (0.99996, "99.996 %"),
            (0.981, "98.1 %"),
            (0.99982, "99.982 %"),
            (0.999_998_7, "99.99987 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(share(part), text);
        }
        assert_ne!(share(0.999_999_999), "100 %");
    }

    #[test]
    fn counts_and_bytes_are_grouped() {
        for (number, text) in [(0.0, "0"), (12.5, "12.5"), (999.0, "999"), (1_234_567.0, "1,234,567"), (123.4, "123")] {
            assert_eq!(count(number), text);
        }
        assert_eq!((bytes(999.0), bytes(1_234_567_890.0)), ("999 B".into(), "1.23 GB".into()));
    }

    #[test]
    fn significant_digits_survive_rounding_up() {
        assert_eq!((significant(9.996, 3), significant(0.099_96, 3)), ("10".into(), "0.1".into()));
        assert_eq!((significant(1234.5, 3), significant(1.0 / 3.0, 4)), ("1234".into(), "0.3333".into()));
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
