//! Reads that missed a version, until it is certain whether they count.

use super::super::slab::{Handle, Slab};
use super::witness::Witness;
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
    pub(super) fn note(
        &mut self,
        geography: GeographyId,
        started: SimTime,
        staleness: SimDuration,
        newest: Handle,
    ) -> Handle {
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
    pub(super) fn answered(&mut self, read: Handle, counts: bool, told: &mut impl Witness) {
        let Some(noted) = self.reads.get_mut(read) else { return };
        match noted.counts {
            None => noted.reader = if counts { Reader::HasIt } else { Reader::HasGone },
            Some(version_counts) => {
                if counts && version_counts {
                    told.stale_read(noted.geography, noted.started, noted.staleness);
                }
                self.reads.remove(read);
            }
        }
    }

    /// Counts the reads that missed a version, `newest` and those after it, or drops them, once it is certain which.
    pub(super) fn settle(&mut self, newest: Handle, counts: bool, told: &mut impl Witness) {
        let mut next = newest;
        while let Some(noted) = self.reads.get_mut(next) {
            let read = std::mem::replace(&mut next, noted.next);
            match noted.reader {
                Reader::Waits => noted.counts = Some(counts),
                Reader::HasIt if counts => {
                    told.stale_read(noted.geography, noted.started, noted.staleness);
                    self.reads.remove(read);
                }
                Reader::HasIt | Reader::HasGone => self.reads.remove(read),
            }
        }
    }
}
