//! Durations as text: `"30s"`, `"1h 30m"`, `"1.5s"`, `"250ms"`.

use std::fmt;
use std::str::FromStr;

use super::quantity::{Misfit, QuantityError, scaled, split_number};
use super::time::SimDuration;

const ALLOWED: &str =
    "a duration is written like \"30s\", \"1h 30m\" or \"250ms\", with the units y (365d), w, d, h, m, s, ms, us, ns";

const SECOND: u64 = 1_000_000_000;

/// Units that are read, from large to small, in nanoseconds.
const UNITS: [(&str, u64); 10] = [
    ("y", 365 * 86_400 * SECOND),
    ("w", 7 * 86_400 * SECOND),
    ("d", 86_400 * SECOND),
    ("h", 3_600 * SECOND),
    ("m", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("ns", 1),
];

impl FromStr for SimDuration {
    type Err = QuantityError;

    /// Reads a duration: one or more numbers with a unit each, from large units to small ones.
    ///
    /// # Errors
    /// If the text is anything else, finer than a nanosecond or longer than 584 years.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let mut rest = text.trim();
        if rest.starts_with('-') {
            return Err(QuantityError::Negative { text: text.to_owned(), what: "a duration" });
        }
        let mut total = 0_u64;
        let mut previous = u64::MAX;
        loop {
            let (nanos, unit, tail) = part(text, rest)?;
            if unit >= previous {
                return Err(QuantityError::Order { text: text.to_owned() });
            }
            previous = unit;
            total = total.checked_add(nanos).ok_or_else(|| too_long(text))?;
            if tail.is_empty() {
                return Ok(SimDuration::from_nanos(total));
            }
            rest = tail;
        }
    }
}

/// Reads the first part of `rest`: its length and its unit's, in nanoseconds, and what follows it.
fn part<'a>(text: &str, rest: &'a str) -> Result<(u64, u64, &'a str), QuantityError> {
    let (number, tail) = split_number(rest);
    if number.is_empty() {
        return Err(QuantityError::NotANumber { text: text.to_owned(), what: "a duration", allowed: ALLOWED });
    }
    let tail = tail.trim_start();
    let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
    let (unit, tail) = tail.split_at(end);
    if unit.is_empty() {
        return Err(QuantityError::NoUnit { text: text.to_owned(), allowed: ALLOWED });
    }
    let Some(&(_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(QuantityError::UnknownUnit { text: text.to_owned(), unit: unit.to_owned(), allowed: ALLOWED });
    };
    let nanos = scaled(number, scale).map_err(|misfit| match misfit {
        Misfit::TooLarge => too_long(text),
        Misfit::TooFine => QuantityError::TooFine { text: text.to_owned(), resolution: "nanoseconds" },
    })?;
    Ok((nanos, scale, tail.trim_start()))
}

fn too_long(text: &str) -> QuantityError {
    QuantityError::TooLarge { text: text.to_owned(), greatest: "584 years" }
}

impl fmt::Display for SimDuration {
    /// Writes the duration as it is written in a scenario: `1d 2h 3m 4.5s`, or `250ms` below a second.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut nanos = self.as_nanos();
        if nanos == 0 {
            return out.pad("0s");
        }
        let mut parts = Vec::new();
        for (unit, scale) in [("d", 86_400 * SECOND), ("h", 3_600 * SECOND), ("m", 60 * SECOND)] {
            if nanos >= scale {
                parts.push(format!("{}{unit}", nanos / scale));
                nanos %= scale;
            }
        }
        if nanos > 0 {
            let small = [("s", SECOND), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];
            // The last unit is one nanosecond, so one always fits.
            let (unit, scale) = small.into_iter().find(|(_, scale)| nanos >= *scale).unwrap_or(("ns", 1));
            parts.push(format!("{}{unit}", decimal(nanos, scale)));
        }
        out.pad(&parts.join(" "))
    }
}

/// `nanos / scale` as an exact decimal, for a `scale` that is a power of ten.
fn decimal(nanos: u64, scale: u64) -> String {
    let (whole, part) = (nanos / scale, nanos % scale);
    if part == 0 {
        return whole.to_string();
    }
    let digits = scale.ilog10() as usize;
    let fraction = format!("{part:0digits$}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nanos(text: &str) -> u64 {
        text.parse::<SimDuration>().unwrap().as_nanos()
    }

    #[test]
    fn durations_are_read_in_every_unit() {
        assert_eq!(nanos("30s"), 30 * SECOND);
        assert_eq!(nanos("1h 30m"), 5_400 * SECOND);
        assert_eq!(nanos("1h30m"), 5_400 * SECOND);
        assert_eq!(nanos("250ms"), SECOND / 4);
        assert_eq!(nanos("10us"), 10_000);
        assert_eq!(nanos("10µs"), 10_000);
        assert_eq!(nanos("1.5s"), 1_500_000_000);
        assert_eq!(nanos("2d"), 172_800 * SECOND);
        assert_eq!(nanos("1w"), 604_800 * SECOND);
        assert_eq!(nanos("1y"), 31_536_000 * SECOND);
        assert_eq!(nanos("0s"), 0);
        assert_eq!(nanos(" 7 ns "), 7);
    }

    #[test]
    fn a_wrong_duration_is_told_what_is_allowed() {
        let message = |text: &str| text.parse::<SimDuration>().unwrap_err().to_string();
        assert_eq!(message("30"), format!("\"30\" has no unit; {ALLOWED}"));
        assert_eq!(message("soon"), format!("\"soon\" is not a duration; {ALLOWED}"));
        assert_eq!(message(""), format!("\"\" is not a duration; {ALLOWED}"));
        assert_eq!(message("3 min"), format!("\"3 min\" has the unknown unit \"min\"; {ALLOWED}"));
        assert_eq!(message("-1s"), "\"-1s\" is negative; a duration is zero or more");
        assert_eq!(message("1e9y"), format!("\"1e9y\" has the unknown unit \"e\"; {ALLOWED}"));
        assert_eq!(message("600y"), "\"600y\" is too large; the greatest is 584 years");
        assert_eq!(message("0.5ns"), "\"0.5ns\" is too fine; it must be a whole number of nanoseconds");
        assert_eq!(
            message("5s 1m"),
            "\"5s 1m\" has its units out of order; each is written once, from large to small, as in \"1h 30m\""
        );
    }

    #[test]
    fn durations_print_the_way_people_write_them() {
        let print = |text: &str| text.parse::<SimDuration>().unwrap().to_string();
        assert_eq!(print("90s"), "1m 30s");
        assert_eq!(print("1500ms"), "1.5s");
        assert_eq!(print("0.25s"), "250ms");
        assert_eq!(print("1w"), "7d");
        assert_eq!(print("10us"), "10us");
        assert_eq!(print("0ms"), "0s");
        assert_eq!(SimDuration::MAX.to_string(), "213503d 23h 34m 33.709551615s");
    }

    proptest! {
        #[test]
        fn what_a_duration_prints_parses_to_itself(nanos in any::<u64>(), shift in 0_u32..64) {
            let duration = SimDuration::from_nanos(nanos >> shift);
            prop_assert_eq!(duration.to_string().parse::<SimDuration>(), Ok(duration));
        }

        #[test]
        fn no_text_makes_the_duration_parser_panic(text in ".*") {
            let _ = text.parse::<SimDuration>();
        }
    }
}
