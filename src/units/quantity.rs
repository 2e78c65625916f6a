//! Common grammar of all quantities: a decimal number followed by a unit, read exactly, and the ways to get one wrong.

use thiserror::Error;

/// Reason why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// No number where one was expected.
    #[error("{text:?} is not {what}; {allowed}")]
    NotANumber {
        /// The text.
        text: String,
        /// Quantity that was expected, with its article.
        what: &'static str,
        /// Notation that is allowed.
        allowed: &'static str,
    },
    /// A number without a unit.
    #[error("{text:?} has no unit; {allowed}")]
    NoUnit {
        /// The text.
        text: String,
        /// Notation that is allowed.
        allowed: &'static str,
    },
    /// A number with a unit that does not exist.
    #[error("{text:?} has the unknown unit {unit:?}; {allowed}")]
    UnknownUnit {
        /// The text.
        text: String,
        /// The unit.
        unit: String,
        /// Notation that is allowed.
        allowed: &'static str,
    },
    /// A number below zero.
    #[error("{text:?} is negative; {what} is zero or more")]
    Negative {
        /// The text.
        text: String,
        /// Quantity that was expected, with its article.
        what: &'static str,
    },
    /// A number that is out of reach.
    #[error("{text:?} is too large; the greatest is {greatest}")]
    TooLarge {
        /// The text.
        text: String,
        /// The greatest value that there is.
        greatest: &'static str,
    },
    /// A number finer than the quantity's resolution.
    #[error("{text:?} is too fine; it must be a whole number of {resolution}")]
    TooFine {
        /// The text.
        text: String,
        /// The smallest step.
        resolution: &'static str,
    },
    /// Parts of a duration that do not go from large to small.
    #[error("{text:?} has its units out of order; each is written once, from large to small, as in \"1h 30m\"")]
    Order {
        /// The text.
        text: String,
    },
}

/// Splits `text` behind its leading decimal number: digits, at most one point between digits.
pub(super) fn split_number(text: &str) -> (&str, &str) {
    let digits = |from: usize| from + text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    if end > 0 && text[end..].starts_with('.') {
        let fraction = digits(end + 1);
        if fraction > end + 1 {
            end = fraction;
        }
    }
    text.split_at(end)
}

/// Reason why a decimal number could not be scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It does not fit in 64 bits.
    TooLarge,
    /// It is not a whole number of steps.
    TooFine,
}

/// `number` (as split off by [`split_number`]) times `scale`, exactly.
pub(super) fn scaled(number: &str, scale: u64) -> Result<u64, Misfit> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = whole.parse().map_err(|_| Misfit::TooLarge)?;
    let fraction = fraction.trim_end_matches('0');
    // 18 digits are finer than any unit needs, and keep the product below within 128 bits.
    if fraction.len() > 18 {
        return Err(Misfit::TooFine);
    }
    let numerator = fraction.bytes().fold(0_u128, |sum, digit| sum * 10 + u128::from(digit - b'0'));
    let denominator = 10_u128.pow(fraction.len() as u32);
    let part = numerator * u128::from(scale);
    if part % denominator != 0 {
        return Err(Misfit::TooFine);
    }
    u64::try_from(u128::from(whole) * u128::from(scale) + part / denominator).map_err(|_| Misfit::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_before_its_unit() {
        assert_eq!(split_number("1.5s"), ("1.5", "s"));
        assert_eq!(split_number("1.s"), ("1", ".s"));
        assert_eq!(split_number(".5s"), ("", ".5s"));
        assert_eq!(split_number("12"), ("12", ""));
        assert_eq!(split_number("-1s"), ("", "-1s"));
    }

    #[test]
    fn scaling_is_exact_or_refused() {
        assert_eq!(scaled("1.5", 1_000), Ok(1_500));
        assert_eq!(scaled("1.50000", 10), Ok(15));
        assert_eq!(scaled("0.0001", 1_000), Err(Misfit::TooFine));
        assert_eq!(scaled("0.5", 1024), Ok(512));
        assert_eq!(scaled("0.1", 1024), Err(Misfit::TooFine));
        assert_eq!(scaled("99999999999999999999", 1), Err(Misfit::TooLarge));
        assert_eq!(scaled("18446744073709551615", 2), Err(Misfit::TooLarge));
    }
}
