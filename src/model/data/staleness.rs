//! Staleness: what a read misses.
//!
//! A read is stale when it misses a version of its key that was acknowledged before the read's request started. Versions
//! that turn out to be lost, stranded or thrown away by a conflict do not count; those that are merged back do. So a stale
//! read is noted with the oldest version that it missed, and counted when it is certain what becomes of that. (If that one
//! does not count, later ones of its key do not either: what is left behind is all from some position on, and a write that
//! meets one version on its way meets all after it.)
//!
//! A write of the session's own that it misses counts at once, whatever becomes of that.

use super::super::node_id::NodeId;
use super::super::slab::Handle;
use super::witness::Witness;
use super::{Data, LeftBehind};
use crate::scenario::GeographyId;
use crate::units::{SimDuration, SimTime};

/// A read of a session, whatever its key.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Read {
    pub(in super::super) geography: GeographyId,
    pub(in super::super) node: NodeId,
    /// Start of its request: what was acknowledged by then must be visible.
    pub(in super::super) started: SimTime,
    /// The first of the writes that its session remembers.
    pub(in super::super) own_writes: Handle,
}

/// Versions that a read missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Missed {
    /// Note that it missed a version of the other node; none if it did not.
    stale: Handle,
    /// True if it missed a write of its own session.
    own: bool,
}

impl Missed {
    /// Nothing.
    pub(in super::super) const NOTHING: Missed = Missed { stale: Handle::NONE, own: false };

    /// Returns whether it missed anything.
    #[inline]
    pub(in super::super) fn is_any(self) -> bool {
        self.own || self.stale != Handle::NONE
    }
}

impl Data {
    /// A read is served at its node at `at`; until then no more than what is on its way is applied there. Returns what it misses.
    /// Its `key` is drawn if it matters.
    pub(in super::super) fn read(
        &mut self,
        read: &Read,
        key: impl FnOnce() -> u32,
        at: SimTime,
        now: SimTime,
        told: &mut impl Witness,
    ) -> Missed {
        if read.own_writes != Handle::NONE && self.acknowledged.is_some() {
            self.settle_applied(now, told);
        }
        let could_miss_own = self.could_miss_own_write(read.own_writes, read.node, at);
        let can_be_stale = self.can_be_stale(read.node, at);
        if !could_miss_own && !can_be_stale {
            return Missed::NOTHING;
        }
        let key = key();
        let own = could_miss_own && self.misses_own_write(read.own_writes, read.node, key, at);
        let stale = if can_be_stale { self.note_if_stale(read, key, at) } else { Handle::NONE };
        Missed { stale, own }
    }

    /// Returns whether a read would miss anything at `at`. (All that it could miss has been committed, and its success is known: it
    /// must have been acknowledged before the read starts.) Its `key` is drawn if it matters.
    #[inline]
    pub(in super::super) fn would_miss(&self, read: &Read, key: impl FnOnce() -> u32, at: SimTime) -> bool {
        let could_miss_own = self.could_miss_own_write(read.own_writes, read.node, at);
        let can_be_stale = self.can_be_stale(read.node, at);
        if !could_miss_own && !can_be_stale {
            return false;
        }
        let key = key();
        could_miss_own && self.misses_own_write(read.own_writes, read.node, key, at)
            || can_be_stale && self.oldest_missed(read.node, key, read.started, at).is_some()
    }

    /// Notes that the reader has the answer of a read that missed something, in measured time or not.
    pub(in super::super) fn read_is_heard(
        &mut self,
        missed: Missed,
        geography: GeographyId,
        is_measured: bool,
        told: &mut impl Witness,
    ) {
        if missed.own && is_measured {
            told.own_write_missed(geography);
        }
        self.stale_reads.answered(missed.stale, is_measured, told);
    }

    /// Forgets what a read missed that is over, if its reader never got the answer.
    #[inline]
    pub(in super::super) fn read_is_over(&mut self, missed: Missed, told: &mut impl Witness) {
        if missed.is_any() {
            self.stale_reads.answered(missed.stale, false, told);
        }
    }

    /// Returns whether there is anything that a read at a node at `at` could miss and be stale.
    #[inline]
    fn can_be_stale(&self, node: NodeId, at: SimTime) -> bool {
        let sender = node.other();
        let could_come = self.is_multi_primary || sender == self.primary || self.will_be_merged(sender).is_some();
        could_come && self.logs[sender].has_more_after(at)
    }

    /// Returns what a promotion has left behind at a node, if it will be merged.
    fn will_be_merged(&self, node: NodeId) -> Option<LeftBehind> {
        self.left_behind[node].filter(|left| left.is_merged)
    }

    /// Returns whether a key has been written on the branch that goes on, since a promotion left another one behind.
    pub(super) fn is_written_since(&self, key: u32, left: LeftBehind) -> bool {
        self.last_commit.get(key as usize).is_some_and(|last| *last >= left.promotion)
    }

    /// Returns the position, and the time since the acknowledgement, of the oldest version of a key that a read at a node misses of
    /// the commits of the other, and that could count.
    #[inline]
    fn oldest_missed(&self, node: NodeId, key: u32, started: SimTime, at: SimTime) -> Option<(u64, SimDuration)> {
        let sender = node.other();
        if self.will_be_merged(sender).is_some_and(|left| self.is_written_since(key, left)) {
            return None;
        }
        let log = &self.logs[sender];
        let mut position = log.oldest_of_key(key);
        while let Some(entry) = log.get(position) {
            if entry.acknowledged <= started && entry.applied > at && !self.is_kept_out(sender, entry.conflict) {
                return Some((position, at.since(entry.acknowledged)));
            }
            position = u64::from(entry.next_of_key);
        }
        None
    }

    /// Notes that a read misses a version, if it does. Returns where.
    fn note_if_stale(&mut self, read: &Read, key: u32, at: SimTime) -> Handle {
        let &Read { geography, node, started, .. } = read;
        let Some((position, staleness)) = self.oldest_missed(node, key, started, at) else { return Handle::NONE };
        let entry = self.logs[node.other()].get_mut(position).expect("a version in the log");
        entry.stale_reads = self.stale_reads.note(geography, started, staleness, entry.stale_reads);
        entry.stale_reads
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, secs};
    use super::super::alone::{Heard, NODES, one_primary, write};
    use super::*;

    /// A read at the replica of a request that starts now.
    fn read(data: &mut Data, second: u64, key: u32, heard: &mut Heard) -> Missed {
        let now = at(second);
        let (geography, node) = (GeographyId::FIRST, NODES[1]);
        let read = Read { geography, node, started: now, own_writes: Handle::NONE };
        data.read(&read, || key, now, now, heard)
    }

    #[test]
    fn a_read_at_the_replica_is_as_stale_as_the_oldest_version_that_it_misses() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        write(&mut data, 10, NODES[0], 5);
        write(&mut data, 12, NODES[0], 5);
        assert_eq!(read(&mut data, 13, 6, &mut heard), Missed::NOTHING, "another key");
        // The first version arrives at 15 s, the second at 17 s.
        for second in [13, 16, 17] {
            let missed = read(&mut data, second, 5, &mut heard);
            assert_eq!(missed.is_any(), second < 17, "at {second} s");
            data.read_is_heard(missed, GeographyId::FIRST, true, &mut heard);
        }
        data.settle_applied(at(17), &mut heard);
        assert_eq!(heard.stale_reads, [(at(13), secs(3)), (at(16), secs(4))]);
    }

    #[test]
    fn a_version_that_nobody_had_when_the_request_started_is_not_missed() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        write(&mut data, 10, NODES[0], 5);
        assert!(!read(&mut data, 9, 5, &mut heard).is_any());
        let (geography, started) = (GeographyId::FIRST, at(9));
        let early = Read { geography, node: NODES[1], started, own_writes: Handle::NONE };
        assert!(!data.would_miss(&early, || 5, at(11)));
        assert!(data.would_miss(&Read { started: at(10), ..early }, || 5, at(11)));
        assert!(!data.would_miss(&Read { node: NODES[0], started: at(10), ..early }, || 5, at(11)), "its own node");
    }

    #[test]
    fn what_is_missed_of_a_lost_version_does_not_count() {
        let (mut data, mut heard) = (one_primary(), Heard::default());
        write(&mut data, 10, NODES[0], 5);
        let missed = read(&mut data, 11, 5, &mut heard);
        data.read_is_heard(missed, GeographyId::FIRST, true, &mut heard);
        assert!(data.storage_destroyed(NODES[0], 0, secs(60), at(12), &mut heard));
        assert_eq!(heard.stale_reads, []);
    }
}
