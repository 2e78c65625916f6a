//! Surges: sessions beyond the ordinary ones, and sessions that stay away.

use super::super::draws::{Draws, OfSession};
use super::super::per_geography::PerGeography;
use super::arrival::Arrivals;
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

    /// Tells if a session stays away.
    #[inline]
    pub(super) fn keeps_away(&self, geography: GeographyId, draws: Draws) -> bool {
        let coming = self.coming[geography];
        coming < 1.0 && draws.of_session(OfSession::Thinned).uniform() >= coming
    }

    fn thin(&mut self) {
        self.coming.fill(1.0);
        for surge in self.under_way.iter().filter(|surge| surge.factor < 1.0) {
            self.coming[surge.geography] *= surge.factor;
        }
    }

    /// A surge begins: it adds the sessions of `arrivals`, or keeps a part away.
    pub(super) fn begin(&mut self, occurrence: u32, geography: GeographyId, factor: f64, arrivals: Option<Arrivals>) {
        self.under_way.push(Surge { occurrence, geography, factor, arrivals });
        self.thin();
    }

    /// A surge ends.
    pub(super) fn end(&mut self, occurrence: u32) {
        self.under_way.retain(|surge| surge.occurrence != occurrence);
        self.thin();
    }

    /// Takes the next session that a surge adds, unless it is over. Returns where it starts, its stream, and when the one after it
    /// does, if there is one.
    pub(super) fn take(&mut self, occurrence: u32) -> Option<(GeographyId, Stream, Option<SimTime>)> {
        let surge = self.under_way.iter_mut().find(|surge| surge.occurrence == occurrence)?;
        let arrivals = surge.arrivals.as_mut()?;
        let stream = arrivals.take();
        Some((surge.geography, stream, arrivals.next()))
    }
}
