//! Writes at their node: they commit, and may have to wait for their receipt by the replica.

use super::super::data::{CommitId, NewCommit};
use super::super::draws::OfRequest;
use super::super::event::{Event, Scheduler};
use super::super::outcome::Cause;
use super::super::setting::Setting;
use super::super::slab::Handle;
use super::call::NodeSide;
use super::serving::Serving;
use crate::scenario::ReplicationMode;
use crate::units::{SimDuration, SimTime};

impl Serving<'_> {
    /// A write commits at the primary now. Returns whether it has to wait for its receipt, and so keeps its connection.
    pub(super) fn commit(&mut self, scheduler: &mut Scheduler, call: Handle) -> bool {
        let now = scheduler.now();
        self.data.settle_applied(now, self.books);
        if let Some(commit) = self.repeats(call) {
            self.regions.calls.live(call).commit = commit;
            return self.data.way_of(commit).is_some_and(|way| self.waits_for_receipt(scheduler, call, way));
        }
        let request = self.regions.calls.live(call);
        let node = request.node;
        let delays = self.regions.pipelines[node].delays(self.setting, now, request);
        let Setting { plan, design, .. } = self.setting;
        let size = design.replication.write_size;
        let bandwidth = plan.scenario.link.bandwidth;
        let new = NewCommit {
            node,
            key: plan.keys.index(request.draws.of_request(request.request, OfRequest::Key)),
            write: request.write,
            ship: delays.ship,
            transmission: bandwidth.map_or(SimDuration::ZERO, |rate| SimDuration::from_secs_f64(size as f64 / rate)),
            way: (delays.rtt + self.regions.link.delay).half(),
            apply: delays.apply,
        };
        request.commit = self.data.commit(scheduler, new, self.books);
        self.books.sent_over_link(node.region(), now, size);
        self.waits_for_receipt(scheduler, call, new.way)
    }

    /// The commit that a write repeats, if its client makes writes recognisable and the node has that commit.
    fn repeats(&mut self, call: Handle) -> Option<CommitId> {
        let request = self.regions.calls.live(call);
        let client = &self.setting.plan.scenario.geographies[request.geography].client;
        if client.idempotent { self.data.commit_of(request.write, request.node) } else { None }
    }

    /// Returns the time that a commit may wait for its receipt; `None` if commits do not wait at all.
    fn receipt_limit(&self) -> Option<SimDuration> {
        match self.setting.design.replication.mode {
            ReplicationMode::Async => None,
            ReplicationMode::SemiSync { ack_timeout } => Some(ack_timeout),
            ReplicationMode::Sync { eject_after } => Some(eject_after.unwrap_or(SimDuration::MAX)),
        }
    }

    fn waits_for_receipt(&mut self, scheduler: &mut Scheduler, call: Handle, way: SimDuration) -> bool {
        let now = scheduler.now();
        let Some(limit) = self.receipt_limit() else { return false };
        if !self.data.awaits_receipt(call, now) {
            return false;
        }
        let request = self.regions.calls.live(call);
        request.ack_way = way;
        request.ack_wait_ends = now + limit;
        self.expect_ack(scheduler, call);
        true
    }

    /// Works out when the receipt of a waiting commit is known, and schedules what it takes.
    fn expect_ack(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let now = scheduler.now();
        let request = self.regions.calls.live(call);
        let arrives = self.data.receipt_of(request.commit, now);
        let left_replica = request.ack_expected.saturating_sub(request.ack_way);
        if arrives <= now && request.ack_expected < SimTime::NEVER && self.regions.link.delivers(left_replica) {
            // The receipt has left the replica, and arrives whatever becomes of that.
            return;
        }
        // What had left before a mere stall of the stream arrives.
        let is_stalled = self.regions.link.is_stalled() && !self.regions.link.is_cut() && arrives < SimTime::NEVER;
        let comes = self.data.stream_is_flowing() || is_stalled;
        let known = if comes { arrives.max(now) + request.ack_way } else { SimTime::NEVER };
        request.ack_expected = known;
        let (limit, deadline, back) = (request.ack_wait_ends, request.deadline, request.link_half_rtt);
        self.app_gives_up_before(scheduler, call, known + back);
        if known < SimTime::NEVER {
            scheduler.schedule_at(known, Event::CommitAcked { call });
        } else {
            let phase = self.regions.receipt_phase(self.data.primary());
            self.set_trouble(call, phase);
        }
        if limit < known {
            scheduler.schedule_at(limit.max(now), Event::CommitWaitEnds { call });
        }
        if known > deadline {
            self.regions.set_deadline(scheduler, call);
        }
    }

    /// The stream has stopped, or gone on: all receipts that are waited for come at another time.
    pub(super) fn expect_acks(&mut self, scheduler: &mut Scheduler) {
        let mut place = 0;
        while let Some(call) = self.data.waiting(place) {
            if self.regions.calls.get(call).is_some() {
                self.expect_ack(scheduler, call);
            }
            place += 1;
        }
    }

    /// The receipt of a commit is known at the primary.
    pub(in super::super) fn commit_acked(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get(call) else { return };
        if request.ack_expected == scheduler.now() && self.data.has_receipt(call) {
            self.receipt_done(scheduler, call);
        }
    }

    /// A commit has waited for its receipt as long as it may: no commit waits any more until the replica has caught up.
    pub(in super::super) fn commit_wait_ends(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get(call) else { return };
        if request.ack_wait_ends > scheduler.now() || request.ack_expected <= scheduler.now() {
            return;
        }
        let promotable = !matches!(self.setting.design.replication.mode, ReplicationMode::Sync { .. });
        for call in self.data.receipt_is_late(call, promotable) {
            self.receipt_done(scheduler, call);
        }
    }

    /// A commit waits no longer: its connection is free, and the answer leaves.
    fn receipt_done(&mut self, scheduler: &mut Scheduler, call: Handle) {
        let Some(request) = self.regions.calls.get(call) else { return };
        if request.node_side == NodeSide::Present {
            let node = request.node;
            self.connection_freed(scheduler, node);
            self.node_answers(scheduler, call);
        }
    }

    /// The commits that wait are given up by a primary that may not acknowledge any more.
    pub(super) fn refuse_waiting(&mut self, scheduler: &mut Scheduler) {
        for call in self.data.take_waiting() {
            if let Some(request) = self.regions.calls.get_mut(call) {
                request.failure = Some(Cause::DatabaseUnavailable);
                self.troubled(call);
                self.receipt_done(scheduler, call);
            }
        }
    }
}
