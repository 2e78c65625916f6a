//! Surges: sessions beyond the ordinary ones, and sessions that stay away.

use super::super::event::Event;
use super::super::marks::{Marks, OfSession};
use super::super::per_geography::PerGeography;
use super::super::world::{Agenda, World};
use super::Arrivals;
use crate::scenario::GeographyId;

/// The surges of a run.
#[derive(Debug)]
pub(in super::super) struct Surges {
    under_way: Vec<Surge>,
    /// Per geography: share of the sessions that come all the same.
    coming: PerGeography<f64>,
}

/// A surge under way.
#[derive(Debug)]
struct Surge {
    occurrence: u32,
    geography: GeographyId,
    factor: f64,
    /// The sessions that it adds, if it adds any.
    arrivals: Option<Arrivals>,
}

impl Surges {
    pub(in super::super) fn new(geographies: usize) -> Self {
        Surges { under_way: Vec::new(), coming: PerGeography::same(1.0, geographies) }
    }

    /// Whether a session stays away.
    #[inline]
    pub(super) fn keeps_away(&self, geography: GeographyId, marks: Marks) -> bool {
        let coming = self.coming[geography];
        coming < 1.0 && marks.of_session(OfSession::Thinned).uniform() >= coming
    }

    fn thin(&mut self) {
        self.coming.fill(1.0);
        for surge in self.under_way.iter().filter(|surge| surge.factor < 1.0) {
            self.coming[surge.geography] *= surge.factor;
        }
    }
}

impl World<'_> {
    /// A surge begins: it adds sessions at (factor - 1) times the ordinary rate, or keeps some away.
    pub(in super::super) fn surge_begins(
        &mut self,
        agenda: &mut Agenda,
        (incident, occurrence): (usize, u32),
        geography: GeographyId,
        factor: f64,
    ) {
        let scenario = &self.setting.plan.scenario;
        let arrivals = (factor > 1.0).then(|| {
            let stream =
                self.setting.streams.surge(&scenario.incidents[incident].name, &scenario.geographies[geography].name);
            Arrivals::surge(agenda.now(), stream, &scenario.geographies[geography], factor, self.setting.plan.horizon)
        });
        if let Some(next) = arrivals.as_ref().and_then(Arrivals::next) {
            agenda.at(next, Event::SurgeSession { occurrence });
        }
        self.visitors.surges.under_way.push(Surge { occurrence, geography, factor, arrivals });
        self.visitors.surges.thin();
    }

    /// A surge ends.
    pub(in super::super) fn surge_ends(&mut self, occurrence: u32) {
        self.visitors.surges.under_way.retain(|surge| surge.occurrence != occurrence);
        self.visitors.surges.thin();
    }

    /// A session that a surge adds starts, unless the surge is over.
    pub(in super::super) fn surge_session(&mut self, agenda: &mut Agenda, occurrence: u32) {
        let mut under_way = self.visitors.surges.under_way.iter_mut();
        let Some(surge) = under_way.find(|surge| surge.occurrence == occurrence) else { return };
        let Some(arrivals) = &mut surge.arrivals else { return };
        let stream = arrivals.take();
        if let Some(next) = arrivals.next() {
            agenda.at(next, Event::SurgeSession { occurrence });
        }
        let geography = surge.geography;
        self.session_begins(agenda, geography, stream);
    }
}
