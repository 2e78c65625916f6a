//! The empirical distribution function.

use serde::Serialize;

use super::sorted::Sorted;

/// A step of the empirical distribution function.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EcdfPoint {
    /// A value that was observed.
    pub value: f64,
    /// Share of all observations that are at most this value.
    pub share: f64,
}

/// The empirical distribution function of `values`, in any order: one point per distinct finite value.
///
/// Infinite values are censored observations: they count in the base and have no point, so the last share is below 1.
pub fn ecdf(values: &[f64]) -> Vec<EcdfPoint> {
    let sorted: Sorted = values.iter().copied().collect();
    let n = sorted.len() as f64;
    let mut points: Vec<EcdfPoint> = Vec::new();
    for (index, &value) in sorted.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let share = (index + 1) as f64 / n;
        match points.last_mut() {
            Some(last) if last.value == value => last.share = share,
            _ => points.push(EcdfPoint { value, share }),
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_step_and_censored_ones_only_count() {
        let points = ecdf(&[3.0, 1.0, f64::INFINITY, 1.0]);
        assert_eq!(points, vec![EcdfPoint { value: 1.0, share: 0.5 }, EcdfPoint { value: 3.0, share: 0.75 }]);
    }

    #[test]
    fn nothing_has_no_distribution() {
        assert!(ecdf(&[]).is_empty());
    }
}
