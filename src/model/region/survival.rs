//! Failures that no setting of names, and no better health check, would have spared: nothing was left to turn to, or the design
//! never promotes what was left.
//!
//! A standby that can be activated, a replica that could be promoted and an overloaded region are still there to turn to. An
//! attempt is beyond help if that was so at any time between its sending and its failure, so that one under way when the last
//! region dies counts too.

use super::super::data::Data;
use super::super::node_id::NodeId;
use super::super::outcome::{Operation, Phase};
use super::Regions;
use super::endpoint::Role;
use super::serving::Serving;
use crate::scenario::{GeographyId, PromotionTrigger, RegionId};
use crate::units::SimTime;

impl Regions {
    /// Returns why a request of these visitors, with this need of a node, would be beyond help now, if it would. The design may be one that
    /// never promotes the replica.
    fn beyond_help(
        &self,
        data: &Data,
        (geography, needs): (GeographyId, Option<Role>),
        never_promotes: bool,
        now: SimTime,
    ) -> Option<Phase> {
        let is_gone = |region: RegionId| self.states[region].app_is_gone() || self.paths.is_cut(geography, region);
        let needs_primary = needs == Some(Role::Writer);
        let could_serve = |node: NodeId| {
            let has_role = !needs_primary || node == data.primary() || data.accepts_writes(node);
            !self.node_is_gone(node) && (has_role || data.replica_is_promotable(now))
        };
        let needs_node = needs.is_some();
        if RegionId::BOTH.into_iter().all(is_gone) || (needs_node && !NodeId::BOTH.into_iter().any(could_serve)) {
            return Some(Phase::NothingLeft);
        }
        let primary = data.primary();
        let is_stuck =
            never_promotes && needs_primary && self.node_is_gone(primary) && !data.accepts_writes(primary.other());
        is_stuck.then_some(Phase::NeverPromotes)
    }
}

impl Serving<'_> {
    /// Returns why an attempt of these visitors that was sent at `sent` and fails now is beyond help, if it is.
    pub(super) fn beyond_help_since(
        &self,
        sent: SimTime,
        now: SimTime,
        geography: GeographyId,
        operation: Operation,
    ) -> Option<Phase> {
        let is_now = self.beyond_help(now, geography, operation);
        self.regions.beyond_help.since(sent, geography, operation, is_now)
    }

    /// Returns why a request of these visitors would be beyond help now, if it would.
    pub(super) fn beyond_help(&self, now: SimTime, geography: GeographyId, operation: Operation) -> Option<Phase> {
        let never_promotes = match self.setting.design.promotion.trigger {
            PromotionTrigger::Never | PromotionTrigger::Planned { .. } => !self.data.is_multi_primary(),
            PromotionTrigger::Automatic { .. } | PromotionTrigger::Manual { .. } => false,
        };
        let needs = self.setting.asks_database().then(|| self.role(operation));
        self.regions.beyond_help(self.data, (geography, needs), never_promotes, now)
    }

    /// Notes who is beyond help up to now, before something comes back.
    pub(super) fn note_beyond_help(&mut self, now: SimTime) {
        for geography in self.setting.plan.geographies.ids() {
            for operation in Operation::ALL {
                if let Some(reason) = self.beyond_help(now, geography, operation) {
                    self.regions.beyond_help.note(geography, operation, reason, now);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::at;
    use super::super::alone::{HERE, REGIONS, refuses, regions};
    use super::super::state::Part;
    use super::*;
    use crate::scenario::InFlight;
    use crate::units::SimDuration;

    const NORTH: RegionId = REGIONS[0];
    const SOUTH: RegionId = REGIONS[1];

    /// Reason why a request is beyond help while the primary of the north is in order, if it is.
    fn reason(regions: &Regions, needs: Role, never_promotes: bool) -> Option<Phase> {
        let data = Data::new(NodeId::of(NORTH), 8, SimDuration::ZERO, None, 1);
        regions.beyond_help(&data, (HERE, Some(needs)), never_promotes, at(9))
    }

    #[test]
    fn nothing_is_left_if_no_app_or_no_node_can_serve() {
        let mut regions = regions();
        regions.states[NORTH].suffer(refuses(Part::App), true);
        assert_eq!(reason(&regions, Role::Writer, false), None, "the other app is there");
        regions.paths.cut(HERE, SOUTH, Some(InFlight::Delivered), at(0));
        assert_eq!(reason(&regions, Role::Reader, false), Some(Phase::NothingLeft));
        regions.paths.cut(HERE, SOUTH, None, at(0));
        for region in REGIONS {
            regions.states[region].suffer(refuses(Part::Node), true);
        }
        assert_eq!(reason(&regions, Role::Reader, false), Some(Phase::NothingLeft));
    }

    #[test]
    fn a_design_that_never_promotes_is_stuck_without_its_primary() {
        let mut regions = regions();
        regions.states[NORTH].suffer(refuses(Part::Node), true);
        assert_eq!(reason(&regions, Role::Writer, false), None, "the replica could be promoted");
        assert_eq!(reason(&regions, Role::Reader, true), None, "reads may be of the replica");
        assert_eq!(reason(&regions, Role::Writer, true), Some(Phase::NeverPromotes));
    }
}
