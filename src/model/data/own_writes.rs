//! The writes that sessions remember: the last acknowledged one of each key, until that is at both nodes.

use super::super::slab::{Handle, Slab};
use super::commit_id::CommitId;
use crate::units::SimTime;

/// An acknowledged write of a session that goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnWrite {
    pub(super) key: u32,
    pub(super) commit: CommitId,
    pub(super) acknowledged: SimTime,
    /// The next one of the same session.
    next: Handle,
}

impl OwnWrite {
    pub(super) fn new(key: u32, commit: CommitId, acknowledged: SimTime) -> Self {
        OwnWrite { key, commit, acknowledged, next: Handle::NONE }
    }
}

/// The remembered writes of all sessions: a list for each.
#[derive(Debug, Default)]
pub(super) struct OwnWrites {
    writes: Slab<OwnWrite>,
}

impl OwnWrites {
    pub(super) fn new() -> Self {
        OwnWrites::default()
    }

    /// The remembered writes of a session, from the first one on.
    #[inline]
    pub(super) fn list(&self, first: Handle) -> impl Iterator<Item = &OwnWrite> {
        let at = |handle: Handle| self.writes.get(handle);
        std::iter::successors(at(first), move |write| at(write.next))
    }

    /// Adds a write to those that a session remembers, `first` and those after it. Returns the new first one. What it replaces, and
    /// what is everywhere, so that nobody can miss it any more, is forgotten.
    pub(super) fn remember(
        &mut self,
        first: Handle,
        mut write: OwnWrite,
        is_everywhere: impl Fn(&OwnWrite) -> bool,
    ) -> Handle {
        let mut next = first;
        while let Some(&old) = self.writes.get(next) {
            if old.key == write.key || is_everywhere(&old) {
                self.writes.remove(next);
            } else {
                self.writes.live(next).next = write.next;
                write.next = next;
            }
            next = old.next;
        }
        self.writes.insert(write)
    }

    /// Forgets the writes of a session.
    pub(super) fn forget(&mut self, first: Handle) {
        let mut next = first;
        while let Some(&write) = self.writes.get(next) {
            self.writes.remove(next);
            next = write.next;
        }
    }

    /// Returns the number of writes that are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.writes.handles().len()
    }
}
