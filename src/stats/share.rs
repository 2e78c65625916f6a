//! A share of runs and its intervals: Wilson's, which is right on average, and the exact one, which is never too narrow.

use super::Estimate;
use super::distribution::{binomial_cdf, normal_quantile};
use crate::maths::ln;

/// Bisections: more than a `f64` between 0 and 1 has bits down to the smallest share that can matter.
const BISECTIONS: u32 = 100;

/// The share `hits` / `n` with Wilson's score interval (Wilson, 1927); `None` if `n` is 0.
///
/// It stays within 0 and 1 and has a width even when no run, or every run, was a hit.
///
/// # Panics
/// If `hits` exceeds `n`.
pub fn wilson(hits: u64, n: u64, level: f64) -> Option<Estimate> {
    assert!(hits <= n, "{hits} hits of {n}");
    if n == 0 {
        return None;
    }
    let count = n as f64;
    let point = hits as f64 / count;
    let z = normal_quantile(level);
    let spread = z * z / count;
    let centre = (point + spread / 2.0) / (1.0 + spread);
    let margin = z / (1.0 + spread) * (point * (1.0 - point) / count + spread / (4.0 * count)).sqrt();
    let low = if hits == 0 { 0.0 } else { (centre - margin).max(0.0) };
    let high = if hits == n { 1.0 } else { (centre + margin).min(1.0) };
    Some(Estimate { point, low, high, level, n })
}

/// The share `hits` / `n` with the exact interval (Clopper and Pearson, 1934); `None` if `n` is 0.
///
/// Either end is where a one-sided binomial test at half of what `level` leaves would just reject, so the truth lies beyond it in
/// no more than that share of studies, be it ever so near 0 or 1. Wilson's interval fails there: of a truth of 0.1 % its lower end
/// lies above after one hit in 176 runs, which has a chance of 16 %.
///
/// # Panics
/// If `hits` exceeds `n`.
pub fn exact_share(hits: u64, n: u64, level: f64) -> Option<Estimate> {
    assert!(hits <= n, "{hits} hits of {n}");
    if n == 0 {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let (low, high) = (least_share(hits, n, tail), 1.0 - least_share(n - hits, n, tail));
    Some(Estimate { point: hits as f64 / n as f64, low, high, level, n })
}

/// The share with which `hits` or more of `n` have the chance `tail`; 0 if `hits` is 0.
fn least_share(hits: u64, n: u64, tail: f64) -> f64 {
    if hits == 0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..BISECTIONS {
        let share = (low + high) / 2.0;
        // So many hits or more are so few misses or fewer.
        if binomial_cdf(n - hits, n, 1.0 - share) < tail {
            low = share;
        } else {
            high = share;
        }
    }
    low
}

/// The least number of runs that, with not one hit among them, bound the share of hits to less than `share` by [`exact_share`]:
/// no hit must have had a chance below half of what `level` leaves. `None` if no number does.
pub fn runs_for_none(share: f64, level: f64) -> Option<u64> {
    match share {
        share if share <= 0.0 => None,
        share if share >= 1.0 => Some(1),
        share => Some((ln((1.0 - level) / 2.0) / ln(1.0 - share)).floor() as u64 + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_agrees_with_published_values() {
        // Newcombe (1998), table I, method 3: 81 of 263 and 0 of 20.
        let middle = wilson(81, 263, 0.95).unwrap();
        assert!((middle.low - 0.2553).abs() < 5e-5 && (middle.high - 0.3662).abs() < 5e-5, "{middle:?}");
        let none = wilson(0, 20, 0.95).unwrap();
        assert!(none.low == 0.0 && (none.high - 0.1611).abs() < 5e-5, "{none:?}");
    }

    #[test]
    fn every_run_a_hit_is_not_certainty() {
        let all = wilson(200, 200, 0.95).unwrap();
        assert_eq!((all.point, all.high), (1.0, 1.0));
        assert!(all.low > 0.97 && all.low < 0.99);
        assert_eq!(wilson(0, 0, 0.95), None);
    }

    #[test]
    fn the_exact_interval_agrees_with_published_values() {
        // Newcombe (1998), table I, method 5: 81 of 263, 15 of 148, 0 of 20 and 1 of 29.
        for (hits, n, low, high) in
            [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)]
        {
            let found = exact_share(hits, n, 0.95).unwrap();
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{hits} of {n}: {found:?}");
        }
        assert_eq!(exact_share(0, 0, 0.95), None);
    }

    #[test]
    fn neither_end_of_the_exact_interval_is_wrong_more_often_than_it_says_however_rare_the_hits() {
        for (n, p) in [(60, 0.005), (176, 0.001), (400, 0.01), (1_000, 0.0005)] {
            let chance = |hits: u64| {
                let fewer = hits.checked_sub(1).map_or(0.0, |fewer| binomial_cdf(fewer, n, p));
                binomial_cdf(hits, n, p) - fewer
            };
            let wrong = |interval: fn(u64, u64, f64) -> Option<Estimate>| {
                let of = |hits| interval(hits, n, 0.95).unwrap();
                let above: f64 = (0..30).filter(|&hits| of(hits).low > p).map(chance).sum();
                let below: f64 = (0..30).filter(|&hits| of(hits).high < p).map(chance).sum();
                above.max(below)
            };
            assert!(wrong(exact_share) <= 0.025, "{n} runs of {p}: {}", wrong(exact_share));
            if n == 176 {
                assert!(wrong(wilson) > 0.15, "the test can fail: {}", wrong(wilson));
            }
        }
    }

    #[test]
    fn runs_for_none_are_just_enough() {
        assert_eq!([0.1, 0.05, 0.01].map(|share| runs_for_none(share, 0.95)), [Some(36), Some(72), Some(368)]);
        for share in [0.5, 0.05, 0.01, 0.001] {
            let needed = runs_for_none(share, 0.95).unwrap();
            let bound = |n| exact_share(0, n, 0.95).map_or(1.0, |estimate| estimate.high);
            assert!(bound(needed) < share && bound(needed - 1) >= share, "{share}: {needed}");
        }
        assert_eq!((runs_for_none(0.0, 0.95), runs_for_none(1.5, 0.95)), (None, Some(1)));
    }
}
