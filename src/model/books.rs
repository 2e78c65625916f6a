//! The books of a run: what has happened so far, counted and told. Nothing that happens depends on them but when calm time is looked
//! for and who is waited for.

use super::data::Witness;
use super::diary::Diary;
use super::incident::IncidentBook;
use super::node_id::NodeId;
use super::per_region::PerRegion;
use super::plan::Plan;
use super::record::Recorder;
use crate::scenario::{Design, GeographyId};
use crate::units::{SimDuration, SimTime};

/// All that a run notes.
pub(super) struct Books {
    pub(super) record: Recorder,
    pub(super) incidents: IncidentBook,
    pub(super) diary: Diary,
    pub(super) meters: Meters,
    /// Requests whose end came to lie beyond the horizon.
    pub(super) ended_after_horizon: u64,
}

/// Readings of the pools' time-weighted sums, to take differences from.
#[derive(Debug, Default)]
pub(super) struct Meters {
    /// App pools, `(busy, on)`, at the end of the last bin of the timeline.
    pub(super) last_bin: PerRegion<(u128, u128)>,
    /// Bins of the timeline that have ended.
    pub(super) bins: usize,
}

impl Books {
    /// Empty books.
    pub(super) fn new(plan: &Plan, design: &Design) -> Self {
        Books {
            record: Recorder::new(plan),
            incidents: IncidentBook::new(&plan.scenario, design),
            diary: Diary::default(),
            meters: Meters::default(),
            ended_after_horizon: 0,
        }
    }
}

impl Witness for Books {
    fn stale_read(&mut self, geography: GeographyId, started: SimTime, staleness: SimDuration) {
        self.record.stale_read(geography, started, staleness);
    }

    fn own_write_missed(&mut self, geography: GeographyId) {
        self.record.own_write_missed(geography);
    }

    fn backlog_cleared(&mut self, sender: NodeId, at: SimTime) {
        self.incidents.backlog_cleared(sender, at);
    }

    fn backlog_discarded(&mut self, sender: NodeId) {
        self.incidents.backlog_discarded(sender);
    }
}
