//! The mean and its t interval.

use super::Estimate;
use super::distribution::student_t_quantile;

/// Arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    // Around the first value, so that the mean of equal values is exactly that value, and their variance 0.
    let origin = *values.first()?;
    Some(origin + values.iter().map(|value| value - origin).sum::<f64>() / values.len() as f64)
}

/// Sample variance (divided by n - 1); `None` for fewer than two values.
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - centre) * (value - centre)).sum();
    Some(squares / (values.len() - 1) as f64)
}

/// The mean of finite `values` with its two-sided Student t interval; `None` for fewer than two values.
///
/// Exact for normal values and good for the mean of many runs by the central limit theorem; with a handful of runs of a
/// very skewed quantity it is too narrow, and the quantiles tell more.
pub fn mean_interval(values: &[f64], level: f64) -> Option<Estimate> {
    let point = mean(values)?;
    let n = values.len() as u64;
    let margin = student_t_quantile(level, n.checked_sub(1).filter(|&freedom| freedom > 0)?)
        * (variance(values)? / n as f64).sqrt();
    Some(Estimate { point, low: point - margin, high: point + margin, level, n })
}

#[cfg(test)]
mod tests {
    use super::super::samples::SplitMix;
    use super::*;

    #[test]
    fn interval_of_three_values_by_hand() {
        // Mean 2, variance 1, t(0.95, 2) = 4.30265: margin 4.30265 / sqrt(3) = 2.48414.
        let estimate = mean_interval(&[1.0, 2.0, 3.0], 0.95).unwrap();
        assert_eq!((estimate.point, estimate.n), (2.0, 3));
        assert!((estimate.half_width() - 2.484_138).abs() < 1e-5);
    }

    #[test]
    fn one_value_has_no_interval() {
        assert_eq!(mean_interval(&[7.0], 0.95), None);
        assert_eq!(mean_interval(&[], 0.95), None);
        assert_eq!(variance(&[7.0]), None);
    }

    #[test]
    fn interval_covers_the_mean_as_often_as_it_says() {
        let mut samples = SplitMix(11);
        let covered = (0..4_000)
            .filter(|_| {
                let values: Vec<f64> = (0..20).map(|_| samples.uniform()).collect();
                mean_interval(&values, 0.95).unwrap().contains(0.5)
            })
            .count();
        // Standard error 0.0034; the normal quantile in place of t would give 0.935.
        assert!((covered as f64 / 4_000.0 - 0.95).abs() < 0.0105, "covered {covered} of 4000");
    }
}
