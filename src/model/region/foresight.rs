//! The foreseen reads of a region, and the servers that are promised to them.

use super::super::slab::Handle;
use super::promises::Promises;
use crate::units::SimTime;

/// Reads for which there is room at first.
pub(super) const READS: usize = 64;

/// The foreseen reads of a region.
#[derive(Debug)]
pub(super) struct Foresight {
    pub(super) reads: Vec<ForeseenRead>,
    pub(super) workers: Promises,
    pub(super) connections: Promises,
}

/// A read that will be served as foreseen, unless it is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForeseenRead {
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

impl Foresight {
    /// Of a region in which a worker, and a connection, is held for so many seconds on average.
    pub(super) fn new(mean_at_app: f64, mean_at_node: f64) -> Self {
        Foresight {
            reads: Vec::with_capacity(READS),
            workers: Promises::new(mean_at_app),
            connections: Promises::new(mean_at_node),
        }
    }

    /// Tells if nobody is foreseen.
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
