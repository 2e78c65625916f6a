//! Surges: sessions beyond the ordinary ones, and sessions that stay away.

use super::super::event::{Agenda, Event};
use super::super::marks::{Marks, OfSession};
use super::super::per_geography::PerGeography;
use super::super::setting::Setting;
use super::{Arrivals, Visitors};
use crate::engine::Stream;
use crate::scenario::GeographyId;
use crate::units::SimTime;

/// The surges of a run.
#[derive(Debug)]
pub(super) struct Surges {
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
    pub(super) fn new(geographies: usize) -> Self {
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

impl Surges {
    /// A surge begins: it adds the sessions of `arrivals`, or keeps a part away.
    fn begin(&mut self, occurrence: u32, geography: GeographyId, factor: f64, arrivals: Option<Arrivals>) {
        self.under_way.push(Surge { occurrence, geography, factor, arrivals });
        self.thin();
    }

    /// A surge ends.
    fn end(&mut self, occurrence: u32) {
        self.under_way.retain(|surge| surge.occurrence != occurrence);
        self.thin();
    }

    /// Takes the next session that a surge adds, unless it is over. Returns where it starts, its stream, and when the one after it
    /// does, if there is one.
    fn take(&mut self, occurrence: u32) -> Option<(GeographyId, Stream, Option<SimTime>)> {
        let surge = self.under_way.iter_mut().find(|surge| surge.occurrence == occurrence)?;
        let arrivals = surge.arrivals.as_mut()?;
        let stream = arrivals.take();
        Some((surge.geography, stream, arrivals.next()))
    }
}

impl Visitors {
    /// A surge begins: it adds sessions at (factor - 1) times the ordinary rate, or keeps some away.
    pub(in super::super) fn surge_begins(
        &mut self,
        agenda: &mut Agenda,
        setting: &Setting,
        (incident, occurrence): (usize, u32),
        geography: GeographyId,
        factor: f64,
    ) {
        let scenario = &setting.plan.scenario;
        let arrivals = (factor > 1.0).then(|| {
            let stream =
                setting.streams.surge(&scenario.incidents[incident].name, &scenario.geographies[geography].name);
            Arrivals::surge(agenda.now(), stream, &scenario.geographies[geography], factor, setting.plan.horizon)
        });
        if let Some(next) = arrivals.as_ref().and_then(Arrivals::next) {
            agenda.at(next, Event::SurgeSession { occurrence });
        }
        self.surges.begin(occurrence, geography, factor, arrivals);
    }

    /// A surge ends.
    pub(in super::super) fn surge_ends(&mut self, occurrence: u32) {
        self.surges.end(occurrence);
    }

    /// A session that a surge adds starts, unless the surge is over. Returns where, and its stream.
    pub(super) fn surge_session(&mut self, agenda: &mut Agenda, occurrence: u32) -> Option<(GeographyId, Stream)> {
        let (geography, stream, next) = self.surges.take(occurrence)?;
        if let Some(next) = next {
            agenda.at(next, Event::SurgeSession { occurrence });
        }
        Some((geography, stream))
    }
}
