//! Notation of numbers in charts: three significant digits, durations in the unit that suits them.

use super::Interval;

/// With a fixed number of decimals, and no negative zero.
pub(super) fn plain(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value + 0.0);
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_owned(),
        _ => text,
    }
}

/// With three significant digits, no trailing zeros, and thousands set apart.
pub(super) fn significant(value: f64) -> String {
    if !value.is_finite() {
        return "n/a".to_owned();
    }
    let magnitude = value.abs();
    if magnitude >= 1e15 || (magnitude > 0.0 && magnitude < 1e-9) {
        return format!("{value:.2e}");
    }
    let mut decimals = 0;
    while decimals < 11 && magnitude * power_of_ten(decimals) < 99.95 && magnitude > 0.0 {
        decimals += 1;
    }
    let text = plain(value, decimals as usize);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    grouped(text)
}

/// A count, with thousands set apart.
pub(super) fn count(value: usize) -> String {
    grouped(&value.to_string())
}

/// A duration given in seconds.
pub(super) fn duration(seconds: f64) -> String {
    let (per_second, unit) = duration_scale(seconds);
    format!("{} {unit}", significant(seconds * per_second))
}

/// A duration with its interval, all three in the unit that suits the longest.
pub(super) fn duration_with_interval(seconds: f64, interval: Interval) -> String {
    let (per_second, unit) = duration_scale(seconds.abs().max(interval.low.abs()).max(interval.high.abs()));
    let value = |seconds: f64| significant(seconds * per_second);
    format!("{} [{} to {}] {unit}", value(seconds), value(interval.low), value(interval.high))
}

/// The unit that suits a duration of `seconds`, and how many of it are in a second.
pub(super) fn duration_scale(seconds: f64) -> (f64, &'static str) {
    let magnitude = seconds.abs();
    if magnitude == 0.0 {
        (1.0, "s")
    } else if magnitude < 0.001 {
        (1e6, "µs")
    } else if magnitude < 1.0 {
        (1e3, "ms")
    } else if magnitude < 300.0 {
        (1.0, "s")
    } else if magnitude < 7_200.0 {
        (1.0 / 60.0, "min")
    } else if magnitude < 172_800.0 {
        (1.0 / 3_600.0, "h")
    } else {
        (1.0 / 86_400.0, "d")
    }
}

/// A share as a percentage, with more digits near 100 %.
pub(super) fn percent(share: f64) -> String {
    let from_end = (1.0 - share).abs();
    let decimals = match from_end {
        gap if gap < 1e-12 => 0,
        gap if gap < 0.000_1 => 4,
        gap if gap < 0.001 => 3,
        gap if gap < 0.01 => 2,
        _ => 1,
    };
    let text = plain(share * 100.0, decimals);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} %")
}

/// Sets thousands apart by a comma, in the whole part.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("−", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && whole.len() > 4 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// Ten to the power `exponent`, exact up to 22; more counts as 22, less as 0.
pub(super) fn power_of_ten(exponent: i32) -> f64 {
    (0..exponent.min(22)).fold(1.0, |power, _| power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        let written: Vec<_> = [0.0, 0.012_345, 1.0, 1.5, 12.345, 99.97, 123.4, 1_234.0, 1_234_567.0, -0.5, f64::NAN]
            .map(significant)
            .into();
        assert_eq!(written, ["0", "0.0123", "1", "1.5", "12.3", "100", "123", "1234", "1,234,567", "−0.5", "n/a"]);
    }

    #[test]
    fn durations_have_the_unit_that_suits_them() {
        let written: Vec<_> = [0.0, 0.000_25, 0.25, 12.3, 299.0, 330.0, 9_000.0, 604_800.0].map(duration).into();
        assert_eq!(written, ["0 s", "250 µs", "250 ms", "12.3 s", "299 s", "5.5 min", "2.5 h", "7 d"]);
    }

    #[test]
    fn shares_keep_their_nines() {
        let written: Vec<_> = [0.0, 0.5, 0.985, 0.999_5, 0.999_95, 1.0].map(percent).into();
        assert_eq!(written, ["0 %", "50 %", "98.5 %", "99.95 %", "99.995 %", "100 %"]);
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!((plain(-0.0, 1), plain(-0.04, 1)), ("0.0".to_owned(), "0.0".to_owned()));
    }
}
