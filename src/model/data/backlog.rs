//! Backlogs: what waits at a sender when the stream goes on after an incident, until its line is free.
//!
//! An incident has a backlog if its end lets a stream go on for which commits wait. Which sender it is stays noted, so that
//! neither another stream nor a later incident decides when it is cleared. A backlog whose branch is cut off is none any more.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::world::World;
use super::Data;
use crate::units::SimTime;

impl Data {
    /// Returns which senders have a backlog in a stream that goes on.
    pub(in super::super) fn backlogs(&self) -> PerRegion<bool> {
        PerRegion::from_fn(|region| self.logs[region].has_backlog())
    }
}

impl World<'_> {
    /// Notes the backlogs that an occurrence has left: those that were not there `before` it ended.
    pub(in super::super) fn note_backlogs_left(&mut self, occurrence: u32, before: PerRegion<bool>) {
        let after = self.data.backlogs();
        for sender in NodeId::BOTH.into_iter().filter(|sender| after[*sender] && !before[*sender]) {
            self.books.incidents.backlog_left(occurrence, sender);
        }
    }

    /// Notes the backlogs that have been cleared by now. To be called before a stream stops, and at the horizon.
    pub(in super::super) fn note_backlogs_cleared(&mut self, now: SimTime) {
        for sender in NodeId::BOTH {
            if let Some(at) = self.data.logs[sender].clear_backlog(now) {
                self.books.incidents.backlog_cleared(sender, at);
            }
        }
    }
}
