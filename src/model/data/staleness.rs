//! Staleness: what a read misses.
//!
//! A read is stale when it misses a version of its key that was acknowledged before the read's request started. Versions
//! that turn out to be lost, stranded or thrown away by a conflict do not count; those that are merged back do. So a stale
//! read is noted with the oldest version that it missed, and counted when it is certain what becomes of that. (If that one
//! does not count, later ones of its key do not either: what is left behind is all from some position on, and a write that
//! meets one version on its way meets all after it.)
//!
//! A write of the session's own that it misses counts at once, whatever becomes of that.

use super::super::marks::OfRequest;
use super::super::node_id::NodeId;
use super::super::outcome::Operation;
use super::super::record::Recorder;
use super::super::region::{Missed, Owner};
use super::super::slab::{Handle, Slab};
use super::super::visitor::Session;
use super::super::world::{Agenda, World};
use super::{Data, LeftBehind};
use crate::scenario::GeographyId;
use crate::units::{SimDuration, SimTime};

/// A read that missed a version.
#[derive(Clone, Copy, Debug)]
struct StaleRead {
    geography: GeographyId,
    started: SimTime,
    staleness: SimDuration,
    /// Another read that missed the same version.
    next: Handle,
    reader: Reader,
    /// True if the version counts, once that is certain.
    counts: Option<bool>,
}

/// How far a reader is with the answer.
#[derive(Clone, Copy, Debug)]
enum Reader {
    Waits,
    HasIt,
    HasGone,
}

/// Reads that missed a version, of which it is not certain whether they count.
#[derive(Debug)]
pub(super) struct StaleReads {
    reads: Slab<StaleRead>,
}

impl StaleReads {
    pub(super) fn new() -> Self {
        StaleReads { reads: Slab::new() }
    }

    /// Notes a read whose reader waits for the answer. Returns it as the newest of those that missed the version.
    fn note(&mut self, geography: GeographyId, started: SimTime, staleness: SimDuration, newest: Handle) -> Handle {
        self.reads.insert(StaleRead {
            geography,
            started,
            staleness,
            next: newest,
            reader: Reader::Waits,
            counts: None,
        })
    }

    /// Notes that a reader has the answer, or will never have it in measured time.
    fn answered(&mut self, read: Handle, counts: bool, record: &mut Recorder) {
        let Some(noted) = self.reads.get_mut(read) else { return };
        match noted.counts {
            None => noted.reader = if counts { Reader::HasIt } else { Reader::HasGone },
            Some(version_counts) => {
                if counts && version_counts {
                    record.stale_read(noted.geography, noted.started, noted.staleness);
                }
                self.reads.remove(read);
            }
        }
    }

    /// Counts the reads that missed a version, `newest` and those after it, or drops them, once it is certain which.
    pub(super) fn settle(&mut self, newest: Handle, counts: bool, record: &mut Recorder) {
        let mut next = newest;
        while let Some(noted) = self.reads.get_mut(next) {
            let read = std::mem::replace(&mut next, noted.next);
            match noted.reader {
                Reader::Waits => noted.counts = Some(counts),
                Reader::HasIt if counts => {
                    record.stale_read(noted.geography, noted.started, noted.staleness);
                    self.reads.remove(read);
                }
                Reader::HasIt | Reader::HasGone => self.reads.remove(read),
            }
        }
    }
}

impl World<'_> {
    /// A call reads its key at its node at `at`; until then no more than what is on its way is applied there.
    pub(in super::super) fn read(&mut self, agenda: &Agenda, call: Handle, at: SimTime) {
        let request = self.calls.live(call);
        debug_assert_eq!(request.operation, Operation::Read, "a read");
        let (node, marks, number, started) = (request.node, request.marks, request.request, request.started);
        let Owner::Visitor(session) = request.owner else { return };
        let own_writes = self.visitors.get(session).map_or(Handle::NONE, |visitor| visitor.own_writes);
        if own_writes != Handle::NONE && self.data.acknowledged.is_some() {
            self.settle_applied(agenda.now());
        }
        let could_miss_own = self.data.could_miss_own_write(own_writes, node, at);
        let can_be_stale = self.data.can_be_stale(node, at);
        if !could_miss_own && !can_be_stale {
            return;
        }
        let key = self.setting.plan.keys.index(marks.of_request(number, OfRequest::Key));
        let own = could_miss_own && self.data.misses_own_write(own_writes, node, key, at);
        let request = self.calls.live(call);
        let stale = if can_be_stale {
            self.data.note_if_stale(request.geography, node, key, started, at)
        } else {
            Handle::NONE
        };
        request.missed = Missed { stale, own };
    }

    /// Returns whether a call that reads at its node at `at` could miss a write of its own session.
    #[inline]
    pub(in super::super) fn could_miss_own_write(&mut self, call: Handle, at: SimTime) -> bool {
        let request = self.calls.live(call);
        let Owner::Visitor(session) = request.owner else { return false };
        let own_writes = self.visitors.get(session).map_or(Handle::NONE, |visitor| visitor.own_writes);
        self.data.could_miss_own_write(own_writes, request.node, at)
    }

    /// Notes that the reader of a call has the answer.
    pub(in super::super) fn read_is_heard(&mut self, call: Handle) {
        let request = self.calls.live(call);
        let missed = std::mem::replace(&mut request.missed, Missed::NOTHING);
        let is_measured = self.books.record.is_measured(request.started);
        if missed.own && is_measured {
            self.books.record.own_write_missed(request.geography);
        }
        self.data.stale_reads.answered(missed.stale, is_measured, &mut self.books.record);
    }

    /// Forgets what the read of a call missed that is over, if its reader never got the answer.
    #[inline]
    pub(in super::super) fn read_is_over(&mut self, missed: Missed) {
        if missed.is_any() {
            self.data.stale_reads.answered(missed.stale, false, &mut self.books.record);
        }
    }

    /// Returns whether the read that a visitor starts would miss anything at a node at `at`. (All that it could miss has been committed,
    /// and its success is known: it must have been acknowledged before the read starts.)
    #[inline]
    pub(in super::super) fn misses_version(&self, visitor: &Session, node: NodeId, at: SimTime) -> bool {
        let could_miss_own = self.data.could_miss_own_write(visitor.own_writes, node, at);
        let can_be_stale = self.data.can_be_stale(node, at);
        if !could_miss_own && !can_be_stale {
            return false;
        }
        let key = self.setting.plan.keys.index(visitor.marks.of_request(visitor.request, OfRequest::Key));
        could_miss_own && self.data.misses_own_write(visitor.own_writes, node, key, at)
            || can_be_stale && self.data.oldest_missed(node, key, visitor.started, at).is_some()
    }
}

impl Data {
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

    fn note_if_stale(
        &mut self,
        geography: GeographyId,
        node: NodeId,
        key: u32,
        started: SimTime,
        at: SimTime,
    ) -> Handle {
        let Some((position, staleness)) = self.oldest_missed(node, key, started, at) else { return Handle::NONE };
        let entry = self.logs[node.other()].get_mut(position).expect("a version in the log");
        entry.stale_reads = self.stale_reads.note(geography, started, staleness, entry.stale_reads);
        entry.stale_reads
    }
}
