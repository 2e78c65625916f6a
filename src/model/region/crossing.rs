//! Crossings of the link: their time, cuts of the link, and all that goes on after it heals.

use super::super::event::{Event, Scheduler};
use super::Regions;
use super::call::NodeSide;
use crate::units::SimDuration;

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
    pub(super) fn release_held(&mut self, scheduler: &mut Scheduler) {
        for call in std::mem::take(&mut self.link.held) {
            let Some(request) = self.calls.get_mut(call) else { continue };
            let half = request.link_half_rtt;
            match request.node_side {
                NodeSide::Travelling => {
                    scheduler.schedule_after(half, Event::DatabaseArrives { call });
                }
                NodeSide::Returning => {
                    scheduler.schedule_after(half, Event::AnswerReturns { call });
                }
                NodeSide::Absent | NodeSide::Waiting | NodeSide::Present => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, pass, scheduler_at, secs};
    use super::super::super::slab::Handle;
    use super::super::alone::{REGIONS, regions, request};
    use super::super::call::Call;
    use super::*;
    use crate::scenario::InFlight;

    #[test]
    fn an_isolated_region_is_no_partition_of_the_link() {
        let mut regions = regions();
        regions.paths.isolate(REGIONS[0], Some(InFlight::Delivered), at(0));
        regions.link.cut(InFlight::Delivered, at(0));
        assert!(!regions.link_is_partitioned());
        regions.link.cut(InFlight::Delivered, at(0));
        assert!(regions.link_is_partitioned());
    }

    #[test]
    fn what_the_cut_has_held_goes_on_where_it_was() {
        let mut regions = regions();
        let calls = [NodeSide::Travelling, NodeSide::Returning, NodeSide::Absent, NodeSide::Present].map(|node_side| {
            regions.calls.insert(Call { node_side, link_half_rtt: secs(2), ..request(REGIONS[0], 1) })
        });
        regions.link.held.extend(calls);
        regions.link.held.push(Handle::NONE);
        let mut scheduler = scheduler_at(10);
        regions.release_held(&mut scheduler);
        assert!(regions.link.held.is_empty());
        let [travels, returns, ..] = calls;
        let expected =
            [(at(12), Event::DatabaseArrives { call: travels }), (at(12), Event::AnswerReturns { call: returns })];
        assert_eq!(pass(&mut scheduler, 100), expected);
    }

    #[test]
    fn delays_add_up() {
        let mut regions = regions();
        regions.link_slows(secs(2), true);
        regions.link_slows(secs(3), true);
        regions.link_slows(secs(2), false);
        assert_eq!(regions.link.delay, secs(3));
    }
}
