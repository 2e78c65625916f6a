//! The gate of what may be settled at once: until when a request cannot be disturbed.
//!
//! Incidents, promotions and leases act at lookahead bounds alone, so a request that a region can serve now can be served there
//! until the next one. Each shortcut asks the gate first, and then what it needs besides: a server that is free, a client that
//! waits long enough. `docs/design.md` lists the shortcuts.

use super::super::event::Scheduler;
use super::super::outcome::Operation;
use super::Regions;
use super::serving::Serving;
use super::state::Reachability;
use crate::scenario::{GeographyId, RegionId};
use crate::units::SimTime;

impl Regions {
    /// Returns until when requests of `geography` reach a region that is up, whatever else happens: the next lookahead bound, or
    /// now if they do not reach it.
    #[inline]
    pub(in super::super) fn undisturbed_until(
        &self,
        scheduler: &Scheduler,
        geography: GeographyId,
        region: RegionId,
    ) -> SimTime {
        match self.reached(geography, region) {
            Reachability::Up => scheduler.lookahead_bound(),
            Reachability::Silent | Reachability::Refusing => scheduler.now(),
        }
    }
}

impl Serving<'_> {
    /// Tells whether a success of an operation at a region may be noted before it happens: nobody learns of it too early.
    #[inline]
    pub(super) fn may_succeed_early(&self, region: RegionId, operation: Operation) -> bool {
        // A driver must not know of a success before it happens.
        self.regions.states[region].endpoints.are_names()
            // Who is served first after a failover is told by the order of events.
            && !self.books.await_failover(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::super::alone::{HERE, REGIONS, refuses, regions};
    use super::super::state::Part;
    use super::*;
    use crate::model::event::Event;
    use crate::model::scheduler_alone::{at, scheduler_at};

    #[test]
    fn a_request_is_undisturbed_until_the_next_lookahead_bound_where_it_is_served_and_not_at_all_elsewhere() {
        let mut regions = regions();
        let mut scheduler = scheduler_at(10);
        assert_eq!(regions.undisturbed_until(&scheduler, HERE, REGIONS[0]), SimTime::NEVER);
        scheduler.schedule_bound(at(50), Event::MeasuringEnds);
        assert_eq!(regions.undisturbed_until(&scheduler, HERE, REGIONS[0]), at(50));
        regions.states[REGIONS[0]].suffer(refuses(Part::App), true);
        assert_eq!(regions.undisturbed_until(&scheduler, HERE, REGIONS[0]), at(10));
        assert_eq!(regions.undisturbed_until(&scheduler, HERE, REGIONS[1]), at(50));
    }
}
