//! The state of the data: who takes writes, the logs between the two nodes, and what has been left behind.

use std::collections::VecDeque;

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::slab::Handle;
use super::acknowledged::Acknowledged;
use super::copies::{Copies, halts_at};
use super::full_copy::FullCopy;
use super::ledger::Ledger;
use super::log::Log;
use super::loss_window::LossWindows;
use super::own_writes::OwnWrites;
use super::promotion::{Promotion, Stage};
use super::stale_reads::StaleReads;
use crate::scenario::Conflicts;
use crate::units::{SimDuration, SimTime};

/// Who takes writes, the logs between the two nodes, and what has been left behind.
#[derive(Debug)]
pub(in super::super) struct Data {
    /// The node with the primary's role, dead or alive.
    pub(super) primary: NodeId,
    /// Which nodes take writes.
    pub(super) writable: PerRegion<bool>,
    /// Set if both are primaries by design.
    pub(super) is_multi_primary: bool,
    /// Number of keys.
    pub(super) keys: u32,
    /// Per region: what its node has committed and the other has not applied.
    pub(super) logs: PerRegion<Log>,
    /// Per region: the log that a promotion has left behind, until its node rejoins.
    pub(super) left_behind: PerRegion<Option<LeftBehind>>,
    /// When the storage of a region was destroyed, and with it its log, until the node rejoins.
    pub(super) branch_is_gone: PerRegion<Option<SimTime>>,
    /// Which nodes are empty, and how far the full copy is that each needs.
    pub(super) empty: PerRegion<Option<FullCopy>>,
    pub(super) replica: Replica,
    /// Calls whose commit waits for its receipt, in log order.
    pub(super) waiting: VecDeque<Handle>,
    pub(super) promotion: Promotion,
    /// Number of promotions so far, and per key the number at its last commit on the current branch.
    pub(super) promotions: u32,
    pub(super) last_commit: Vec<u32>,
    /// The rows of both nodes, where they may come to differ.
    pub(super) copies: Option<Copies>,
    pub(super) stale_reads: StaleReads,
    /// What sessions remember of the writes that they have made.
    pub(super) own_writes: OwnWrites,
    pub(super) acknowledged: Option<Acknowledged>,
    pub(super) windows: LossWindows,
    pub(super) ledger: Ledger,
}

/// A log that a promotion has left behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeftBehind {
    /// When the primary died or was fenced; `None` while it takes writes on a branch of its own.
    pub(super) ended: Option<SimTime>,
    /// The promotion that left it behind.
    pub(super) promotion: u32,
    /// True if it will be merged, where it can, rather than discarded.
    pub(super) is_merged: bool,
}

/// How far the replica is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Replica {
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
    /// Both nodes in step, with the primary's role at `primary`; `conflicts` if both are primaries.
    pub(in super::super) fn new(primary: NodeId, keys: u32, conflicts: Option<&Conflicts>, geographies: usize) -> Self {
        let mut writable = PerRegion::both(conflicts.is_some());
        writable[primary] = true;
        let mut logs = PerRegion::from_fn(|_| Log::new(keys));
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
    pub(in super::super) fn primary(&self) -> NodeId {
        self.primary
    }

    /// Returns true if both nodes are primaries by design.
    pub(in super::super) fn is_multi_primary(&self) -> bool {
        self.is_multi_primary
    }

    /// Returns whether a promotion, a full copy or the return of an old primary is under way.
    pub(in super::super) fn is_changing(&self) -> bool {
        self.promotion.stage() != Stage::Steady
            || self.empty.iter().any(Option::is_some)
            || self.left_behind.iter().any(Option::is_some)
    }

    /// The primary's log.
    pub(super) fn log(&self) -> &Log {
        &self.logs[self.primary]
    }

    /// Returns whether a node would take a write, if it can be reached.
    #[inline]
    pub(in super::super) fn accepts_writes(&self, node: NodeId) -> bool {
        self.writable[node]
    }

    /// Returns whether a node would serve a read that has to be the primary's: one that is drained still does.
    #[inline]
    pub(in super::super) fn serves_as_primary(&self, node: NodeId) -> bool {
        self.accepts_writes(node) || (self.promotion.is_draining() && node == self.primary)
    }

    /// Age of the oldest commit that the other node has not applied, over the streams in use.
    pub(in super::super) fn lag(&self, now: SimTime) -> SimDuration {
        let in_use = |node: &NodeId| self.is_multi_primary || *node == self.primary;
        let lags = NodeId::BOTH.into_iter().filter(in_use).map(|node| self.logs[node].lag(now));
        lags.max().unwrap_or_default()
    }
}
