//! The model: visitors, names, regions, data and incidents as one event-driven world.
//!
//! [`Plan`] is a scenario made ready to run, shared by all runs; [`simulate`] runs one design under one run number and
//! returns a [`RunOutcome`]. A run is a function of the scenario, the seed and the run number alone: it prints nothing,
//! opens nothing and knows no other run.

#![deny(clippy::cast_possible_truncation, clippy::wildcard_enum_match_arm)]

mod books;
mod calm;
mod circumstances;
mod clockwork;
mod data;
mod diary;
mod dns;
mod draws;
mod event;
#[cfg(test)]
mod fixture;
mod incident;
mod incident_outcome;
mod latency;
mod load;
#[cfg(test)]
mod scheduler_alone;

mod node_id;
mod outcome;
mod per_geography;
mod per_region;
mod phase;
mod plan;
mod pool;
mod record;
mod region;
mod setting;
mod simulate;
mod slab;
mod visitor;
mod whole;
mod world;

pub use calm::{Calm, CalmTally, CalmTime, Disruption};
pub use diary::{Component, Step, What};
pub use latency::Latency;
pub use load::Load;
pub use outcome::{
    Cause, Episode, IncidentOutcome, NamesTally, Operation, Phase, RegionTally, RunOutcome, Span, SwitchTail, Tally,
    Timeline, TimelineBin, Timing, WindowGrid, WriteTally,
};
pub use plan::Plan;
pub use simulate::{RunFailure, simulate, simulate_traced, simulate_twice};
