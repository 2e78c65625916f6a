//! The making of a study: what to run, on which threads, and how finished runs are put together.
//!
//! Left out: the run itself (see `model`), and where finished runs are kept (see `record::keep`).

pub(super) mod crew;
pub(super) mod error;
pub(super) mod fold;
pub(super) mod gathered;
pub(super) mod progress;
pub(super) mod replay;
pub(super) mod runner;
pub(super) mod shard;
pub(super) mod spec;
