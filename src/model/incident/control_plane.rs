//! Control planes: while one is out, nothing is changed, and what serves goes on serving.

use super::super::event::Event;
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

impl ControlPlane {
    /// A control plane is out from an occurrence on, in a region or everywhere: each change fails with probability `fails`, by the
    /// draws of `stream`.
    pub(super) fn fails(&mut self, occurrence: u32, region: Option<RegionId>, fails: f64, stream: Stream) {
        self.outages.push(Outage { occurrence, region, fails, stream });
    }

    /// It is back. Returns what has waited, to be tried again.
    pub(super) fn returns(&mut self, occurrence: u32) -> Vec<Event> {
        self.outages.retain(|outage| outage.occurrence != occurrence);
        std::mem::take(&mut self.waiting)
    }

    /// Returns true if a change in a region fails now; then `event` makes it again when a control plane is back. `which` tells it
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
        let fails = self.outages.iter().any(stops);
        if fails {
            self.waiting.push(event);
        }
        fails
    }
}
