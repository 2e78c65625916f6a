//! Look-ups: a session asks its resolver, which asks the authorities, and tells all who wait.

use super::super::event::{Event, NameServer};
use super::super::marks::OfAttempt;
use super::super::outcome::Cause;
use super::super::slab::Handle;
use super::super::visitor::Answer;
use super::super::world::{Agenda, World};
use super::Addresses;
use super::authorities::Voice;
use super::resolver::{Cached, Fallback, Next, STALE_TTL};
use crate::scenario::{RegionId, Resolvers};
use crate::units::{SimDuration, SimTime};

impl World<'_> {
    /// A session asks its resolver.
    pub(in super::super) fn look_up(&mut self, agenda: &mut Agenda, session: Handle) {
        let now = agenda.now();
        let visitor = self.visitors.sessions.live(session);
        let place = visitor.resolver;
        let resolver = &mut self.dns.resolvers[place];
        let geography = resolver.geography();
        let settings = &self.setting.plan.scenario.geographies[geography].resolvers;
        let gives_up = (now + settings.timeout).min(visitor.patience_ends).max(now);
        let cached = resolver.cached(settings, now);
        if self.dns.resolvers.is_silent(geography) {
            agenda.at(gives_up, Event::AttemptFails { session, cause: Cause::DnsFailure });
            return;
        }
        self.books.record.looked_up(geography, now, matches!(cached, Cached::Fresh { .. }));
        match cached {
            Cached::Fresh { expires } => {
                let answer = self.answer_until(now, place, session, expires);
                self.go_by(agenda, session, answer);
            }
            Cached::Stale => self.answer_client_stale(agenda, place, session),
            Cached::Failure => {
                let heard = (now + settings.rtt).min(gives_up);
                agenda.at(heard, Event::AttemptFails { session, cause: Cause::DnsFailure });
            }
            Cached::Nothing => {
                agenda.at(gives_up, Event::AttemptFails { session, cause: Cause::DnsFailure });
                if self.dns.resolvers[place].is_first_to_wait(session) {
                    self.query(agenda, place);
                }
            }
        }
    }

    /// The settings of a resolver.
    fn resolver_settings(&self, place: u32) -> &Resolvers {
        &self.setting.plan.scenario.geographies[self.dns.resolvers[place].geography()].resolvers
    }

    /// The resolver asks the authority for whichever entry it lacks.
    fn query(&mut self, agenda: &mut Agenda, place: u32) {
        let authority = self.dns.resolvers[place].lacks(agenda.now());
        let there = self.authority_rtt(authority).half();
        agenda.after(there, Event::QueryArrives { resolver: place, authority });
    }

    fn authority_rtt(&self, authority: NameServer) -> SimDuration {
        match authority {
            NameServer::Zone => self.setting.design.dns.zone_rtt,
            NameServer::Gtm => self.setting.design.dns.gtm_rtt,
        }
    }

    /// A query reaches an authority, which answers unless it is silent, and with an address unless it is empty or refuses.
    pub(in super::super) fn query_arrives(&mut self, agenda: &mut Agenda, place: u32, authority: NameServer) {
        let resolver = &self.dns.resolvers[place];
        let back = self.authority_rtt(authority).half();
        let answer = match self.dns.authorities.voice(authority) {
            Voice::Silent => {
                let timeout = resolver.waits_for(self.resolver_settings(place), agenda.now());
                agenda.after(timeout - back.min(timeout), Event::QueryFails { resolver: place });
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
        agenda.after(back, answer);
    }

    /// An answer reaches the resolver: it asks on, or tells all who wait.
    pub(in super::super) fn query_answered(
        &mut self,
        agenda: &mut Agenda,
        place: u32,
        authority: NameServer,
        addresses: Addresses,
    ) {
        let resolver = &mut self.dns.resolvers[place];
        let settings = &self.setting.plan.scenario.geographies[resolver.geography()].resolvers;
        match resolver.learns((settings, &self.setting.design.dns), authority, addresses, agenda.now()) {
            Next::AsksOn => self.query(agenda, place),
            Next::Serves => self.tell_all(agenda, place, World::answer_client),
        }
    }

    /// A query has failed, and with it the look-up of all who wait, unless an entry that has run out may serve them.
    pub(in super::super) fn query_fails(&mut self, agenda: &mut Agenda, place: u32) {
        let resolver = &mut self.dns.resolvers[place];
        let settings = &self.setting.plan.scenario.geographies[resolver.geography()].resolvers;
        match resolver.fails(settings, agenda.now()) {
            Fallback::Stale => self.tell_all(agenda, place, World::answer_client_stale),
            Fallback::Failure => self.tell_all(agenda, place, World::refuse_client),
        }
    }

    /// A query has been answered without an address.
    pub(in super::super) fn query_empty(&mut self, agenda: &mut Agenda, place: u32) {
        self.dns.resolvers[place].learns_of_no_address();
        self.query_fails(agenda, place);
    }

    /// The query of a resolver is over: all who waited are told, in the order in which they came.
    fn tell_all(&mut self, agenda: &mut Agenda, place: u32, tell: fn(&mut Self, &mut Agenda, u32, Handle)) {
        let waited = self.dns.resolvers[place].take_waiting();
        for session in &waited {
            tell(self, agenda, place, *session);
        }
        self.dns.resolvers[place].keep_room(waited);
    }

    /// The resolver answers a client that waited; the client has the answer a round trip later.
    fn answer_client(&mut self, agenda: &mut Agenda, place: u32, session: Handle) {
        let expires = self.dns.resolvers[place].expires();
        let answer = self.answer_until(agenda.now(), place, session, expires);
        self.answered(agenda, session, answer);
    }

    /// The same from entries that have run out.
    fn answer_client_stale(&mut self, agenda: &mut Agenda, place: u32, session: Handle) {
        let now = agenda.now();
        let answer = self.answer_until(now, place, session, now + STALE_TTL);
        self.answered(agenda, session, answer);
    }

    /// The resolver tells a client that waited that there is no answer.
    fn refuse_client(&mut self, agenda: &mut Agenda, place: u32, session: Handle) {
        let rtt = self.resolver_settings(place).rtt;
        agenda.after(rtt, Event::AttemptFails { session, cause: Cause::DnsFailure });
    }

    /// The answer that a resolver gives a client, to be kept until `expires`.
    #[inline(always)]
    fn answer_until(&mut self, now: SimTime, place: u32, session: Handle, expires: SimTime) -> Answer {
        let resolver = &self.dns.resolvers[place];
        let geography = resolver.geography();
        let rtt = self.setting.plan.scenario.geographies[geography].resolvers.rtt;
        let (held, resolver_fetched) = resolver.answer();
        let (given, ordinary) = match self.visitors.sessions.get(session) {
            Some(visitor) => self.dns.manager.given(geography, held, || {
                visitor.marks.of_attempt(visitor.request, visitor.attempt, OfAttempt::Weight).uniform()
            }),
            None => (held, RegionId::First),
        };
        self.books.record.answered(geography, now, given.first);
        Answer { region: given.first, second: given.second, ordinary, expires, fetched: now + rtt, resolver_fetched }
    }
}
