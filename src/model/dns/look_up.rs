//! Look-ups: a session asks its resolver, which asks the authorities, and tells all who wait.

use super::super::books::Books;
use super::super::draws::OfAttempt;
use super::super::event::{Event, NameServer, Scheduler};
use super::super::outcome::Cause;
use super::super::setting::Setting;
use super::super::slab::{Handle, Slab};
use super::super::visitor::{Answer, Session};
use super::Dns;
use super::addresses::Addresses;
use super::authorities::Voice;
use super::resolver::{Cached, Fallback, Next, STALE_TTL};
use crate::scenario::RegionId;
use crate::units::{SimDuration, SimTime};

/// Owners that a look-up touches.
pub(in super::super) struct LookUps<'w> {
    pub(in super::super) dns: &'w mut Dns,
    /// Sessions ask, and are told: they are looked at alone.
    pub(in super::super) sessions: &'w Slab<Session>,
    pub(in super::super) books: &'w mut Books,
    pub(in super::super) setting: &'w Setting<'w>,
}

/// Sessions that have waited for a query, and are told an answer now, in the order in which they came.
pub(in super::super) struct Told {
    resolver: u32,
    pub(in super::super) sessions: Vec<Handle>,
    /// Time at which the answer runs out.
    expires: SimTime,
}

impl LookUps<'_> {
    /// A session asks its resolver. Returns the answer, if there is one at hand; if not, the session will be told, or gives up.
    #[inline]
    pub(in super::super) fn look_up(&mut self, scheduler: &mut Scheduler, session: Handle) -> Option<Answer> {
        let now = scheduler.now();
        let visitor = self.sessions.see(session);
        let place = visitor.resolver;
        let resolver = &self.dns.resolvers[place];
        let geography = resolver.geography();
        let settings = self.setting.resolvers(geography);
        let gives_up = (now + settings.timeout).min(visitor.patience_ends).max(now);
        let cached = resolver.cached(settings, now);
        let gives_up_then = Event::AttemptFails { session, cause: Cause::DnsFailure };
        if self.dns.resolvers.is_silent(geography) {
            scheduler.schedule_at(gives_up, gives_up_then);
            return None;
        }
        self.books.looked_up(geography, now, matches!(cached, Cached::Fresh { .. }));
        match cached {
            Cached::Fresh { expires } => {
                if settings.prefetch {
                    self.prefetch(scheduler, place);
                }
                Some(self.answer_until(now, place, session, expires))
            }
            Cached::Stale => Some(self.answer_until(now, place, session, now + STALE_TTL)),
            Cached::Failure => {
                scheduler.schedule_at((now + settings.rtt).min(gives_up), gives_up_then);
                None
            }
            Cached::Nothing => {
                scheduler.schedule_at(gives_up, gives_up_then);
                if self.dns.resolvers[place].is_first_to_wait(session) {
                    self.query(scheduler, place);
                }
                None
            }
        }
    }

    /// The resolver asks in advance for an entry whose life is nearly over.
    fn prefetch(&mut self, scheduler: &mut Scheduler, place: u32) {
        let resolver = &mut self.dns.resolvers[place];
        let settings = self.setting.resolvers(resolver.geography());
        if let Some(authority) = resolver.prefetches((settings, &self.setting.design.dns), scheduler.now()) {
            self.ask(scheduler, place, authority);
        }
    }

    /// The resolver asks the authority for whichever entry it lacks.
    fn query(&mut self, scheduler: &mut Scheduler, place: u32) {
        let authority = self.dns.resolvers[place].lacks(scheduler.now());
        self.ask(scheduler, place, authority);
    }

    fn ask(&self, scheduler: &mut Scheduler, place: u32, authority: NameServer) {
        let there = self.authority_rtt(authority).half();
        scheduler.schedule_after(there, Event::QueryArrives { resolver: place, authority });
    }

    fn authority_rtt(&self, authority: NameServer) -> SimDuration {
        match authority {
            NameServer::Zone => self.setting.design.dns.zone_rtt,
            NameServer::Gtm => self.setting.design.dns.gtm_rtt,
        }
    }

    /// A query reaches an authority, which answers unless it is silent, and with an address unless it is empty or refuses.
    pub(in super::super) fn query_arrives(&mut self, scheduler: &mut Scheduler, place: u32, authority: NameServer) {
        let resolver = &self.dns.resolvers[place];
        let back = self.authority_rtt(authority).half();
        let answer = match self.dns.authorities.voice(authority) {
            Voice::Silent => {
                let timeout = resolver.waits_for(self.setting.resolvers(resolver.geography()), scheduler.now());
                scheduler.schedule_after(timeout - back.min(timeout), Event::QueryFails { resolver: place });
                return;
            }
            Voice::Empty => Event::QueryEmpty { resolver: place },
            Voice::Answers => {
                let addresses = match authority {
                    // The zone's answer is a name: what it stands for is asked later.
                    NameServer::Zone => Some(resolver.answer().0),
                    NameServer::Gtm => self.dns.manager.answer(resolver.geography()),
                };
                match addresses {
                    None => Event::QueryFails { resolver: place },
                    Some(addresses) => Event::QueryAnswered { resolver: place, authority, addresses },
                }
            }
        };
        scheduler.schedule_after(back, answer);
    }

    /// An answer reaches the resolver: it asks on, or all who wait are to be told.
    pub(in super::super) fn query_answered(
        &mut self,
        scheduler: &mut Scheduler,
        place: u32,
        authority: NameServer,
        addresses: Addresses,
    ) -> Option<Told> {
        let resolver = &mut self.dns.resolvers[place];
        let settings = self.setting.resolvers(resolver.geography());
        match resolver.learns((settings, &self.setting.design.dns), authority, addresses, scheduler.now()) {
            Next::AsksOn => {
                self.query(scheduler, place);
                None
            }
            Next::Serves => {
                let expires = resolver.kept_until(scheduler.now());
                Some(Told { resolver: place, sessions: resolver.take_waiting(), expires })
            }
        }
    }

    /// A query has failed, and with it the look-up of all who wait, unless an entry that has run out may serve them: then they
    /// are to be told.
    pub(in super::super) fn query_fails(&mut self, scheduler: &mut Scheduler, place: u32) -> Option<Told> {
        let resolver = &mut self.dns.resolvers[place];
        let settings = self.setting.resolvers(resolver.geography());
        let fallback = resolver.fails(settings, scheduler.now());
        let told = Told { resolver: place, sessions: resolver.take_waiting(), expires: scheduler.now() + STALE_TTL };
        match fallback {
            Fallback::Stale => Some(told),
            Fallback::Failure => {
                for &session in &told.sessions {
                    scheduler.schedule_after(settings.rtt, Event::AttemptFails { session, cause: Cause::DnsFailure });
                }
                self.are_told(told);
                None
            }
        }
    }

    /// A query has been answered without an address.
    pub(in super::super) fn query_empty(&mut self, scheduler: &mut Scheduler, place: u32) -> Option<Told> {
        self.dns.resolvers[place].learns_of_no_address(scheduler.now());
        self.query_fails(scheduler, place)
    }

    /// The answer that a session is told now.
    pub(in super::super) fn answer(&mut self, now: SimTime, told: &Told, session: Handle) -> Answer {
        self.answer_until(now, told.resolver, session, told.expires)
    }

    /// All have been told.
    pub(in super::super) fn are_told(&mut self, told: Told) {
        self.dns.resolvers[told.resolver].keep_room(told.sessions);
    }

    /// The answer that a resolver gives a client, to be kept until `expires`.
    #[inline(always)]
    fn answer_until(&mut self, now: SimTime, place: u32, session: Handle, expires: SimTime) -> Answer {
        let resolver = &self.dns.resolvers[place];
        let geography = resolver.geography();
        let rtt = self.setting.resolvers(geography).rtt;
        let (held, resolver_fetched) = resolver.answer();
        let (given, ordinary) = match self.sessions.get(session) {
            Some(visitor) => self.dns.manager.given(geography, held, || {
                visitor.draws.of_attempt(visitor.request, visitor.attempt, OfAttempt::Weight).uniform()
            }),
            None => (held, RegionId::First),
        };
        self.books.answered(geography, now, given.first);
        Answer { region: given.first, second: given.second, ordinary, expires, fetched: now + rtt, resolver_fetched }
    }
}

#[cfg(test)]
mod tests;
