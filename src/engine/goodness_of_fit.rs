//! Tests of fit for the tests of this module: each says why if a sample does not fit.
//!
//! All thresholds are at about one in 100,000: the samples are fixed by their seeds, so a test passes always or never.

use crate::maths;

/// Upper bound of a chi-square variable of `freedom` degrees at 4.3 standard deviations (Wilson and Hilferty 1931).
fn chi_square_bound(freedom: f64) -> f64 {
    let spread = 2.0 / (9.0 * freedom);
    let root = 1.0 - spread + 4.3 * spread.sqrt();
    freedom * root * root * root
}

/// Pearson's chi-square test of counts against expected counts, each of which should be 5 or more.
pub(super) fn counts(seen: &[u64], expected: &[f64]) -> Result<(), String> {
    let statistic: f64 = seen.iter().zip(expected).map(|(&o, e)| (o as f64 - e) * (o as f64 - e) / e).sum();
    let bound = chi_square_bound(seen.len() as f64 - 1.0);
    if statistic < bound { Ok(()) } else { Err(format!("chi-square {statistic} is above {bound}")) }
}

/// Equally likely cells.
pub(super) fn uniform_cells(seen: &[u64]) -> Result<(), String> {
    let expected = seen.iter().sum::<u64>() as f64 / seen.len() as f64;
    counts(seen, &vec![expected; seen.len()])
}

/// Tests that `sample` is uniform on (0, 1): chi-square over 1,000 cells, and Kolmogorov-Smirnov.
pub(super) fn uniform_distribution(sample: &[f64]) -> Result<(), String> {
    let mut cells = vec![0; 1000];
    sample.iter().for_each(|u| cells[(u * 1000.0) as usize] += 1);
    uniform_cells(&cells)?;
    fits(sample, |u| u)
}

/// Tests that `sample` has the distribution function `share` (Kolmogorov-Smirnov).
pub(super) fn fits(sample: &[f64], share: impl Fn(f64) -> f64) -> Result<(), String> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let distances = sorted.iter().enumerate().map(|(i, x)| ((i as f64 + 0.5) / n - share(*x)).abs());
    within(distances.fold(0.0, f64::max), n)
}

/// Tests that two samples come from one distribution (two-sample Kolmogorov-Smirnov; ties make it stricter, not laxer).
pub(super) fn same_distribution(one: &[f64], other: &[f64]) -> Result<(), String> {
    let sorted = |sample: &[f64]| {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted
    };
    let (one, other) = (sorted(one), sorted(other));
    let (n, m) = (one.len() as f64, other.len() as f64);
    let mut distance = 0.0f64;
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        let x = one[i].min(other[j]);
        while i < one.len() && one[i] <= x {
            i += 1;
        }
        while j < other.len() && other[j] <= x {
            j += 1;
        }
        distance = distance.max((i as f64 / n - j as f64 / m).abs());
    }
    within(distance, n * m / (n + m))
}

/// Compares a Kolmogorov-Smirnov distance with its asymptotic bound at one in 100,000: sqrt(-ln(alpha / 2) / 2).
fn within(distance: f64, n: f64) -> Result<(), String> {
    let bound = (-maths::ln(0.5e-5) / 2.0).sqrt() / n.sqrt();
    if distance < bound { Ok(()) } else { Err(format!("distance {distance} is above {bound}")) }
}

/// Pearson's correlation.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        xy += (a - mx) * (b - my);
        xx += (a - mx) * (a - mx);
        yy += (b - my) * (b - my);
    }
    xy / (xx * yy).sqrt()
}

#[test]
fn a_sample_that_does_not_fit_is_rejected() {
    let even: Vec<f64> = (0..100_000).map(|i| (f64::from(i) + 0.5) / 100_000.0).collect();
    let bent: Vec<f64> = even.iter().map(|u| u * (0.94 + 0.06 * u)).collect();
    assert_eq!(uniform_distribution(&even), Ok(()));
    assert_eq!(same_distribution(&even, &even), Ok(()));
    assert!(uniform_distribution(&bent).is_err());
    assert!(same_distribution(&even, &bent).is_err());
    assert!(uniform_cells(&[10_000, 10_000, 10_700]).is_err());
    assert!((correlation(&even, &bent) - 1.0).abs() < 1e-3);
}
