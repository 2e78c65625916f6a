//! Shares and probabilities: `"5%"` or `0.05`.

use std::fmt;
use std::str::FromStr;

use super::quantity::{QuantityError, split_number};

const ALLOWED: &str = "a share is written like \"5%\" or 0.05";

/// A share of a whole, zero or more; whether it may exceed 1 is for its user to say.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(pub f64);

impl FromStr for Share {
    type Err = QuantityError;

    /// Reads a percentage, or a plain number.
    ///
    /// # Errors
    /// If the text is anything else.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let trimmed = text.trim();
        if trimmed.starts_with('-') {
            return Err(QuantityError::Negative { text: text.to_owned(), what: "a share" });
        }
        let (number, unit) = split_number(trimmed);
        let value = match number.parse::<f64>() {
            Ok(value) if value.is_finite() => value,
            Ok(_) => return Err(QuantityError::TooLarge { text: text.to_owned(), greatest: "1.7e308" }),
            Err(_) => {
                return Err(QuantityError::NotANumber { text: text.to_owned(), what: "a share", allowed: ALLOWED });
            }
        };
        match unit.trim_start() {
            "" => Ok(Share(value)),
            "%" => Ok(Share(value / 100.0)),
            unit => Err(QuantityError::UnknownUnit { text: text.to_owned(), unit: unit.to_owned(), allowed: ALLOWED }),
        }
    }
}

impl fmt::Display for Share {
    /// Writes the share as a percentage if that loses nothing, else as a plain number.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rounding to nine digits undoes what the multiplication added: 0.07 * 100 is 7.000000000000001.
        let percent = format!("{:.9}", self.0 * 100.0);
        let percent = percent.trim_end_matches('0').trim_end_matches('.');
        if percent.parse::<f64>().is_ok_and(|value| value / 100.0 == self.0) {
            out.pad(&format!("{percent}%"))
        } else {
            out.pad(&self.0.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percentages_and_plain_numbers_are_the_same_share() {
        assert_eq!("5%".parse(), Ok(Share(0.05)));
        assert_eq!("0.05".parse(), Ok(Share(0.05)));
        assert_eq!("8.74 %".parse(), Ok(Share(0.0874)));
        assert_eq!(Share(0.07).to_string(), "7%");
        assert_eq!(Share(0.0874).to_string(), "8.74%");
        assert_eq!(Share(1.0).to_string(), "100%");
    }

    #[test]
    fn a_wrong_share_is_told_what_is_allowed() {
        let message = |text: &str| text.parse::<Share>().unwrap_err().to_string();
        assert_eq!(message("some"), "\"some\" is not a share; a share is written like \"5%\" or 0.05");
        assert_eq!(message("-5%"), "\"-5%\" is negative; a share is zero or more");
        assert_eq!(
            message("5 percent"),
            "\"5 percent\" has the unknown unit \"percent\"; a share is written like \"5%\" or 0.05"
        );
    }

    proptest! {
        #[test]
        fn what_a_share_prints_parses_to_itself(value in 0.0..2.0_f64, digits in 0_u32..6) {
            let rounded = (value * f64::from(10_u32.pow(digits))).round() / f64::from(10_u32.pow(digits));
            for share in [Share(value), Share(rounded)] {
                prop_assert_eq!(share.to_string().parse(), Ok(share));
            }
        }
    }
}
