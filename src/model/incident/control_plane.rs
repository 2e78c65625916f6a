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
    /// Region; `None`: everywhere.
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
    pub(in super::super) fn begins(&mut self, occurrence: u32, region: Option<RegionId>, fails: f64, stream: Stream) {
        self.outages.push(Outage { occurrence, region, fails, stream });
    }

    /// It is back. Returns what has waited, to be tried again.
    pub(in super::super) fn ends(&mut self, occurrence: u32) -> Vec<Event> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Event = Event::StandbyActive { region: NORTH };
    const NORTH: RegionId = RegionId::First;
    const SOUTH: RegionId = RegionId::Second;

    fn stream() -> Stream {
        Stream::root(1, 1)
    }

    fn fails(control_plane: &mut ControlPlane, region: RegionId, which: u64) -> bool {
        control_plane.change_fails(region, Change::Activation, which, EVENT)
    }

    #[test]
    fn changes_fail_where_it_is_out_and_wait_for_its_end() {
        let mut control_plane = ControlPlane::default();
        assert!(!fails(&mut control_plane, NORTH, 0), "nothing is out");
        control_plane.begins(3, Some(NORTH), 1.0, stream());
        assert!(fails(&mut control_plane, NORTH, 0) && !fails(&mut control_plane, SOUTH, 0));
        assert_eq!(control_plane.ends(3), [EVENT]);
        assert!(!fails(&mut control_plane, NORTH, 0));
        assert_eq!(control_plane.ends(3), [], "what has waited is tried again once");
    }

    #[test]
    fn an_outage_everywhere_lasts_until_its_own_end() {
        let mut control_plane = ControlPlane::default();
        control_plane.begins(0, None, 1.0, stream());
        control_plane.begins(1, Some(SOUTH), 1.0, stream());
        control_plane.ends(0);
        assert!(!fails(&mut control_plane, NORTH, 0) && fails(&mut control_plane, SOUTH, 0));
    }

    #[test]
    fn a_part_of_the_changes_fails_each_by_its_own_draw() {
        let mut control_plane = ControlPlane::default();
        control_plane.begins(0, None, 0.25, stream());
        let of = |control_plane: &mut ControlPlane| -> Vec<bool> {
            (0..1_000).map(|which| fails(control_plane, NORTH, which)).collect()
        };
        let first = of(&mut control_plane);
        // A quarter of a thousand, give or take four standard deviations of 13.7.
        let failed = first.iter().filter(|fails| **fails).count();
        assert!((195..=305).contains(&failed), "{failed}");
        assert_eq!(of(&mut control_plane), first, "a change that fails, fails however often it is tried");
        assert_eq!(control_plane.ends(0).len(), 2 * failed);
    }
}
