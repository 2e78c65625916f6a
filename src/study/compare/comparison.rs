//! Compares designs pair by pair: the same run number means the same visitors and the same faults.
//!
//! A claim needs differences that have shown enough of their scatter (see `stats::evidence`), since two runs that
//! differ by the same have an interval without width. Where they have not, nothing is claimed of the mean, and in how
//! many runs which design has less speaks for itself: it is no test of the mean, which one run may turn.

use super::evidence::evidence;
use super::pairs::{Pairs, pairs_of};
use crate::results::{Claim, Direction, Weight};
use crate::stats::{Evidence, LEVEL, Paired, paired};
use crate::study::design::DesignOutcome;
use crate::study::metric::named::Named;
use crate::study::metric::table::MetricTable;

/// One pair of designs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairComparison {
    /// Name of the first design.
    pub first: String,
    /// Name of the second design.
    pub second: String,
    /// One comparison per metric, in the order of the metric table.
    pub metrics: Vec<MetricComparison>,
}

/// One metric of a pair of designs.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricComparison {
    /// Statistics of the pairs.
    pub paired: Paired,
    /// Evidence for a claim: whether the differences have shown enough for one; with censored ones there is no mean to claim anything of.
    pub evidence: Evidence,
    /// Runs in which the metric does not apply to one of them.
    pub dropped: u64,
    /// Runs in which it is censored so early that it is not known who has less; left out of the pairs.
    pub undecided: u64,
    /// The claim that can be made.
    pub claim: Claim,
    /// Its weight in practice.
    pub weight: Weight,
}

impl Claim {
    /// With censored pairs there is no mean difference: then one is claimed to be less if it is in more than half of the
    /// runs, by the interval of that share.
    pub(in crate::study) fn of(paired: &Paired, evidence: Evidence) -> Self {
        if paired.pairs > 0 && paired.ties == paired.pairs && paired.censored == 0 {
            return Claim::Same;
        }
        if let Some(difference) = paired.difference {
            return match () {
                () if !evidence.is_enough() => Claim::Unknown,
                () if difference.high < 0.0 => Claim::FirstLess,
                () if difference.low > 0.0 => Claim::SecondLess,
                () => Claim::NoDifference,
            };
        }
        match (paired.share_first_less, paired.share_second_less) {
            (Some(first), _) if paired.censored > 0 && first.low > 0.5 => Claim::FirstLess,
            (_, Some(second)) if paired.censored > 0 && second.low > 0.5 => Claim::SecondLess,
            _ => Claim::Unknown,
        }
    }
}

impl PairComparison {
    /// Every pair of designs, in file order.
    pub(crate) fn of_all(designs: &[DesignOutcome], metrics: &MetricTable) -> Vec<Self> {
        let pairs = designs
            .iter()
            .enumerate()
            .flat_map(|(place, first)| designs[place + 1..].iter().map(move |second| (first, second)));
        pairs.map(|(first, second)| PairComparison::of(first, second, metrics)).collect()
    }

    fn of(first: &DesignOutcome, second: &DesignOutcome, metrics: &MetricTable) -> Self {
        let compare = |position| {
            let Pairs { values: pairs, undecided } = pairs_of(first, second, Named::whole(position));
            let paired = paired(&pairs, LEVEL);
            let evidence = evidence(&metrics.all()[position], &pairs);
            let claim = Claim::of(&paired, evidence);
            let weight = Weight::of(&metrics.all()[position], &pairs, &paired, claim);
            let dropped = first.rows.len() as u64 - pairs.len() as u64 - undecided;
            MetricComparison { paired, evidence, dropped, undecided, claim, weight }
        };
        PairComparison {
            first: first.name.clone(),
            second: second.name.clone(),
            metrics: (0..metrics.all().len()).map(compare).collect(),
        }
    }
}

impl MetricComparison {
    /// Pairs in which the first design is better; `None` if neither direction is.
    pub fn first_better(&self, better: Direction) -> Option<u64> {
        match better {
            Direction::Less => Some(self.paired.first_less),
            Direction::More => Some(self.paired.second_less),
            Direction::Neither => None,
        }
    }

    /// Pairs in which the second design is better; `None` if neither direction is.
    pub fn second_better(&self, better: Direction) -> Option<u64> {
        match better {
            Direction::Less => Some(self.paired.second_less),
            Direction::More => Some(self.paired.first_less),
            Direction::Neither => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(pairs: &[(f64, f64)]) -> Claim {
        Claim::of(&paired(pairs, LEVEL), Evidence::of(pairs))
    }

    #[test]
    fn a_difference_is_claimed_only_if_its_interval_excludes_zero() {
        assert_eq!(claim(&[(1.0, 3.0), (2.0, 4.5), (1.0, 2.8)]), Claim::FirstLess);
        assert_eq!(claim(&[(3.0, 1.0), (4.5, 2.0), (2.8, 1.0)]), Claim::SecondLess);
        assert_eq!(claim(&[(1.0, 3.0), (2.0, 1.5), (1.0, 1.1)]), Claim::NoDifference);
    }

    #[test]
    fn equal_runs_are_the_same_and_one_run_says_nothing() {
        assert_eq!(claim(&[(1.0, 1.0), (2.0, 2.0)]), Claim::Same);
        assert_eq!(claim(&[(1.0, 2.0)]), Claim::Unknown);
        assert_eq!(claim(&[]), Claim::Unknown);
    }

    #[test]
    fn the_same_difference_in_a_few_runs_is_no_claim() {
        assert_eq!(claim(&[(3.0, 5.0), (2.0, 4.0)]), Claim::Unknown);
        assert_eq!(claim(&[(3.0, 5.0); 200]), Claim::FirstLess);
        let mut rarely = vec![(0.0, 0.0); 190];
        rarely.extend([(0.0, 5.0); 10]);
        assert_eq!(claim(&rarely), Claim::Unknown);
    }

    #[test]
    fn censored_pairs_are_judged_by_who_wins() {
        let mut pairs = vec![(1.0, f64::INFINITY); 8];
        assert_eq!(claim(&pairs), Claim::FirstLess);
        pairs.extend([(f64::INFINITY, 1.0); 8]);
        assert_eq!(claim(&pairs), Claim::Unknown);
    }
}
