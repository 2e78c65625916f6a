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
mod start;
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
pub(super) use witness::Witness;

use std::collections::VecDeque;

use super::node_id::NodeId;
use super::per_region::PerRegion;
use super::slab::Handle;
use crate::scenario::Conflicts;
use crate::units::{SimDuration, SimTime};
use acknowledged::Acknowledged;
use copies::{Copies, halts_at};
use full_copy::FullCopy;
use ledger::Ledger;
use log::Log;
use loss_window::LossWindows;
use own_writes::OwnWrites;
use promotion::{Promotion, Stage};
use stale_reads::StaleReads;

/// The nodes that take writes, the logs between them, and all that has been left behind.
#[derive(Debug)]
pub(super) struct Data {
    /// The node with the primary's role, dead or alive.
    primary: NodeId,
    /// Set for nodes that take writes.
    writable: PerRegion<bool>,
    /// Set if both are primaries by design.
    is_multi_primary: bool,
    /// Number of keys.
    keys: u32,
    /// Per region: what its node has committed and the other has not applied.
    logs: PerRegion<Log>,
    /// Per region: the log that a promotion has left behind, until its node rejoins.
    left_behind: PerRegion<Option<LeftBehind>>,
    /// Time at which the storage of a region was destroyed, and with it its log, until the node rejoins.
    branch_is_gone: PerRegion<Option<SimTime>>,
    /// Progress of the full copy that each empty node needs.
    empty: PerRegion<Option<FullCopy>>,
    replica: Replica,
    /// Calls whose commit waits for its receipt, in log order.
    waiting: VecDeque<Handle>,
    promotion: Promotion,
    /// Number of promotions so far, and per key the number at its last commit on the current branch.
    promotions: u32,
    last_commit: Vec<u32>,
    /// The rows of both nodes, where they may come to differ.
    copies: Option<Copies>,
    stale_reads: StaleReads,
    /// Writes of each session that are remembered.
    own_writes: OwnWrites,
    acknowledged: Option<Acknowledged>,
    windows: LossWindows,
    ledger: Ledger,
}

/// A log that a promotion has left behind.
#[derive(Clone, Copy, Debug)]
struct LeftBehind {
    /// Time at which the primary died or was fenced; `None` while it takes writes on a branch of its own.
    ended: Option<SimTime>,
    /// The promotion that left it behind.
    promotion: u32,
    /// True if it will be merged, where it can, rather than discarded.
    is_merged: bool,
}

/// Point to which the replica is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replica {
    /// It has, or is about to have, all that was committed.
    InStep,
    /// Commits do not wait for their receipt, although the mode may say so, until it has caught up.
    Behind {
        /// It has caught up when it has received everything before this position; not known while the stream stands.
        until: Option<u64>,
        /// Set if it may be promoted all the same.
        promotable: bool,
    },
}

impl Data {
    /// Both nodes in step, with the primary's role at `primary`; `conflicts` if both are primaries. A node applies the commits
    /// of the other at least `apply_gap` apart.
    pub(super) fn new(
        primary: NodeId,
        keys: u32,
        apply_gap: SimDuration,
        conflicts: Option<&Conflicts>,
        geographies: usize,
    ) -> Self {
        let mut writable = PerRegion::both(conflicts.is_some());
        writable[primary] = true;
        let mut logs = PerRegion::from_fn(|_| Log::new(keys, apply_gap));
        for (region, log) in logs.each_mut() {
            let receiver = NodeId::of(region).other();
            if conflicts.is_some_and(|conflicts| halts_at(conflicts, receiver)) {
                log.halt_at_conflicts();
            }
        }
        Data {
            primary,
            writable,
            is_multi_primary: conflicts.is_some(),
            keys,
            logs,
            left_behind: PerRegion::both(None),
            branch_is_gone: PerRegion::both(None),
            empty: PerRegion::both(None),
            replica: Replica::InStep,
            waiting: VecDeque::new(),
            promotion: Promotion::new(),
            promotions: 0,
            last_commit: Vec::new(),
            copies: conflicts.map(|conflicts| Copies::new(keys, conflicts)),
            stale_reads: StaleReads::new(),
            own_writes: OwnWrites::new(),
            acknowledged: conflicts.map(|_| Acknowledged::new(keys)),
            windows: LossWindows::default(),
            ledger: Ledger::new(geographies),
        }
    }

    /// The node with the primary's role.
    #[inline]
    pub(super) fn primary(&self) -> NodeId {
        self.primary
    }

    /// Returns true if both nodes are primaries by design.
    pub(super) fn is_multi_primary(&self) -> bool {
        self.is_multi_primary
    }

    /// Returns whether a promotion, a full copy or the return of an old primary is under way.
    pub(super) fn is_changing(&self) -> bool {
        self.promotion.stage() != Stage::Steady
            || self.empty.iter().any(Option::is_some)
            || self.left_behind.iter().any(Option::is_some)
    }

    /// The primary's log.
    fn log(&self) -> &Log {
        &self.logs[self.primary]
    }

    /// Returns whether a node would take a write, if it can be reached.
    #[inline]
    pub(super) fn accepts_writes(&self, node: NodeId) -> bool {
        self.writable[node]
    }

    /// Returns whether a node would serve a read that has to be the primary's: one that is drained still does.
    #[inline]
    pub(super) fn serves_as_primary(&self, node: NodeId) -> bool {
        self.accepts_writes(node) || (self.promotion.is_draining() && node == self.primary)
    }

    /// Age of the oldest commit that the other node has not applied, over the streams in use.
    pub(super) fn lag(&self, now: SimTime) -> SimDuration {
        let in_use = |node: &NodeId| self.is_multi_primary || *node == self.primary;
        let lags = NodeId::BOTH.into_iter().filter(in_use).map(|node| self.logs[node].lag(now));
        lags.max().unwrap_or_default()
    }
}
