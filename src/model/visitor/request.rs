//! The start and the end of a request.

use super::super::event::Event;
use super::super::marks::OfRequest;
use super::super::outcome::{Cause, Operation, Phase};
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use crate::units::SimTime;

impl World<'_> {
    /// A session starts its next request.
    pub(in super::super) fn request_starts(&mut self, agenda: &mut Agenda, session: Handle) {
        let Some(visitor) = self.visitors.sessions.get(session) else { return };
        let session = match visitor.hears {
            Some(at) => self.foreseen_is_heard(agenda, session, at),
            None => session,
        };
        self.makes_request(agenda, session);
    }

    /// A session makes its next request.
    #[inline(always)]
    pub(super) fn makes_request(&mut self, agenda: &mut Agenda, session: Handle) {
        let now = agenda.now();
        let visitor = self.visitors.sessions.live(session);
        let wanted = &self.setting.plan.scenario.geographies[visitor.geography];
        visitor.request += 1;
        let is_write = visitor.marks.of_request(visitor.request, OfRequest::Write).uniform() < wanted.write_share;
        visitor.operation = if is_write { Operation::Write } else { Operation::Read };
        visitor.started = now;
        visitor.patience_ends = now + wanted.client.patience;
        visitor.attempt = 0;
        visitor.write = if is_write { self.data.open_write(visitor.geography) } else { Handle::NONE };
        self.books.record.started(visitor.geography, now);
        if let Some(budget) = wanted.client.retry_budget {
            let place = visitor.geography;
            let tokens = &mut self.visitors.retry_tokens[place];
            *tokens = (*tokens + budget).min(self.setting.plan.geographies[place].retry_tokens);
        }
        self.attempt(agenda, session);
    }

    /// The session's request has succeeded: its client has the response at `at`.
    pub(in super::super) fn request_succeeds(&mut self, agenda: &mut Agenda, session: Handle, at: SimTime) {
        let visitor = self.visitors.sessions.live(session);
        if let Some(connection) = &mut visitor.connection {
            connection.idle_since = at;
        }
        if at <= self.setting.plan.horizon {
            self.books.record.succeeded(visitor, at);
        }
        self.request_ends(agenda, session, at);
    }

    /// The session's request has failed at `at`, for the reason of its last attempt.
    pub(in super::super) fn request_fails(
        &mut self,
        agenda: &mut Agenda,
        session: Handle,
        at: SimTime,
        cause: Cause,
        phase: Phase,
    ) {
        let visitor = self.visitors.sessions.live(session);
        if at <= self.setting.plan.horizon {
            let struck = self.books.incidents.first_begun_after(visitor.started, phase);
            self.books.record.failed(visitor, cause, phase, struck);
            self.data.write_fails(visitor.write);
        }
        let client = &self.setting.plan.scenario.geographies[visitor.geography].client;
        if let Some(leave) = client.leave
            && visitor.marks.of_request(visitor.request, OfRequest::Leave).uniform() < leave
        {
            visitor.requests = visitor.request;
        }
        self.request_ends(agenda, session, at);
    }

    /// The session thinks about its next request, or leaves.
    #[inline(always)]
    fn request_ends(&mut self, agenda: &mut Agenda, session: Handle, at: SimTime) {
        let visitor = self.visitors.sessions.live(session);
        self.books.ended_after_horizon += u64::from(at > self.setting.plan.horizon);
        visitor.attempt = 0;
        visitor.call = Handle::NONE;
        self.data.release_write(visitor.write);
        visitor.write = Handle::NONE;
        if visitor.request == visitor.requests || at > self.setting.plan.horizon {
            let own_writes = visitor.own_writes;
            self.data.forget_writes(own_writes);
            self.visitors.sessions.remove(session);
            return;
        }
        if visitor.hears.take().is_some() {
            // Its next request is on the agenda already, by this handle.
            return;
        }
        let next = at + self.setting.plan.think(visitor);
        let session = self.visitors.sessions.renew(session);
        agenda.at(next, Event::RequestStarts { session });
    }
}
