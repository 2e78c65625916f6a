//! Trends: whether a statistic surely rises or falls from one value of a key to another, by the runs that both have.
//!
//! The same run number means the same visitors and faults, so what is tested is the pairs: the mean by the t interval of their
//! differences; a share by the runs that change sides, which go either way like coins if nothing changes (McNemar's test, exact);
//! a quantile in the same way, as the share of values beyond the quantile of both together. The last is exact, too: if nothing
//! changes, swapping the two values of a pair changes neither the threshold nor the chances.
//!
//! Where most differences are one and the same, the interval of their mean is not to be trusted (see `stats::scatter`). How many
//! runs rise and fall says nothing of the mean by itself: many may rise a little and few fall far. So a mean is sure there only if
//! the interval *and* the runs that rise and fall say the same. Where values lie beyond the horizon there is no mean, and what is
//! counted is the runs that come to lie beyond it and those that no longer do.

use crate::stats::{Scatter, Sorted, binomial_cdf, mean_interval, quantile, scatter};

/// The trend of a statistic from one value of a key to another, as far as it is sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// It rises.
    Rises,
    /// It falls.
    Falls,
    /// Neither is sure.
    Unclear,
}

impl Trend {
    /// Of the mean.
    pub(in crate::study) fn of_mean(pairs: &[(f64, f64)], level: f64) -> Self {
        if pairs.iter().any(|(first, second)| first.is_infinite() || second.is_infinite()) {
            return Trend::of_share(pairs, f64::is_infinite, level);
        }
        let changes: Vec<f64> = pairs.iter().map(|(first, second)| second - first).collect();
        let by_interval = match mean_interval(&changes, level) {
            Some(change) if change.low > 0.0 => Trend::Rises,
            Some(change) if change.high < 0.0 => Trend::Falls,
            _ => Trend::Unclear,
        };
        if scatter(&Sorted::new(changes)) == Scatter::Seen
            || Trend::of_signs(pairs.iter().copied(), level) == by_interval
        {
            by_interval
        } else {
            Trend::Unclear
        }
    }

    /// Of the share of values that are `inside`.
    pub(in crate::study) fn of_share(pairs: &[(f64, f64)], inside: impl Fn(f64) -> bool, level: f64) -> Self {
        let is_in = |value| f64::from(u8::from(inside(value)));
        Trend::of_signs(pairs.iter().map(|(first, second)| (is_in(*first), is_in(*second))), level)
    }

    /// Of the p-quantile.
    pub(in crate::study) fn of_quantile(pairs: &[(f64, f64)], p: f64, level: f64) -> Self {
        let both = pairs.iter().flat_map(|(first, second)| [*first, *second]).collect();
        let Some(threshold) = quantile(&both, p) else { return Trend::Unclear };
        Trend::of_share(pairs, |value| value > threshold, level)
    }

    /// Of pairs of which each rises, falls or stays: by a fair coin for each that does not stay.
    fn of_signs(pairs: impl Iterator<Item = (f64, f64)>, level: f64) -> Self {
        let (mut rises, mut falls) = (0, 0);
        for (first, second) in pairs {
            rises += u64::from(first < second);
            falls += u64::from(first > second);
        }
        // In either direction.
        let chance = 2.0 * binomial_cdf(rises.min(falls), rises + falls, 0.5);
        match () {
            () if rises == falls || chance > 1.0 - level => Trend::Unclear,
            () if rises > falls => Trend::Rises,
            () => Trend::Falls,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Stream;

    /// Pairs of a common part, uniform on 0 to 10, and of parts of their own on 0 to 1, the second raised by `raised`.
    fn pairs(study: u64, raised: f64) -> Vec<(f64, f64)> {
        let uniform = |place| Stream::root(9, study).uniform(place);
        (0..60)
            .map(|run| {
                let common = 10.0 * uniform(3 * run);
                (common + uniform(3 * run + 1), common + uniform(3 * run + 2) + raised)
            })
            .collect()
    }

    #[test]
    fn a_rise_far_below_the_scatter_of_runs_is_seen_in_pairs() {
        // A twentieth of the range of the runs.
        let up = pairs(1, 0.5);
        assert_eq!(Trend::of_mean(&up, 0.99), Trend::Rises);
        let down: Vec<(f64, f64)> = up.iter().map(|(first, second)| (*second, *first)).collect();
        assert_eq!(Trend::of_mean(&down, 0.99), Trend::Falls);
        assert_eq!(Trend::of_quantile(&pairs(1, 2.0), 0.5, 0.95), Trend::Rises);
        assert_eq!(Trend::of_share(&pairs(1, 2.0), |value| value > 5.0, 0.95), Trend::Rises);
    }

    #[test]
    fn where_nothing_changes_a_trend_is_seen_as_seldom_as_the_level_says() {
        type Test = fn(&[(f64, f64)]) -> Trend;
        let of: [Test; 3] = [
            |pairs| Trend::of_mean(pairs, 0.95),
            |pairs| Trend::of_quantile(pairs, 0.9, 0.95),
            |pairs| Trend::of_share(pairs, |value| value > 5.0, 0.95),
        ];
        for (kind, trend) in of.into_iter().enumerate() {
            let seen = (0..2_000).filter(|study| trend(&pairs(*study, 0.0)) != Trend::Unclear).count();
            // 100 of 2,000, and 10 for the standard error; tests of counts are wary, so they see fewer.
            assert!(seen <= 125 && (kind > 0 || seen >= 75), "test {kind}: {seen} of 2000");
        }
    }

    #[test]
    fn equal_differences_must_be_many_since_they_have_no_interval() {
        assert_eq!(Trend::of_mean(&[(1.0, 2.0); 3], 0.95), Trend::Unclear);
        assert_eq!(Trend::of_mean(&[(1.0, 2.0); 20], 0.99), Trend::Rises);
        let mut rarely = vec![(0.0, 0.0); 36];
        rarely.extend([(0.0, 5.0); 4]);
        assert_eq!(Trend::of_mean(&rarely, 0.95), Trend::Unclear);
    }

    #[test]
    fn many_runs_that_rise_a_little_do_not_hide_a_few_that_fall_far() {
        let pairs = |falls: usize, by: f64| {
            let changes =
                [(0.0, 20), (5.0, 27), (-by, falls)].map(|(change, count)| vec![(500.0, 500.0 + change); count]);
            changes.concat()
        };
        // 27 runs rise and two fall; the mean falls by 9.5 s.
        assert_eq!(Trend::of_signs(pairs(2, 300.0).into_iter(), 0.95), Trend::Rises);
        assert_eq!(Trend::of_mean(&pairs(2, 300.0), 0.95), Trend::Unclear);
        // The mean rises by 0.7 s, and nobody knows how often a run falls by 100 s.
        assert_eq!(Trend::of_mean(&pairs(1, 100.0), 0.95), Trend::Unclear);
        assert_eq!(Trend::of_mean(&pairs(0, 0.0), 0.95), Trend::Rises);
    }

    #[test]
    fn who_recovers_and_who_does_not_is_counted() {
        let mut pairs = vec![(1.0, f64::INFINITY); 8];
        assert_eq!(Trend::of_mean(&pairs, 0.95), Trend::Rises);
        pairs.extend([(f64::INFINITY, 1.0); 6]);
        assert_eq!(Trend::of_mean(&pairs, 0.95), Trend::Unclear);
        // That the others take longer says nothing of those who do not recover.
        let mut longer = vec![(1.0, 2.0); 20];
        longer.extend([(f64::INFINITY, 1.0); 2]);
        assert_eq!(Trend::of_mean(&longer, 0.95), Trend::Unclear);
        assert_eq!(Trend::of_mean(&[], 0.95), Trend::Unclear);
    }
}
