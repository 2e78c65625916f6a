//! Which cause costs the most service, by how much, and how sure that is.
//!
//! The causes of one design are compared run by run (see [`Ahead`]). Picking the largest first does not spoil the level (K. Hung
//! and W. Fithian, "Rank verification for exponential families", 2019). What it cannot be said to cost more than is a
//! candidate, too.

use crate::stats::Estimate;
use crate::study::compare::ahead::Ahead;

/// Standing of the cause with the largest mean against the others.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Leading {
    /// There is no other.
    Only,
    /// It costs more than each other; the difference from the next, over runs.
    Clear(Estimate),
    /// It cannot be said to cost more, by enough to count, than the causes at these places; the difference from the
    /// next, if there are runs enough for an interval.
    Shared {
        /// Places of the other candidates, the nearest first.
        others: Vec<usize>,
        /// The difference from the nearest of them.
        difference: Option<Estimate>,
    },
}

/// Judges the first of `causes`, each with its seconds in every run, the one with the largest mean first.
pub(super) fn lead(causes: &[impl AsRef<[f64]>]) -> Leading {
    let Some((first, rest)) = causes.split_first() else { return Leading::Only };
    let ahead: Vec<Ahead> = rest.iter().map(|other| Ahead::of(first.as_ref(), other.as_ref())).collect();
    let Some(next) = ahead.first() else { return Leading::Only };
    let others: Vec<usize> = (0..rest.len()).filter(|&place| !ahead[place].is_sure()).map(|place| place + 1).collect();
    match next.trusted() {
        Some(next) if others.is_empty() => Leading::Clear(next),
        _ => Leading::Shared { difference: others.first().and_then(|&other| ahead[other - 1].trusted()), others },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty runs of seconds spread evenly around `mean`, by `scatter` to either side.
    fn runs(mean: f64, scatter: f64) -> Vec<f64> {
        (0..20).map(|run| mean + scatter * (f64::from(run * 7 % 20) / 9.5 - 1.0)).collect()
    }

    #[test]
    fn a_cause_leads_only_if_it_costs_surely_more_and_enough_to_count() {
        let Leading::Clear(difference) = lead(&[runs(60.0, 5.0), runs(40.0, 4.0), runs(1.0, 0.0)]) else {
            panic!("unclear")
        };
        assert!(difference.point == 20.0 && difference.low > 19.0);
        // Sure, and a fiftieth.
        assert!(matches!(lead(&[runs(60.0, 5.0), runs(58.8, 5.0)]), Leading::Shared { others, .. } if others == [1]));
        // Large, and not sure.
        let unsure = lead(&[runs(60.0, 50.0), runs(50.0, -50.0), runs(55.0, -50.0), runs(1.0, 0.0)]);
        assert!(matches!(&unsure, Leading::Shared { others, difference: Some(_) } if *others == [1, 2]), "{unsure:?}");
    }

    #[test]
    fn runs_that_scatter_together_do_not_hide_which_is_larger() {
        assert!(matches!(lead(&[runs(60.0, 50.0), runs(50.0, 49.0)]), Leading::Clear(_)));
    }

    #[test]
    fn what_hangs_on_a_few_runs_leads_nobody() {
        let rare: Vec<f64> = (0..20).map(|run| if run < 3 { 40.0 + f64::from(run) } else { 0.0 }).collect();
        assert_eq!(lead(&[rare, vec![0.0; 20]]), Leading::Shared { others: vec![1], difference: None });
        assert_eq!(lead(&[vec![5.0; 4], vec![1.0; 4]]), Leading::Shared { others: vec![1], difference: None });
        assert!(matches!(lead(&[vec![5.0; 200], vec![1.0; 200]]), Leading::Clear(_)));
    }

    #[test]
    fn one_run_makes_every_cause_a_candidate_and_one_cause_needs_no_runs() {
        let shared = Leading::Shared { others: vec![1, 2], difference: None };
        assert_eq!(lead(&[vec![60.0], vec![3.0], vec![1.0]]), shared);
        assert_eq!(lead(&[vec![60.0]]), Leading::Only);
    }
}
