//! What the record has to know of the world beside its visitors: the standing of the regions, and whether all is settled.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::world::World;
use super::meter::{Reading, Standing};
use crate::scenario::{Failback, GeographyId, RegionId};
use crate::units::SimTime;

impl World<'_> {
    /// Notes what an event has changed: called after every event that may change any of it.
    pub(in super::super) fn note_circumstances(&mut self, now: SimTime) {
        let standing = PerRegion::from_fn(|region| self.standing(region));
        if standing != self.books.standing() {
            let readings = self.readings(now);
            self.books.stand(readings, standing);
        }
        let (is_changing, is_settled) = (self.data.is_changing(), self.is_settled());
        self.books.note_calm(now, is_changing, is_settled);
    }

    /// Readings of the meters of both regions.
    pub(in super::super) fn readings(&mut self, now: SimTime) -> PerRegion<Reading> {
        PerRegion::from_fn(|region| Reading {
            app: self.regions.app_used(region, now),
            node: self.regions.node_used(NodeId::of(region), now),
        })
    }

    /// Instances switched on, and not lost, in both regions.
    pub(in super::super) fn instances_on(&self) -> u32 {
        self.regions.instances_on()
    }

    fn standing(&self, region: RegionId) -> Standing {
        let geographies = self.setting.plan.geographies.ids();
        let has_sessions =
            |geography: &GeographyId| self.setting.plan.scenario.geographies[*geography].session_rate > 0.0;
        let mut with_sessions = geographies.filter(has_sessions);
        Standing {
            is_up: self.regions.is_up(region),
            leads: with_sessions.any(|geography| self.dns.manager().leads(geography, region)),
        }
    }

    /// Returns whether answers, roles and standbys are as at first, or as the design keeps them for good.
    fn is_settled(&self) -> bool {
        let keeps_away = self.setting.design.failback == Failback::Never;
        let promotion = &self.setting.design.promotion;
        let role_stays =
            self.data.primary().region() == self.setting.design.database.primary || promotion.return_role.is_none();
        role_stays && self.dns.manager().is_settled(keeps_away) && !self.regions.is_growing()
    }
}
