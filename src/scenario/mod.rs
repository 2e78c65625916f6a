//! A scenario: the world, the designs under test, the incidents and what is expected of them, as plain checked data.
//!
//! No behaviour and no engine: [`Scenario`] is what a file says once every default is filled in and every check passed.
//!
//! `load` parses a file into a document, lays the overrides over it and has each table read itself (`text` has the document and
//! the reader, which keeps every problem); `check` looks at the whole. Each table is a file: its type, its keys with their
//! defaults and the sources of these, and what is checked within it. The documents of the format come from there, too: `schema`
//! and [`keys`] have the tables list what they read. `resolved` spells a scenario out again, key by key.

mod check;
mod client;
mod conflicts;
mod cost;
mod database;
mod design;
mod distribution;
mod dns;
mod estimate;
mod expectation;
mod files;
mod geography;
mod geography_id;
mod incident;
mod keyspace;
mod known_names;
mod link;
mod load;
mod objectives;
mod presets;
mod prices;
mod promotion;
mod region;
mod region_id;
mod replication;
mod resolved;
mod resolvers;
mod routing;
mod schema;
mod sessions;
mod standby;
mod study;
#[cfg(test)]
mod tests;
mod text;
mod traffic;
mod whole;

pub use client::{Client, DnsCache};
pub use conflicts::{ConflictPolicy, Conflicts};
pub use cost::{Cost, Disk, EVENTS_PER_SECOND, Extent, MOST_BYTES, MOST_EVENTS};
pub use database::{DatabasePlan, Endpoint, Reads, Writes};
pub use design::Design;
pub use distribution::{Distribution, DistributionError};
pub use dns::{Dns, HealthChecks, Probe, WhenAllDown};
pub(crate) use estimate::REQUESTS_PER_WINDOW;
pub use expectation::{Bound, Expectation, ExpectationPlaces};
pub use files::data_file::DataFile;
pub use files::name::file_name;
pub use files::place::{FileError, read_below};
pub use geography::Geography;
pub use geography_id::{GeographyId, MOST_GEOGRAPHIES, TooManyGeographies};
pub use incident::{Authority, DnsMode, InFlight, Incident, IncidentKind, OutageMode, Schedule, Storage};
pub use keyspace::Keyspace;
pub use link::RegionLink;
pub use load::{LoadError, LoadOptions, Loaded};
pub use objectives::{ObjectiveKind, Objectives};
pub use prices::Prices;
pub use promotion::{OnReturn, Promotion, PromotionTrigger, Watch};
pub use region::{AppPool, ColdStart, DatabaseNode, Region};
pub use region_id::RegionId;
pub use replication::{Replication, ReplicationMode};
pub use resolved::{Document, ResolvedSetting, spelled_alike};
pub use resolvers::Resolvers;
pub use routing::{Failback, Routing};
pub use schema::{Vocabulary, keys, schema};
pub use sessions::Sessions;
pub use standby::{Standby, StandbyKind};
pub use study::StudyPlan;
pub use text::catalogue::FormatKey;
pub use text::key::{key_part, key_parts, key_value};
pub use text::overrides::{Override, OverrideError};
pub use text::printable::{printable, quotation};
pub use text::problem::{FilePlace, Problem, Problems};
pub use text::stated::Stated;
pub(crate) use text::suggest::{hint, most_alike};
pub use traffic::{HardlySeen, SparseWindows, TraceBeyond, TraceEnd, requests_needed};
pub use whole::Scenario;
