//! Targets of health checks.

use super::super::node_id::NodeId;
use crate::scenario::RegionId;

/// Target of a checker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Target {
    /// A region's endpoint.
    Region(RegionId),
    /// A region's database node.
    Node(NodeId),
}

impl Target {
    /// Both regions, then both nodes.
    pub(in super::super) const ALL: [Target; 4] = [
        Target::Region(RegionId::First),
        Target::Region(RegionId::Second),
        Target::Node(NodeId::of(RegionId::First)),
        Target::Node(NodeId::of(RegionId::Second)),
    ];

    /// Place in [`Target::ALL`].
    pub(in super::super) const fn index(self) -> usize {
        match self {
            Target::Region(region) => region.index(),
            Target::Node(node) => 2 + node.region().index(),
        }
    }

    /// The region in which it is.
    pub(in super::super) const fn region(self) -> RegionId {
        match self {
            Target::Region(region) => region,
            Target::Node(node) => node.region(),
        }
    }
}
