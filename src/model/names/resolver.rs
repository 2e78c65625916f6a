//! Recursive resolvers: two cache entries each, and misses that share one query.

use super::super::event::{Event, NameServer};
use super::super::marks::OfAttempt;
use super::super::outcome::Cause;
use super::super::slab::Handle;
use super::super::visitor::Answer;
use super::super::world::{Agenda, World};
use super::Addresses;
use crate::engine::Stream;
use crate::scenario::{GeographyId, RegionId, Resolvers};
use crate::units::{SimDuration, SimTime};

/// One recursive resolver.
#[derive(Debug)]
pub(in super::super) struct Resolver {
    geography: GeographyId,
    cname_expires: SimTime,
    answer_expires: SimTime,
    /// When the answer was fetched, and what it names.
    answer_fetched: SimTime,
    answer: Addresses,
    /// Until when a failure is remembered; past, if none is.
    failed_until: SimTime,
    /// Whether its last news of the name was an address, so that an old one may serve while there is no news.
    has_had_answer: bool,
    /// Clients that wait for the query under way; a query is under way exactly while there are some.
    waiting: Vec<Handle>,
}

/// What a resolver's cache looks like to one that has long been running.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct StationaryCache {
    /// Look-ups per second.
    pub(in super::super) rate: f64,
    pub(in super::super) cname_ttl: Option<SimDuration>,
    pub(in super::super) answer_ttl: SimDuration,
}

impl Resolver {
    /// A resolver whose caches are as long use has left them: an entry is there with probability `rate T / (1 + rate T)`,
    /// the rest of its life uniform on `(0, T)` (renewal argument for Poisson look-ups).
    pub(in super::super) fn stationary(
        geography: GeographyId,
        answer: Addresses,
        cache: StationaryCache,
        stream: Stream,
    ) -> Self {
        let expiry = |ttl: SimDuration, counter: u64| {
            let busy = cache.rate * ttl.as_secs_f64();
            if stream.uniform(counter) < busy / (1.0 + busy) {
                SimTime::ZERO + SimDuration::from_secs_f64(ttl.as_secs_f64() * stream.uniform(counter + 1))
            } else {
                SimTime::ZERO
            }
        };
        let answer_expires = expiry(cache.answer_ttl, 0);
        let cname_expires = match cache.cname_ttl {
            None => SimTime::NEVER,
            Some(ttl) if ttl == cache.answer_ttl => answer_expires,
            Some(ttl) => expiry(ttl, 2),
        };
        Resolver {
            geography,
            cname_expires,
            answer_expires,
            answer_fetched: SimTime::ZERO,
            answer,
            failed_until: SimTime::ZERO,
            has_had_answer: true,
            waiting: Vec::new(),
        }
    }

    /// Whether the entries at hand may serve at `now` though they have run out; one that was not there at the start counts
    /// as having run out then.
    fn may_serve_stale(&self, settings: &Resolvers, now: SimTime) -> bool {
        let is_recent = |expires: SimTime, longest| expires >= now || now.since(expires) <= longest;
        settings.serve_stale.is_some_and(|longest| {
            self.has_had_answer && is_recent(self.cname_expires, longest) && is_recent(self.answer_expires, longest)
        })
    }
}

/// RFC 8767, section 5: after so long without an answer clients are given a stale one (the client response timer)…
const STALE_AFTER: SimDuration = SimDuration::from_nanos(1_800_000_000);
/// …with this TTL, for which the authority is not asked again (the failure recheck timer).
const STALE_TTL: SimDuration = SimDuration::from_secs(30);

/// The TTL that a resolver gives an entry.
pub(in super::super) fn clamped(settings: &Resolvers, ttl: SimDuration) -> SimDuration {
    let ttl = ttl.max(settings.min_ttl);
    settings.max_ttl.map_or(ttl, |most| ttl.min(most))
}

impl World<'_> {
    /// A session asks its resolver.
    pub(in super::super) fn look_up(&mut self, agenda: &mut Agenda, session: Handle) {
        let now = agenda.now();
        let visitor = self.sessions.live(session);
        let place = visitor.resolver;
        let resolver = &mut self.resolvers[place as usize];
        let geography = resolver.geography;
        let settings = &self.plan.scenario.geographies[geography].resolvers;
        let gives_up = (now + settings.timeout).min(visitor.patience_ends).max(now);
        if self.silent_resolvers[geography] > 0 {
            agenda.at(gives_up, Event::AttemptFails { session, cause: Cause::DnsFailure });
            return;
        }
        let fresh = now < resolver.cname_expires && now < resolver.answer_expires;
        self.record.looked_up(geography, now, fresh);
        if fresh {
            let expires = resolver.cname_expires.min(resolver.answer_expires);
            let answer = self.answer_until(now, place, session, expires);
            self.go_by(agenda, session, answer);
            return;
        }
        if now < resolver.failed_until {
            if resolver.may_serve_stale(settings, now) {
                self.answer_client_stale(agenda, place, session);
            } else {
                agenda
                    .at((now + settings.rtt).min(gives_up), Event::AttemptFails { session, cause: Cause::DnsFailure });
            }
            return;
        }
        agenda.at(gives_up, Event::AttemptFails { session, cause: Cause::DnsFailure });
        resolver.waiting.push(session);
        if resolver.waiting.len() == 1 {
            self.query(agenda, place);
        }
    }

    /// The resolver asks the authority for whichever entry it lacks, the CNAME first.
    fn query(&mut self, agenda: &mut Agenda, place: u32) {
        let resolver = &self.resolvers[place as usize];
        let authority = if agenda.now() >= resolver.cname_expires { NameServer::Zone } else { NameServer::Gtm };
        let there = self.authority_rtt(authority).half();
        agenda.after(there, Event::QueryArrives { resolver: place, authority });
    }

    fn authority_rtt(&self, authority: NameServer) -> SimDuration {
        match authority {
            NameServer::Zone => self.design.dns.zone_rtt,
            NameServer::Gtm => self.design.dns.gtm_rtt,
        }
    }

    /// A query reaches an authority, which answers unless it is silent, and with an address unless it is empty or refuses.
    pub(in super::super) fn query_arrives(&mut self, agenda: &mut Agenda, place: u32, authority: NameServer) {
        let geography = self.resolvers[place as usize].geography;
        let back = self.authority_rtt(authority).half();
        if self.silent_authorities[authority as usize] > 0 {
            let settings = &self.plan.scenario.geographies[geography].resolvers;
            let mut timeout = settings.timeout;
            if self.resolvers[place as usize].may_serve_stale(settings, agenda.now()) {
                timeout = STALE_AFTER.min(timeout.half());
            }
            agenda.after(timeout - back.min(timeout), Event::QueryFails { resolver: place });
            return;
        }
        let addresses = match authority {
            // The zone's answer is a name: what it stands for is asked later.
            NameServer::Zone => Some(self.resolvers[place as usize].answer),
            NameServer::Gtm => self.manager.answer(geography),
        };
        let is_empty = self.empty_authorities[authority as usize] > 0;
        let answer = match addresses {
            Some(_) | None if is_empty => Event::QueryEmpty { resolver: place },
            None => Event::QueryFails { resolver: place },
            Some(addresses) => Event::QueryAnswered { resolver: place, authority, addresses },
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
        let now = agenda.now();
        let resolver = &mut self.resolvers[place as usize];
        let settings = &self.plan.scenario.geographies[resolver.geography].resolvers;
        match authority {
            NameServer::Zone => {
                let ttl = self.design.dns.cname_ttl;
                resolver.cname_expires = ttl.map_or(SimTime::NEVER, |ttl| now + clamped(settings, ttl));
                if now >= resolver.answer_expires {
                    self.query(agenda, place);
                    return;
                }
            }
            NameServer::Gtm => {
                resolver.answer_expires = now + clamped(settings, self.design.dns.answer_ttl);
                resolver.has_had_answer = true;
                resolver.answer_fetched = now;
                resolver.answer = addresses;
            }
        }
        let mut waiting = std::mem::take(&mut self.resolvers[place as usize].waiting);
        for session in waiting.drain(..) {
            self.answer_client(agenda, place, session);
        }
        self.resolvers[place as usize].waiting = waiting;
    }

    /// A query has failed, and with it the look-up of all who wait, unless an entry that has run out may serve them.
    pub(in super::super) fn query_fails(&mut self, agenda: &mut Agenda, place: u32) {
        let now = agenda.now();
        let resolver = &mut self.resolvers[place as usize];
        let settings = &self.plan.scenario.geographies[resolver.geography].resolvers;
        if resolver.may_serve_stale(settings, now) {
            resolver.failed_until = now + STALE_TTL;
            let mut waiting = std::mem::take(&mut resolver.waiting);
            for session in waiting.drain(..) {
                self.answer_client_stale(agenda, place, session);
            }
            self.resolvers[place as usize].waiting = waiting;
            return;
        }
        resolver.failed_until = now + settings.failure_ttl;
        for session in resolver.waiting.drain(..) {
            agenda.after(settings.rtt, Event::AttemptFails { session, cause: Cause::DnsFailure });
        }
    }

    /// A query has been answered without an address: that is news, and an old address does not serve any more.
    pub(in super::super) fn query_empty(&mut self, agenda: &mut Agenda, place: u32) {
        self.resolvers[place as usize].has_had_answer = false;
        self.query_fails(agenda, place);
    }

    /// The resolver answers a client that waited; the client has the answer a round trip later.
    fn answer_client(&mut self, agenda: &mut Agenda, place: u32, session: Handle) {
        let resolver = &self.resolvers[place as usize];
        let expires = resolver.cname_expires.min(resolver.answer_expires);
        let answer = self.answer_until(agenda.now(), place, session, expires);
        self.answered(agenda, session, answer);
    }

    /// The same from entries that have run out.
    fn answer_client_stale(&mut self, agenda: &mut Agenda, place: u32, session: Handle) {
        let now = agenda.now();
        let answer = self.answer_until(now, place, session, now + STALE_TTL);
        self.answered(agenda, session, answer);
    }

    /// The answer that a resolver gives a client, to be kept until `expires`.
    #[inline(always)]
    fn answer_until(&mut self, now: SimTime, place: u32, session: Handle, expires: SimTime) -> Answer {
        let resolver = &self.resolvers[place as usize];
        let rtt = self.plan.scenario.geographies[resolver.geography].resolvers.rtt;
        let geography = resolver.geography;
        let (given, ordinary) = match self.sessions.get(session) {
            Some(visitor) => self.manager.given(geography, resolver.answer, || {
                visitor.marks.of_attempt(visitor.request, visitor.attempt, OfAttempt::Weight).uniform()
            }),
            None => (resolver.answer, RegionId::First),
        };
        self.record.answered(geography, now, given.first);
        Answer {
            region: given.first,
            second: given.second,
            ordinary,
            expires,
            fetched: now + rtt,
            resolver_fetched: resolver.answer_fetched,
        }
    }
}
