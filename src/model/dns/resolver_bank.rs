//! All resolvers of a run, and the outages of those of a geography.

use std::ops::{Index, IndexMut};

use super::super::draws::RunStreams;
use super::super::per_geography::PerGeography;
use super::super::plan::GeographyPlan;
use super::resolver::{Resolver, StationaryCache, clamped};
use super::traffic_manager::TrafficManager;
use crate::scenario::{Dns, Geography, GeographyId};
use crate::units::SimTime;

/// Every resolver, one geography after the other, as a session knows them.
#[derive(Debug)]
pub(in super::super) struct ResolverBank {
    resolvers: Vec<Resolver>,
    /// Outages at the moment, of all resolvers of a geography.
    silent: PerGeography<u32>,
}

impl ResolverBank {
    /// All resolvers, with caches as long running has left them, of answers that `manager` gives at the start.
    pub(in super::super) fn stationary(
        (plans, geographies): (&PerGeography<GeographyPlan>, &Vec<Geography>),
        dns: &Dns,
        manager: &TrafficManager,
        streams: RunStreams,
    ) -> Self {
        let mut resolvers = Vec::new();
        for (id, plan) in plans.each() {
            let geography = &geographies[id];
            let asking = asking(id, geographies);
            let stream = streams.resolvers(&geography.name);
            for (number, share) in (0..geography.resolvers.count).zip(&plan.resolver_shares) {
                let cache = StationaryCache {
                    rate: asking * share,
                    cname_ttl: dns.cname_ttl.map(|ttl| clamped(&geography.resolvers, ttl)),
                    answer_ttl: clamped(&geography.resolvers, dns.answer_ttl),
                    counts_whole_seconds: geography.resolvers.whole_seconds,
                };
                let answer = manager.answer_at(id, SimTime::ZERO);
                resolvers.push(Resolver::stationary(id, answer, cache, stream.child(u64::from(number))));
            }
        }
        ResolverBank { resolvers, silent: PerGeography::same(0, plans.len()) }
    }

    /// The resolvers of a geography fall silent, or one reason for it fewer.
    pub(in super::super) fn outage(&mut self, geography: GeographyId, begins: bool) {
        let count = &mut self.silent[geography];
        *count = if begins { *count + 1 } else { *count - 1 };
    }

    /// Returns true if the resolvers of a geography do not answer their clients.
    #[inline]
    pub(super) fn is_silent(&self, geography: GeographyId) -> bool {
        self.silent[geography] > 0
    }
}

/// Sessions per second that ask the resolvers of a geography: its own, and its part of the others' foreign ones.
fn asking(geography: GeographyId, geographies: &[Geography]) -> f64 {
    let others = geographies.len() - 1;
    let mut asking = 0.0;
    for (place, visitors) in geographies.iter().enumerate() {
        let foreign = if others == 0 { 0.0 } else { visitors.resolvers.foreign };
        let share = if place == geography.index() { 1.0 - foreign } else { foreign / others as f64 };
        asking += visitors.session_rate_at_start() * share * (1.0 - visitors.client.pin_share);
    }
    asking
}

/// By their place among all resolvers.
impl Index<u32> for ResolverBank {
    type Output = Resolver;

    #[inline]
    fn index(&self, place: u32) -> &Resolver {
        &self.resolvers[place as usize]
    }
}

impl IndexMut<u32> for ResolverBank {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut Resolver {
        &mut self.resolvers[place as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{self, ASIA, europe};
    use super::*;

    #[test]
    fn the_resolvers_of_a_geography_are_asked_by_its_own_sessions_and_by_those_led_astray() {
        let plan = fixture::plan(&[
            "geographies.asia.sessions.rate=2",
            "geographies.europe.sessions.rate=4",
            "geographies.asia.resolvers.foreign=0.5",
            "geographies.europe.resolvers.foreign=0.25",
            "geographies.europe.client.pin_share=0.5",
        ]);
        // Asia: half of its own two, and a quarter of the two of Europe's four that pin no answer.
        let asked = [ASIA, europe()].map(|geography| asking(geography, &plan.scenario.geographies));
        assert!((asked[0] - 1.5).abs() < 1e-12 && (asked[1] - 2.5).abs() < 1e-12, "{asked:?}");
    }

    #[test]
    fn every_resolver_serves_its_geography_and_silence_is_counted() {
        let plan = fixture::plan(&["geographies.asia.resolvers.count=3"]);
        let setting = fixture::setting(&plan);
        let mut bank = fixture::dns(&setting).resolvers;
        let served: Vec<usize> = (0..4).map(|place| bank[place].geography().index()).collect();
        assert_eq!(served, [0, 0, 0, 1]);
        bank.outage(ASIA, true);
        bank.outage(ASIA, true);
        bank.outage(ASIA, false);
        assert!(bank.is_silent(ASIA) && !bank.is_silent(europe()));
        bank.outage(ASIA, false);
        assert!(!bank.is_silent(ASIA));
    }

    #[test]
    fn a_busy_resolver_holds_an_answer_at_the_start_and_an_idle_one_does_not() {
        let now = SimTime::ZERO;
        let holds = |rate: &str| {
            let plan = fixture::plan(&[&format!("geographies.asia.sessions.rate={rate}")]);
            let setting = fixture::setting(&plan);
            fixture::dns(&setting).resolvers[0].expires() > now
        };
        assert!(holds("1000") && !holds("0.000000001"));
    }
}
