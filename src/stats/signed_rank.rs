//! Wilcoxon's signed-rank test of pairs, exact, and Holm's correction for many tests at once.
//!
//! If two versions of a system do not differ, each difference of a pair is as likely to be positive as negative. That is all
//! the test assumes, so few runs, skew, ties and values beyond the horizon do it no harm. Sources: Wilcoxon (1945), with zeros
//! left out as he did; Holm (1979).

use crate::maths::erfc;

/// Pairs that differ up to which the test is exact; beyond, the normal approximation with ties and continuity corrected.
const MOST_EXACT: usize = 100;

/// Signed-rank test of differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// Differences that are not zero.
    pub nonzero: u64,
    /// Chance that signs thrown like coins give ranks as lopsided as these, in either direction; 1 of no differences.
    pub p: f64,
    /// Tells if the positive differences have the larger ranks together.
    pub positive: bool,
}

/// Tests differences, infinite ones included. Exact for equal sizes, too: those share the mean of their ranks.
///
/// # Panics
/// If a difference is NaN.
pub fn signed_rank(differences: &[f64]) -> SignedRank {
    let mut sizes: Vec<(f64, bool)> = differences.iter().filter(|&&d| d != 0.0).map(|&d| (d.abs(), d > 0.0)).collect();
    assert!(sizes.iter().all(|(size, _)| !size.is_nan()), "a difference that is no number");
    sizes.sort_by(|left, right| left.0.total_cmp(&right.0));
    let ranks = doubled_ranks(&sizes);
    let total: u64 = ranks.iter().sum();
    let positive: u64 = ranks.iter().zip(&sizes).filter(|(_, (_, positive))| *positive).map(|(rank, _)| rank).sum();
    let most = positive.max(total - positive);
    let one_sided = if ranks.len() <= MOST_EXACT { exact_tail(&ranks, most) } else { normal_tail(&ranks, most) };
    SignedRank { nonzero: ranks.len() as u64, p: (2.0 * one_sided).min(1.0), positive: 2 * positive > total }
}

/// Ranks from 1 in order of size, doubled so that the mean rank of equal sizes is a whole number.
fn doubled_ranks(sizes: &[(f64, bool)]) -> Vec<u64> {
    let mut ranks = Vec::with_capacity(sizes.len());
    for group in sizes.chunk_by(|left, right| left.0 == right.0) {
        let before = ranks.len() as u64;
        // The ranks before + 1 to before + n have the mean before + (n + 1) / 2.
        ranks.extend(std::iter::repeat_n(2 * before + group.len() as u64 + 1, group.len()));
    }
    ranks
}

/// Chance that the ranks with a head, of one coin each, add up to `least` or more: all sums, rank by rank.
fn exact_tail(ranks: &[u64], least: u64) -> f64 {
    let total: u64 = ranks.iter().sum();
    let mut chance = vec![0.0; total as usize + 1];
    chance[0] = 1.0;
    let mut reached = 0;
    for &rank in ranks {
        let rank = rank as usize;
        for sum in (0..=reached).rev() {
            let half = chance[sum] / 2.0;
            chance[sum] = half;
            chance[sum + rank] += half;
        }
        reached += rank;
    }
    chance[least as usize..].iter().sum()
}

fn normal_tail(ranks: &[u64], least: u64) -> f64 {
    let total: u64 = ranks.iter().sum();
    let squares: f64 = ranks.iter().map(|&rank| (rank * rank) as f64).sum();
    let z = (least as f64 - total as f64 / 2.0 - 1.0).max(0.0) / (squares.sqrt() / 2.0);
    erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// Least number of pairs that differ with which [`signed_rank`] can be as sure as `p`: when all have one sign.
pub fn pairs_needed(p: f64) -> u64 {
    let mut chance = 1.0;
    let mut pairs = 1;
    while chance > p {
        chance /= 2.0;
        pairs += 1;
    }
    pairs
}

/// Tells which of many tests reject, so that the chance that any does so wrongly is at most `level` (Holm's step-down
/// rule).
pub fn holm(chances: &[f64], level: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|&left, &right| chances[left].total_cmp(&chances[right]));
    let mut rejected = vec![false; chances.len()];
    for (step, &place) in order.iter().enumerate() {
        if chances[place] > level / (chances.len() - step) as f64 {
            break;
        }
        rejected[place] = true;
    }
    rejected
}

#[cfg(test)]
mod tests {
    use super::super::samples::SplitMix;
    use super::*;

    #[test]
    fn chances_agree_with_the_printed_table() {
        // Critical values of the smaller sum, two-sided 0.05 and 0.01 (Wilcoxon and Wilcox 1964, as in any textbook).
        for (n, five, one) in [(8u64, 3u64, 0u64), (10, 8, 3), (15, 25, 15), (20, 52, 37)] {
            for (critical, level) in [(five, 0.05), (one, 0.01)] {
                let ranks: Vec<u64> = (1..=n).map(|rank| 2 * rank).collect();
                let tail = |smaller: u64| 2.0 * exact_tail(&ranks, n * (n + 1) - 2 * smaller);
                assert!(tail(critical) <= level && tail(critical + 1) > level, "n {n}, level {level}");
            }
        }
    }

    #[test]
    fn unanimous_pairs_are_as_sure_as_coins() {
        let test = signed_rank(&[1.0, 2.0, 3.0, f64::INFINITY, 0.0]);
        assert_eq!((test.nonzero, test.p, test.positive), (4, 0.125, true));
        assert_eq!(signed_rank(&[0.0, 0.0]).p, 1.0);
        assert_eq!((pairs_needed(0.125), pairs_needed(0.124), pairs_needed(1.0)), (4, 5, 1));
    }

    #[test]
    fn equal_sizes_share_their_ranks() {
        // Sizes 1, 1, 2: ranks 1.5, 1.5, 3. Positive: 1.5 + 3 of 6; sums of 4.5 or more: 4.5 twice and 6, of 8.
        let test = signed_rank(&[-1.0, 1.0, 2.0]);
        assert_eq!((test.p, test.positive), (0.75, true));
    }

    #[test]
    fn groups_of_equal_sizes_have_the_mean_of_the_ranks_that_they_take_up() {
        let sizes = [1.0, 1.0, 2.0, 2.0, 2.0, 5.0].map(|size| (size, true));
        // Ranks 1.5, 4 and 6.
        assert_eq!(doubled_ranks(&sizes), [3, 3, 8, 8, 8, 12]);
    }

    #[test]
    fn the_approximation_meets_the_exact_test() {
        let mut samples = SplitMix(5);
        let differences: Vec<f64> = (0..MOST_EXACT).map(|_| samples.uniform() - 0.45).collect();
        let mut sizes: Vec<(f64, bool)> = differences.iter().map(|&d| (d.abs(), d > 0.0)).collect();
        sizes.sort_by(|left, right| left.0.total_cmp(&right.0));
        let ranks = doubled_ranks(&sizes);
        let most = ranks.iter().zip(&sizes).filter(|(_, (_, up))| *up).map(|(rank, _)| rank).sum();
        let (exact, normal) = (exact_tail(&ranks, most), normal_tail(&ranks, most));
        assert!((exact / normal - 1.0).abs() < 0.05, "{exact} {normal}");
    }

    #[test]
    fn holm_rejects_step_by_step() {
        assert_eq!(holm(&[0.02, 0.001, 0.04, 0.011], 0.05), [true, true, true, true]);
        assert_eq!(holm(&[0.03, 0.001, 0.04, 0.011], 0.05), [false, true, false, true]);
        assert_eq!(holm(&[], 0.05), Vec::<bool>::new());
    }
}
