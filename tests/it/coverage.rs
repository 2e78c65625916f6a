//! Interval coverage: how often a 95 % interval holds the truth, over 2,000 synthetic studies in which the truth is known.
//!
//! A synthetic study is one value, or one pair of values, from each of its runs. Intervals of the mean are exact for normal
//! values and close for many skewed ones; Wilson's are close; those of quantiles, from order statistics, are exact for any
//! distribution but can only over-cover, since ranks are whole numbers: by how much, the binomial distribution says. With 2,000
//! studies the standard error of a coverage of 95 % is 0.5 points, so a nominal interval has its coverage at or above 94 %
//! but for one time in fifty; seeds are fixed. What comes out stands in docs/verification.md, and is compared with it.

#![expect(clippy::disallowed_macros, reason = "each test prints its coverage")]

use firedrill::engine::Stream;
use firedrill::maths::{ln, normal_quantile};
use firedrill::stats::{LEVEL, Sorted, binomial_cdf, mean_interval, paired, quantile_interval, wilson};
use firedrill::study::{Observation, QUANTILES, Summary};

/// Text of the page that publishes the coverage.
const PAGE: &str = include_str!("../../docs/verification.md");

const STUDIES: u64 = 2_000;

/// The share of studies for which `covers` says yes; it is given a source of uniform values in (0, 1).
fn coverage(mut covers: impl FnMut(&mut dyn FnMut() -> f64) -> bool) -> f64 {
    let hits = (0..STUDIES)
        .filter(|study| {
            let stream = Stream::root(4, *study);
            let mut place = 0;
            covers(&mut || {
                place += 1;
                stream.uniform(place)
            })
        })
        .count();
    hits as f64 / STUDIES as f64
}

/// Fails unless the share is at least 94 % and stands on the page, with what it should be.
fn published(what: &str, expected: &str, share: f64) {
    assert!(share >= 0.94, "{what}: {share}");
    on_the_page(what, expected, share);
}

fn on_the_page(what: &str, expected: &str, share: f64) {
    let row = format!("| {what} | {expected} | {:.1} % |", 100.0 * share);
    println!("{row}");
    assert!(PAGE.lines().any(|line| line == row), "docs/verification.md has no row {row}");
}

fn exponential(uniform: f64) -> f64 {
    -ln(1.0 - uniform)
}

#[test]
fn intervals_of_a_mean_cover_it() {
    let normal = coverage(|uniform| {
        let values: Vec<f64> = (0..5).map(|_| normal_quantile(uniform())).collect();
        mean_interval(&values, LEVEL).unwrap().contains(0.0)
    });
    published("mean of 5 normal values (t)", "95 %", normal);
    assert!(normal <= 0.96, "wider than it says: {normal}");
    let skewed = coverage(|uniform| {
        let values: Vec<f64> = (0..200).map(|_| exponential(uniform())).collect();
        mean_interval(&values, LEVEL).unwrap().contains(1.0)
    });
    published("mean of 200 exponential values (t)", "about 95 %", skewed);
}

#[test]
fn intervals_of_quantiles_cover_them_as_often_as_the_ranks_of_their_ends_say() {
    for (n, p) in [(6_u32, 0.5), (20, 0.5), (200, 0.5), (60, 0.9), (200, 0.9), (80, 0.95), (200, 0.95), (400, 0.99)] {
        let truth = exponential(p);
        let share = coverage(|uniform| {
            let values = (0..n).map(|_| exponential(uniform())).collect();
            quantile_interval(&values, p, LEVEL).expect("enough values").contains(truth)
        });
        // The number of values below the truth is binomial; the interval holds it if that lies between the ranks.
        let ranks = (1..=n).map(f64::from).collect();
        let ends = quantile_interval(&ranks, p, LEVEL).expect("enough values");
        let below = |rank: f64| binomial_cdf(rank as u64 - 1, u64::from(n), p);
        let exact = below(ends.high) - below(ends.low);
        published(&format!("{p} quantile of {n} values"), &format!("{:.1} %", 100.0 * exact), share);
        assert!(exact >= LEVEL, "{p} quantile of {n}: {exact}");
        let standard_error = (exact * (1.0 - exact) / STUDIES as f64).sqrt();
        assert!((share - exact).abs() < 4.0 * standard_error, "{p} quantile of {n}: {share}, not {exact}");
    }
}

/// Wilson's interval is an approximation, whose exact coverage follows from the binomial distribution of the hits.
#[test]
fn intervals_of_a_share_cover_it() {
    for (n, p) in [(50, 0.5), (200, 0.1), (1_000, 0.02)] {
        let share = coverage(|uniform| {
            let hits = (0..n).filter(|_| uniform() < p).count() as u64;
            wilson(hits, n, LEVEL).unwrap().contains(p)
        });
        let chance = |hits: u64| {
            let below = hits.checked_sub(1).map_or(0.0, |fewer| binomial_cdf(fewer, n, p));
            binomial_cdf(hits, n, p) - below
        };
        let covers = |hits: &u64| wilson(*hits, n, LEVEL).unwrap().contains(p);
        let exact: f64 = (0..=n).filter(covers).map(chance).sum();
        on_the_page(&format!("share of {p} in {n} (Wilson)"), &format!("{:.1} %", 100.0 * exact), share);
        let standard_error = (exact * (1.0 - exact) / STUDIES as f64).sqrt();
        assert!((share - exact).abs() < 4.0 * standard_error, "share of {p} in {n}: {share}, not {exact}");
    }
}

#[test]
fn intervals_of_paired_differences_cover_them() {
    let share = coverage(|uniform| {
        let pairs: Vec<(f64, f64)> = (0..20)
            .map(|_| {
                let common = 3.0 * normal_quantile(uniform());
                (common + normal_quantile(uniform()), common - 1.0 + normal_quantile(uniform()))
            })
            .collect();
        paired(&pairs, LEVEL).difference.unwrap().contains(1.0)
    });
    published("difference of 20 pairs with a common part (t)", "95 %", share);
    assert!(share <= 0.96, "wider than it says: {share}");
}

#[test]
fn the_intervals_that_a_study_reports_are_these() {
    let values: Vec<f64> = (0..400).map(|run| exponential(Stream::root(5, 0).uniform(run))).collect();
    let summary = Summary::of(values.iter().map(|value| Observation::Value(*value)));
    assert_eq!(summary.mean, mean_interval(&values, LEVEL));
    let sorted = Sorted::new(values);
    assert_eq!(summary.quantiles, QUANTILES.map(|p| quantile_interval(&sorted, p, LEVEL)));
}
