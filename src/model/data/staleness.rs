//! Staleness: what a read at the replica misses.
//!
//! A read is stale when it misses a version of its key that was acknowledged before the read's request started. Versions
//! that turn out to be lost or stranded do not count, so a stale read is noted with the position of what it missed, and
//! counted when that is safe.

use super::super::marks::OfRequest;
use super::super::outcome::Operation;
use super::super::record::Recorder;
use super::super::region::{LastWrite, Missed, Owner};
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::Data;
use crate::units::SimTime;

/// A stale read whose missed versions may yet turn out to be lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct StaleRead {
    geography: u8,
    started: SimTime,
    missed: Missed,
}

/// Stale reads noted before those that are safe are counted.
pub(super) const NOTED_MAX: usize = 65_536;

impl Data {
    /// Notes a successful read, of a request that started at `started`, that missed something.
    pub(in super::super) fn note_stale_read(
        &mut self,
        geography: u8,
        started: SimTime,
        missed: Missed,
        is_measured: bool,
    ) {
        if is_measured {
            self.stale_reads.push(StaleRead { geography, started, missed });
        }
    }

    /// Counts the noted reads whose missed versions are among those the replica has.
    pub(super) fn count_stale_reads(&mut self, record: &mut Recorder) {
        let safe = [self.logs[0].first(), self.logs[1].first()];
        self.stale_reads.retain(|read| {
            let is_safe = read.missed.oldest.max(read.missed.own) < safe[usize::from(read.missed.log)];
            if is_safe {
                record.stale_read(read.geography, read.started, read.missed);
            }
            !is_safe
        });
        // While a backlog grows few are safe, and to look at all of them at each read would take longer and longer.
        self.stale_reads_most = NOTED_MAX.max(2 * self.stale_reads.len());
    }

    /// Counts all noted reads, but for what was missed from the `ends` of the logs on, which is lost or stranded.
    pub(super) fn count_stale_reads_before(&mut self, ends: [u64; 2], record: &mut Recorder) {
        for read in std::mem::take(&mut self.stale_reads) {
            let mut missed = read.missed;
            let end = ends[usize::from(missed.log)];
            if missed.own >= end {
                missed.own = 0;
            }
            if missed.oldest >= end {
                missed.oldest = 0;
            }
            record.stale_read(read.geography, read.started, missed);
        }
    }
}

impl World<'_> {
    /// A call reads its key at its node at `at`; until then no more than what is on its way is applied there.
    pub(in super::super) fn read(&mut self, agenda: &Agenda, call: Handle, at: SimTime) {
        let request = self.calls.live(call);
        debug_assert_eq!(request.operation, Operation::Read, "a read");
        let (node, marks, number, started) = (request.node, request.marks, request.request, request.started);
        if !self.data.can_be_stale(node, at) {
            return;
        }
        let last_write = match request.owner {
            Owner::Visitor(session) => {
                self.sessions.get(session).map_or(LastWrite::default(), |visitor| visitor.last_write)
            }
            Owner::Probe { .. } => LastWrite::default(),
        };
        let key = self.plan.keys.index(marks.of_request(number, OfRequest::Key));
        self.calls.live(call).missed = self.data.missed_by_read(node, key, started, at, last_write);
        if self.data.stale_reads.len() >= self.data.stale_reads_most {
            self.settle_applied(agenda.now());
            self.data.count_stale_reads(&mut self.record);
        }
    }

    /// Whether the read that a session starts would miss anything at a node at `at`. (All that it could miss has been committed,
    /// and its success is known: it must have been acknowledged before the read starts.)
    #[inline]
    pub(in super::super) fn misses_version(&mut self, session: Handle, node: u8, at: SimTime) -> bool {
        if !self.data.can_be_stale(node, at) {
            return false;
        }
        let visitor = self.sessions.live(session);
        let key = self.plan.keys.index(visitor.marks.of_request(visitor.request, OfRequest::Key));
        self.data.missed_by_read(node, key, visitor.started, at, visitor.last_write).is_any()
    }
}

impl Data {
    /// Whether there is anything that a read at a node at `at` could miss.
    #[inline]
    fn can_be_stale(&self, node: u8, at: SimTime) -> bool {
        let sender = 1 - node;
        (self.is_multi_primary || sender == self.primary) && self.logs[usize::from(sender)].has_more_after(at)
    }

    /// What a read at a node misses of the commits of the other. A version that a later write has thrown away does not count.
    #[inline]
    fn missed_by_read(&self, node: u8, key: u32, started: SimTime, at: SimTime, last_write: LastWrite) -> Missed {
        let sender = 1 - node;
        let mut missed = Missed { log: sender, ..Missed::default() };
        let log = &self.logs[usize::from(sender)];
        let mut position = log.oldest_of_key(key);
        while let Some(entry) = log.get(position) {
            if entry.acknowledged <= started && entry.applied > at && !entry.conflict.with_later {
                missed.oldest = position;
                missed.staleness = at.since(entry.acknowledged);
                break;
            }
            position = u64::from(entry.next_of_key);
        }
        if last_write.node == sender && last_write.branch == log.branch() {
            let mut position = last_write.position;
            while let Some(entry) = log.get(position) {
                if entry.key == key && entry.acknowledged <= started && entry.applied > at {
                    missed.own = position;
                }
                position = entry.previous_of_session;
            }
        }
        missed
    }
}
