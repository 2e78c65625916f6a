//! Facts that data tells to the keeper of the books.

use super::super::node_id::NodeId;
use crate::scenario::GeographyId;
use crate::units::{SimDuration, SimTime};

/// Takes note of what becomes certain. Nothing is asked of it, so that `data` knows no recorder.
pub(in super::super) trait Witness {
    /// Notes that a read, of a request that started at `started` in measured time, was stale by `staleness`.
    fn stale_read(&mut self, geography: GeographyId, started: SimTime, staleness: SimDuration);

    /// Notes that a session has read, in measured time, and missed a write of its own.
    fn own_write_missed(&mut self, geography: GeographyId);

    /// Notes that the backlog of a sender was cleared at `at`.
    fn backlog_cleared(&mut self, sender: NodeId, at: SimTime);

    /// Notes that the branch of a sender is discarded, and its backlog with it.
    fn backlog_discarded(&mut self, sender: NodeId);
}
