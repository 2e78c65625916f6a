//! Reads at their node, and what they miss.

use super::super::data::{Missed, Read};
use super::super::draws::OfRequest;
use super::super::event::Scheduler;
use super::super::node_id::NodeId;
use super::super::outcome::Operation;
use super::super::slab::Handle;
use super::super::visitor::Session;
use super::call::Owner;
use super::serving::Serving;
use crate::units::SimTime;

impl Serving<'_> {
    /// A call reads its key at its node at `at`; until then no more than what is on its way is applied there.
    pub(super) fn read(&mut self, scheduler: &Scheduler, call: Handle, at: SimTime) {
        let request = self.regions.calls.live(call);
        debug_assert_eq!(request.operation, Operation::Read, "a read");
        let Owner::Visitor(session) = request.owner else { return };
        let own_writes = self.visitors.get(session).map_or(Handle::NONE, |visitor| visitor.own_writes);
        let read = Read { geography: request.geography, node: request.node, started: request.started, own_writes };
        let (draws, number) = (request.draws, request.request);
        let key = || self.setting.plan.keys.index(draws.of_request(number, OfRequest::Key));
        request.missed = self.data.read(&read, key, at, scheduler.now(), self.books);
    }

    /// Returns whether a call that reads at its node at `at` could miss a write of its own session.
    #[inline]
    pub(super) fn could_miss_own_write(&self, call: Handle, at: SimTime) -> bool {
        let request = self.regions.calls.see(call);
        let Owner::Visitor(session) = request.owner else { return false };
        let own_writes = self.visitors.get(session).map_or(Handle::NONE, |visitor| visitor.own_writes);
        self.data.could_miss_own_write(own_writes, request.node, at)
    }

    /// Notes that the reader of a call has the answer.
    pub(super) fn read_is_heard(&mut self, call: Handle) {
        let request = self.regions.calls.live(call);
        let missed = std::mem::replace(&mut request.missed, Missed::NOTHING);
        let is_measured = self.books.is_measured(request.started);
        self.data.read_is_heard(missed, request.geography, is_measured, self.books);
    }

    /// Returns whether the read that a visitor starts would miss anything at a node at `at`.
    #[inline]
    pub(super) fn misses_version(&self, visitor: &Session, node: NodeId, at: SimTime) -> bool {
        let Session { geography, started, own_writes, .. } = *visitor;
        let key = || self.setting.plan.keys.index(visitor.draws.of_request(visitor.request, OfRequest::Key));
        self.data.would_miss(&Read { geography, node, started, own_writes }, key, at)
    }
}
