//! Quantities as people read them in reports and warnings: `4 min 12 s`, `99.982 %`.
//!
//! Left out: the notation of scenario files, which `Display` writes and the parsers read back.

/// Returns a duration of `seconds`: `850 ms`, `12.3 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`.
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

/// Returns a length in two units: `small` of `small_s` seconds, and `large` of `per_large` of them.
fn two_units(length: f64, small_s: f64, small: &str, per_large: u64, large: &str) -> String {
    let whole = (length / small_s).round() as u64;
    match (whole / per_large, whole % per_large) {
        (count, 0) => format!("{count} {large}"),
        (count, rest) => format!("{count} {large} {rest} {small}"),
    }
}

/// Returns a large count in three digits: `171 M`, `1.30 T`.
pub fn amount(count: f64) -> String {
    const SUFFIXES: [&str; 6] = ["", " k", " M", " G", " T", " P"];
    let (mut value, mut place) = (count, 0);
    while value >= 999.5 && place + 1 < SUFFIXES.len() {
        (value, place) = (value / 1e3, place + 1);
    }
    match (place, value) {
        (0, _) => format!("{value:.0}"),
        (_, v) if v < 9.995 => format!("{v:.2}{}", SUFFIXES[place]),
        (_, v) if v < 99.95 => format!("{v:.1}{}", SUFFIXES[place]),
        (_, v) => format!("{v:.0}{}", SUFFIXES[place]),
    }
}

/// Returns a share in percent, with two digits of whatever is missing to 100 %: `98.1 %`, `99.982 %`. Only a whole is `100 %`.
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

/// Returns a count with what is counted: `1 run`, `2,000 runs`.
pub fn counted(count: u64, one: &str) -> String {
    format!("{} {one}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Returns a count with its thousands set apart: `12,345`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns a number with so many significant digits, without trailing zeros after the point and without an exponent.
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

/// Returns the same rounded down: what a number is said to be, it is at least.
pub fn at_least(value: f64, digits: usize) -> String {
    // A tenth digit that is lost in the arithmetic is not what makes it less.
    let scientific = format!("{value:.9e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let cut = &mantissa[..mantissa.len().min(digits + 1)];
    significant(format!("{cut}e{exponent}").parse().unwrap_or(value), digits)
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
    fn thousands_are_set_apart_wherever_things_are_counted() {
        let all = [0, 999, 2_989, 1_234_567].map(|count| counted(count, "run"));
        assert_eq!(all, ["0 runs", "999 runs", "2,989 runs", "1,234,567 runs"]);
        assert_eq!(counted(1, "run"), "1 run");
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
    fn what_is_rounded_down_is_never_more_than_it_is() {
        let said = [199.9, 1.8, 57.6, 307.99, 0.0049, 200.0, 3000.4].map(|value| at_least(value, 3));
        assert_eq!(said, ["199", "1.8", "57.6", "307", "0.0049", "200", "3000"]);
    }

    #[test]
    fn significant_digits_survive_rounding_up() {
        assert_eq!((significant(9.996, 3), significant(0.099_96, 3)), ("10".into(), "0.1".into()));
        assert_eq!((significant(1234.5, 3), significant(1.0 / 3.0, 4)), ("1234".into(), "0.3333".into()));
    }
}
