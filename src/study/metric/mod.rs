//! The metrics of a run: every name, unit and definition in one table.
//!
//! Names carry their unit and are the columns of `runs.csv`. A metric of a region ends with the region's name as it is
//! written in the scenario (`utilisation_eu-west`). One of calm time alone ends with `_calm` after all else
//! (`utilisation_eu-west_calm`). Metrics of visitors' requests come first in the table: they are also computed by geography
//! and operation.

mod cost;
mod data;
pub(super) mod definition;
pub(super) mod incidents;
pub(super) mod named;
mod regions;
pub(super) mod table;
mod visitors;

pub use crate::results::{Direction, Unit};
pub use definition::Metric;
pub use named::Named;
pub use table::MetricTable;
