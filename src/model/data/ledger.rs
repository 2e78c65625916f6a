//! The ledger: what became of every write request, settled when nothing can change it any more.

use super::super::outcome::WriteTally;
use super::super::per_geography::PerGeography;
use super::super::slab::{Handle, Slab};
use super::commit_id::CommitId;
use crate::scenario::GeographyId;
use crate::units::SimTime;

/// Write requests that are not settled, and the tallies of those that are.
#[derive(Debug)]
pub(super) struct Ledger {
    open: Slab<WriteRequest>,
    tallies: PerGeography<WriteTally>,
    /// Successes given to visitors, counted on their own to check the tallies.
    acknowledged: u64,
    first_acknowledged: SimTime,
}

/// A write request, held by its session, by calls that may yet commit it, and by log entries that may yet be lost.
#[derive(Debug)]
struct WriteRequest {
    geography: GeographyId,
    failed: bool,
    holders: u32,
    commits: u32,
    /// Commits on branches that are lost, or that cannot be reached.
    lost: u32,
    stranded: u32,
    /// Commits thrown away by a write of the other side that had not seen them, and commits merged back.
    conflicting: u32,
    recovered: u32,
    acknowledged: Option<SimTime>,
    /// Its newest commit.
    commit: CommitId,
}

impl WriteRequest {
    /// Commits that are where they should be.
    fn durable(&self) -> u32 {
        self.commits - self.lost - self.stranded - self.conflicting - self.recovered
    }

    /// Returns the time at which it was acknowledged, if no commit of it can be read any more.
    fn acknowledged_in_vain(&self) -> Option<SimTime> {
        if self.durable() + self.recovered == 0 { self.acknowledged } else { None }
    }
}

impl Ledger {
    pub(super) fn new(geographies: usize) -> Self {
        Ledger {
            open: Slab::new(),
            tallies: PerGeography::same(WriteTally::default(), geographies),
            acknowledged: 0,
            first_acknowledged: SimTime::NEVER,
        }
    }

    /// A write request starts, held by its session.
    pub(super) fn open(&mut self, geography: GeographyId) -> Handle {
        self.open.insert(WriteRequest {
            geography,
            failed: false,
            holders: 1,
            commits: 0,
            lost: 0,
            stranded: 0,
            conflicting: 0,
            recovered: 0,
            acknowledged: None,
            commit: CommitId::NONE,
        })
    }

    /// Somebody else holds it too.
    #[inline]
    pub(super) fn hold(&mut self, write: Handle) {
        if write != Handle::NONE {
            self.open.live(write).holders += 1;
        }
    }

    /// A holder lets go; with the last one the request is settled.
    #[inline]
    pub(super) fn release(&mut self, write: Handle) {
        if write == Handle::NONE {
            return;
        }
        let request = self.open.live(write);
        request.holders -= 1;
        if request.holders == 0 {
            self.settle(write);
        }
    }

    /// It commits (once more), at `commit`; the log entry holds it.
    pub(super) fn commit(&mut self, write: Handle, commit: CommitId) {
        let request = self.open.live(write);
        request.commits += 1;
        request.holders += 1;
        request.commit = commit;
    }

    /// Its newest commit, if it has one.
    pub(super) fn newest_commit(&mut self, write: Handle) -> Option<CommitId> {
        let request = self.open.live(write);
        (request.commits > 0).then_some(request.commit)
    }

    /// The visitor gets the success at `at`.
    pub(super) fn acknowledge(&mut self, write: Handle, at: SimTime) {
        self.open.live(write).acknowledged = Some(at);
        self.acknowledged += 1;
        self.first_acknowledged = self.first_acknowledged.min(at);
    }

    /// The visitor is told that it failed.
    pub(super) fn fail(&mut self, write: Handle) {
        if write != Handle::NONE {
            self.open.live(write).failed = true;
        }
    }

    /// A commit of it is lost: on no surviving branch. Returns when the request had been acknowledged, if no other commit
    /// of it survives.
    pub(super) fn lose(&mut self, write: Handle) -> Option<SimTime> {
        let request = self.open.live(write);
        request.lost += 1;
        request.acknowledged_in_vain()
    }

    /// A commit of it can be reached by nobody at the horizon. Returns as [`Ledger::lose`].
    pub(super) fn strand(&mut self, write: Handle) -> Option<SimTime> {
        let request = self.open.live(write);
        request.stranded += 1;
        request.acknowledged_in_vain()
    }

    /// A commit of it is thrown away by a write of the other side that had not seen it.
    pub(super) fn conflict(&mut self, write: Handle) {
        self.open.live(write).conflicting += 1;
    }

    /// A commit of it is merged back.
    pub(super) fn recover(&mut self, write: Handle) {
        self.open.live(write).recovered += 1;
    }

    fn settle(&mut self, write: Handle) {
        let request = self.open.live(write);
        let tally = &mut self.tallies[request.geography];
        tally.duplicated += u64::from(request.commits.saturating_sub(1));
        if request.acknowledged.is_some() {
            assert!(request.commits > 0, "an acknowledged write has a commit");
            tally.acknowledged += 1;
            // By its best commit.
            let column = if request.durable() > 0 {
                &mut tally.durable
            } else if request.recovered > 0 {
                &mut tally.recovered
            } else if request.stranded > 0 {
                &mut tally.stranded
            } else if request.lost > 0 {
                &mut tally.lost
            } else {
                &mut tally.conflicting
            };
            *column += 1;
        } else if request.failed && request.commits > 0 {
            tally.ambiguous += 1;
        }
        self.open.remove(write);
    }

    /// Returns the time at which the first success was given; never, if none was.
    pub(super) fn first_acknowledged(&self) -> SimTime {
        self.first_acknowledged
    }

    /// No node can be reached at the horizon: whatever would be durable is stranded.
    pub(super) fn strand_all(tallies: &mut [WriteTally]) {
        for tally in tallies {
            tally.stranded += std::mem::take(&mut tally.durable);
            tally.stranded += std::mem::take(&mut tally.recovered);
        }
    }

    /// No node has any data at the horizon: whatever would be durable, or stranded, is lost.
    pub(super) fn lose_all(tallies: &mut [WriteTally]) {
        for tally in tallies {
            tally.lost += std::mem::take(&mut tally.durable);
            tally.lost += std::mem::take(&mut tally.recovered);
            tally.lost += std::mem::take(&mut tally.stranded);
        }
    }

    /// Settles what is still open at the horizon, and returns the tallies per geography and the successes counted on their
    /// own.
    pub(super) fn close(mut self) -> (Vec<WriteTally>, u64) {
        for write in self.open.handles() {
            self.settle(write);
        }
        (self.tallies.into_vec(), self.acknowledged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_judged_by_its_best_commit() {
        let mut ledger = Ledger::new(1);
        let write = ledger.open(GeographyId::FIRST);
        ledger.commit(write, CommitId::NONE);
        ledger.commit(write, CommitId::NONE);
        ledger.acknowledge(write, SimTime::ZERO);
        assert_eq!(ledger.lose(write), None, "the other commit survives");
        for _ in 0..3 {
            ledger.release(write);
        }
        let (tallies, acknowledged) = ledger.close();
        assert_eq!((tallies[0].acknowledged, tallies[0].durable, tallies[0].lost, tallies[0].duplicated), (1, 1, 0, 1));
        assert_eq!(acknowledged, 1);
    }

    #[test]
    fn a_failed_request_with_a_commit_is_ambiguous() {
        let mut ledger = Ledger::new(1);
        let write = ledger.open(GeographyId::FIRST);
        ledger.commit(write, CommitId::NONE);
        ledger.fail(write);
        ledger.release(write);
        ledger.release(write);
        let (tallies, _) = ledger.close();
        assert_eq!((tallies[0].acknowledged, tallies[0].ambiguous), (0, 1));
    }
}
