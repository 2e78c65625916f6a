//! One value for each region, which no number can index.

use std::ops::{Index, IndexMut};

use super::node_id::NodeId;
use crate::scenario::RegionId;

/// A value for each of the two regions, or for the database node of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PerRegion<T>([T; 2]);

impl<T> PerRegion<T> {
    /// Makes a value for each region, the first one first.
    #[inline]
    pub(super) fn from_fn(mut value: impl FnMut(RegionId) -> T) -> Self {
        let [first, second] = RegionId::BOTH;
        PerRegion([value(first), value(second)])
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

    /// Each region with its value.
    #[inline]
    pub(super) fn each(&self) -> impl Iterator<Item = (RegionId, &T)> {
        RegionId::BOTH.into_iter().zip(&self.0)
    }

    /// Each region with its value, to be changed.
    #[inline]
    pub(super) fn each_mut(&mut self) -> impl Iterator<Item = (RegionId, &mut T)> {
        RegionId::BOTH.into_iter().zip(&mut self.0)
    }

    /// Applies `change` to each value.
    #[inline]
    pub(super) fn map<U>(self, change: impl FnMut(T) -> U) -> PerRegion<U> {
        PerRegion(self.0.map(change))
    }

    /// The values in file order, as they leave the model.
    #[inline]
    pub(super) fn into_array(self) -> [T; 2] {
        self.0
    }
}

impl<T: Copy> PerRegion<T> {
    /// The same value for both regions.
    #[inline]
    pub(super) const fn both(value: T) -> Self {
        PerRegion([value; 2])
    }
}

/// The values in file order.
impl<T> From<[T; 2]> for PerRegion<T> {
    #[inline]
    fn from(values: [T; 2]) -> Self {
        PerRegion(values)
    }
}

impl<T> Index<RegionId> for PerRegion<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, region: RegionId) -> &T {
        &self.0[region.index()]
    }
}

impl<T> IndexMut<RegionId> for PerRegion<T> {
    #[inline(always)]
    fn index_mut(&mut self, region: RegionId) -> &mut T {
        &mut self.0[region.index()]
    }
}

impl<T> Index<NodeId> for PerRegion<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, node: NodeId) -> &T {
        &self[node.region()]
    }
}

impl<T> IndexMut<NodeId> for PerRegion<T> {
    #[inline(always)]
    fn index_mut(&mut self, node: NodeId) -> &mut T {
        &mut self[node.region()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_and_its_node_have_the_value_of_their_position() {
        let mut values = PerRegion::from(["north", "south"]);
        let [north, south] = RegionId::BOTH;
        assert_eq!((values[north], values[NodeId::of(south)]), ("north", "south"));
        values[NodeId::of(north)] = "new";
        assert_eq!(values[north], "new");
        assert_eq!(PerRegion::from_fn(RegionId::index), PerRegion::from([0, 1]));
        assert!(values.each().eq([(north, &"new"), (south, &"south")]));
        assert_eq!(values.into_array(), ["new", "south"]);
    }
}
