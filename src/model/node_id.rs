//! Id of one of the two database nodes: each region has one, and to take the one for the other is a mistake of its own.

use crate::scenario::RegionId;

/// The database node of one of the two regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(RegionId);

impl NodeId {
    /// Both nodes, in file order of their regions.
    pub(super) const BOTH: [NodeId; 2] = [NodeId(RegionId::First), NodeId(RegionId::Second)];

    /// The node of a region.
    #[inline]
    pub(super) const fn of(region: RegionId) -> NodeId {
        NodeId(region)
    }

    /// The region in which it is.
    #[inline]
    pub(super) const fn region(self) -> RegionId {
        self.0
    }

    /// The other node.
    #[inline]
    pub(super) const fn other(self) -> NodeId {
        NodeId(self.0.other())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_node_is_that_of_the_other_region() {
        for node in NodeId::BOTH {
            assert_eq!(node.other().region(), node.region().other());
            assert_eq!(NodeId::of(node.region()), node);
        }
    }
}
