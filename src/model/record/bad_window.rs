//! Decides whether a window is bad: too many of its requests failed for the service level, and for chance.
//!
//! A busy service fails a few requests even when all is well, and a short window that holds a few of them is under the
//! service level by chance. So a window counts only if so many failures would be improbable under the share that fails in
//! calm time: the upper tail of the binomial distribution, summed exactly. Left out: that the failures of one window are not
//! independent.

use crate::maths::{exp, ln, ln_gamma};

/// A number of failures is improbable if so many or more have less than this chance.
const IMPROBABLE: f64 = 0.01;

/// Returns whether a window in which so many requests succeeded and failed is under `slo`, and is so by more than chance
/// when `calm_share` of the requests fail in calm time. A window without requests is not.
pub(super) fn is_bad(succeeded: u64, failed: u64, slo: f64, calm_share: f64) -> bool {
    let requests = succeeded + failed;
    let is_under = (succeeded as f64) < slo * requests as f64;
    is_under && chance_of_so_many(failed, requests, calm_share) < IMPROBABLE
}

/// Returns the chance of at least `hits` hits in `n` independent draws that hit with probability `p`; 1 if so many are no more
/// than the mean, where it is at least a half.
fn chance_of_so_many(hits: u64, n: u64, p: f64) -> f64 {
    if hits == 0 || p >= 1.0 {
        return 1.0;
    }
    if p <= 0.0 {
        return 0.0;
    }
    // The median of a binomial distribution is no less than the mean rounded down.
    if hits as f64 <= (n as f64 * p).floor() {
        return 1.0;
    }
    // Above the mean each term is smaller than the one before it.
    let (draws, count) = (n as f64, hits as f64);
    let ways = ln_gamma(draws + 1.0) - ln_gamma(count + 1.0) - ln_gamma(draws - count + 1.0);
    let mut term = exp(ways + count * ln(p) + (draws - count) * ln(1.0 - p));
    let mut sum = 0.0;
    let mut place = count;
    while place <= draws && term > sum * f64::EPSILON {
        sum += term;
        term *= (draws - place) * p / ((place + 1.0) * (1.0 - p));
        place += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_of_so_many_agrees_with_counting_by_hand() {
        // Four coins: 1, 4, 6, 4, 1 of 16; three or more heads are 5 of 16.
        assert!((chance_of_so_many(3, 4, 0.5) - 5.0 / 16.0).abs() < 1e-14);
        assert!((chance_of_so_many(4, 4, 0.5) - 1.0 / 16.0).abs() < 1e-14);
        // Two sixes or more in ten throws: 1 - (5/6)^10 - 10 (1/6) (5/6)^9 = 0.515483.
        assert!((chance_of_so_many(2, 10, 1.0 / 6.0) - 0.515_483).abs() < 1e-6);
        // A failure or more of 20 that fail once in a hundred: 1 - 0.99^20 = 0.182093.
        assert!((chance_of_so_many(1, 20, 0.01) - 0.182_093).abs() < 1e-6);
    }

    #[test]
    fn the_tail_holds_for_many_draws() {
        // Close to the normal: 10,300 or more of 1,000,000 with a mean of 10,000 and a deviation of 99.5 lie 3.01 of them up.
        let tail = chance_of_so_many(10_300, 1_000_000, 0.01);
        assert!((0.001..0.002).contains(&tail), "{tail}");
    }

    #[test]
    fn where_nothing_fails_in_calm_time_any_window_under_the_level_is_bad() {
        assert!(is_bad(18, 1, 0.95, 0.0));
        assert!(!is_bad(19, 1, 0.95, 0.0), "just at the level");
        assert!(!is_bad(0, 0, 0.95, 0.0), "no request");
    }

    #[test]
    fn a_failure_that_calm_time_makes_likely_is_no_bad_window() {
        // One of ten fails where one in a hundred does in calm time: a chance of 1 - 0.99^10 = 9.6 %; three: 0.01 %.
        assert!(!is_bad(9, 1, 0.95, 0.01));
        assert!(is_bad(7, 3, 0.95, 0.01));
        assert!(!is_bad(0, 5, 0.95, 1.0), "everything fails in calm time");
    }
}
