//! Values in ascending order, as quantiles need them.

use std::ops::Deref;

/// Values in ascending order. Infinity comes last: a censored observation is greater than every other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts `values`.
    pub fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Sorted(values)
    }
}

impl FromIterator<f64> for Sorted {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Sorted::new(values.into_iter().collect())
    }
}

impl Deref for Sorted {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_sorted_whichever_way_they_come_and_infinity_is_last() {
        let sorted = Sorted::new(vec![2.0, f64::INFINITY, -1.0, 0.5]);
        assert_eq!(sorted[..], [-1.0, 0.5, 2.0, f64::INFINITY]);
        assert_eq!(Sorted::from_iter([3.0, 1.0]), Sorted::new(vec![1.0, 3.0]));
    }
}
