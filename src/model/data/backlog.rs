//! Backlogs: what waits at a sender when the stream goes on after an incident, until its line is free.
//!
//! An incident has a backlog if its end lets a stream go on for which commits wait. Which sender it is stays noted, so that
//! neither another stream nor a later incident decides when it is cleared. A backlog whose branch is cut off is none any more.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::Data;
use super::witness::Witness;
use crate::units::SimTime;

impl Data {
    /// Returns which senders have a backlog in a stream that goes on.
    pub(in super::super) fn backlogs(&self) -> PerRegion<bool> {
        PerRegion::from_fn(|region| self.logs[region].has_backlog())
    }

    /// Returns the senders that have a backlog and had none `before`.
    pub(in super::super) fn backlogs_since(&self, before: PerRegion<bool>) -> impl Iterator<Item = NodeId> {
        let after = self.backlogs();
        NodeId::BOTH.into_iter().filter(move |sender| after[*sender] && !before[*sender])
    }

    /// Tells of the backlogs that have been cleared by now. To be called before a stream stops, and at the horizon.
    pub(super) fn note_backlogs_cleared(&mut self, now: SimTime, told: &mut impl Witness) {
        for sender in NodeId::BOTH {
            if let Some(at) = self.logs[sender].clear_backlog(now) {
                told.backlog_cleared(sender, at);
            }
        }
    }
}
