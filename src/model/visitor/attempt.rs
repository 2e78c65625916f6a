//! One attempt of a request: find a connection or make one, send, and take what comes.

use super::super::dns::{LookUps, Told};
use super::super::event::{Event, Scheduler};
use super::super::outcome::{Cause, Phase};
use super::super::plan::Plan;
use super::super::region::{Reachability, Sent, Serving};
use super::super::slab::Handle;
use super::request::Failed;
use super::session::{Answer, Connection, Session};
use crate::scenario::{DnsCache, RegionId};
use crate::units::{SimDuration, SimTime};

/// Attempts of sessions, and what they touch.
pub(in super::super) struct Attempts<'w> {
    pub(in super::super) serving: Serving<'w>,
}

impl Attempts<'_> {
    /// Look-ups, and what they touch.
    #[inline(always)]
    pub(in super::super) fn look_ups(&mut self) -> LookUps<'_> {
        let Serving { setting, visitors, dns, books, .. } = &mut self.serving;
        LookUps { dns, sessions: visitors.sessions(), books, setting }
    }

    /// A session makes its next request.
    #[inline(always)]
    pub(in super::super) fn request(&mut self, scheduler: &mut Scheduler, session: Handle) {
        self.serving.requests().request_starts(scheduler.now(), session);
        self.attempt(scheduler, session);
    }

    /// The session's think time is over: it makes its next request.
    pub(in super::super) fn request_starts(&mut self, scheduler: &mut Scheduler, session: Handle) {
        let Some(visitor) = self.serving.visitors.get(session) else { return };
        let session = match visitor.hears {
            Some(at) => self.serving.requests().fast_read_is_heard(scheduler, session, at),
            None => session,
        };
        self.request(scheduler, session);
    }

    /// The session's back-off is over.
    pub(in super::super) fn attempt_starts(&mut self, scheduler: &mut Scheduler, session: Handle) {
        if self.serving.visitors.get(session).is_some() {
            self.attempt(scheduler, session);
        }
    }

    /// The session's next attempt: on a kept connection, with a cached answer, or by a look-up.
    fn attempt(&mut self, scheduler: &mut Scheduler, session: Handle) {
        let now = scheduler.now();
        let visitor = self.serving.visitors.live(session);
        visitor.attempt += 1;
        visitor.sent = now;
        visitor.call = Handle::NONE;
        visitor.late_phase = None;
        visitor.on_kept_connection = false;
        if let Some(connection) = visitor.connection {
            let keepalive = self.serving.setting.plan.scenario.geographies[visitor.geography].client.keepalive;
            let has_hung_up = self.serving.regions.has_hung_up_on(connection.region, connection.incarnation);
            let is_kept = keepalive > SimDuration::ZERO && now.since(connection.idle_since) <= keepalive;
            if is_kept && !has_hung_up {
                visitor.on_kept_connection = true;
                visitor.region = connection.region;
                visitor.rtt_ns = self.serving.setting.plan.rtt(visitor).as_nanos();
                self.serving.books.attempt_sent(visitor, now);
                self.send(scheduler, session, connection, now);
                return;
            }
            visitor.connection = None;
        }
        match visitor.answer {
            Some(answer) if now < answer.expires => self.connect(scheduler, session, answer.region, now),
            Some(_) | None => {
                if let Some(answer) = self.look_ups().look_up(scheduler, session) {
                    self.go_by(scheduler, session, answer);
                }
            }
        }
    }

    /// The query of a resolver is over: all who have waited have the answer, one after the other.
    pub(in super::super) fn answers_return(&mut self, scheduler: &mut Scheduler, told: Option<Told>) {
        let Some(told) = told else { return };
        for &session in &told.sessions {
            let answer = self.look_ups().answer(scheduler.now(), &told, session);
            self.answered(scheduler, session, answer);
        }
        self.look_ups().are_told(told);
    }

    /// The session that waited for an answer has it, and connects.
    fn answered(&mut self, scheduler: &mut Scheduler, session: Handle, answer: Answer) {
        if self.serving.visitors.get(session).is_some() {
            // The look-up's own time limit is void now.
            let session = self.serving.visitors.renew(session);
            self.go_by(scheduler, session, answer);
        }
    }

    /// The session has an answer, and connects.
    #[inline]
    fn go_by(&mut self, scheduler: &mut Scheduler, session: Handle, answer: Answer) {
        let visitor = self.serving.visitors.live(session);
        let kept = self.serving.setting.plan.scenario.geographies[visitor.geography].client.dns_cache;
        let expires = match kept {
            DnsCache::AsTold => answer.expires,
            DnsCache::For(time) => answer.fetched + time,
            DnsCache::Forever => SimTime::NEVER,
        };
        visitor.answer = Some(Answer { expires, ..answer });
        let patience_ends = visitor.patience_ends;
        if answer.fetched >= patience_ends {
            let at = patience_ends.max(scheduler.now());
            self.attempt_fails_at(scheduler, session, at, Cause::DnsFailure, Phase::Names);
        } else {
            self.connect(scheduler, session, answer.region, answer.fetched);
        }
    }

    /// The first packet of a new connection leaves at `at`.
    #[inline(always)]
    fn connect(&mut self, scheduler: &mut Scheduler, session: Handle, region: RegionId, at: SimTime) {
        let visitor = self.serving.visitors.live(session);
        visitor.sent = at;
        visitor.region = region;
        let rtt = self.serving.setting.plan.rtt(visitor);
        visitor.rtt_ns = rtt.as_nanos();
        self.serving.books.attempt_sent(visitor, at);
        let (arrives, geography) = (at + rtt.half(), visitor.geography);
        let gives_up = gives_up_connecting(self.serving.setting.plan, visitor);
        // Nothing can come in between, and then there is nothing to wait for.
        if arrives < self.serving.regions.undisturbed_until(scheduler, geography, region) {
            self.connects(scheduler, session, arrives, gives_up);
        } else if gives_up < arrives {
            scheduler.schedule_at(gives_up, Event::AttemptFails { session, cause: Cause::ConnectTimeout });
            self.is_given_up_on_its_way(session);
        } else {
            scheduler.schedule_at(arrives, Event::ConnectArrives { session });
        }
    }

    /// The first packet of a new connection reaches the region.
    pub(in super::super) fn connect_arrives(&mut self, scheduler: &mut Scheduler, session: Handle) {
        let Some(visitor) = self.serving.visitors.get_mut(session) else { return };
        let now = scheduler.now();
        let rtt = SimDuration::from_nanos(visitor.rtt_ns);
        let gives_up = gives_up_connecting(self.serving.setting.plan, visitor);
        let (geography, region) = (visitor.geography, visitor.region);
        match self.serving.regions.reached(geography, region) {
            Reachability::Silent => {
                scheduler.schedule_at(gives_up, Event::AttemptFails { session, cause: Cause::ConnectTimeout });
            }
            Reachability::Refusing => {
                let (at, cause) = if now + rtt.half() <= gives_up {
                    (now + rtt.half(), Cause::ConnectionRefused)
                } else {
                    (gives_up, Cause::ConnectTimeout)
                };
                scheduler.schedule_at(at, Event::AttemptFails { session, cause });
            }
            Reachability::Up => self.connects(scheduler, session, now, gives_up),
        }
    }

    /// The region answers the first packet of a new connection, which reaches it at `at`; its client gives up at `gives_up`.
    #[inline(always)]
    fn connects(&mut self, scheduler: &mut Scheduler, session: Handle, at: SimTime, gives_up: SimTime) {
        let visitor = self.serving.visitors.live(session);
        let client = &self.serving.setting.plan.scenario.geographies[visitor.geography].client;
        let rtt = SimDuration::from_nanos(visitor.rtt_ns);
        let opened = at + rtt.half() + rtt.times(u64::from(client.tls_round_trips));
        if opened > gives_up {
            visitor.late_phase = Some(Phase::Other);
            scheduler.schedule_at(gives_up, Event::AttemptFails { session, cause: Cause::ConnectTimeout });
            return;
        }
        let incarnation = self.serving.regions.incarnation(visitor.region);
        let connection = Connection { region: visitor.region, opened, idle_since: opened, incarnation };
        visitor.connection = Some(connection);
        self.send(scheduler, session, connection, opened);
    }

    /// The session sends its request at `at` on an open connection.
    #[inline]
    fn send(&mut self, scheduler: &mut Scheduler, session: Handle, connection: Connection, at: SimTime) {
        let visitor = self.serving.visitors.live(session);
        visitor.sent = at;
        visitor.region = connection.region;
        let deadline = self.serving.setting.plan.deadline(visitor);
        if self.serving.sends(scheduler, session, connection, deadline) == Sent::TooLate {
            self.is_given_up_on_its_way(session);
        }
    }

    /// A client will give its attempt up before what it has sent gets to the region, which is not to blame if it is up.
    #[cold]
    fn is_given_up_on_its_way(&mut self, session: Handle) {
        let visitor = self.serving.visitors.live(session);
        let (geography, region) = (visitor.geography, visitor.region);
        if self.serving.regions.reached(geography, region) == Reachability::Up {
            self.serving.visitors.live(session).late_phase = Some(Phase::Other);
        }
    }

    /// The session learns now that its attempt has failed.
    pub(in super::super) fn attempt_fails(&mut self, scheduler: &mut Scheduler, session: Handle, cause: Cause) {
        if self.serving.visitors.get(session).is_some() {
            let phase = self.serving.phase_of(scheduler.now(), session, cause);
            self.attempt_fails_at(scheduler, session, scheduler.now(), cause, phase);
        }
    }

    /// The session learns at `at` that its attempt has failed: it tries the second address, or later again, or gives the
    /// request up.
    pub(in super::super) fn attempt_fails_at(
        &mut self,
        scheduler: &mut Scheduler,
        session: Handle,
        at: SimTime,
        cause: Cause,
        phase: Phase,
    ) {
        let phase = self.serving.amended_phase(scheduler.now(), session, phase);
        if matches!(cause, Cause::ConnectTimeout | Cause::ConnectionRefused)
            && let Some((session, region)) = self.serving.requests().second_address(session, at)
        {
            self.connect(scheduler, session, region, at);
            return;
        }
        self.serving.requests().attempt_fails(scheduler, session, Failed { at, cause, phase });
    }
}

/// Returns the time at which a client gives up the connection whose first packet it has sent.
#[inline]
fn gives_up_connecting(plan: &Plan, visitor: &Session) -> SimTime {
    let client = &plan.scenario.geographies[visitor.geography].client;
    (visitor.sent + client.connect_timeout).min(visitor.patience_ends)
}

#[cfg(test)]
mod tests;
