//! Data: commits, their way to the other region, promotion, and the ledger of what became of every acknowledged write.
//!
//! # What it models
//! One primary and one replica. Replication is a pipeline: a commit waits at the sender, queues for the bandwidth,
//! crosses the link, is received, and is applied, all in order; lag is what comes out of it. Asynchronous, semi-synchronous
//! (with its time limit) and synchronous acknowledgement. Promotion by a controller or an operator, with fencing. What the
//! replica had not received is stranded, and lost when the old primary rejoins and discards its branch.
//!
//! ```text
//!            contact lost            decided              done
//!   steady ──────────────► suspecting ──────► declared ────────► steady (roles swapped)
//!      ▲                       │
//!      └── contact regained ───┘
//! ```
//!
//! # What it leaves out
//! Two primaries, planned switch-over, reconciliation of branches, storage that is destroyed, full copies: a node that
//! returns catches up from the log, over the same bandwidth as new commits. Lag of a read is measured at the moment its
//! service ends.

mod commit;
mod ledger;
mod log;
mod promotion;
mod staleness;

pub(super) use ledger::Ledger;
pub(super) use log::Log;
pub(super) use promotion::Promotion;

use std::collections::VecDeque;

use super::slab::Handle;
use crate::units::{SimDuration, SimTime};
use staleness::StaleRead;

/// Who is the primary, the log between the two nodes, and what has been left behind.
#[derive(Debug)]
pub(super) struct Data {
    /// Region of the node with the primary's role, dead or alive.
    primary: u8,
    /// Whether the primary has stopped acknowledging.
    fenced: bool,
    /// Counts promotions.
    branch: u32,
    pub(super) log: Log,
    replica: Replica,
    /// Calls whose commit waits for its receipt, in log order.
    waiting: VecDeque<Handle>,
    pub(super) promotion: Promotion,
    /// What promotions have cut off, and not yet settled.
    left_behind: Vec<LeftBehind>,
    stale_reads: Vec<StaleRead>,
    data_loss_window: SimDuration,
    stranded_window: SimDuration,
}

/// How far the replica is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replica {
    /// It has, or is about to have, all that was committed.
    InStep,
    /// Commits do not wait for their receipt, although the mode may say so, until it has caught up.
    Behind {
        /// It has caught up when it has received everything before this position; not known while the stream stands.
        until: Option<u64>,
        /// Whether it may be promoted all the same.
        promotable: bool,
    },
}

/// The part of a primary's log that its replica had not received when it was promoted.
#[derive(Debug)]
struct LeftBehind {
    node: u8,
    /// When the primary died or was fenced.
    ended: SimTime,
    writes: Vec<Handle>,
}

impl Data {
    pub(super) fn new(primary: u8, keys: u32) -> Self {
        Data {
            primary,
            fenced: false,
            branch: 1,
            log: Log::new(keys),
            replica: Replica::InStep,
            waiting: VecDeque::new(),
            promotion: Promotion::new(),
            left_behind: Vec::new(),
            stale_reads: Vec::new(),
            data_loss_window: SimDuration::ZERO,
            stranded_window: SimDuration::ZERO,
        }
    }

    /// Region of the node with the primary's role.
    #[inline]
    pub(super) fn primary(&self) -> u8 {
        self.primary
    }

    /// Whether a node would take a write, if it can be reached.
    #[inline]
    pub(super) fn accepts_writes(&self, node: u8) -> bool {
        node == self.primary && !self.fenced
    }

    /// Takes the replica to be in step again, if it has caught up.
    fn note_catching_up(&mut self, now: SimTime) {
        if let Replica::Behind { until: Some(until), .. } = self.replica
            && self.log.has_arrived(until.saturating_sub(1), now)
        {
            self.replica = Replica::InStep;
        }
    }

    /// The replica is no longer waited for, until it has caught up.
    fn leave_behind(&mut self, promotable: bool) {
        let until = self.log.is_flowing().then(|| self.log.next());
        self.replica = Replica::Behind { until, promotable };
    }

    /// The stream has stopped, or gone on: a replica that is behind has caught up when it has what is committed by now.
    fn stream_changed(&mut self) {
        if let Replica::Behind { promotable, .. } = self.replica {
            self.leave_behind(promotable);
        }
    }

    /// Whether the stream clears a backlog.
    pub(super) fn log_is_catching_up(&self) -> bool {
        self.log.backlog_clears().is_some()
    }

    /// The node that the writer's name points to.
    #[inline]
    pub(super) fn writer_name(&self) -> u8 {
        self.primary
    }

    /// The longest time from a lost, and from a stranded, write's acknowledgement to the end of its primary.
    pub(super) fn windows(&self) -> (SimDuration, SimDuration) {
        (self.data_loss_window, self.stranded_window)
    }
}
