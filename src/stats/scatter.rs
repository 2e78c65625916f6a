//! Judges whether values have shown enough of what is rare for the interval of their mean to be one.
//!
//! Student's t interval is made of the scatter that was seen. Of values that are mostly one and the same, such as writes lost
//! in runs that mostly lose none, the mean and its scatter hang on the few others: with none seen the interval has no width at
//! all, and with a few of them it is far too narrow, most of all where runs are added until it is narrow. In 2,000 synthetic
//! studies, whose runs lose nothing with a chance of 80 % to 98 % and an exponential amount otherwise, 56 % to 94 % of the
//! intervals held the truth when the study stopped with at least one other value, by the chance and the width asked for; with
//! 10 of them 84 % to 95 %, and with [`ENOUGH_OTHERS`] 91 % to 95 %.
//!
//! If all values are the same, nothing is known of how far another would lie, and no interval of the mean can be made.
//! A bound exists for the share of runs that may have another, by Wilson's interval. Some things never vary, such as
//! the writes that a synchronous replica loses, so a value that is the same in all runs counts as known once that share
//! is at most [`RARE`]: after 381 runs.

use super::LEVEL;
use super::share::wilson;
use super::sorted::Sorted;

/// So many values must differ from the most frequent one, where that is more than half of all.
pub const ENOUGH_OTHERS: u64 = 30;

/// Largest share of the runs that can be otherwise, for a value that is the same in all runs to be known.
pub const RARE: f64 = 0.01;

/// Judgement of values by their own scatter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Scatter {
    /// Enough for an interval of the mean: no value is more than half of them, or [`ENOUGH_OTHERS`] are beside it.
    #[default]
    Seen,
    /// Too few lie beside the most frequent value.
    Rare {
        /// So many do.
        others: u64,
        /// The most frequent value.
        usual: f64,
    },
    /// All are the same.
    Unseen {
        /// Most that the share of other values may be, by the interval of a share of which none was seen.
        others_at_most: f64,
    },
}

impl Scatter {
    /// Tells if the mean is as well known as its interval says, or is the same in so many runs that another value is
    /// rare.
    pub fn is_enough(self) -> bool {
        match self {
            Scatter::Seen => true,
            Scatter::Rare { .. } => false,
            Scatter::Unseen { others_at_most } => others_at_most <= RARE,
        }
    }
}

/// Judges values by their own scatter. Of no value nothing was seen, and any share may be another.
pub fn scatter(sorted: &Sorted) -> Scatter {
    let n = sorted.len();
    // A value that is more than half of them is the one in the middle, too.
    let Some(&usual) = sorted.get(n / 2) else { return Scatter::Unseen { others_at_most: 1.0 } };
    let alike = sorted.partition_point(|value| *value <= usual) - sorted.partition_point(|value| *value < usual);
    let others = (n - alike) as u64;
    match others {
        0 => Scatter::Unseen { others_at_most: none_of(n as u64) },
        _ if 2 * alike > n && others < ENOUGH_OTHERS => Scatter::Rare { others, usual },
        _ => Scatter::Seen,
    }
}

/// Most that a share of runs may be of which `n` showed none.
pub fn none_of(n: u64) -> f64 {
    wilson(0, n, LEVEL).map_or(1.0, |share| share.high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(f64, usize)]) -> Scatter {
        scatter(&values.iter().flat_map(|&(value, count)| std::iter::repeat_n(value, count)).collect())
    }

    #[test]
    fn values_that_differ_need_no_more_than_to_differ() {
        assert_eq!(of(&[(1.0, 1), (2.0, 1)]), Scatter::Seen);
        assert_eq!(of(&[(0.0, 2), (1.0, 1), (2.0, 1)]), Scatter::Seen);
    }

    #[test]
    fn beside_a_value_that_is_most_of_them_thirty_others_must_be_seen() {
        assert_eq!(of(&[(0.0, 39), (5.0, 1)]), Scatter::Rare { others: 1, usual: 0.0 });
        assert_eq!(of(&[(-1.0, 1), (7.0, 500), (8.0, 28)]), Scatter::Rare { others: 29, usual: 7.0 });
        assert_eq!(of(&[(-1.0, 2), (7.0, 500), (8.0, 28)]), Scatter::Seen);
        assert_eq!(of(&[(0.0, 2), (1.0, 3)]), Scatter::Rare { others: 2, usual: 1.0 });
    }

    #[test]
    fn of_equal_values_only_the_share_of_others_is_bounded() {
        // Newcombe (1998), table I, method 3: 0 of 20.
        let Scatter::Unseen { others_at_most } = of(&[(3.0, 20)]) else { panic!("all are the same") };
        assert!((others_at_most - 0.1611).abs() < 5e-5, "{others_at_most}");
        assert_eq!(of(&[]), Scatter::Unseen { others_at_most: 1.0 });
    }
}
