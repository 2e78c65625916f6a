//! The model: visitors, names, regions, data and incidents as one event-driven world.

mod outcome;

pub use outcome::{
    Cause, IncidentOutcome, Latency, NamesTally, Operation, Phase, RegionTally, RunOutcome, Span, SwitchTail, Tally,
    Timeline, TimelineBin, Timing, WindowGrid, WriteTally,
};

use crate::engine::EngineError;
use crate::scenario::Scenario;

/// A scenario made ready to run: names resolved to places, distributions to samplers, tables built. Shared by all runs.
#[derive(Debug)]
pub struct Plan;

impl Plan {
    /// Prepares `scenario`.
    pub fn new(_scenario: &Scenario) -> Self {
        Plan
    }
}

/// Runs design number `design` (file order) under run number `run`.
///
/// # Errors
/// If the run needs more events than the engine allows.
pub fn simulate(_plan: &Plan, _design: usize, _run: u64) -> Result<RunOutcome, EngineError> {
    unimplemented!()
}
