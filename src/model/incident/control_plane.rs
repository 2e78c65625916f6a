//! Control planes: while one is out, nothing is changed, and what serves goes on serving.

use super::super::event::Event;
use super::super::world::{Agenda, World};
use crate::engine::Stream;
use crate::scenario::RegionId;

/// The control planes' outages, and what waits for their ends.
#[derive(Debug, Default)]
pub(in super::super) struct ControlPlane {
    outages: Vec<Outage>,
    waiting: Vec<Event>,
}

#[derive(Debug)]
struct Outage {
    occurrence: u32,
    /// Where; `None`: everywhere.
    region: Option<RegionId>,
    /// Probability that a change fails.
    fails: f64,
    stream: Stream,
}

/// A change that takes a control plane.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Change {
    /// The answers' view of a target.
    Publication,
    /// The decision to promote.
    Promotion,
    /// A standby grows.
    Activation,
}

// The counter of a draw: 0 and 1 are the occurrence's own; above, what is changed, and which of its kind.
const KIND: u64 = 1 << 48;

impl World<'_> {
    /// A control plane is out.
    pub(super) fn control_plane_fails(
        &mut self,
        (place, occurrence): (usize, u32),
        region: Option<RegionId>,
        fails: f64,
    ) {
        let number = self.books.incidents.occurrences_of(place) - 1;
        let stream =
            self.setting.streams.incident(&self.setting.plan.scenario.incidents[place].name).child(u64::from(number));
        self.control_plane.outages.push(Outage { occurrence, region, fails, stream });
    }

    /// It is back: what waits is tried again.
    pub(super) fn control_plane_returns(&mut self, agenda: &mut Agenda, occurrence: u32) {
        self.control_plane.outages.retain(|outage| outage.occurrence != occurrence);
        for event in std::mem::take(&mut self.control_plane.waiting) {
            agenda.turning_point(agenda.now(), event);
        }
    }

    /// Whether a change in a region fails now; then `event` makes it again when a control plane is back. `which` tells it
    /// from others of its kind in the run.
    pub(in super::super) fn change_fails(
        &mut self,
        region: RegionId,
        change: Change,
        which: u64,
        event: Event,
    ) -> bool {
        let counter = KIND * (change as u64 + 1) + which;
        let stops = |outage: &Outage| {
            outage.region.is_none_or(|only| only == region) && outage.stream.uniform(counter) < outage.fails
        };
        let fails = self.control_plane.outages.iter().any(stops);
        if fails {
            self.control_plane.waiting.push(event);
        }
        fails
    }
}
