//! Commits, the wait for their receipt, and interruptions of the stream.

use super::super::event::Event;
use super::super::marks::{OfAttempt, OfRequest};
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Phase};
use super::super::region::{LastWrite, NodeSide, Reachability};
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::entry::{Entry, Shipment};
use super::own_writes::OwnWrite;
use super::{Data, Replica};
use crate::scenario::ReplicationMode;
use crate::units::{SimDuration, SimTime};

impl World<'_> {
    /// Takes out of the log what the replica has applied by now.
    pub(in super::super) fn settle_applied(&mut self, now: SimTime) {
        let (ledger, record) = (&mut self.ledger, &mut self.books.record);
        let Data { logs, copies, stale_reads, acknowledged, .. } = &mut self.data;
        for (region, log) in logs.each_mut() {
            let sender = NodeId::of(region);
            log.advance(now, |position, entry| {
                let is_kept = copies.as_mut().is_none_or(|copies| copies.applied(sender, position, entry));
                stale_reads.settle(entry.stale_reads, is_kept, record);
                if let Some(acknowledged) = acknowledged
                    && is_kept
                {
                    acknowledged.applied(sender.other(), entry, now);
                }
                ledger.release(entry.write);
            });
        }
    }

    /// A visitor gets the success of a write at `at`.
    pub(in super::super) fn acknowledge(&mut self, agenda: &Agenda, call: Handle, session: Handle, at: SimTime) {
        let request = self.calls.live(call);
        let (commit, write, marks, number) = (request.commit, request.write, request.marks, request.request);
        self.ledger.acknowledge(write, at);
        self.data.success_of(commit.node, at);
        let log = &mut self.data.logs[commit.node];
        if log.survives(commit)
            && let Some(entry) = log.get_mut(commit.position)
        {
            entry.acknowledged = at;
        }
        let visitor = self.visitors.live(session);
        let goes_on = visitor.request < visitor.requests;
        if goes_on || self.data.acknowledged.is_some() {
            let key = self.setting.plan.keys.index(marks.of_request(number, OfRequest::Key));
            self.data.note_acknowledged(commit, key, at, agenda.now());
            if goes_on {
                let write = OwnWrite::new(key, commit, at);
                visitor.own_writes = self.data.remember(visitor.own_writes, write, agenda.now());
            }
        }
    }

    /// A write commits at the primary now. Returns whether it has to wait for its receipt, and so keeps its connection.
    pub(in super::super) fn commit(&mut self, agenda: &mut Agenda, call: Handle) -> bool {
        let now = agenda.now();
        self.settle_applied(now);
        if let Some(commit) = self.repeats(call) {
            let way = self.data.logs[commit.node].get(commit.position).map(Entry::way);
            self.calls.live(call).commit = commit;
            return way.is_some_and(|way| self.waits_for_receipt(agenda, call, way));
        }
        let request = self.calls.live(call);
        let node = request.node;
        let key = self.setting.plan.keys.index(request.marks.of_request(request.request, OfRequest::Key));
        let conflicts_with_earlier = self.conflicts_on_the_way(node, key);
        let request = self.calls.live(call);
        let (request_number, attempt) = (request.request, request.attempt);
        let mark = |purpose| request.marks.of_attempt(request_number, attempt, purpose);
        let samplers = self.setting.of_design();
        let size = self.setting.design.replication.write_size;
        let bandwidth = self.setting.plan.scenario.link.bandwidth;
        let shipment = Shipment {
            key,
            write: request.write,
            ship: samplers.ship.duration(mark(OfAttempt::Ship)),
            transmission: bandwidth.map_or(SimDuration::ZERO, |rate| SimDuration::from_secs_f64(size as f64 / rate)),
            way: (self.setting.plan.link_rtt.duration(mark(OfAttempt::ShipRtt)) + self.link.delay).half(),
            apply: samplers.apply.duration(mark(OfAttempt::Apply)),
            knows: self.data.logs[node.other()].first(),
            conflicts_with_earlier,
        };
        let log = &mut self.data.logs[node];
        let (position, cleared) = log.append(now, shipment);
        let commit = LastWrite { node, branch: log.branch(), position };
        self.ledger.commit(shipment.write, commit);
        self.calls.live(call).commit = commit;
        if self.data.last_commit.is_empty() {
            self.data.last_commit = vec![0; self.setting.plan.scenario.keys.count as usize];
        }
        if node == self.data.primary {
            self.data.last_commit[key as usize] = self.data.promotions;
        }
        self.note_conflicts(agenda, node, key, position);
        if let Some(at) = cleared {
            self.books.incidents.backlog_cleared(node, at);
        }
        self.books.record.sent_over_link(node.region(), now, size);
        self.waits_for_receipt(agenda, call, shipment.way)
    }

    /// The commit that a write repeats, if its client makes writes recognisable and the node has that commit: its own, or
    /// one of the other node that it has applied.
    fn repeats(&mut self, call: Handle) -> Option<LastWrite> {
        let request = self.calls.live(call);
        if !self.setting.plan.scenario.geographies[request.geography].client.idempotent {
            return None;
        }
        let (node, write) = (request.node, request.write);
        let commit = self.ledger.newest_commit(write)?;
        let log = &self.data.logs[commit.node];
        let is_there = commit.node == node || log.get(commit.position).is_none();
        (commit.branch == log.branch() && is_there).then_some(commit)
    }

    /// How long a commit may wait for its receipt; `None` if commits do not wait at all.
    fn receipt_limit(&self) -> Option<SimDuration> {
        match self.setting.design.replication.mode {
            ReplicationMode::Async => None,
            ReplicationMode::SemiSync { ack_timeout } => Some(ack_timeout),
            ReplicationMode::Sync { eject_after } => Some(eject_after.unwrap_or(SimDuration::MAX)),
        }
    }

    fn waits_for_receipt(&mut self, agenda: &mut Agenda, call: Handle, way: SimDuration) -> bool {
        let now = agenda.now();
        let Some(limit) = self.receipt_limit() else { return false };
        self.data.note_catching_up(now);
        if self.data.replica != Replica::InStep {
            return false;
        }
        self.data.waiting.push_back(call);
        let request = self.calls.live(call);
        request.ack_way = way;
        request.ack_wait_ends = now + limit;
        self.expect_ack(agenda, call);
        true
    }

    /// Works out when the receipt of a waiting commit is known, and what has to be on the agenda for it.
    fn expect_ack(&mut self, agenda: &mut Agenda, call: Handle) {
        let now = agenda.now();
        let request = self.calls.live(call);
        // An entry that is no longer in the log has been applied.
        let arrives = self.data.log().get(request.commit.position).map_or(now, |entry| entry.arrives);
        if arrives <= now && request.ack_expected < SimTime::NEVER && !self.link.is_cut() {
            // The receipt has left the replica, and arrives whatever becomes of that.
            return;
        }
        // What had left before a mere stall of the stream arrives.
        let is_stalled = self.link.is_stalled() && !self.link.is_cut() && arrives < SimTime::NEVER;
        let comes = self.data.log().is_flowing() || is_stalled;
        let known = if comes { arrives.max(now) + request.ack_way } else { SimTime::NEVER };
        request.ack_expected = known;
        let (limit, deadline) = (request.ack_wait_ends, request.deadline);
        let timeout = self.setting.plan.scenario.regions[request.node.region()].database.timeout;
        let gives_up = request.node_called + timeout;
        if gives_up < known {
            agenda.at(gives_up.max(now), Event::DatabaseFails { call });
        }
        if known < SimTime::NEVER {
            agenda.at(known, Event::CommitAcked { call });
        } else {
            let phase = self.receipt_phase();
            self.set_trouble(call, phase);
        }
        if limit < known {
            agenda.at(limit.max(now), Event::CommitWaitEnds { call });
        }
        if known > deadline {
            self.set_deadline(agenda, call);
        }
    }

    /// The phase of a call that a receipt keeps waiting, itself or by holding the connections before it.
    pub(in super::super) fn receipt_phase(&self) -> Phase {
        // A replica in an isolated region is as good as dead.
        let is_isolated = self.paths.is_isolated(self.data.primary().other().region());
        if self.link_is_partitioned() && !is_isolated { Phase::Link } else { Phase::Replica }
    }

    /// Whether commits that wait for a receipt which cannot come hold more than half of a node's connections.
    pub(in super::super) fn receipts_block(&self, now: SimTime, node: NodeId) -> bool {
        let is_theirs = node == self.data.primary() && !self.data.log().is_flowing();
        is_theirs && self.data.waiting.len() * 2 > self.regions[node].node.busy(now) as usize
    }

    /// The receipt of a commit is known at the primary.
    pub(in super::super) fn commit_acked(&mut self, agenda: &mut Agenda, call: Handle) {
        let Some(request) = self.calls.get(call) else { return };
        if request.ack_expected == agenda.now()
            && let Some(place) = self.data.waiting.iter().position(|waiting| *waiting == call)
        {
            self.data.waiting.remove(place);
            self.receipt_done(agenda, call);
        }
    }

    /// A commit has waited for its receipt as long as it may: no commit waits any more until the replica has caught up.
    pub(in super::super) fn commit_wait_ends(&mut self, agenda: &mut Agenda, call: Handle) {
        let Some(request) = self.calls.get(call) else { return };
        if request.ack_wait_ends > agenda.now()
            || request.ack_expected <= agenda.now()
            || !self.data.waiting.contains(&call)
        {
            return;
        }
        self.data.leave_behind(!matches!(self.setting.design.replication.mode, ReplicationMode::Sync { .. }));
        for call in std::mem::take(&mut self.data.waiting) {
            self.receipt_done(agenda, call);
        }
    }

    /// A commit waits no longer: its connection is free, and the answer leaves.
    fn receipt_done(&mut self, agenda: &mut Agenda, call: Handle) {
        let Some(request) = self.calls.get(call) else { return };
        if request.node_side == NodeSide::Present {
            let node = request.node;
            self.connection_freed(agenda, node);
            self.node_answers(agenda, call);
        }
    }

    /// The commits that wait are given up by a primary that may not acknowledge any more.
    pub(super) fn refuse_waiting(&mut self, agenda: &mut Agenda) {
        for call in std::mem::take(&mut self.data.waiting) {
            if let Some(request) = self.calls.get_mut(call) {
                request.failure = Some(Cause::DatabaseUnavailable);
                self.troubled(call);
                self.receipt_done(agenda, call);
            }
        }
    }

    /// The link is cut: what is on the way is dropped, and receipts do not come.
    pub(in super::super) fn replication_interrupted(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        self.settle_applied(now);
        self.note_backlogs_cleared(now);
        for log in self.data.logs.iter_mut() {
            log.interrupt(now, false);
        }
        self.data.stream_changed(now);
        self.expect_acks(agenda);
    }

    /// The stream stands still, the link apart: what has left arrives.
    pub(in super::super) fn replication_stalls(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        self.settle_applied(now);
        self.note_backlogs_cleared(now);
        for log in self.data.logs.iter_mut().filter(|log| log.is_flowing()) {
            log.interrupt(now, true);
        }
        self.data.stream_changed(now);
        self.expect_acks(agenda);
    }

    fn expect_acks(&mut self, agenda: &mut Agenda) {
        for place in 0..self.data.waiting.len() {
            let call = self.data.waiting[place];
            if self.calls.get(call).is_some() {
                self.expect_ack(agenda, call);
            }
        }
    }

    /// Lets the stream go on, if both nodes and the link are there.
    pub(in super::super) fn replication_may_resume(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        let up = |state: &super::super::region::RegionState| state.node_reachability() == Reachability::Up;
        if self.regions.iter().all(up) && !self.link.is_cut() && !self.link.is_stalled() {
            self.rejoin(agenda);
            for node in NodeId::BOTH {
                self.data.logs[node].resume(now);
                self.expect_conflicts(agenda, node);
            }
            self.data.stream_changed(now);
            self.expect_acks(agenda);
        }
    }

    /// A node has died: what had left it still arrives; what was on the way to it does not.
    pub(in super::super) fn node_lost(&mut self, agenda: &mut Agenda, node: NodeId) {
        let now = agenda.now();
        self.settle_applied(now);
        self.note_backlogs_cleared(now);
        self.data.logs[node].interrupt(now, true);
        let other = &mut self.data.logs[node.other()];
        other.interrupt(now, false);
        other.receiver_dies(now);
        if node == self.data.primary {
            self.data.waiting.clear();
        } else {
            self.expect_acks(agenda);
        }
        self.data.node_ended(node, now);
        self.data.stream_changed(now);
        self.contact_changes(agenda);
    }

    /// A node is back.
    pub(in super::super) fn node_returned(&mut self, agenda: &mut Agenda, node: NodeId) {
        let now = agenda.now();
        self.data.node_is_back(node);
        if node == self.data.primary {
            self.primary_returned();
        }
        self.data.logs[node.other()].receiver_returns(now);
        self.expect_conflicts(agenda, node.other());
        self.replication_may_resume(agenda);
        self.contact_changes(agenda);
    }
}
