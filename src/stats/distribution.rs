//! The distributions behind the intervals: Student's t, the normal and the binomial, on portable maths.

use crate::maths::{erfc, exp, ln, ln_gamma};

/// Most terms of the continued fraction; it needs about the square root of the larger parameter.
const MAX_TERMS: u32 = 100_000;
/// Bisections: more than a `f64` has bits.
const BISECTIONS: u32 = 200;

/// Regularised incomplete beta function I_x(a, b), by the continued fraction of DLMF 8.17.22 (Lentz's method).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let ln_front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * ln(x) + b * ln(1.0 - x);
    let front = exp(ln_front);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, 1.0 - x) / b
    }
}

fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for term in 1..=MAX_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let step = d * c;
        fraction *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// The t for which a Student t variable with `freedom` degrees of freedom lies within -t and t with probability
/// `level`.
///
/// # Panics
/// If `freedom` is 0 or `level` is not inside (0, 1).
pub fn student_t_quantile(level: f64, freedom: u64) -> f64 {
    assert!(freedom > 0 && level > 0.0 && level < 1.0, "t quantile of level {level} with {freedom} degrees of freedom");
    let nu = freedom as f64;
    // P(|T| > t) = I_x(nu / 2, 1 / 2) with x = nu / (nu + t^2): bisect on x, which is bounded.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..BISECTIONS {
        let x = (low + high) / 2.0;
        if incomplete_beta(nu / 2.0, 0.5, x) < 1.0 - level {
            low = x;
        } else {
            high = x;
        }
    }
    let x = (low + high) / 2.0;
    (nu * (1.0 - x) / x).sqrt()
}

/// The z for which a standard normal variable lies within -z and z with probability `level`.
///
/// # Panics
/// If `level` is not inside (0, 1).
pub fn normal_quantile(level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "normal quantile of level {level}");
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..BISECTIONS {
        let z = (low + high) / 2.0;
        if erfc(z / std::f64::consts::SQRT_2) > 1.0 - level {
            low = z;
        } else {
            high = z;
        }
    }
    (low + high) / 2.0
}

/// P(B <= k) for B binomial with `n` draws of probability `p`.
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    incomplete_beta((n - k) as f64, (k + 1) as f64, 1.0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_quantiles_agree_with_the_printed_tables() {
        // Two-sided; NIST/SEMATECH e-Handbook, table 1.3.6.7.2.
        let table = [
            (0.95, 1, 12.706),
            (0.95, 2, 4.303),
            (0.95, 4, 2.776),
            (0.95, 10, 2.228),
            (0.95, 30, 2.042),
            (0.95, 100, 1.984),
            (0.99, 5, 4.032),
            (0.90, 20, 1.725),
            (0.998, 3, 10.215),
        ];
        for (level, freedom, expected) in table {
            let t = student_t_quantile(level, freedom);
            assert!((t - expected).abs() < 6e-4, "t({level}, {freedom}) = {t}, table {expected}");
        }
    }

    #[test]
    fn t_tends_to_the_normal_quantile() {
        assert!((normal_quantile(0.95) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((student_t_quantile(0.95, 1_000_000) - normal_quantile(0.95)).abs() < 1e-5);
    }

    #[test]
    fn binomial_sums_agree_with_counting_by_hand() {
        // Four coins: 1, 4, 6, 4, 1 of 16.
        for (k, sixteenths) in [(0, 1.0), (1, 5.0), (2, 11.0), (3, 15.0), (4, 16.0)] {
            assert!((binomial_cdf(k, 4, 0.5) - sixteenths / 16.0).abs() < 1e-14);
        }
        assert!((binomial_cdf(0, 299, 0.01) - crate::maths::pow(0.99, 299.0)).abs() < 1e-13);
    }

    #[test]
    fn binomial_sums_hold_for_many_draws() {
        // Close to the normal: the median of Bin(100000, 1/2) is 50000, P(B = 50000) = 0.002523.
        assert!((binomial_cdf(50_000, 100_000, 0.5) - 0.501_261_6).abs() < 1e-6);
    }
}
