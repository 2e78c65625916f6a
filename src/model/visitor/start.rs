//! The start of a session: when it comes, and what it brings with it.

use super::super::dns::{Addresses, TrafficManager};
use super::super::draws::{Draws, OfSession};
use super::super::event::{Event, Scheduler};
use super::super::outcome::Operation;
use super::super::setting::Setting;
use super::super::slab::Handle;
use super::super::whole;
use super::arrival::next_arrival;
use super::budget::RetryBudget;
use super::service_client::draws_of;
use super::session::{Answer, NEVER_LEAVES, Session};
use super::{Arrivals, Visitors};
use crate::engine::Stream;
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

impl Visitors {
    /// Nobody, and the sessions that will start.
    pub(in super::super) fn at_start(setting: &Setting) -> Self {
        let Setting { plan, streams, .. } = *setting;
        let arrivals = plan.scenario.geographies.iter();
        let arrivals =
            arrivals.map(|geography| Arrivals::new(streams.arrivals(&geography.name), geography, plan.horizon));
        let budget = |geography: GeographyId| {
            let per_request = plan.scenario.geographies[geography].client.retry_budget?;
            Some(RetryBudget::full(per_request, plan.geographies[geography].retry_tokens))
        };
        Visitors::new(arrivals.collect(), plan.geographies.ids().map(budget).collect())
    }
}

impl Visitors {
    /// A surge begins: it adds sessions at (factor - 1) times the ordinary rate, or keeps some away.
    pub(in super::super) fn surge_begins(
        &mut self,
        scheduler: &mut Scheduler,
        setting: &Setting,
        (incident, occurrence): (usize, u32),
        geography: GeographyId,
        factor: f64,
    ) {
        let scenario = &setting.plan.scenario;
        let arrivals = (factor > 1.0).then(|| {
            let stream =
                setting.streams.surge(&scenario.incidents[incident].name, &scenario.geographies[geography].name);
            Arrivals::surge(scheduler.now(), stream, &scenario.geographies[geography], factor, setting.plan.horizon)
        });
        if let Some(next) = arrivals.as_ref().and_then(Arrivals::next) {
            scheduler.schedule_at(next, Event::SurgeSession { occurrence });
        }
        self.surges.begin(occurrence, geography, factor, arrivals);
    }

    /// A surge ends.
    pub(in super::super) fn surge_ends(&mut self, occurrence: u32) {
        self.surges.end(occurrence);
    }

    /// A session that a surge adds starts, unless the surge is over. Returns where, and its stream.
    fn surge_session(&mut self, scheduler: &mut Scheduler, occurrence: u32) -> Option<(GeographyId, Stream)> {
        let (geography, stream, next) = self.surges.take(occurrence)?;
        if let Some(next) = next {
            scheduler.schedule_at(next, Event::SurgeSession { occurrence });
        }
        Some((geography, stream))
    }
}

/// Owners that the start of a session touches.
pub(in super::super) struct Starts<'w> {
    pub(in super::super) visitors: &'w mut Visitors,
    /// Clients that have pinned an answer have done so long ago.
    pub(in super::super) manager: &'w TrafficManager,
    pub(in super::super) setting: &'w Setting<'w>,
}

impl Starts<'_> {
    /// A session of a geography starts, and the next one is on its way. Returns it, unless it stays away.
    #[inline(always)]
    pub(in super::super) fn session_starts(
        &mut self,
        scheduler: &mut Scheduler,
        geography: GeographyId,
    ) -> Option<Handle> {
        let arrivals = &mut self.visitors.arrivals[geography];
        let stream = arrivals.take();
        if let Some(next) = arrivals.next() {
            next_arrival(scheduler, geography, next);
        }
        self.session_begins(scheduler.now(), geography, stream)
    }

    /// A session that a surge adds starts. Returns it, unless the surge is over.
    pub(in super::super) fn surge_session(&mut self, scheduler: &mut Scheduler, occurrence: u32) -> Option<Handle> {
        let (geography, stream) = self.visitors.surge_session(scheduler, occurrence)?;
        self.session_begins(scheduler.now(), geography, stream)
    }

    /// A session with this stream begins in a geography. Returns it, unless it stays away.
    fn session_begins(&mut self, now: SimTime, geography: GeographyId, stream: Stream) -> Option<Handle> {
        let draws = Draws(stream);
        if self.visitors.surges.keeps_away(geography, draws) {
            return None;
        }
        let plan = self.setting.plan;
        let client = &plan.scenario.geographies[geography].client;
        let requests = plan.geographies[geography].requests.value(draws.of_session(OfSession::Requests));
        let mut session = self.newcomer(now, geography, draws, whole::floor_count(requests.max(1.0)));
        if client.pin_share > 0.0 && draws.of_session(OfSession::Pinned).uniform() < client.pin_share {
            let age = client.pin.as_secs_f64() * draws.of_session(OfSession::PinAge).uniform();
            let fetched = now.saturating_sub(SimDuration::from_secs_f64(age));
            let addresses = self.manager.answer_at(session.routed_as, fetched);
            let draw = || draws.of_session(OfSession::PinWeight).uniform();
            let (Addresses { first: region, second }, ordinary) =
                self.manager.given(session.routed_as, addresses, draw);
            let expires = SimTime::NEVER;
            session.answer = Some(Answer { region, second, ordinary, expires, fetched, resolver_fetched: fetched });
        }
        Some(self.visitors.sessions.insert(session))
    }

    /// A client that never leaves makes its first request now. Returns its session.
    pub(in super::super) fn service_client_starts(
        &mut self,
        now: SimTime,
        geography: GeographyId,
        number: u32,
    ) -> Handle {
        let draws = draws_of(self.setting, geography, number);
        let session = self.newcomer(now, geography, draws, NEVER_LEAVES);
        self.visitors.sessions.insert(session)
    }

    /// A session that starts now in a geography, to make so many requests. It holds no answer.
    #[inline]
    fn newcomer(&self, now: SimTime, geography: GeographyId, draws: Draws, requests: u32) -> Session {
        let routed_as = self.routed_as(draws, geography);
        let bank = &self.setting.plan.geographies[routed_as];
        let popularity = bank.resolvers.index(draws.of_session(OfSession::Resolver));
        Session {
            draws,
            geography,
            routed_as,
            resolver: bank.first_resolver + popularity,
            requests,
            answer: None,
            connection: None,
            own_writes: Handle::NONE,
            request: 0,
            operation: Operation::Read,
            started: now,
            patience_ends: now,
            write: Handle::NONE,
            hears: None,
            attempt: 0,
            sent: now,
            rtt_ns: 0,
            region: RegionId::First,
            on_kept_connection: false,
            call: Handle::NONE,
            late_phase: None,
        }
    }

    /// The geography whose resolver a session uses.
    fn routed_as(&self, draws: Draws, geography: GeographyId) -> GeographyId {
        let others = self.setting.plan.geographies.len() - 1;
        let foreign = self.setting.resolvers(geography).foreign;
        if others == 0 || foreign == 0.0 || draws.of_session(OfSession::Foreign).uniform() >= foreign {
            return geography;
        }
        let which = whole::pick(draws.of_session(OfSession::ForeignGeography).uniform(), others);
        let place = if which < geography.index() { which } else { which + 1 };
        GeographyId::try_from(place).expect("the place of a geography")
    }
}

#[cfg(test)]
mod tests;
