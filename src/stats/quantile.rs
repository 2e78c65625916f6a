//! Quantiles with exact, distribution-free intervals from order statistics.
//!
//! The number B of n independent values at or below the p-quantile is binomial(n, p), whatever the distribution (for a
//! continuous one exactly, for a discrete one conservatively). Hence `[X(r), X(s)]` covers the quantile with probability
//! at least P(r <= B <= s - 1) (David and Nagaraja, *Order Statistics*, 3rd ed., section 7.1). Values may be infinite:
//! censored observations are greater than every other.

use thiserror::Error;

use super::Estimate;
use super::distribution::binomial_cdf;
use super::sorted::Sorted;
use crate::maths::pow;

/// Too few runs for a quantile at the level asked for.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{n} run{} cannot support it; it needs {needed}", if *n == 1 { "" } else { "s" })]
pub struct TooFewRuns {
    /// Observations there are.
    pub n: u64,
    /// Observations that it needs.
    pub needed: u64,
}

/// Returns the sample p-quantile: the least value that at least a share `p` of them do not exceed (the
/// inverse of the empirical distribution function, type 1 of Hyndman and Fan). `None` of nothing.
pub fn quantile(sorted: &Sorted, p: f64) -> Option<f64> {
    let n = sorted.len();
    // The small term undoes the rounding of p x n: 0.07 x 100 is a little more than 7.
    let rank = (p * n as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(rank.min(n.max(1)) - 1).copied()
}

/// Returns the p-quantile with a two-sided interval at `level`.
///
/// Each side may miss with half of 1 - `level`. If there are too few values for that on one side, that side's end is the
/// extreme value and the other side gets what is left of the miss; so a 95 % interval on the 99th percentile
/// needs the same 299 runs as the one-sided bound.
///
/// ```
/// use firedrill::stats::{LEVEL, Sorted, quantile_interval};
///
/// let downtimes: Sorted = (1..=60).map(f64::from).collect();
/// let p90 = quantile_interval(&downtimes, 0.9, LEVEL)?;
/// assert_eq!((p90.low, p90.point, p90.high), (49.0, 54.0, 59.0));
///
/// // With 60 runs nothing can be said of the 99th percentile, and how many it takes is.
/// assert_eq!(quantile_interval(&downtimes, 0.99, LEVEL).unwrap_err().needed, 299);
/// # Ok::<(), firedrill::stats::TooFewRuns>(())
/// ```
///
/// # Errors
/// If there are fewer than [`runs_needed`] values.
pub fn quantile_interval(sorted: &Sorted, p: f64, level: f64) -> Result<Estimate, TooFewRuns> {
    let n = sorted.len() as u64;
    let refused = TooFewRuns { n, needed: runs_needed(p, level) };
    let (low, high) = ranks(n, p, 1.0 - level).ok_or(refused)?;
    let point = quantile(sorted, p).ok_or(refused)?;
    Ok(Estimate { point, low: sorted[low as usize - 1], high: sorted[high as usize - 1], level, n })
}

/// The least number of values for which [`quantile_interval`] gives an interval: p^n + (1 - p)^n <= 1 - `level`.
///
/// # Panics
/// If `p` or `level` is not inside (0, 1), or `p` so near to 0 that no number of values is known to be enough.
pub fn runs_needed(p: f64, level: f64) -> u64 {
    assert!(p > 0.0 && p < 1.0 && 1.0 - p < 1.0 && level > 0.0 && level < 1.0, "quantile {p} at level {level}");
    let enough = |n: u64| pow(p, n as f64) + pow(1.0 - p, n as f64) <= 1.0 - level;
    let mut high = 1;
    while !enough(high) {
        high *= 2;
    }
    least(1, high, enough)
}

/// Ranks (from 1) of the two ends of the interval.
fn ranks(n: u64, p: f64, miss: f64) -> Option<(u64, u64)> {
    match (lower_rank(n, p, miss / 2.0), upper_rank(n, p, miss / 2.0)) {
        (Some(low), Some(high)) => Some((low, high)),
        (Some(_), None) => Some((lower_rank(n, p, miss - above(n, n, p))?, n)),
        (None, Some(_)) => Some((1, upper_rank(n, p, miss - binomial_cdf(0, n, p))?)),
        (None, None) => None,
    }
}

/// P(B >= rank): the chance that the value of this rank lies below the quantile.
fn above(rank: u64, n: u64, p: f64) -> f64 {
    // Counting the complement keeps the small probability's digits.
    binomial_cdf(n - rank, n, 1.0 - p)
}

/// The least rank whose value lies below the quantile with probability at most `miss`.
fn upper_rank(n: u64, p: f64, miss: f64) -> Option<u64> {
    (n > 0 && above(n, n, p) <= miss).then(|| least(1, n, |rank| above(rank, n, p) <= miss))
}

/// The greatest rank whose value lies above the quantile with probability at most `miss`.
fn lower_rank(n: u64, p: f64, miss: f64) -> Option<u64> {
    let holds = |rank: u64| binomial_cdf(rank - 1, n, p) <= miss;
    (n > 0 && holds(1)).then(|| least(1, n + 1, |rank| rank > n || !holds(rank)) - 1)
}

/// The least number from `low` to `high` for which `holds` (monotone, true at `high`).
fn least(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::super::samples::SplitMix;
    use super::*;

    fn ascending(n: u64) -> Sorted {
        (1..=n).map(|value| value as f64).collect()
    }

    #[test]
    fn sample_quantile_is_an_order_statistic() {
        let values = ascending(100);
        for (p, expected) in [(0.07, 7.0), (0.5, 50.0), (0.95, 95.0), (0.951, 96.0), (0.001, 1.0), (0.999, 100.0)] {
            assert_eq!(quantile(&values, p), Some(expected), "p = {p}");
        }
        assert_eq!(quantile(&ascending(0), 0.5), None);
    }

    #[test]
    fn a_95_percent_interval_of_p99_needs_299_runs() {
        assert_eq!(runs_needed(0.99, 0.95), 299);
        assert_eq!(quantile_interval(&ascending(298), 0.99, 0.95), Err(TooFewRuns { n: 298, needed: 299 }));
        assert_eq!(quantile_interval(&ascending(299), 0.99, 0.95).unwrap().high, 299.0);
    }

    #[test]
    fn runs_needed_for_the_usual_quantiles() {
        for (p, needed) in [(0.5, 6), (0.9, 29), (0.95, 59), (0.05, 59)] {
            assert_eq!(runs_needed(p, 0.95), needed, "p = {p}");
            assert!(quantile_interval(&ascending(needed), p, 0.95).is_ok());
            assert!(quantile_interval(&ascending(needed - 1), p, 0.95).is_err());
        }
    }

    #[test]
    fn median_interval_has_the_ranks_of_the_printed_tables() {
        // Conover, Practical Nonparametric Statistics: n = 10 gives ranks 2 and 9, n = 25 ranks 8 and 18.
        // With n = 40, P(B <= 13) = 0.019 and P(B <= 14) = 0.040: more than either side may miss.
        for (n, low, high) in [(10, 2.0, 9.0), (25, 8.0, 18.0), (40, 14.0, 27.0)] {
            let estimate = quantile_interval(&ascending(n), 0.5, 0.95).unwrap();
            assert_eq!((estimate.low, estimate.high), (low, high));
        }
    }

    #[test]
    fn neither_side_misses_more_often_than_its_half() {
        // Of 60 values, B below the 0.9 quantile: P(B <= 48) = 0.015, P(B <= 49) = 0.034; P(B = 60) = 0.002, P(B >= 59) = 0.014,
        // P(B >= 58) = 0.053.
        let estimate = quantile_interval(&ascending(60), 0.9, 0.95).unwrap();
        assert_eq!((estimate.low, estimate.high), (49.0, 59.0));
        let estimate = quantile_interval(&ascending(60), 0.1, 0.95).unwrap();
        assert_eq!((estimate.low, estimate.high), (2.0, 12.0));
    }

    #[test]
    fn censored_values_push_the_upper_end_to_infinity() {
        let censored = |first: u64| (first..100).map(|value| value as f64).chain([f64::INFINITY]).collect();
        let estimate = quantile_interval(&censored(1), 0.95, 0.95).unwrap();
        assert!(estimate.point == 95.0 && estimate.high >= 99.0);
        assert!(quantile_interval(&censored(41), 0.95, 0.95).unwrap().high.is_infinite());
    }

    #[test]
    fn interval_covers_the_quantile_at_least_as_often_as_it_says() {
        let mut samples = SplitMix(5);
        for (p, n) in [(0.5, 40), (0.9, 60), (0.95, 59)] {
            let covered = (0..2_000)
                .filter(|_| {
                    let values = (0..n).map(|_| samples.uniform()).collect();
                    quantile_interval(&values, p, 0.95).unwrap().contains(p)
                })
                .count();
            assert!(covered as f64 / 2_000.0 > 0.938, "p = {p}: covered {covered} of 2000");
        }
    }
}
