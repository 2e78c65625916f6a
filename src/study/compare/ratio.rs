//! Ratios of means over paired runs, with their intervals.

use crate::stats::{Estimate, LEVEL, mean, mean_interval};

/// Returns the share that `part` has of `whole`, both summed over runs, and half of its interval, as of a ratio of means (W. G. Cochran,
/// "Sampling Techniques", 1977, chapter 6).
pub(in crate::study) fn share_of(part: &[f64], whole: &[f64]) -> (f64, Option<f64>) {
    let (Some(of_part), Some(of_whole)) = (mean(part), mean(whole).filter(|whole| *whole > 0.0)) else {
        return (0.0, None);
    };
    let share = of_part / of_whole;
    let rests: Vec<f64> = part.iter().zip(whole).map(|(part, whole)| part - share * whole).collect();
    (share, mean_interval(&rests, LEVEL).map(|rest| rest.half_width() / of_whole))
}

/// Returns how many times as much `more` is as `less`, run by run: the inverse of the share that the one has of the other, whose
/// interval is turned over. `None` of fewer than two runs, or if all are 0.
pub(in crate::study) fn times(less: &[f64], more: &[f64]) -> Option<Estimate> {
    let (share, half) = share_of(less, more);
    let half = half?;
    let inverse = |share: f64| if share > 0.0 { 1.0 / share } else { f64::INFINITY };
    let (low, high) = (inverse(share + half), inverse(share - half));
    Some(Estimate { point: inverse(share), low, high, level: LEVEL, n: less.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_is_the_same_in_every_run_is_known_exactly() {
        let whole: Vec<f64> = (0..20).map(|run| 30.0 + 2.0 * f64::from(run)).collect();
        let part: Vec<f64> = whole.iter().map(|seconds| 0.25 * seconds).collect();
        let (share, half) = share_of(&part, &whole);
        assert!(share == 0.25 && half.unwrap() < 1e-12);
        let (_, half) = share_of(&part.into_iter().rev().collect::<Vec<_>>(), &whole);
        assert!(half.unwrap() > 0.05);
        assert_eq!(share_of(&[1.0], &[2.0]), (0.5, None));
    }

    #[test]
    fn a_ratio_has_the_interval_of_the_share_turned_over() {
        // The share is 40 of 80, its rests -10 and 10, so its interval is 0.5 ± 12.7 x 10 / 80: it has no upper end as a ratio.
        let found = times(&[30.0, 50.0], &[80.0, 80.0]).unwrap();
        assert!(found.point == 2.0 && found.low > 0.4 && found.low < 0.5 && found.high.is_infinite(), "{found:?}");
        assert_eq!(times(&[0.0, 0.0], &[1.0, 2.0]).unwrap().point, f64::INFINITY);
        assert_eq!((times(&[0.0, 0.0], &[0.0, 0.0]), times(&[1.0], &[2.0])), (None, None));
    }
}
