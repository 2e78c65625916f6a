//! The name of a commit.

use super::super::node_id::NodeId;
use crate::scenario::RegionId;

/// A commit: the node that made it, the branch of that node's log, and the position there; 0 for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct CommitId {
    pub(in super::super) node: NodeId,
    pub(super) branch: u32,
    pub(super) position: u64,
}

impl CommitId {
    /// No commit.
    pub(in super::super) const NONE: CommitId = CommitId { node: NodeId::of(RegionId::First), branch: 0, position: 0 };
}
