//! A scenario: the world, the designs under test, the incidents and what is expected of them, as plain checked data.
//!
//! No behaviour and no engine: [`Scenario`] is what a file says once every default is filled in and every check passed.
//!
//! A file goes through these hands: `load` parses it into a `document`, lays the `overrides` over it and has the `read_*`
//! modules walk it with a `reader`, which keeps every `problem`; `check` looks at the whole. `resolved` spells it out again, key by key.

mod check;
mod cost;
mod data;
mod data_file;
mod design;
mod disk;
mod distribution;
mod document;
mod estimate;
mod expect;
mod file_name;
mod findings;
mod geography_id;
mod incident;
mod key;
mod load;
mod memory;
mod misplaced;
mod name;
mod names;
mod overrides;
mod place_of_files;
mod printable;
mod problem;
mod read_conflicts;
mod read_data;
mod read_design;
mod read_distribution;
mod read_dns;
mod read_expect;
mod read_incident;
mod read_sessions;
mod read_visitors;
mod read_world;
mod reader;
mod reference;
mod region_id;
mod resolved;
mod schema;
mod stated;
mod suggest;
#[cfg(test)]
mod tests;
mod traffic;
mod values;
mod visitors;
mod world;

pub use cost::{Cost, EVENTS_PER_SECOND, Extent};
pub use data::{OnReturn, Promotion, PromotionTrigger, Replication, ReplicationMode, Watch};
pub use data_file::DataFile;
pub use design::{
    ConflictPolicy, Conflicts, DatabasePlan, Design, Endpoint, Failback, Reads, Routing, Standby, StandbyKind, Writes,
};
pub use disk::Disk;
pub use distribution::{Distribution, DistributionError};
pub(crate) use estimate::REQUESTS_PER_WINDOW;
pub use expect::{Bound, Expectation, ObjectiveKind, Objectives};
pub use file_name::file_name;
pub use geography_id::{GeographyId, MOST_GEOGRAPHIES, TooManyGeographies};
pub use incident::{Authority, DnsMode, Incident, IncidentKind, OutageMode, Schedule, Storage};
pub use key::{key_part, key_parts, key_value};
pub use load::{LoadError, LoadOptions, Loaded, MOST_BYTES, MOST_EVENTS, Problems};
pub use names::{Dns, HealthChecks, Probe, WhenAllDown};
pub use overrides::{Override, OverrideError};
pub use place_of_files::{FileError, read_below};
pub use printable::{printable, quotation};
pub use problem::{Place, Problem};
pub use read_expect::ExpectationPlaces;
pub use reference::{Key, keys};
pub use region_id::RegionId;
pub use resolved::{Document, Setting, spelled_alike};
pub use schema::schema;
pub use stated::Stated;
pub use traffic::{HardlySeen, SparseWindows, TraceBeyond, TraceEnd, requests_needed};
pub use visitors::{Client, Geography, Resolvers, Sessions};
pub use world::{AppPool, ColdStart, DatabaseNode, Keyspace, Link, Prices, Region, Scenario, StudyPlan};
