//! Circumstances: what the books have to know beside the visitors, the standing of the regions, and whether all is settled.

use super::books::Books;
use super::clockwork::readings;
use super::data::Data;
use super::dns::TrafficManager;
use super::per_region::PerRegion;
use super::record::Standing;
use super::region::Regions;
use super::setting::Setting;
use crate::scenario::{Failback, GeographyId, RegionId};
use crate::units::SimTime;

/// Owners that the circumstances follow from, and the books that note them.
pub(super) struct Circumstances<'w> {
    /// Their accumulators are read when a standing changes.
    pub(super) regions: &'w mut Regions,
    pub(super) manager: &'w TrafficManager,
    pub(super) data: &'w Data,
    pub(super) books: &'w mut Books,
    pub(super) setting: &'w Setting<'w>,
}

impl Circumstances<'_> {
    /// Notes what an event has changed: called after every event that may change any of it.
    pub(super) fn note(&mut self, now: SimTime) {
        let standing = PerRegion::from_fn(|region| self.standing(region));
        if standing != self.books.standing() {
            self.books.stand(readings(self.regions, now), standing);
        }
        let is_settled = self.is_settled();
        self.books.note_calm(now, self.data.is_changing(), is_settled);
    }

    fn standing(&self, region: RegionId) -> Standing {
        let plan = self.setting.plan;
        let has_sessions = |geography: &GeographyId| plan.scenario.geographies[*geography].session_rate > 0.0;
        let mut with_sessions = plan.geographies.ids().filter(has_sessions);
        Standing {
            is_up: self.regions.is_up(region),
            leads: with_sessions.any(|geography| self.manager.leads(geography, region)),
        }
    }

    /// Returns whether answers, roles and standbys are as at first, or as the design keeps them for good.
    fn is_settled(&self) -> bool {
        let design = self.setting.design;
        let keeps_away = design.failback == Failback::Never;
        let is_first = self.data.primary().region() == design.database.primary;
        let role_stays = is_first || design.promotion.return_role.is_none();
        role_stays && self.manager.is_settled(keeps_away) && !self.regions.is_growing()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, NORTH, SOUTH};
    use super::super::node_id::NodeId;
    use super::*;
    use crate::units::SimDuration;

    #[test]
    fn a_region_leads_where_it_is_answered_first_and_somebody_lives() {
        let led = |settings: &[&str]| {
            let plan = fixture::plan(settings);
            let setting = fixture::setting(&plan);
            let dns = fixture::dns(&setting);
            let mut books = Books::new(&plan, setting.design);
            let (mut regions, data) = (Regions::at_start(&setting), fixture::data());
            let (regions, data, books, setting) = (&mut regions, &data, &mut books, &setting);
            Circumstances { regions, manager: dns.manager(), data, books, setting }.note(SimTime::ZERO);
            [NORTH, SOUTH].map(|region| books.standing()[region].leads)
        };
        assert_eq!(led(&[]), [true, true]);
        let north_first = "designs.active-active.routing={ policy = 'failover', order = ['singapore', 'frankfurt'] }";
        assert_eq!(led(&[north_first]), [true, false]);
    }

    #[test]
    fn all_is_settled_while_the_role_is_where_it_was_or_need_not_return() {
        let is_settled = |primary: RegionId, settings: &[&str]| {
            let plan = fixture::plan(settings);
            let setting = fixture::setting(&plan);
            let dns = fixture::dns(&setting);
            let mut books = Books::new(&plan, setting.design);
            let mut regions = Regions::at_start(&setting);
            let data = Data::new(NodeId::of(primary), 12, SimDuration::ZERO, None, 2);
            let (regions, data, books, setting) = (&mut regions, &data, &mut books, &setting);
            Circumstances { regions, manager: dns.manager(), data, books, setting }.is_settled()
        };
        let returns = "designs.active-active.promotion.return_role='3m'";
        assert!(is_settled(NORTH, &[]) && is_settled(SOUTH, &[]) && is_settled(NORTH, &[returns]));
        assert!(!is_settled(SOUTH, &[returns]));
    }
}
