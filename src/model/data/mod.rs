//! Data: commits, their way to the other region, promotion, and the ledger of what became of every acknowledged write.
//!
//! # What it models
//! Two nodes with a log each of what the other has not applied. With a single primary one log is in use at a time; after
//! a promotion without fencing both nodes take writes until the cut heals (split brain); with two primaries both always
//! do. Replication is a pipeline: a commit waits at the sender, queues for the bandwidth, crosses the link, is received,
//! and is applied, all in order; lag is what comes out of it. Asynchronous, semi-synchronous (with its time limit) and
//! synchronous acknowledgement. Promotion by a controller, an operator or a plan, with fencing. What the new primary had
//! not received is stranded; when the old one returns it is discarded, or reconciled key by key. A node that returns catches
//! up from the log, over the same bandwidth as new commits; one that returns empty needs a full copy first.
//!
//! ```text
//!            contact lost            decided              done
//!   steady ──────────────► suspecting ──────► declared ────────► steady (roles swapped)
//!      ▲                       │
//!      └── contact regained ───┘
//! ```
//!
//! # What it leaves out
//! Backups. Merged rows take no time and no bandwidth. Lag of a read is measured at the moment its service ends.

mod acknowledged;
#[cfg(test)]
mod alone;
mod backlog;
mod branch;
mod commit;
mod commit_id;
mod conflict;
mod copies;
mod entry;
mod full_copy;
mod horizon;
mod ledger;
mod log;
mod loss_window;
mod own_writes;
mod promotion;
mod read_your_writes;
mod rejoin;
mod replica;
mod roles;
mod stale_reads;
mod staleness;
mod state;
mod storage;
mod stream;
mod success;
mod witness;

pub(super) use commit::NewCommit;
pub(super) use commit_id::CommitId;
pub(super) use full_copy::Change;
pub(super) use horizon::Account;
pub(super) use promotion::ContactChange;
pub(super) use roles::Swap;
pub(super) use staleness::{Missed, Read};
pub(super) use state::Data;
pub(super) use witness::Witness;
