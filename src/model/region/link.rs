//! The link between the regions: cuts, delays, stalls, and what waits for it to heal.

use super::super::event::{Agenda, Event};
use super::super::slab::Handle;
use super::Regions;
use super::call::NodeSide;
use crate::units::SimDuration;

/// The link between the regions.
#[derive(Debug, Default)]
pub(super) struct Link {
    cuts: u32,
    /// Delay added to the round-trip time.
    pub(super) delay: SimDuration,
    /// Reasons for which the replication stream stands still, the cuts apart.
    stalls: u32,
    /// Calls and answers that met the cut, to be sent again when it heals.
    pub(super) held: Vec<Handle>,
}

impl Link {
    #[inline]
    pub(super) fn is_cut(&self) -> bool {
        self.cuts > 0
    }

    /// Counts the cuts under way.
    pub(super) fn cuts(&self) -> u32 {
        self.cuts
    }

    /// Whether the replication stream stands still though the link is whole.
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
    pub(super) fn cut(&mut self) -> bool {
        self.cuts += 1;
        self.cuts == 1
    }

    /// Ends a cut; true if the link is whole again.
    pub(super) fn heal(&mut self) -> bool {
        self.cuts -= 1;
        self.cuts == 0
    }
}

impl Regions {
    /// Returns whether the link itself is cut, and not merely a region at its end cut off from everybody.
    pub(super) fn link_is_partitioned(&self) -> bool {
        self.link.cuts() > self.paths.isolations()
    }

    /// The link becomes slower by a delay, or ceases to be.
    pub(in super::super) fn link_slows(&mut self, delay: SimDuration, begins: bool) {
        let link = &mut self.link.delay;
        *link = if begins { *link + delay } else { *link - delay };
    }

    /// The link is whole again: what was held goes on.
    pub(super) fn release_held(&mut self, agenda: &mut Agenda) {
        for call in std::mem::take(&mut self.link.held) {
            let Some(request) = self.calls.get_mut(call) else { continue };
            let half = request.link_half_rtt;
            match request.node_side {
                NodeSide::Travelling => {
                    agenda.after(half, Event::DatabaseArrives { call });
                }
                NodeSide::Returning => {
                    agenda.after(half, Event::AnswerReturns { call });
                }
                NodeSide::Absent | NodeSide::Present => {}
            }
        }
    }
}
