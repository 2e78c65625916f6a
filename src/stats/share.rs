//! A share of runs and its Wilson interval.

use super::{Estimate, normal_quantile};

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

/// The least number of runs that, with not one hit among them, bound the share of hits to less than `share` by [`wilson`]:
/// z² (1 - share) / share; `None` if no number does.
pub fn runs_for_none(share: f64, level: f64) -> Option<u64> {
    let z = normal_quantile(level);
    match share {
        share if share <= 0.0 => None,
        share if share > 1.0 => Some(1),
        share => Some((z * z * (1.0 - share) / share).floor() as u64 + 1),
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
    fn runs_for_none_are_just_enough() {
        assert_eq!(runs_for_none(0.01, 0.95), Some(381));
        for share in [0.5, 0.05, 0.01, 0.001] {
            let needed = runs_for_none(share, 0.95).unwrap();
            let bound = |n| wilson(0, n, 0.95).map_or(1.0, |estimate| estimate.high);
            assert!(bound(needed) < share && bound(needed - 1) >= share, "{share}: {needed}");
        }
        assert_eq!((runs_for_none(0.0, 0.95), runs_for_none(1.5, 0.95)), (None, Some(1)));
    }
}
