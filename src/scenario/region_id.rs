//! Which of the two regions: an index that is never out of range.

use std::ops::Index;

use serde::{Serialize, Serializer};

use super::distribution::Distribution;

/// One of the two regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegionId {
    /// The one that the file names first.
    First,
    /// The one that the file names second.
    Second,
}

impl RegionId {
    /// Both regions, in file order.
    pub const BOTH: [RegionId; 2] = [RegionId::First, RegionId::Second];

    /// The other region.
    #[inline]
    pub const fn other(self) -> RegionId {
        match self {
            RegionId::First => RegionId::Second,
            RegionId::Second => RegionId::First,
        }
    }

    /// Position of the region in file order: 0 or 1.
    #[inline]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// Is written as its position in file order.
impl Serialize for RegionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            RegionId::First => 0,
            RegionId::Second => 1,
        })
    }
}

/// The round trips of a geography by the ids of the regions.
impl Index<RegionId> for [Distribution; 2] {
    type Output = Distribution;

    #[inline]
    fn index(&self, region: RegionId) -> &Distribution {
        &self[region.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_region_of_the_other_region_is_the_region() {
        let [first, second] = RegionId::BOTH;
        assert_eq!((first.other(), second.other()), (second, first));
        assert_eq!((first.index(), second.index()), (0, 1));
    }

    #[test]
    fn a_region_is_written_as_its_position_in_the_file() {
        assert_eq!(serde_json::to_string(&RegionId::BOTH).unwrap(), "[0,1]");
    }

    #[test]
    fn a_region_that_may_be_absent_takes_no_more_room_than_one_that_is_there() {
        assert_eq!((size_of::<RegionId>(), size_of::<Option<RegionId>>()), (1, 1));
    }
}
