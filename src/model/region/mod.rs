//! Regions: app pools, database nodes, the link between them, and how an app finds the node to call.
//!
//! # What it models
//! An app pool of `instances` x `workers` behind one FIFO queue with a limit. A worker serves a request, then makes its
//! database call, and is held until that has an answer: this is how a dead database takes the reads down with the
//! writes. A database node of `connections` behind one unlimited FIFO queue. Calls to the other region's node cross the
//! link. Endpoints that are names (each instance caches the answer) or drivers that count errors. Standby regions that
//! grow to full size after a verdict.
//!
//! # What it leaves out
//! Load balancing between instances (one queue serves them all), transactions of several calls, connection set-up
//! between app and database (but for its timeout), services that slow down when busy. A standby that has grown stays so.

mod app;
mod call;
mod commit;
mod database;
mod endpoint;
mod foresight;
mod gray;
mod outage;
mod paths;
mod probe;
mod promises;
mod promotion;
mod reading;
mod replication;
mod response;
mod state;
mod survival;

pub(super) use call::{AppSide, Call};
pub(super) use endpoint::Endpoints;
pub(super) use foresight::Foresight;
pub(super) use paths::Paths;
pub(super) use state::{Link, Outage, Part, Reachability, RegionState};
pub(super) use survival::BeyondHelp;
