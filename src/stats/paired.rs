//! Two designs over the same runs: differences pair by pair.

use serde::Serialize;

use super::Estimate;
use super::mean::{mean_interval, variance};
use super::share::wilson;

/// Statistics of paired values of two designs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// Pairs compared.
    pub pairs: u64,
    /// Pairs with a censored value (infinite); they count as wins and losses but have no difference.
    pub censored: u64,
    /// Pairs in which the first is less.
    pub first_less: u64,
    /// Pairs in which the second is less.
    pub second_less: u64,
    /// Pairs in which they are equal (or both censored).
    pub ties: u64,
    /// Share of pairs in which the first is less.
    pub share_first_less: Option<Estimate>,
    /// Share of pairs in which the second is less.
    pub share_second_less: Option<Estimate>,
    /// Mean of first - second with its t interval; `None` with fewer than two pairs or with any censored one.
    pub difference: Option<Estimate>,
    /// Share of the difference's variance that pairing took away: 1 - Var(first - second) / (Var(first) + Var(second)).
    /// Negative if pairing did harm; `None` if neither value varies.
    pub variance_reduction: Option<f64>,
}

/// Compares pairs of values of two designs under the same run numbers, in run order.
pub fn paired(pairs: &[(f64, f64)], level: f64) -> Paired {
    let n = pairs.len() as u64;
    let first_less = pairs.iter().filter(|(first, second)| first < second).count() as u64;
    let second_less = pairs.iter().filter(|(first, second)| second < first).count() as u64;
    let censored = pairs.iter().filter(|(first, second)| first.is_infinite() || second.is_infinite()).count() as u64;
    let (difference, variance_reduction) =
        if censored == 0 { (difference(pairs, level), variance_reduction(pairs)) } else { (None, None) };
    Paired {
        pairs: n,
        censored,
        first_less,
        second_less,
        ties: n - first_less - second_less,
        share_first_less: wilson(first_less, n, level),
        share_second_less: wilson(second_less, n, level),
        difference,
        variance_reduction,
    }
}

fn differences(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs.iter().map(|(first, second)| first - second).collect()
}

fn difference(pairs: &[(f64, f64)], level: f64) -> Option<Estimate> {
    mean_interval(&differences(pairs), level)
}

fn variance_reduction(pairs: &[(f64, f64)]) -> Option<f64> {
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let unpaired = variance(&first)? + variance(&second)?;
    (unpaired > 0.0).then_some(1.0 - variance(&differences(pairs))? / unpaired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_wins_and_variance_by_hand() {
        // Differences -1, -1, -1, 1: mean -0.5, variance 1, t(0.95, 3) = 3.182446.
        let compared = paired(&[(1.0, 2.0), (2.0, 3.0), (3.0, 4.0), (4.0, 3.0)], 0.95);
        assert_eq!((compared.first_less, compared.second_less, compared.ties), (3, 1, 0));
        let difference = compared.difference.unwrap();
        assert_eq!(difference.point, -0.5);
        assert!((difference.half_width() - 3.182_446 / 2.0).abs() < 1e-5);
        // Var(first) = 5/3, Var(second) = 2/3: 1 - 1 / (7/3).
        assert!((compared.variance_reduction.unwrap() - 4.0 / 7.0).abs() < 1e-12);
        assert_eq!(compared.share_first_less.unwrap().point, 0.75);
    }

    #[test]
    fn a_censored_value_loses_and_takes_the_mean_away() {
        let compared = paired(&[(1.0, f64::INFINITY), (2.0, 1.0), (f64::INFINITY, f64::INFINITY)], 0.95);
        assert_eq!((compared.first_less, compared.second_less, compared.ties, compared.censored), (1, 1, 1, 2));
        assert_eq!((compared.difference, compared.variance_reduction), (None, None));
    }

    #[test]
    fn equal_constants_are_ties_without_a_variance_to_reduce() {
        let compared = paired(&[(0.0, 0.0), (0.0, 0.0)], 0.95);
        assert_eq!((compared.ties, compared.variance_reduction), (2, None));
        let difference = compared.difference.unwrap();
        assert_eq!((difference.low, difference.high), (0.0, 0.0));
    }
}
