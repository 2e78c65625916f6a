//! The books of a run: what has happened so far, counted and told.
//!
//! They keep what happens and conclude from it when calm time is and who has failed over; nothing else that happens depends
//! on them.
//!
//! [`Books`] is made of the record of requests, windows and the timeline, the log of incidents, the diary, and the
//! accumulators of the
//! app pools. Whoever makes something happen tells the books once, here; which parts note it is their own affair.

mod changes;
mod clockwork;
mod closing;
mod incidents;
mod requests;

pub(super) use closing::Closed;

use super::diary::Diary;
use super::incident::IncidentLog;
use super::per_region::PerRegion;
use super::plan::Plan;
use super::record::Recorder;
use crate::scenario::Design;

/// All that a run notes.
#[derive(Debug)]
pub(super) struct Books {
    record: Recorder,
    incidents: IncidentLog,
    diary: Diary,
    accumulators: Meters,
    /// Requests whose end came to lie beyond the horizon.
    ended_after_horizon: u64,
}

/// Readings of the app pools' time-weighted sums, to take differences from.
#[derive(Debug, Default)]
struct Meters {
    /// `(busy, on)`, at the end of the last bin of the timeline.
    last_bin: PerRegion<(u128, u128)>,
    /// Bins of the timeline that have ended.
    bins: usize,
}

impl Books {
    /// Empty books, with a diary that is not kept.
    pub(super) fn new(plan: &Plan, design: &Design) -> Self {
        Books::of(Recorder::new(plan), IncidentLog::new(&plan.scenario, design))
    }

    /// Books made of a record and a book of incidents.
    fn of(record: Recorder, incidents: IncidentLog) -> Self {
        Books { record, incidents, diary: Diary::default(), accumulators: Meters::default(), ended_after_horizon: 0 }
    }

    /// Keeps a diary from the start of the run on.
    pub(super) fn keep_diary(&mut self) {
        self.diary = Diary::kept();
    }
}

#[cfg(test)]
mod tests;
