//! Byte counts (`"1kB"`, `"4KiB"`) and bandwidths (`"20MB/s"`, `"100Mbit/s"`).

use std::fmt;
use std::str::FromStr;

use super::quantity::{Misfit, QuantityError, scaled, split_number};

const ALLOWED_SIZE: &str = "a size is written like \"1kB\" or \"4KiB\", with the units B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (of 1024)";
const ALLOWED_BANDWIDTH: &str = "a bandwidth is written like \"20MB/s\", \"512KiB/s\" or \"100Mbit/s\"";

/// Units of size, from large to small.
const SIZES: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// Units of bandwidth other than a size per second, in bytes per second.
const BITS: [(&str, f64); 4] = [("Gbit/s", 125e6), ("Mbit/s", 125e3), ("kbit/s", 125.0), ("bit/s", 0.125)];

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub u64);

/// Bytes per second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Bandwidth(pub f64);

impl FromStr for ByteSize {
    type Err = QuantityError;

    /// Reads a number of bytes with its unit.
    ///
    /// # Errors
    /// If the text is anything else, not a whole number of bytes or more than 64 bits hold.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = number_and_unit(text, "a size", ALLOWED_SIZE)?;
        let Some(&(_, scale)) = SIZES.iter().find(|(name, _)| *name == unit) else {
            return Err(unknown_unit(text, unit, ALLOWED_SIZE));
        };
        scaled(number, scale).map(ByteSize).map_err(|misfit| match misfit {
            Misfit::TooLarge => QuantityError::TooLarge { text: text.to_owned(), greatest: "18446744073709551615B" },
            Misfit::TooFine => QuantityError::TooFine { text: text.to_owned(), resolution: "bytes" },
        })
    }
}

impl FromStr for Bandwidth {
    type Err = QuantityError;

    /// Reads a bandwidth with its unit.
    ///
    /// # Errors
    /// If the text is anything else, or too large for a 64-bit float.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (number, unit) = number_and_unit(text, "a bandwidth", ALLOWED_BANDWIDTH)?;
        let bits = BITS.iter().find(|(name, _)| *name == unit).map(|(_, scale)| *scale);
        let scale = bits.or_else(|| {
            let size = unit.strip_suffix("/s")?;
            SIZES.iter().find(|(name, _)| *name == size).map(|(_, scale)| *scale as f64)
        });
        let scale = scale.ok_or_else(|| unknown_unit(text, unit, ALLOWED_BANDWIDTH))?;
        // A string of digits with at most one point always parses; too many of them make it infinite.
        let value = number.parse::<f64>().unwrap_or(f64::INFINITY) * scale;
        if value.is_finite() {
            Ok(Bandwidth(value))
        } else {
            Err(QuantityError::TooLarge { text: text.to_owned(), greatest: "1.7e308B/s" })
        }
    }
}

fn number_and_unit<'a>(
    text: &'a str,
    what: &'static str,
    allowed: &'static str,
) -> Result<(&'a str, &'a str), QuantityError> {
    let trimmed = text.trim();
    if trimmed.starts_with('-') {
        return Err(QuantityError::Negative { text: text.to_owned(), what });
    }
    let (number, unit) = split_number(trimmed);
    if number.is_empty() {
        return Err(QuantityError::NotANumber { text: text.to_owned(), what, allowed });
    }
    let unit = unit.trim_start();
    if unit.is_empty() {
        return Err(QuantityError::NoUnit { text: text.to_owned(), allowed });
    }
    Ok((number, unit))
}

fn unknown_unit(text: &str, unit: &str, allowed: &'static str) -> QuantityError {
    QuantityError::UnknownUnit { text: text.to_owned(), unit: unit.to_owned(), allowed }
}

impl fmt::Display for ByteSize {
    /// Writes the size in the largest unit that divides it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |&(_, scale): &(&str, u64)| self.0 >= scale && self.0.is_multiple_of(scale);
        let (unit, scale) = SIZES.into_iter().find(fits).unwrap_or(("B", 1));
        out.pad(&format!("{}{unit}", self.0 / scale))
    }
}

impl fmt::Display for Bandwidth {
    /// Writes the bandwidth in the largest decimal unit that loses nothing.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, scale) in [("GB/s", 1e9), ("MB/s", 1e6), ("kB/s", 1e3)] {
            let value = self.0 / scale;
            if value >= 1.0 && value * scale == self.0 {
                return out.pad(&format!("{value}{unit}"));
            }
        }
        out.pad(&format!("{}B/s", self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_and_bandwidths_are_read_in_every_unit() {
        for (text, bytes) in [("1kB", 1_000), ("4KiB", 4_096), ("1.5 MB", 1_500_000), ("7B", 7), ("1TiB", 1 << 40)] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
        for (text, rate) in [("20MB/s", 2e7), ("512KiB/s", 524_288.0), ("100Mbit/s", 12.5e6), ("8 bit/s", 1.0)] {
            assert_eq!(text.parse(), Ok(Bandwidth(rate)), "{text}");
        }
    }

    #[test]
    fn a_wrong_size_or_bandwidth_is_told_what_is_allowed() {
        let size = |text: &str| text.parse::<ByteSize>().unwrap_err().to_string();
        assert_eq!(size("1"), format!("\"1\" has no unit; {ALLOWED_SIZE}"));
        assert_eq!(size("1kb"), format!("\"1kb\" has the unknown unit \"kb\"; {ALLOWED_SIZE}"));
        assert_eq!(size("0.5B"), "\"0.5B\" is too fine; it must be a whole number of bytes");
        assert_eq!(size("-1B"), "\"-1B\" is negative; a size is zero or more");
        assert_eq!(size("99999999TB"), "\"99999999TB\" is too large; the greatest is 18446744073709551615B");
        let bandwidth = |text: &str| text.parse::<Bandwidth>().unwrap_err().to_string();
        assert_eq!(bandwidth("fast"), format!("\"fast\" is not a bandwidth; {ALLOWED_BANDWIDTH}"));
        assert_eq!(bandwidth("20MB"), format!("\"20MB\" has the unknown unit \"MB\"; {ALLOWED_BANDWIDTH}"));
    }

    proptest! {
        #[test]
        fn what_a_size_prints_parses_to_itself(bytes in any::<u64>(), shift in 0_u32..64) {
            let size = ByteSize((bytes >> shift) << (shift / 2));
            prop_assert_eq!(size.to_string().parse(), Ok(size));
        }

        #[test]
        fn what_a_bandwidth_prints_parses_to_itself(rate in 0.0..1e18_f64, whole in any::<bool>()) {
            let bandwidth = Bandwidth(if whole { rate.floor() } else { rate / 1e9 });
            prop_assert_eq!(bandwidth.to_string().parse(), Ok(bandwidth));
        }
    }
}
