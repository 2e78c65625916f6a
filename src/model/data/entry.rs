//! One commit on its way to the other node, and how it conflicts with commits of that node.

use super::super::slab::Handle;
use crate::units::{SimDuration, SimTime};

/// One commit that has not been taken out.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: u32,
    pub(super) write: Handle,
    pub(super) committed: SimTime,
    /// Time at which the visitor gets, or got, the success.
    pub(super) acknowledged: SimTime,
    /// Time at which the sender has it ready: not before the one before it.
    pub(super) ready: SimTime,
    /// Time on the line, on the way, and until it can be seen.
    pub(super) transmission: SimDuration,
    pub(super) way: SimDuration,
    pub(super) apply: SimDuration,
    pub(super) departs: SimTime,
    pub(super) arrives: SimTime,
    pub(super) applied: SimTime,
    /// Next commit of the same key; 0 for none.
    pub(super) next_of_key: u32,
    /// With two primaries: the other node's commits before this position had been applied here when it was committed.
    pub(super) knows: u64,
    /// The newest of the reads that missed it.
    pub(super) stale_reads: Handle,
    /// Conflict with writes of the other side.
    pub(super) conflict: Conflict,
}

impl Entry {
    /// Returns the entry of a commit that is made now and will be ready to leave at `ready`.
    pub(super) fn new(now: SimTime, ready: SimTime, shipment: Shipment) -> Self {
        Entry {
            key: shipment.key,
            write: shipment.write,
            committed: now,
            acknowledged: SimTime::NEVER,
            ready,
            transmission: shipment.transmission,
            way: shipment.way,
            apply: shipment.apply,
            departs: SimTime::NEVER,
            arrives: SimTime::NEVER,
            applied: SimTime::NEVER,
            next_of_key: 0,
            knows: shipment.knows,
            stale_reads: Handle::NONE,
            conflict: Conflict { with_earlier: shipment.conflicts_with_earlier, ..Conflict::default() },
        }
    }

    /// Time that it takes on the way to the other node.
    pub(super) fn way(&self) -> SimDuration {
        self.way
    }
}

/// Returns whether a commit and one of the other side to the same key had not seen each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The other one was there already.
    pub(super) with_earlier: bool,
    /// The other one came later.
    pub(super) with_later: bool,
    /// An operator has dealt with it.
    pub(super) is_repaired: bool,
}

impl Conflict {
    /// Returns whether there is one.
    pub(super) fn is_any(self) -> bool {
        self.with_earlier || self.with_later
    }

    /// Returns whether there is one that nobody has dealt with.
    pub(super) fn is_open(self) -> bool {
        self.is_any() && !self.is_repaired
    }
}

/// Parts of a commit that the stream needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shipment {
    pub(super) key: u32,
    pub(super) write: Handle,
    pub(super) ship: SimDuration,
    pub(super) transmission: SimDuration,
    pub(super) way: SimDuration,
    pub(super) apply: SimDuration,
    pub(super) knows: u64,
    pub(super) conflicts_with_earlier: bool,
}
