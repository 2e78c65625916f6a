//! The link between the regions: cuts, delays, stalls, and what waits for it to heal.

use super::super::slab::Handle;
use super::cuts::Cuts;
use crate::scenario::InFlight;
use crate::units::{SimDuration, SimTime};

/// The link between the regions.
#[derive(Debug)]
pub(super) struct Link {
    cuts: Cuts,
    /// Delay added to the round-trip time.
    pub(super) delay: SimDuration,
    /// Reasons for which the replication stream stands still, the cuts apart.
    stalls: u32,
    /// Calls and answers that met the cut, to be sent again when it heals.
    pub(super) held: Vec<Handle>,
}

impl Link {
    /// A link that is whole.
    pub(super) fn whole() -> Self {
        Link { cuts: Cuts::NONE, delay: SimDuration::ZERO, stalls: 0, held: Vec::new() }
    }

    #[inline]
    pub(super) fn is_cut(&self) -> bool {
        self.cuts.is_cut()
    }

    /// Tells if a packet that entered the link at `entered`, and would be at its end now, arrives.
    #[inline]
    pub(super) fn delivers(&self, entered: SimTime) -> bool {
        self.cuts.delivers(entered)
    }

    /// Counts the cuts under way.
    pub(super) fn cuts(&self) -> u32 {
        self.cuts.count()
    }

    /// Tells if the replication stream stands still though the link is whole.
    #[inline]
    pub(super) fn is_stalled(&self) -> bool {
        self.stalls > 0
    }

    /// Begins or ends a stall; true if the stream stands still, or goes on, because of it.
    pub(super) fn stall(&mut self, begins: bool) -> bool {
        self.stalls = if begins { self.stalls + 1 } else { self.stalls - 1 };
        self.stalls == u32::from(begins)
    }

    /// Begins a cut; true if the link was whole.
    pub(super) fn cut(&mut self, in_flight: InFlight, now: SimTime) -> bool {
        self.cuts.begin(in_flight, now)
    }

    /// Ends a cut; true if the link is whole again.
    pub(super) fn heal(&mut self) -> bool {
        self.cuts.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_cut_from_the_first_cut_to_the_end_of_the_last() {
        let mut link = Link::whole();
        assert!(link.cut(InFlight::Lost, SimTime::ZERO) && !link.cut(InFlight::Lost, SimTime::ZERO) && link.is_cut());
        assert!(!link.heal() && link.is_cut() && link.heal() && !link.is_cut());
        assert!(link.stall(true) && !link.stall(true) && link.is_stalled());
        assert!(!link.stall(false) && link.is_stalled() && link.stall(false) && !link.is_stalled());
    }
}
