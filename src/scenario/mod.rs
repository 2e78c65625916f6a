//! A scenario: the world, the designs under test, the incidents and what is expected of them, as plain checked data.
//!
//! No behaviour and no engine: [`Scenario`] is what a file says once every default is filled in and every check passed.

mod data;
mod design;
mod distribution;
mod expect;
mod incident;
mod names;
mod visitors;
mod world;

pub use data::{Promotion, PromotionTrigger, Replication, ReplicationMode, Watch};
pub use design::{DatabasePlan, Design, Endpoint, Failback, Reads, Routing, Standby, StandbyKind};
pub use distribution::Distribution;
pub use expect::{Bound, Expectation, Objectives};
pub use incident::{Authority, Incident, IncidentKind, OutageMode, Schedule};
pub use names::{Dns, HealthChecks, Probe};
pub use visitors::{Client, Geography, Resolvers};
pub use world::{AppPool, DatabaseNode, Keyspace, Link, Region, RegionId, Scenario, StudyPlan};
