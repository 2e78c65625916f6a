//! The end of the books: what they come to at the horizon.

use super::super::diary::Diary;
use super::super::load::Load;
use super::super::outcome::{Episode, IncidentOutcome};
use super::super::per_region::PerRegion;
use super::super::record::{Counts, Leaving};
use super::Books;
use crate::scenario::Design;
use crate::units::SimTime;

/// Closed books.
#[derive(Debug)]
pub(in super::super) struct Closed {
    pub(in super::super) incidents: Vec<IncidentOutcome>,
    pub(in super::super) episodes: Vec<Episode>,
    /// Loads of the regions over measured time.
    pub(in super::super) loads: PerRegion<Load>,
    pub(in super::super) counts: Counts,
}

impl Books {
    /// Takes the diary, and when the last visitors left regions that answers had left.
    pub(in super::super) fn take_diary(&mut self) -> (Diary, Vec<Leaving>) {
        (std::mem::take(&mut self.diary), self.record.leavings())
    }

    /// Balances the requests of the run, of which so many are still under way. Returns how many started, or what does not add up.
    pub(in super::super) fn balance(&self, under_way: u64) -> Result<u64, String> {
        let requests = self.record.requests(None);
        let unfinished = under_way + self.ended_after_horizon;
        if requests.started == requests.ended() + unfinished {
            return Ok(requests.started);
        }
        let (started, succeeded, failed) = (requests.started, requests.succeeded, requests.failed);
        Err(format!(
            "{started} requests started, but {succeeded} succeeded, {failed} failed and {unfinished} are unfinished"
        ))
    }

    /// Closes the books at the horizon.
    pub(in super::super) fn close(self, horizon: SimTime, design: &Design) -> Closed {
        let (incidents, episodes) = self.incidents.close(horizon, design, &self.record);
        let loads = self.record.loads();
        Closed { incidents, episodes, loads, counts: self.record.into_parts() }
    }
}
