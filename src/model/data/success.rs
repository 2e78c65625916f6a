//! Successes of writes that visitors get, and write requests from their start to their end.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::slab::Handle;
use super::Data;
use super::acknowledged::Acknowledged;
use super::commit_id::CommitId;
use super::own_writes::OwnWrite;
use crate::scenario::GeographyId;
use crate::units::SimTime;

impl Data {
    /// A write request starts, held by its session.
    pub(in super::super) fn open_write(&mut self, geography: GeographyId) -> Handle {
        self.ledger.open(geography)
    }

    /// Somebody else holds a write request, too.
    #[inline]
    pub(in super::super) fn hold_write(&mut self, write: Handle) {
        self.ledger.hold(write);
    }

    /// A holder of a write request lets go; with the last one it is settled.
    #[inline]
    pub(in super::super) fn release_write(&mut self, write: Handle) {
        self.ledger.release(write);
    }

    /// The visitor is told that a write has failed.
    pub(in super::super) fn write_fails(&mut self, write: Handle) {
        self.ledger.fail(write);
    }

    /// A visitor gets the success of a write, by this commit, at `at`.
    pub(in super::super) fn acknowledge(&mut self, write: Handle, commit: CommitId, at: SimTime) {
        self.ledger.acknowledge(write, at);
        self.windows.success(commit.node, at);
        let log = &mut self.logs[commit.node];
        if log.survives(commit)
            && let Some(entry) = log.get_mut(commit.position)
        {
            entry.acknowledged = at;
        }
    }

    /// Returns true if rows are to show whose acknowledgement they have: then [`Data::note_acknowledged`] is to be called.
    pub(in super::super) fn keeps_acknowledgements(&self) -> bool {
        self.acknowledged.is_some()
    }

    /// Keeps acknowledgements from now on: commits may be lost, and sessions ask what they see in their place.
    pub(super) fn keep_acknowledgements(&mut self) {
        self.acknowledged.get_or_insert_with(|| Acknowledged::new(self.keys));
    }

    /// Notes that a commit, and so every row that shows it, is acknowledged at `at`, as is known `now`.
    pub(in super::super) fn note_acknowledged(&mut self, commit: CommitId, key: u32, at: SimTime, now: SimTime) {
        if self.acknowledged.is_none() {
            return;
        }
        let shows = PerRegion::from_fn(|region| self.includes(NodeId::of(region), key, commit, now));
        let Some(acknowledged) = &mut self.acknowledged else { return };
        for node in NodeId::BOTH.into_iter().filter(|node| shows[*node]) {
            acknowledged.note(node, key, at, now);
        }
    }

    /// Adds a write, acknowledged at `at`, to those that a session remembers, `first` and those after it. Returns the new first one.
    pub(in super::super) fn remember(
        &mut self,
        first: Handle,
        (key, commit): (u32, CommitId),
        at: SimTime,
        now: SimTime,
    ) -> Handle {
        let mut own_writes = std::mem::take(&mut self.own_writes);
        let first = own_writes.remember(first, OwnWrite::new(key, commit, at), |old| self.is_everywhere(old, now));
        self.own_writes = own_writes;
        first
    }

    /// Forgets the writes of a session that has ended.
    pub(in super::super) fn forget_writes(&mut self, first: Handle) {
        self.own_writes.forget(first);
    }
}
