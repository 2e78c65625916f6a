//! Finished runs, reduced to what a study needs of them: rows, columns, and the sums over runs.
//!
//! Left out: files; `runlog` keeps the records.

pub(super) mod column;
pub(super) mod columns;
#[cfg(test)]
pub(super) mod in_memory;
pub(super) mod keep;
pub(super) mod latency;
pub(super) mod row;
pub(super) mod rows;
pub(super) mod run_record;
pub(super) mod timeline;
