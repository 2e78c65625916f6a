//! The reads on the fast path of a region, and the servers that are reserved for them.

use super::super::slab::Handle;
use super::slots::Slots;
use crate::units::SimTime;

/// Reads for which there is room at first.
pub(super) const READS: usize = 64;

/// The reads on the fast path of a region.
#[derive(Debug)]
pub(super) struct FastReads {
    pub(super) reads: Vec<FastRead>,
    pub(super) workers: Slots,
    pub(super) connections: Slots,
}

/// A read that will be served without events, unless it leaves the fast path.
#[derive(Clone, Copy, Debug)]
pub(super) struct FastRead {
    pub(super) session: Handle,
    /// The number of the event that its arrival would have been.
    pub(super) number: u64,
    pub(super) way: Way,
}

/// Times of a read at each stage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// It reaches the app, and a worker.
    pub(super) arrives: SimTime,
    /// The app has done its own work on it, and it reaches the node, and a connection.
    pub(super) calls: SimTime,
    /// The node has served it.
    pub(super) ends: SimTime,
    /// Its worker is free.
    pub(super) worker_free: SimTime,
}

impl FastReads {
    /// Of a region in which a worker, and a connection, is held for so many seconds on average.
    pub(super) fn new(mean_at_app: f64, mean_at_node: f64) -> Self {
        FastReads {
            reads: Vec::with_capacity(READS),
            workers: Slots::new(mean_at_app),
            connections: Slots::new(mean_at_node),
        }
    }

    /// Tells if no read is on the fast path.
    pub(super) fn is_empty(&self) -> bool {
        self.reads.is_empty()
    }

    /// Worker-nanoseconds until `now` of the reads that are not finished.
    pub(super) fn busy_ns(&self, now: SimTime) -> u128 {
        self.reads.iter().map(|read| u128::from(read.way.worker_free.min(now).since(read.way.arrives).as_nanos())).sum()
    }

    /// Connection-nanoseconds until `now` of the reads that are not finished.
    pub(super) fn node_busy_ns(&self, now: SimTime) -> u128 {
        self.reads.iter().map(|read| u128::from(read.way.ends.min(now).since(read.way.calls).as_nanos())).sum()
    }
}
