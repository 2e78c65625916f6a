//! The setting of a run: what is given at its start, and does not change.

use super::draws::RunStreams;
use super::node_id::NodeId;
use super::plan::{DesignPlan, Plan};
use crate::engine::Stream;
use crate::scenario::{Design, GeographyId, Reads, RegionId, Resolvers};
use crate::units::{SimDuration, SimTime};

/// The scenario made ready, which of its designs is run, and the streams of the run's draws.
#[derive(Clone, Copy)]
pub(super) struct Setting<'p> {
    pub(super) plan: &'p Plan,
    pub(super) design: &'p Design,
    pub(super) streams: RunStreams,
    design_place: usize,
}

impl<'p> Setting<'p> {
    /// The setting of design number `design_place` in run number `run`.
    pub(super) fn new(plan: &'p Plan, design_place: usize, run: u64) -> Self {
        let scenario = &plan.scenario;
        let streams = RunStreams::new(scenario.study.seed, run);
        Setting { plan, design: &scenario.designs[design_place], streams, design_place }
    }

    /// Time that an operator takes to deal with a conflict at a region that halts.
    pub(super) fn repair(&self, sender: NodeId, position: u64) -> SimDuration {
        let repair = self.of_design().repair.as_ref().expect("a repair time for conflicts that halt");
        repair.duration(self.streams.repairs(sender).child(position).draw(0))
    }

    /// Returns whether a region's workers are held by the database calls of their requests.
    #[inline]
    pub(super) fn holds_worker(&self, region: RegionId) -> bool {
        self.plan.scenario.regions[region].app.hold_worker
    }

    /// Returns whether requests ask a database, and not the app alone.
    #[inline]
    pub(super) fn asks_database(&self) -> bool {
        self.design.database.reads != Reads::Nowhere
    }

    /// Returns the time until which nothing may come in between if an answer that is sent at `sent` is to be `heard` for certain:
    /// once sent it is, unless a cut may lose it.
    #[inline]
    pub(super) fn known_by(&self, sent: SimTime, heard: SimTime) -> SimTime {
        if self.plan.loses_answers { heard } else { sent }
    }

    /// The design's samplers and routing.
    pub(super) fn of_design(&self) -> &'p DesignPlan {
        &self.plan.designs[self.design_place]
    }

    /// The draws of occurrence `number` of the incident at a place of the scenario.
    pub(super) fn of_occurrence(&self, incident: usize, number: u32) -> Stream {
        self.streams.incident(&self.plan.scenario.incidents[incident].name).child(u64::from(number))
    }

    /// The settings of a geography's resolvers.
    #[inline]
    pub(super) fn resolvers(&self, geography: GeographyId) -> &'p Resolvers {
        &self.plan.scenario.geographies[geography].resolvers
    }
}
