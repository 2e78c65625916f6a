//! A recursive resolver: two cache entries, a failure that it remembers, and clients that share one query.
//!
//! It takes what happens to it and says what follows; who asks it and when the answers arrive is its callers' business.

use super::super::event::NameServer;
use super::super::slab::Handle;
use super::addresses::Addresses;
use super::resolver_clock::ResolverClock;
use crate::engine::Stream;
use crate::scenario::{Dns, GeographyId, Resolvers};
use crate::units::{SimDuration, SimTime};

/// One recursive resolver.
#[derive(Debug)]
pub(in super::super) struct Resolver {
    geography: GeographyId,
    clock: ResolverClock,
    cname_expires: SimTime,
    answer_expires: SimTime,
    /// Time at which the answer was fetched, and what it names.
    answer_fetched: SimTime,
    answer: Addresses,
    /// Until when a failure is remembered; past, if none is.
    failed_until: SimTime,
    /// Set if its last news of the name was an address, so that an old one may serve while there is no news.
    has_had_answer: bool,
    /// Set while a query is under way.
    is_asking: bool,
    /// Clients that wait for it; none does for one that was made in advance.
    waiting: Vec<Handle>,
}

/// Cache of a resolver that has long been running.
#[derive(Clone, Copy, Debug)]
pub(super) struct StationaryCache {
    /// Look-ups per second.
    pub(super) rate: f64,
    pub(super) cname_ttl: Option<SimDuration>,
    pub(super) answer_ttl: SimDuration,
    pub(super) counts_whole_seconds: bool,
}

/// The reply that a resolver has for a client that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cached {
    /// Both entries, which the client keeps until then.
    Fresh { expires: SimTime },
    /// Entries that have run out, and may serve while there is no news.
    Stale,
    /// A failure that it remembers.
    Failure,
    /// Nothing: the client has to wait for a query.
    Nothing,
}

/// The consequence of an answer of an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The other entry has run out, and is asked for.
    AsksOn,
    /// All who wait have their answer.
    Serves,
}

/// The reply to all who wait for a query that has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fallback {
    /// Entries that have run out.
    Stale,
    /// A failure.
    Failure,
}

/// RFC 8767, section 5: after so long without an answer clients are given a stale one (the client response timer)…
const STALE_AFTER: SimDuration = SimDuration::from_nanos(1_800_000_000);
/// …with this TTL, for which the authority is not asked again (the failure recheck timer).
pub(super) const STALE_TTL: SimDuration = SimDuration::from_secs(30);

/// The TTL that a resolver gives an entry.
pub(super) fn clamped(settings: &Resolvers, ttl: SimDuration) -> SimDuration {
    let ttl = ttl.max(settings.min_ttl);
    settings.max_ttl.map_or(ttl, |most| ttl.min(most))
}

impl Resolver {
    /// A resolver whose caches are as long use has left them.
    pub(super) fn stationary(
        geography: GeographyId,
        answer: Addresses,
        cache: StationaryCache,
        stream: Stream,
    ) -> Self {
        let clock = ResolverClock::new(cache.counts_whole_seconds, stream);
        let expiry = |ttl: SimDuration, counter: u64| {
            clock.stationary_end(cache.rate, ttl, [counter, counter + 1].map(|counter| stream.uniform(counter)))
        };
        let answer_expires = expiry(cache.answer_ttl, 0);
        let cname_expires = match cache.cname_ttl {
            None => SimTime::NEVER,
            Some(ttl) if ttl == cache.answer_ttl => answer_expires,
            Some(ttl) => expiry(ttl, 2),
        };
        Resolver {
            geography,
            clock,
            cname_expires,
            answer_expires,
            answer_fetched: SimTime::ZERO,
            answer,
            failed_until: SimTime::ZERO,
            has_had_answer: true,
            is_asking: false,
            waiting: Vec::new(),
        }
    }

    /// The geography that it serves.
    #[inline]
    pub(super) fn geography(&self) -> GeographyId {
        self.geography
    }

    /// The answer that it holds, and when it got that.
    #[inline]
    pub(super) fn answer(&self) -> (Addresses, SimTime) {
        (self.answer, self.answer_fetched)
    }

    /// The moment at which the first of its entries runs out.
    #[inline]
    pub(super) fn expires(&self) -> SimTime {
        self.cname_expires.min(self.answer_expires)
    }

    /// Returns the moment until which a client that is told its entries now keeps them.
    #[inline]
    pub(super) fn kept_until(&self, now: SimTime) -> SimTime {
        self.clock.kept_until(now, self.expires())
    }

    /// Returns the entry for a client that asks now.
    #[inline]
    pub(super) fn cached(&self, settings: &Resolvers, now: SimTime) -> Cached {
        let expires = self.expires();
        if now < expires {
            Cached::Fresh { expires: self.kept_until(now) }
        } else if now >= self.failed_until {
            Cached::Nothing
        } else if self.may_serve_stale(settings, now) {
            Cached::Stale
        } else {
            Cached::Failure
        }
    }

    /// A client waits for a query. Returns true if that has to be made: none is under way.
    pub(super) fn is_first_to_wait(&mut self, session: Handle) -> bool {
        self.waiting.push(session);
        !std::mem::replace(&mut self.is_asking, true)
    }

    /// A client has been told entries that have not run out. Returns the authority to ask in advance, if the life of one of them is
    /// nearly over and no query is under way.
    pub(super) fn prefetches(&mut self, (settings, dns): (&Resolvers, &Dns), now: SimTime) -> Option<NameServer> {
        if !settings.prefetch || self.is_asking {
            return None;
        }
        let is_nearly_over = |end: SimTime, ttl| self.clock.is_nearly_over(now, end, clamped(settings, ttl));
        let due = if dns.cname_ttl.is_some_and(|ttl| is_nearly_over(self.cname_expires, ttl)) {
            NameServer::Zone
        } else if is_nearly_over(self.answer_expires, dns.answer_ttl) {
            NameServer::Gtm
        } else {
            return None;
        };
        self.is_asking = true;
        Some(due)
    }

    /// The authority to ask now: that of whichever entry it lacks, the CNAME first.
    pub(super) fn lacks(&self, now: SimTime) -> NameServer {
        if now >= self.cname_expires { NameServer::Zone } else { NameServer::Gtm }
    }

    /// Returns the time that it waits for an authority that is silent from `now` on, a moment after it was asked.
    pub(super) fn waits_for(&self, settings: &Resolvers, now: SimTime) -> SimDuration {
        match self.may_serve_stale(settings, now) {
            true => STALE_AFTER.min(settings.timeout.half()),
            false => settings.timeout,
        }
    }

    /// An authority's answer reaches it.
    pub(super) fn learns(
        &mut self,
        (settings, dns): (&Resolvers, &Dns),
        authority: NameServer,
        addresses: Addresses,
        now: SimTime,
    ) -> Next {
        match authority {
            NameServer::Zone => {
                self.cname_expires =
                    dns.cname_ttl.map_or(SimTime::NEVER, |ttl| self.clock.end_of(now, clamped(settings, ttl)));
                if now >= self.answer_expires {
                    return Next::AsksOn;
                }
            }
            NameServer::Gtm => {
                self.answer_expires = self.clock.end_of(now, clamped(settings, dns.answer_ttl));
                self.has_had_answer = true;
                self.answer_fetched = now;
                self.answer = addresses;
            }
        }
        Next::Serves
    }

    /// A query has failed: it remembers that, and asks nobody for a while.
    pub(super) fn fails(&mut self, settings: &Resolvers, now: SimTime) -> Fallback {
        if self.may_serve_stale(settings, now) {
            self.failed_until = now + STALE_TTL;
            Fallback::Stale
        } else {
            self.failed_until = now + settings.failure_ttl;
            Fallback::Failure
        }
    }

    /// An answer without an address reaches it: that is news, and an old address does not serve any more.
    pub(super) fn learns_of_no_address(&mut self, now: SimTime) {
        self.has_had_answer = false;
        // One that was asked for in advance has not run out.
        self.answer_expires = self.answer_expires.min(now);
    }

    /// Takes those who wait: their query is over.
    pub(super) fn take_waiting(&mut self) -> Vec<Handle> {
        self.is_asking = false;
        std::mem::take(&mut self.waiting)
    }

    /// Keeps the room of those who waited for those who will, if nobody does yet.
    pub(super) fn keep_room(&mut self, mut waited: Vec<Handle>) {
        if self.waiting.is_empty() {
            waited.clear();
            self.waiting = waited;
        }
    }

    /// Tells if the entries at hand may serve at `now` though they have run out; one that was not there at the start
    /// counts as having run out then.
    fn may_serve_stale(&self, settings: &Resolvers, now: SimTime) -> bool {
        let is_recent = |expires: SimTime, longest| expires >= now || now.since(expires) <= longest;
        settings.serve_stale.is_some_and(|longest| {
            self.has_had_answer && is_recent(self.cname_expires, longest) && is_recent(self.answer_expires, longest)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::slab::Slab;
    use super::*;
    use crate::scenario::RegionId;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    fn seconds(seconds: u64) -> SimDuration {
        SimDuration::from_secs(seconds)
    }

    const SOUTH: Addresses = Addresses { first: RegionId::Second, second: None };

    /// Entries of a minute (the answer's) and of ten (the CNAME's); old ones serve for an hour if `serves_stale`.
    fn settings(serves_stale: bool) -> (Resolvers, Dns) {
        let serve_stale = serves_stale.then_some(seconds(3_600));
        let resolvers = Resolvers { serve_stale, failure_ttl: seconds(30), ..Resolvers::default() };
        (resolvers, Dns { answer_ttl: seconds(60), cname_ttl: Some(seconds(600)), ..Dns::default() })
    }

    /// A resolver that nobody has asked yet.
    fn idle() -> Resolver {
        let cache = StationaryCache {
            rate: 0.0,
            cname_ttl: Some(seconds(600)),
            answer_ttl: seconds(60),
            counts_whole_seconds: false,
        };
        let north = Addresses { first: RegionId::First, second: None };
        Resolver::stationary(GeographyId::FIRST, north, cache, Stream::root(1, 1))
    }

    #[test]
    fn the_cname_is_asked_for_first_and_both_entries_serve_until_the_first_runs_out() {
        let (settings, dns) = settings(false);
        let mut resolver = idle();
        assert_eq!(resolver.cached(&settings, at(1)), Cached::Nothing);
        assert_eq!(resolver.lacks(at(1)), NameServer::Zone);
        assert_eq!(resolver.learns((&settings, &dns), NameServer::Zone, SOUTH, at(2)), Next::AsksOn);
        assert_eq!(resolver.lacks(at(2)), NameServer::Gtm);
        assert_eq!(resolver.learns((&settings, &dns), NameServer::Gtm, SOUTH, at(3)), Next::Serves);
        assert_eq!(resolver.answer(), (SOUTH, at(3)));
        assert_eq!(resolver.cached(&settings, at(62)), Cached::Fresh { expires: at(63) });
        assert_eq!(resolver.cached(&settings, at(63)), Cached::Nothing);
        assert_eq!(resolver.lacks(at(63)), NameServer::Gtm, "the CNAME is still there");
    }

    #[test]
    fn clients_share_one_query() {
        let mut resolver = idle();
        let mut sessions = Slab::new();
        let [one, other] = [(), ()].map(|session| sessions.insert(session));
        assert!(resolver.is_first_to_wait(one) && !resolver.is_first_to_wait(other));
        let waited = resolver.take_waiting();
        assert_eq!(waited, [one, other]);
        resolver.keep_room(waited);
        assert!(resolver.is_first_to_wait(other), "the query is over");
    }

    #[test]
    fn a_failure_is_remembered_and_then_forgotten() {
        let (settings, _) = settings(false);
        let mut resolver = idle();
        assert_eq!(resolver.fails(&settings, at(10)), Fallback::Failure);
        let forgotten = at(10) + settings.failure_ttl;
        assert_eq!(resolver.cached(&settings, at(10)), Cached::Failure);
        assert_eq!(resolver.cached(&settings, forgotten), Cached::Nothing);
    }

    #[test]
    fn an_old_answer_serves_while_there_is_no_news_and_not_after_an_answer_without_address() {
        let (settings, dns) = settings(true);
        let mut resolver = idle();
        for authority in [NameServer::Zone, NameServer::Gtm] {
            resolver.learns((&settings, &dns), authority, SOUTH, at(0));
        }
        assert_eq!(resolver.waits_for(&settings, at(700)), STALE_AFTER.min(settings.timeout.half()));
        assert_eq!(resolver.fails(&settings, at(700)), Fallback::Stale);
        assert_eq!(resolver.cached(&settings, at(729)), Cached::Stale);
        resolver.learns_of_no_address(at(729));
        assert_eq!(resolver.cached(&settings, at(729)), Cached::Failure);
        assert_eq!(resolver.fails(&settings, at(730)), Fallback::Failure);
        assert_eq!(resolver.waits_for(&settings, at(730)), settings.timeout);
    }

    #[test]
    fn an_old_answer_does_not_serve_for_longer_than_is_set() {
        let (settings, dns) = settings(true);
        let mut resolver = idle();
        for authority in [NameServer::Zone, NameServer::Gtm] {
            resolver.learns((&settings, &dns), authority, SOUTH, at(0));
        }
        assert_eq!(resolver.fails(&settings, at(3_660)), Fallback::Stale);
        assert_eq!(resolver.fails(&settings, at(3_661)), Fallback::Failure);
    }
}
