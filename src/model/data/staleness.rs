//! Staleness: what a read at the replica misses.
//!
//! A read is stale when it misses a version of its key that was acknowledged before the read's request started. Versions
//! that turn out to be lost or stranded do not count, so a stale read is noted with the position of what it missed, and
//! counted when that is safe.

use super::super::outcome::Operation;
use super::super::record::Recorder;
use super::super::region::{Missed, Owner};
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::Data;
use crate::units::SimTime;

/// A stale read whose missed versions may yet turn out to be lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct StaleRead {
    geography: u8,
    missed: Missed,
}

/// Stale reads noted before those that are safe are counted.
const NOTED_MAX: usize = 65_536;

impl Data {
    /// Notes a successful read that missed something.
    pub(in super::super) fn note_stale_read(&mut self, geography: u8, missed: Missed, is_measured: bool) {
        if is_measured {
            self.stale_reads.push(StaleRead { geography, missed });
        }
    }

    /// Counts the noted reads whose missed versions are among those the replica has.
    pub(super) fn count_stale_reads(&mut self, record: &mut Recorder) {
        let safe = self.log.first();
        self.stale_reads.retain(|read| {
            let is_safe = read.missed.oldest.max(read.missed.own) < safe;
            if is_safe {
                record.stale_read(read.geography, read.missed);
            }
            !is_safe
        });
    }

    /// Counts all noted reads, but for what was missed from `end` on, which is lost or stranded.
    pub(super) fn count_stale_reads_before(&mut self, end: u64, record: &mut Recorder) {
        for read in std::mem::take(&mut self.stale_reads) {
            let mut missed = read.missed;
            if missed.own >= end {
                missed.own = 0;
            }
            if missed.oldest >= end {
                missed.oldest = 0;
            }
            record.stale_read(read.geography, missed);
        }
    }
}

impl World<'_> {
    /// A call reads its key at its node now.
    pub(in super::super) fn read(&mut self, agenda: &mut Agenda, call: Handle) {
        let now = agenda.now();
        let request = self.calls.live(call);
        debug_assert_eq!(request.operation, Operation::Read, "a read");
        if request.node == self.data.primary {
            return;
        }
        let (key, started, owner) = (request.key, request.started, request.owner);
        self.settle_applied(now);
        let last_write = match owner {
            Owner::Visitor(session) => self.sessions.get(session).map_or((0, 0), |visitor| visitor.last_write),
            Owner::Probe { .. } => (0, 0),
        };
        let missed = self.data.missed_by_read(key, started, now, last_write);
        self.calls.live(call).missed = missed;
        if self.data.stale_reads.len() >= NOTED_MAX {
            self.data.count_stale_reads(&mut self.record);
        }
    }
}

impl Data {
    fn missed_by_read(&self, key: u32, started: SimTime, now: SimTime, last_write: (u32, u64)) -> Missed {
        let mut missed = Missed::default();
        let mut position = self.log.oldest_of_key(key);
        while let Some(entry) = self.log.get(position) {
            if entry.acknowledged <= started {
                missed.oldest = position;
                missed.staleness = now.since(entry.acknowledged);
                break;
            }
            position = u64::from(entry.next_of_key);
        }
        let (branch, mut position) = last_write;
        if branch == self.branch {
            while let Some(entry) = self.log.get(position) {
                if entry.key == key && entry.acknowledged <= started {
                    missed.own = position;
                }
                position = entry.previous_of_session;
            }
        }
        missed
    }
}
