//! Quantiles of times of which some are known only to be longer than they were watched.
//!
//! An incident that is over before anybody has failed over tells that failing over takes longer than it lasted, and nothing
//! more. Left out, such runs would make a slow failover look quick, and counted as infinite they would make it look
//! slower than it is. Kaplan and Meier's estimate of the share of times beyond `t` uses them for as long as they were watched
//! (Kaplan and Meier, 1958): it is the product over the times seen up to `t` of 1 - d / n, of the n that were watched until
//! then and the d that ended then. The interval of a quantile is that of Brookmeyer and Crowley (1982): the times at which the
//! pointwise interval of that share includes 1 - p, on the scale ln(-ln) with Greenwood's variance (Klein and Moeschberger,
//! *Survival Analysis*, 2nd ed., sections 4.3 and 4.5). Where no time was seen, an exact bound takes its place.
//!
//! It is assumed that how long a time was watched says nothing of the time itself.

use super::Estimate;
use super::distribution::normal_quantile;
use super::quantile::{TooFewRuns, runs_needed};
use crate::maths::{exp, ln, pow};

/// A share this much beside another is its rounding.
const ROUNDING: f64 = 1e-9;

/// Estimates the p-quantile of times with its interval at `level`. `seen` and `watched` are in ascending order: times that
/// were seen (infinite if they are greater than any other), and times for which others were watched in vain.
///
/// An end, or the estimate itself, is infinite if it lies beyond what was seen.
///
/// # Errors
/// If there are fewer times than a quantile of so many needs where all are seen.
pub fn kaplan_meier(seen: &[f64], watched: &[f64], p: f64, level: f64) -> Result<Estimate, TooFewRuns> {
    let n = (seen.len() + watched.len()) as u64;
    let needed = runs_needed(p, level);
    if n < needed {
        return Err(TooFewRuns { n, needed });
    }
    let steps = steps(seen, watched, level);
    let first = |share: fn(&Step) -> f64| {
        let reached = steps.iter().find(|step| share(step) <= 1.0 - p + ROUNDING);
        reached.map_or(f64::INFINITY, |step| step.time)
    };
    let low = match first(|step| step.low) {
        low if low.is_finite() => low,
        _ => least(seen, watched, &steps, p, level),
    };
    Ok(Estimate { point: first(|step| step.share), low, high: first(|step| step.high), level, n })
}

/// The share of times beyond one that was seen, with its interval.
#[derive(Clone, Copy, Debug)]
struct Step {
    time: f64,
    share: f64,
    low: f64,
    high: f64,
}

/// Returns the steps of the curve.
fn steps(seen: &[f64], watched: &[f64], level: f64) -> Vec<Step> {
    let z = normal_quantile(level);
    let mut steps: Vec<Step> = Vec::new();
    let (mut share, mut variance) = (1.0, 0.0);
    let mut place = 0;
    while let Some(&time) = seen.get(place).filter(|time| time.is_finite()) {
        let ended = seen[place..].partition_point(|other| *other <= time);
        // One that was watched until this very time was still there.
        let unwatched = watched.partition_point(|until| *until < time);
        let there = (seen.len() - place + watched.len() - unwatched) as f64;
        let left = there - ended as f64;
        place += ended;
        share *= left / there;
        if left == 0.0 {
            // All are over: the scale has no interval there, and the upper end stays where it was.
            let high = steps.last().map_or(1.0, |step| step.high);
            steps.push(Step { time, share: 0.0, low: 0.0, high });
            break;
        }
        variance += ended as f64 / (there * left);
        let width = z * variance.sqrt() / -ln(share);
        let [low, high] = [width, -width].map(|width| pow(share, exp(width)));
        steps.push(Step { time, share, low, high });
    }
    steps
}

/// Returns what the quantile is surely not less than where the steps do not surely come down to it: the longest time that so
/// many were watched in vain after the last step that even the share that may have been about to end leaves it above.
fn least(seen: &[f64], watched: &[f64], steps: &[Step], p: f64, level: f64) -> f64 {
    let (time, low) = steps.last().map_or((0.0, 1.0), |last| (last.time, last.low));
    let unseen = seen.len() - seen.partition_point(|other| *other <= time);
    let there = |until: f64| unseen + watched.len() - watched.partition_point(|other| *other < until);
    let is_above = |until: &&f64| low * pow((1.0 - level) / 2.0, 1.0 / there(**until) as f64) > 1.0 - p;
    watched.iter().filter(|until| **until > time).rfind(is_above).copied().unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::super::LEVEL;
    use super::super::quantile::quantile_interval;
    use super::super::samples::SplitMix;
    use super::super::sorted::Sorted;
    use super::*;

    /// Weeks of remission under 6-MP (Freireich et al., 1963), and weeks after which others were still in remission.
    const SEEN: [f64; 9] = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
    const WATCHED: [f64; 12] = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];

    #[test]
    fn the_curve_and_the_median_agree_with_published_ones() {
        // Klein and Moeschberger, table 4.1: 18/21, then 16/17 of it, 14/15, 11/12, 10/11, 6/7 and 5/6; standard error 0.0963
        // at 10.
        let found = steps(&SEEN, &WATCHED, LEVEL);
        let shares = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
        assert_eq!(found.len(), shares.len());
        for (step, share) in found.iter().zip(shares) {
            assert!((step.share - share).abs() < 5e-4, "{step:?}");
        }
        // The same, section 4.3, on this scale at ten weeks: 0.503 to 0.889.
        assert!((found[2].low - 0.503).abs() < 2e-3 && (found[2].high - 0.889).abs() < 2e-3, "{:?}", found[2]);
        let median = kaplan_meier(&SEEN, &WATCHED, 0.5, LEVEL).unwrap();
        assert_eq!((median.point, median.low, median.high, median.n), (23.0, 13.0, f64::INFINITY, 21));
    }

    #[test]
    fn without_censoring_it_is_the_order_statistic() {
        let seen: Sorted = (1..=100).map(f64::from).collect();
        for p in [0.05, 0.5, 0.9] {
            let (exact, found) =
                (quantile_interval(&seen, p, LEVEL).unwrap(), kaplan_meier(&seen, &[], p, LEVEL).unwrap());
            assert_eq!(found.point, exact.point);
            assert!((found.low - exact.low).abs() <= 3.0 && (found.high - exact.high).abs() <= 3.0, "{found:?}");
        }
    }

    #[test]
    fn what_three_in_four_were_not_seen_to_reach_lies_beyond_where_they_were_watched() {
        // A quarter takes 1 to 25 s; the others were watched for 30 s.
        let seen: Vec<f64> = (1..=25).map(f64::from).collect();
        let median = kaplan_meier(&seen, &[30.0; 75], 0.5, LEVEL).unwrap();
        assert_eq!((median.point, median.low, median.high), (f64::INFINITY, 30.0, f64::INFINITY));
        // A fifth of all is the twentieth of them.
        let fifth = kaplan_meier(&seen, &[30.0; 75], 0.2, LEVEL).unwrap();
        assert!(fifth.point == 20.0 && fifth.low < 20.0 && fifth.high > 20.0, "{fifth:?}");
    }

    #[test]
    fn of_times_of_which_none_was_seen_the_quantile_is_only_bounded_from_below() {
        // Were half of them shorter, six or more would all be longer once in 64 times or less; five once in 32.
        let found = |n: usize| kaplan_meier(&[], &vec![30.0; n], 0.5, LEVEL).map(|found| (found.point, found.low));
        assert_eq!(found(6), Ok((f64::INFINITY, 30.0)));
        assert_eq!(found(5), Err(TooFewRuns { n: 5, needed: 6 }));
        // Of the twenty that were watched for 10 s only five were for longer.
        let watched = [[10.0; 15].to_vec(), [90.0; 5].to_vec()].concat();
        assert_eq!(kaplan_meier(&[], &watched, 0.5, LEVEL).unwrap().low, 10.0);
    }

    #[test]
    fn the_interval_covers_the_quantile_about_as_often_as_it_says() {
        let mut samples = SplitMix(17);
        let mut draw = |mean: f64| -mean * ln(1.0 - samples.uniform());
        let truth = 10.0 * ln(2.0);
        let covers = |draw: &mut dyn FnMut(f64) -> f64| {
            let (mut seen, mut watched) = (Vec::new(), Vec::new());
            for _ in 0..60 {
                let (time, until) = (draw(10.0), draw(20.0));
                if time <= until { seen.push(time) } else { watched.push(until) }
            }
            kaplan_meier(&Sorted::new(seen), &Sorted::new(watched), 0.5, LEVEL).unwrap().contains(truth)
        };
        let covered = (0..2_000).filter(|_| covers(&mut draw)).count() as f64 / 2_000.0;
        assert!((0.935..0.975).contains(&covered), "{covered}");
    }
}
