//! One phase of lost service against another, run by run: which costs more, by how much, and how sure that is.
//!
//! A run in which visitors lose more is one in which they lose more to every phase, so phases are compared within runs. One
//! surely costs more if the interval of the difference excludes zero, the runs have shown enough of how it varies (see
//! [`Evidence`]), and the difference counts.

use super::weight::LEAST_SHARE;
use crate::stats::{Estimate, Evidence, LEVEL, mean, mean_interval};

/// By how much one phase costs more than another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::study) struct Ahead {
    /// Mean difference with its interval, in seconds; `None` with fewer than two runs.
    pub(in crate::study) by: Option<Estimate>,
    /// True if the runs have shown enough of how the difference varies.
    pub(in crate::study) is_shown: bool,
    /// Least difference that counts.
    least_s: f64,
}

impl Ahead {
    /// Compares `one` with `other`, each with its seconds in every run.
    pub(in crate::study) fn of(one: &[f64], other: &[f64]) -> Self {
        let pairs: Vec<(f64, f64)> = one.iter().copied().zip(other.iter().copied()).collect();
        let differences: Vec<f64> = pairs.iter().map(|(one, other)| one - other).collect();
        Ahead {
            by: mean_interval(&differences, LEVEL),
            is_shown: Evidence::of(&pairs).is_enough(),
            least_s: LEAST_SHARE * mean(one).unwrap_or(0.0),
        }
    }

    /// Returns the difference if its interval is to be trusted.
    pub(in crate::study) fn trusted(&self) -> Option<Estimate> {
        self.by.filter(|_| self.is_shown)
    }

    /// Tells whether the one surely costs more than the other, by enough to count.
    pub(in crate::study) fn is_sure(&self) -> bool {
        self.trusted().is_some_and(|by| by.low > 0.0 && by.point >= self.least_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_sure_if_it_excludes_zero_is_shown_by_the_runs_and_counts() {
        let spread = |mean: f64| (0..20).map(|run| mean + f64::from(run * 7 % 20)).collect::<Vec<f64>>();
        let still = |mean: f64| vec![mean; 20];
        // Differences of 40 s, give or take 10: sure.
        let sure = Ahead::of(&spread(50.0), &still(20.0));
        assert!(sure.is_sure() && sure.by.is_some_and(|by| (by.point - 39.5).abs() < 1e-9));
        // The same in all of 20 runs: not shown.
        let alike = Ahead::of(&still(50.0), &still(20.0));
        assert!(!alike.is_sure() && alike.by.is_some() && alike.trusted().is_none());
        assert_eq!(Ahead::of(&[60.0], &[3.0]).by, None);
    }
}
