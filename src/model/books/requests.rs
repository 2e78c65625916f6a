//! Requests in the books, from their start to their end, and what they lead to on the way.

use super::super::data::Witness;
use super::super::incident::Success;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Operation, Phase};
use super::super::visitor::Session;
use super::Books;
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

impl Books {
    /// Returns true if what starts at `at` counts.
    #[inline]
    pub(in super::super) fn is_measured(&self, at: SimTime) -> bool {
        self.record.is_measured(at)
    }

    /// A request of a geography starts.
    #[inline]
    pub(in super::super) fn request_starts(&mut self, geography: GeographyId, at: SimTime) {
        self.record.started(geography, at);
    }

    /// A session's request succeeds: its client has the response at `at`.
    #[inline]
    pub(in super::super) fn request_succeeds(&mut self, visitor: &Session, at: SimTime) {
        self.record.succeeded(visitor, at);
    }

    /// A session's request fails. It counts from the first incident on that struck it on its way.
    pub(in super::super) fn request_fails(&mut self, visitor: &Session, cause: Cause, phase: Phase) {
        let struck = self.incidents.first_begun_after(visitor.started, phase);
        self.record.failed(visitor, cause, phase, struck);
    }

    /// The end of a request came to lie beyond the horizon: it counts neither as a success nor as a failure.
    #[inline]
    pub(in super::super) fn request_outlasts_run(&mut self) {
        self.ended_after_horizon += 1;
    }

    /// An attempt goes out to its region at `at`.
    #[inline(always)]
    pub(in super::super) fn attempt_sent(&mut self, visitor: &Session, at: SimTime) {
        self.record.attempt_sent(visitor, at);
    }

    /// A client asks a resolver of a geography, which has an answer at hand if it is a hit.
    #[inline]
    pub(in super::super) fn looked_up(&mut self, geography: GeographyId, at: SimTime, is_hit: bool) {
        self.record.looked_up(geography, at, is_hit);
    }

    /// A resolver of a geography answers a client.
    #[inline]
    pub(in super::super) fn answered(&mut self, geography: GeographyId, at: SimTime, region: RegionId) {
        self.record.answered(geography, at, region);
    }

    /// Bytes leave a region over the link at `at`.
    #[inline]
    pub(in super::super) fn sent_over_link(&mut self, region: RegionId, at: SimTime, bytes: u64) {
        self.record.sent_over_link(region, at, bytes);
    }

    /// They do not, after all.
    pub(in super::super) fn not_sent_over_link(&mut self, region: RegionId, at: SimTime, bytes: u64) {
        self.record.not_sent_over_link(region, at, bytes);
    }

    /// Returns true if any occurrence still waits for its first success of the surviving side in an operation.
    #[inline]
    pub(in super::super) fn await_failover(&self, operation: Operation) -> bool {
        self.incidents.await_failover(operation)
    }

    /// Returns true if an occurrence waits for such a success.
    pub(in super::super) fn await_success(&self, success: &Success) -> bool {
        self.incidents.await_success(success)
    }

    /// A visitor gets a success at `at`, which may be the one that an occurrence waits for.
    pub(in super::super) fn success(&mut self, at: SimTime, success: &Success) {
        self.incidents.success(at, success);
    }
}

/// Takes the facts of data into the record, and into the log of incidents.
impl Witness for Books {
    fn stale_read(&mut self, geography: GeographyId, started: SimTime, staleness: SimDuration) {
        self.record.stale_read(geography, started, staleness);
    }

    fn own_write_missed(&mut self, geography: GeographyId) {
        self.record.own_write_missed(geography);
    }

    fn backlog_cleared(&mut self, sender: NodeId, at: SimTime) {
        self.incidents.backlog_cleared(sender, at);
    }

    fn backlog_discarded(&mut self, sender: NodeId) {
        self.incidents.backlog_discarded(sender);
    }
}
