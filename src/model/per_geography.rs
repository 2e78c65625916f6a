//! One value for each geography, which no number can index.

use std::ops::{Index, IndexMut};

use crate::scenario::GeographyId;

/// A value for each geography of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PerGeography<T>(Vec<T>);

impl<T> PerGeography<T> {
    /// Number of geographies.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Every geography, in file order.
    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = GeographyId> + Clone + use<T> {
        GeographyId::all(self.0.len()).expect("a scenario has no more geographies than the limit")
    }

    /// The values, in file order.
    #[inline]
    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The values, in file order, to be changed.
    #[inline]
    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// Each geography with its value.
    pub(super) fn each(&self) -> impl Iterator<Item = (GeographyId, &T)> {
        self.ids().zip(&self.0)
    }

    /// The values in file order, as they leave the model.
    pub(super) fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Clone> PerGeography<T> {
    /// The same value for each of so many geographies.
    pub(super) fn same(value: T, geographies: usize) -> Self {
        PerGeography(vec![value; geographies])
    }

    /// Gives all geographies the same value.
    pub(super) fn fill(&mut self, value: T) {
        self.0.fill(value);
    }
}

/// The values in file order.
impl<T> FromIterator<T> for PerGeography<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        PerGeography(values.into_iter().collect())
    }
}

impl<T> Index<GeographyId> for PerGeography<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, geography: GeographyId) -> &T {
        &self.0[geography.index()]
    }
}

impl<T> IndexMut<GeographyId> for PerGeography<T> {
    #[inline(always)]
    fn index_mut(&mut self, geography: GeographyId) -> &mut T {
        &mut self.0[geography.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_geography_has_the_value_of_its_position() {
        let mut values: PerGeography<usize> = (0..300).collect();
        let last = values.ids().last().unwrap();
        assert_eq!((values.len(), last.index(), values[last]), (300, 299, 299));
        values[last] = 7;
        assert!(
            values.each().all(|(geography, value)| *value == if geography == last { 7 } else { geography.index() })
        );
        values.fill(1);
        assert_eq!(values, PerGeography::same(1, 300));
    }
}
