//! Judges whether paired differences have shown enough for a claim about their mean.
//!
//! Student's t interval is made of the scatter that was seen, so that it says nothing of differences that are the same in every run
//! but for a few: two runs with the same difference have an interval without width, and so have runs of which the one
//! that would turn the mean was not among those made. So where at least half of the differences are alike, one of two
//! things must hold beside what the interval says.
//!
//! - [`ENOUGH_OTHERS`] differ from the usual one, and vary themselves: no more than half of them are alike, or as many
//!   differ again.
//! - What was seen **outweighs** what was not. The share of runs of a kind not seen is bounded by Wilson's interval,
//!   and they would have to differ the other way, by more than [`OUTWEIGHED`] times the largest difference seen, to
//!   turn the mean. With the same difference in every run that takes 97 of them, so what differs by construction is
//!   known after 97 runs. It is a weaker thing than the 381 runs after which a mean is known (see `scatter`), since
//!   only the sign is claimed.
//!
//! Equal values in every run are no claim of a direction. They count as practically the same after [`ENOUGH_OTHERS`] runs, when at
//! most 11 % of runs can differ.
//!
//! Without the rule, of differences with a mean of 0 that are -1 in 40 %, 8 in 5 % and else 0, 20 runs claimed one in a third of
//! studies. What no rule can see is a rare difference that was not met and is still larger than that.

use super::scatter::{ENOUGH_OTHERS, none_of};

/// So many times the largest difference seen, the other way, must runs of a kind not seen differ to turn the sign of a mean.
pub const OUTWEIGHED: f64 = 25.0;

/// Differences nearer to each other than this part of the values are alike: the rounding of their sums.
const ROUNDING: f64 = 1e-9;

/// Judgement of paired differences by their own scatter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    /// Enough for what the interval of their mean says.
    Enough,
    /// All are the same, in too few runs.
    Equal {
        /// Most that the share of other differences may be.
        others_at_most: f64,
    },
    /// Most are the same, and the others too few or too much alike.
    Few {
        /// Differences beside the usual one.
        others: u64,
    },
}

impl Evidence {
    /// Judges pairs of values. With infinite ones that differ there is no mean to claim anything of.
    pub fn of(pairs: &[(f64, f64)]) -> Self {
        let size = pairs.iter().fold(0.0, |size: f64, (first, second)| size.max(first.abs()).max(second.abs()));
        let mut sorted: Vec<f64> =
            pairs.iter().map(|(first, second)| if first == second { 0.0 } else { first - second }).collect();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let usual = most_alike(&sorted, size * ROUNDING);
        let others = (n - usual.len()) as u64;
        if others == 0 {
            let is_zero = sorted.iter().all(|difference| difference.abs() <= size * ROUNDING);
            let is_known = if is_zero { n as u64 >= ENOUGH_OTHERS } else { outweighs(&sorted) };
            let others_at_most = none_of(n as u64);
            return if is_known { Evidence::Enough } else { Evidence::Equal { others_at_most } };
        }
        if usual.len() < 2 || 2 * usual.len() < n {
            return Evidence::Enough;
        }
        let rest = [&sorted[..usual.start], &sorted[usual.end..]].concat();
        let alike = most_alike(&rest, size * ROUNDING).len();
        let do_vary = 2 * alike < rest.len() || (rest.len() - alike) as u64 >= ENOUGH_OTHERS;
        if (others >= ENOUGH_OTHERS && do_vary) || outweighs(&sorted) {
            Evidence::Enough
        } else {
            Evidence::Few { others }
        }
    }

    /// Tells if their interval says what it seems to.
    pub fn is_enough(self) -> bool {
        self == Evidence::Enough
    }
}

/// Places of the most values that lie within `apart` of the first of them, in ascending order.
fn most_alike(sorted: &[f64], apart: f64) -> std::ops::Range<usize> {
    let mut most = 0..0;
    let mut start = 0;
    for end in 1..=sorted.len() {
        if end == sorted.len() || sorted[end] - sorted[start] > apart {
            if end - start > most.len() {
                most = start..end;
            }
            start = end;
        }
    }
    most
}

/// Tells if only runs of a kind not seen that differ by more than [`OUTWEIGHED`] times the largest could turn the mean.
fn outweighs(differences: &[f64]) -> bool {
    let largest = differences.iter().fold(0.0, |largest: f64, difference| largest.max(difference.abs()));
    let mean = super::mean(differences).unwrap_or(0.0).abs();
    let unseen = none_of(differences.len() as u64);
    (1.0 - unseen) * mean > unseen * OUTWEIGHED * largest
}

#[cfg(test)]
mod tests {
    use super::super::LEVEL;
    use super::super::mean::mean_interval;
    use super::super::samples::SplitMix;
    use super::*;

    fn of(differences: &[(f64, usize)]) -> Evidence {
        let pairs = differences.iter().flat_map(|&(by, count)| std::iter::repeat_n((1000.0 + by, 1000.0), count));
        Evidence::of(&pairs.collect::<Vec<_>>())
    }

    #[test]
    fn the_same_in_every_run_needs_many_of_them() {
        assert!(matches!(of(&[(-2.0, 2)]), Evidence::Equal { others_at_most } if others_at_most > 0.6));
        assert!(!of(&[(-2.0, 96)]).is_enough() && of(&[(-2.0, 97)]).is_enough());
        assert!(!of(&[(0.0, 29)]).is_enough() && of(&[(0.0, 30)]).is_enough());
        assert!(!of(&[]).is_enough());
    }

    #[test]
    fn rounding_is_no_scatter() {
        let noisy = |n: usize| (0..n).map(|run| (run as f64 * 0.1 + 0.3, run as f64 * 0.1)).collect::<Vec<_>>();
        assert!(matches!(Evidence::of(&noisy(20)), Evidence::Equal { .. }));
    }

    #[test]
    fn a_few_beside_the_usual_difference_must_be_many_and_vary_or_weigh_little() {
        assert_eq!(of(&[(0.0, 190), (4.0, 5), (7.0, 5)]), Evidence::Few { others: 10 });
        assert_eq!(of(&[(0.0, 150), (-1.0, 50)]), Evidence::Few { others: 50 });
        assert_eq!(of(&[(0.0, 100), (1.0, 40), (2.0, 30), (3.0, 30)]), Evidence::Enough);
        assert_eq!(of(&[(-200.0, 5), (-190.0, 190), (-180.0, 5)]), Evidence::Enough);
        assert_eq!(of(&[(1.0, 1), (2.0, 1)]), Evidence::Enough);
        assert_eq!(of(&[(1.0, 2), (2.0, 2)]), Evidence::Few { others: 2 });
    }

    /// The share of `studies` that claim a direction, of differences whose mean is 0: these values with these chances, else 0.
    fn false_claims(studies: u32, runs: usize, chances: &[(f64, f64)]) -> f64 {
        let mean: f64 = chances.iter().map(|(value, chance)| value * chance).sum();
        assert!(mean.abs() < 1e-9, "{mean}");
        let mut samples = SplitMix(31);
        let mut draw = || {
            let mut left = samples.uniform();
            let drawn = chances.iter().find(|(_, chance)| {
                left -= chance;
                left < 0.0
            });
            drawn.map_or(0.0, |(value, _)| *value)
        };
        let claimed = (0..studies).filter(|_| {
            let pairs: Vec<(f64, f64)> = (0..runs).map(|_| (1000.0 + draw(), 1000.0)).collect();
            let differences: Vec<f64> = pairs.iter().map(|(first, second)| first - second).collect();
            let interval = mean_interval(&differences, LEVEL).unwrap();
            !interval.contains(0.0) && Evidence::of(&pairs).is_enough()
        });
        claimed.count() as f64 / f64::from(studies)
    }

    #[test]
    fn what_does_not_differ_is_seldom_claimed_to() {
        let studies = crate::cases::cases(4_000, 1_000);
        for (runs, chances) in [
            // Without the rule 35 % of the studies, and 47 %.
            (20, &[(-1.0, 0.4), (8.0, 0.05)][..]),
            (200, &[(-1.0, 0.18), (45.0, 0.004)]),
            (12, &[(-1.0, 0.95), (19.0, 0.05)]),
            (60, &[(-1.0, 0.95), (19.0, 0.05)]),
            (200, &[(-1.0, 0.96), (24.0, 0.04)]),
            (200, &[(-1.0, 0.5), (25.0, 0.02)]),
            (200, &[(-1.0, 0.05), (1.0, 0.05)]),
            (400, &[(-1.0, 0.02), (4.0, 0.005)]),
        ] {
            let claimed = false_claims(studies, runs, chances);
            // 5 %, and three standard errors.
            let most = if studies == 4_000 { 0.061 } else { 0.071 };
            assert!(claimed <= most, "{runs} runs of {chances:?}: {claimed}");
        }
    }
}
