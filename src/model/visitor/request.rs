//! A request of a session: its start, the failures of its attempts, and its end.

use super::super::books::Books;
use super::super::data::Data;
use super::super::draws::{OfAttempt, OfRequest};
use super::super::event::{Event, Scheduler};
use super::super::outcome::{Cause, Operation, Phase};
use super::super::setting::Setting;
use super::super::slab::Handle;
use super::Visitors;
use super::session::NEVER_LEAVES;
use crate::scenario::RegionId;
use crate::units::{SimDuration, SimTime};

/// Owners that the start and the end of a request touch.
pub(in super::super) struct Requests<'w> {
    pub(in super::super) visitors: &'w mut Visitors,
    pub(in super::super) data: &'w mut Data,
    pub(in super::super) books: &'w mut Books,
    pub(in super::super) setting: &'w Setting<'w>,
}

/// An attempt that has failed: when its session learns that, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Failed {
    pub(in super::super) at: SimTime,
    pub(in super::super) cause: Cause,
    pub(in super::super) phase: Phase,
}

impl Requests<'_> {
    /// A session makes its next request: its first attempt is to be made now.
    #[inline(always)]
    pub(in super::super) fn request_starts(&mut self, now: SimTime, session: Handle) {
        let Visitors { sessions, budgets, .. } = &mut *self.visitors;
        let visitor = sessions.live(session);
        let wanted = &self.setting.plan.scenario.geographies[visitor.geography];
        visitor.request += 1;
        let is_write = visitor.draws.of_request(visitor.request, OfRequest::Write).uniform() < wanted.write_share;
        visitor.operation = if is_write { Operation::Write } else { Operation::Read };
        visitor.started = now;
        visitor.patience_ends = now + wanted.client.patience;
        visitor.attempt = 0;
        visitor.write = if is_write { self.data.open_write(visitor.geography) } else { Handle::NONE };
        self.books.request_starts(visitor.geography, now);
        if let Some(budget) = &mut budgets[visitor.geography] {
            budget.save();
        }
    }

    /// The session's request has succeeded: its client has the response at `at`.
    pub(in super::super) fn request_succeeds(&mut self, scheduler: &mut Scheduler, session: Handle, at: SimTime) {
        let visitor = self.visitors.sessions.live(session);
        if let Some(connection) = &mut visitor.connection {
            connection.idle_since = at;
        }
        if at <= self.setting.plan.horizon {
            self.books.request_succeeds(visitor, at);
        }
        self.request_ends(scheduler, session, at);
    }

    /// A session's next request starts before anybody has looked whether the one on the fast path, of which it has heard
    /// at `at`, is over.
    /// Returns its new handle: with the old one the read on the fast path would be finished twice.
    pub(super) fn fast_read_is_heard(&mut self, scheduler: &mut Scheduler, session: Handle, at: SimTime) -> Handle {
        self.request_succeeds(scheduler, session, at);
        self.visitors.sessions.renew(session)
    }

    /// A session could not connect to the region that it addressed, as it learns at `at`. Returns its new handle, and the region of
    /// its answer's second address, if that is still to be tried.
    pub(super) fn second_address(&mut self, session: Handle, at: SimTime) -> Option<(Handle, RegionId)> {
        let visitor = self.visitors.sessions.live(session);
        let second = visitor.answer.and_then(|answer| answer.second);
        let region = second.filter(|second| *second != visitor.region && at < visitor.patience_ends)?;
        visitor.connection = None;
        visitor.late_phase = None;
        Some((self.visitors.sessions.renew(session), region))
    }

    /// The session's attempt has failed for good: it tries again, or gives the request up.
    pub(in super::super) fn attempt_fails(&mut self, scheduler: &mut Scheduler, session: Handle, failed: Failed) {
        let Failed { at, cause, .. } = failed;
        let Visitors { sessions, budgets, .. } = &mut *self.visitors;
        let session = sessions.renew(session);
        let visitor = sessions.live(session);
        let client = &self.setting.plan.scenario.geographies[visitor.geography].client;
        match cause {
            Cause::DnsFailure => {}
            Cause::ConnectTimeout | Cause::ConnectionRefused => {
                visitor.connection = None;
                if client.reresolve {
                    visitor.answer = None;
                }
            }
            Cause::ConnectionReset | Cause::RequestTimeout => {
                visitor.connection = None;
            }
            Cause::Overloaded | Cause::DatabaseUnavailable | Cause::ReadOnly | Cause::Error => {
                if let Some(connection) = &mut visitor.connection {
                    connection.idle_since = at;
                }
            }
        }
        if visitor.attempt < client.max_attempts {
            let doubled = client.backoff.as_secs_f64() * (1u64 << (visitor.attempt - 1).min(40)) as f64;
            let ceiling = doubled.min(client.backoff_limit.as_secs_f64());
            let share = visitor.draws.of_attempt(visitor.request, visitor.attempt, OfAttempt::Backoff).uniform();
            let next = at + SimDuration::from_secs_f64(ceiling * share);
            let mut may_retry = || budgets[visitor.geography].as_mut().is_none_or(|budget| budget.take());
            if next < visitor.patience_ends && may_retry() {
                scheduler.schedule_at(next, Event::AttemptStarts { session });
                return;
            }
        }
        self.request_fails(scheduler, session, failed);
    }

    /// The session's request has failed, for the reason of its last attempt.
    fn request_fails(&mut self, scheduler: &mut Scheduler, session: Handle, failed: Failed) {
        let Failed { at, cause, phase } = failed;
        let visitor = self.visitors.sessions.live(session);
        if at <= self.setting.plan.horizon {
            self.books.request_fails(visitor, cause, phase);
            self.data.write_fails(visitor.write);
        }
        let client = &self.setting.plan.scenario.geographies[visitor.geography].client;
        if let Some(leave) = client.leave
            && visitor.requests < NEVER_LEAVES
            && visitor.draws.of_request(visitor.request, OfRequest::Leave).uniform() < leave
        {
            visitor.requests = visitor.request;
        }
        self.request_ends(scheduler, session, at);
    }

    /// The session thinks about its next request, or leaves.
    #[inline(always)]
    fn request_ends(&mut self, scheduler: &mut Scheduler, session: Handle, at: SimTime) {
        let visitor = self.visitors.sessions.live(session);
        if at > self.setting.plan.horizon {
            self.books.request_outlasts_run();
        }
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
            // Its next request is scheduled already, by this handle.
            return;
        }
        let next = at + self.setting.plan.think(visitor);
        let session = self.visitors.sessions.renew(session);
        scheduler.schedule_at(next, Event::RequestStarts { session });
    }
}

#[cfg(test)]
mod tests;
