//! Failures that no setting of names, and no better health check, would have spared: nothing was left to turn to, or the design
//! never promotes what was left.
//!
//! A standby that can be activated, a replica that could be promoted and an overloaded region are still there to turn to. An
//! attempt is beyond help if that was so at any time between its sending and its failure, so that one under way when the last
//! region dies counts too.

use super::super::node_id::NodeId;
use super::super::outcome::{Operation, Phase};
use super::super::per_geography::PerGeography;
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
    pub(in super::super) fn new(geographies: usize) -> Self {
        BeyondHelp { until: PerGeography::same(Default::default(), geographies) }
    }
}

impl Serving<'_> {
    /// Returns why an attempt of these visitors that was sent at `sent` and fails now is beyond help, if it is.
    pub(in super::super) fn beyond_help_since(
        &self,
        sent: SimTime,
        now: SimTime,
        geography: GeographyId,
        operation: Operation,
    ) -> Option<Phase> {
        let until = &self.regions.beyond_help.until[geography][operation as usize];
        let is_now = self.beyond_help(now, geography, operation);
        let holds = |reason: usize| until[reason] > sent || is_now == Some(REASONS[reason]);
        (0..REASONS.len()).find(|&reason| holds(reason)).map(|reason| REASONS[reason])
    }

    /// Returns why a request of these visitors would be beyond help now, if it would.
    pub(super) fn beyond_help(&self, now: SimTime, geography: GeographyId, operation: Operation) -> Option<Phase> {
        let is_gone = |region: RegionId| {
            self.regions.states[region].app_is_gone() || self.regions.paths.is_cut(geography, region)
        };
        let needs_primary = self.role(operation) == Role::Writer;
        let could_serve = |node: NodeId| {
            let has_role = !needs_primary || node == self.data.primary() || self.data.accepts_writes(node);
            !self.regions.node_is_gone(node) && (has_role || self.data.replica_is_promotable(now))
        };
        if RegionId::BOTH.into_iter().all(is_gone) || !NodeId::BOTH.into_iter().any(could_serve) {
            return Some(Phase::NothingLeft);
        }
        let primary = self.data.primary();
        let never_promotes = match self.setting.design.promotion.trigger {
            PromotionTrigger::Never | PromotionTrigger::Planned { .. } => !self.data.is_multi_primary(),
            PromotionTrigger::Automatic { .. } | PromotionTrigger::Manual { .. } => false,
        };
        let is_stuck = never_promotes
            && needs_primary
            && self.regions.node_is_gone(primary)
            && !self.data.accepts_writes(primary.other());
        is_stuck.then_some(Phase::NeverPromotes)
    }

    /// Notes who is beyond help up to now, before something comes back.
    pub(super) fn note_beyond_help(&mut self, now: SimTime) {
        for geography in self.regions.beyond_help.until.ids() {
            for operation in Operation::ALL {
                if let Some(reason) = self.beyond_help(now, geography, operation) {
                    let place = usize::from(reason == REASONS[1]);
                    self.regions.beyond_help.until[geography][operation as usize][place] = now;
                }
            }
        }
    }
}
