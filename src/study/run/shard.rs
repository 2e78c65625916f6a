//! A part of a study that is made apart from the others, such as on another machine.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most parts that a study is made in.
const MOST_PARTS: u64 = 1 << 20;

/// One of several parts of a study. Runs are dealt out in turn, so that the parts are as long as each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which part, from 1.
    pub part: u64,
    /// Number of parts.
    pub of: u64,
}

/// A text that is no shard.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{text:?}: expected K/N, as in 2/8, with K from 1 to N, and N at most {MOST_PARTS}")]
pub struct ShardError {
    /// The text.
    pub text: String,
}

impl Shard {
    /// All of a study.
    pub const WHOLE: Shard = Shard { part: 1, of: 1 };

    /// Returns the shard `part` of `of`, if there is one.
    pub fn new(part: u64, of: u64) -> Option<Self> {
        ((1..=of).contains(&part) && of <= MOST_PARTS).then_some(Shard { part, of })
    }

    /// Returns true if what is counted `index` from 0 is in this part.
    pub fn holds(self, index: u64) -> bool {
        index % self.of == self.part - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.part, self.of)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let wrong = || ShardError { text: text.chars().take(40).collect() };
        let (part, of) = text.split_once('/').ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        Shard::new(number(part)?, number(of)?).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_in_one_of_the_parts() {
        let parts: Vec<Shard> = (1..=3).map(|part| Shard::new(part, 3).unwrap()).collect();
        let held = |shard: Shard| (0..8).filter(|&index| shard.holds(index)).collect::<Vec<u64>>();
        assert_eq!(parts.into_iter().map(held).collect::<Vec<_>>(), [vec![0, 3, 6], vec![1, 4, 7], vec![2, 5]]);
        assert!((0..100).all(|index| Shard::WHOLE.holds(index)));
    }

    #[test]
    fn a_shard_is_read_as_it_is_written_and_others_are_refused() {
        assert_eq!("2/8".parse::<Shard>().unwrap().to_string(), "2/8");
        for text in ["", "2", "0/8", "9/8", "1/0", "a/b", "-1/2", "1/2/3", " 1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
