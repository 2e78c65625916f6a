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

/// Point to which a reader is with the answer.
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

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, secs};
    use super::super::alone::Heard;
    use super::*;

    const HERE: GeographyId = GeographyId::FIRST;

    #[test]
    fn a_read_counts_once_it_has_its_answer_and_its_version_counts_in_either_order() {
        let (mut reads, mut heard) = (StaleReads::new(), Heard::default());
        let first = reads.note(HERE, at(1), secs(5), Handle::NONE);
        let second = reads.note(HERE, at(2), secs(4), first);
        reads.answered(first, true, &mut heard);
        assert!(heard.stale_reads.is_empty(), "its version could yet be lost");
        reads.settle(second, true, &mut heard);
        assert_eq!(heard.stale_reads, [(at(1), secs(5))]);
        reads.answered(second, true, &mut heard);
        assert_eq!(heard.stale_reads, [(at(1), secs(5)), (at(2), secs(4))]);
        assert!(reads.reads.handles().is_empty());
    }

    #[test]
    fn a_read_of_a_version_that_is_lost_or_whose_reader_has_gone_does_not_count() {
        let (mut reads, mut heard) = (StaleReads::new(), Heard::default());
        let lost = reads.note(HERE, at(1), secs(5), Handle::NONE);
        reads.answered(lost, true, &mut heard);
        reads.settle(lost, false, &mut heard);
        let gone = reads.note(HERE, at(2), secs(5), Handle::NONE);
        reads.answered(gone, false, &mut heard);
        reads.settle(gone, true, &mut heard);
        let gone_later = reads.note(HERE, at(3), secs(5), Handle::NONE);
        reads.settle(gone_later, true, &mut heard);
        reads.answered(gone_later, false, &mut heard);
        assert!(heard.stale_reads.is_empty() && reads.reads.handles().is_empty());
    }
}
