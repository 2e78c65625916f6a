//! Recursive resolvers: two cache entries each, and misses that share one query.

use super::super::event::{Event, NameServer};
use super::super::outcome::Cause;
use super::super::slab::Handle;
use super::super::visitor::Answer;
use super::super::world::{Agenda, World};
use crate::engine::Stream;
use crate::units::{SimDuration, SimTime};

/// One recursive resolver.
#[derive(Debug)]
pub(in super::super) struct Resolver {
    geography: u8,
    cname_expires: SimTime,
    answer_expires: SimTime,
    /// When the answer was fetched, and the region it names.
    answer_fetched: SimTime,
    region: u8,
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
    pub(in super::super) fn stationary(geography: u8, region: u8, cache: StationaryCache, stream: Stream) -> Self {
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
            region,
            waiting: Vec::new(),
        }
    }
}

impl World<'_> {
    /// A session asks its resolver.
    pub(in super::super) fn look_up(&mut self, agenda: &mut Agenda, session: Handle) {
        let now = agenda.now();
        let visitor = self.sessions.live(session);
        let place = visitor.resolver;
        let resolver = &mut self.resolvers[place as usize];
        let geography = usize::from(resolver.geography);
        let settings = &self.plan.scenario.geographies[geography].resolvers;
        let gives_up = (now + settings.timeout).min(visitor.patience_ends).max(now);
        if self.silent_resolvers[geography] > 0 {
            agenda.at(gives_up, Event::AttemptFails { session, cause: Cause::DnsFailure });
            return;
        }
        let fresh = now < resolver.cname_expires && now < resolver.answer_expires;
        self.record.looked_up(geography, now, fresh);
        if fresh {
            self.answer_client(agenda, place, session);
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

    /// A query reaches an authority, which answers unless it is silent.
    pub(in super::super) fn query_arrives(&mut self, agenda: &mut Agenda, place: u32, authority: NameServer) {
        let geography = usize::from(self.resolvers[place as usize].geography);
        let back = self.authority_rtt(authority).half();
        if self.silent_authorities[authority as usize] > 0 {
            let timeout = self.plan.scenario.geographies[geography].resolvers.timeout;
            agenda.after(timeout - back.min(timeout), Event::QueryFails { resolver: place });
        } else {
            let region = self.manager.answer(geography);
            agenda.after(back, Event::QueryAnswered { resolver: place, authority, region });
        }
    }

    /// An answer reaches the resolver: it asks on, or tells all who wait.
    pub(in super::super) fn query_answered(
        &mut self,
        agenda: &mut Agenda,
        place: u32,
        authority: NameServer,
        region: u8,
    ) {
        let now = agenda.now();
        let resolver = &mut self.resolvers[place as usize];
        match authority {
            NameServer::Zone => {
                resolver.cname_expires = self.design.dns.cname_ttl.map_or(SimTime::NEVER, |ttl| now + ttl);
                if now >= resolver.answer_expires {
                    self.query(agenda, place);
                    return;
                }
            }
            NameServer::Gtm => {
                resolver.answer_expires = now + self.design.dns.answer_ttl;
                resolver.answer_fetched = now;
                resolver.region = region;
            }
        }
        let mut waiting = std::mem::take(&mut self.resolvers[place as usize].waiting);
        for session in waiting.drain(..) {
            self.answer_client(agenda, place, session);
        }
        self.resolvers[place as usize].waiting = waiting;
    }

    /// A query has failed, and with it the look-up of all who wait.
    pub(in super::super) fn query_fails(&mut self, agenda: &mut Agenda, place: u32) {
        let resolver = &mut self.resolvers[place as usize];
        let rtt = self.plan.scenario.geographies[usize::from(resolver.geography)].resolvers.rtt;
        for session in resolver.waiting.drain(..) {
            agenda.after(rtt, Event::AttemptFails { session, cause: Cause::DnsFailure });
        }
    }

    /// The resolver answers a client from its cache; the client has it a round trip later.
    fn answer_client(&mut self, agenda: &mut Agenda, place: u32, session: Handle) {
        let now = agenda.now();
        let resolver = &self.resolvers[place as usize];
        let rtt = self.plan.scenario.geographies[usize::from(resolver.geography)].resolvers.rtt;
        let answer = Answer {
            region: resolver.region,
            expires: resolver.cname_expires.min(resolver.answer_expires),
            fetched: now + rtt,
            resolver_fetched: resolver.answer_fetched,
        };
        self.record.answered(usize::from(resolver.geography), now, resolver.region);
        self.answered(agenda, session, answer);
    }
}
