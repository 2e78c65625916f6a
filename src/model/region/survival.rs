//! Failures that no setting of names, and no better health check, would have spared: nothing was left to turn to, or the design
//! never promotes what was left.
//!
//! A standby that can be activated, a replica that could be promoted and an overloaded region are still there to turn to. An
//! attempt is beyond help if that was so at any time between its sending and its failure, so that one under way when the last
//! region dies counts too.

use super::super::data::Data;
use super::super::node_id::NodeId;
use super::super::outcome::{Operation, Phase};
use super::super::per_geography::PerGeography;
use super::Regions;
use super::endpoint::Role;
use super::serving::Serving;
use crate::scenario::{GeographyId, PromotionTrigger, RegionId};
use crate::units::SimTime;

/// Why an attempt is beyond help, the stronger reason first.
const REASONS: [Phase; 2] = [Phase::NothingLeft, Phase::NeverPromotes];

/// Records until when requests were last beyond help.
#[derive(Debug)]
pub(in super::super) struct BeyondHelp {
    /// Per geography, [`Operation`] and reason.
    until: PerGeography<[[SimTime; REASONS.len()]; Operation::ALL.len()]>,
}

impl BeyondHelp {
    /// Returns a record in which nothing was ever beyond help.
    pub(super) fn new(geographies: usize) -> Self {
        BeyondHelp { until: PerGeography::same(Default::default(), geographies) }
    }

    /// Notes that requests are beyond help now, and why.
    fn note(&mut self, geography: GeographyId, operation: Operation, reason: Phase, now: SimTime) {
        let place = usize::from(reason == REASONS[1]);
        self.until[geography][operation as usize][place] = now;
    }

    /// Returns why an attempt that was sent at `sent` is beyond help, if it is: of those that held since, and the one that holds now.
    fn since(
        &self,
        sent: SimTime,
        geography: GeographyId,
        operation: Operation,
        is_now: Option<Phase>,
    ) -> Option<Phase> {
        let until = &self.until[geography][operation as usize];
        let holds = |reason: usize| until[reason] > sent || is_now == Some(REASONS[reason]);
        (0..REASONS.len()).find(|&reason| holds(reason)).map(|reason| REASONS[reason])
    }
}

impl Regions {
    /// Returns why a request of these visitors, with this need, would be beyond help now, if it would. The design may be one that
    /// never promotes the replica.
    fn beyond_help(
        &self,
        data: &Data,
        (geography, needs): (GeographyId, Role),
        never_promotes: bool,
        now: SimTime,
    ) -> Option<Phase> {
        let is_gone = |region: RegionId| self.states[region].app_is_gone() || self.paths.is_cut(geography, region);
        let needs_primary = needs == Role::Writer;
        let could_serve = |node: NodeId| {
            let has_role = !needs_primary || node == data.primary() || data.accepts_writes(node);
            !self.node_is_gone(node) && (has_role || data.replica_is_promotable(now))
        };
        if RegionId::BOTH.into_iter().all(is_gone) || !NodeId::BOTH.into_iter().any(could_serve) {
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
        self.regions.beyond_help(self.data, (geography, self.role(operation)), never_promotes, now)
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
