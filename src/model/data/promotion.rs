//! Promotion: contact with the primary is lost, a controller or an operator decides, the replica takes over.

use super::super::event::Event;
use super::super::incident::Change;
use super::super::node_id::NodeId;
use super::super::region::{Reachability, RegionState};
use super::super::world::{Agenda, World};
use super::{LeftBehind, Replica};
use crate::scenario::{OnReturn, PromotionTrigger, Watch};
use crate::units::{SimDuration, SimTime};

/// How far a promotion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Stage {
    /// The primary is in contact.
    Steady,
    /// Contact is lost.
    Suspecting {
        /// Whether the decision would be made now, but for a replica that cannot be promoted.
        is_due: bool,
    },
    /// It is decided, and goes through.
    Declared,
}

/// The failover controller, or the operator.
#[derive(Debug)]
pub(in super::super) struct Promotion {
    pub(super) stage: Stage,
    contact_lost: SimTime,
    /// When the primary died or was fenced, if it is gone.
    pub(super) primary_ended: Option<SimTime>,
    /// Counts losses of contact and planned switches: an event of an earlier one is void.
    generation: u32,
    /// Whether the primary takes no writes until the replica has all of them.
    draining: bool,
}

impl Promotion {
    /// Whether the primary is being drained.
    pub(super) fn is_draining(&self) -> bool {
        self.draining
    }

    pub(super) fn new() -> Self {
        Promotion {
            stage: Stage::Steady,
            contact_lost: SimTime::ZERO,
            primary_ended: None,
            generation: 0,
            draining: false,
        }
    }
}

impl World<'_> {
    /// Whether those who watch the primary have lost contact with it.
    fn contact_is_lost(&self) -> bool {
        let primary = self.data.primary();
        let is_dead = self.regions[primary].node_reachability() != Reachability::Up;
        let is_gone = self.node_is_gone(self.data.primary());
        let operator = matches!(self.setting.design.promotion.trigger, PromotionTrigger::Manual { .. });
        match self.setting.design.promotion.watch {
            Watch::Replica if !operator => {
                let watcher_lives = self.regions[primary.other()].node_reachability() == Reachability::Up;
                is_dead || (self.link.is_cut() && watcher_lives)
            }
            Watch::Replica | Watch::Witness => is_gone,
        }
    }

    /// Whether the replica can take the order to become the primary, from whoever decides on it.
    fn replica_is_there(&self, replica: NodeId) -> bool {
        let operator = matches!(self.setting.design.promotion.trigger, PromotionTrigger::Manual { .. });
        let decides_itself = self.setting.design.promotion.watch == Watch::Replica && !operator;
        let is_up = self.regions[replica].node_reachability() == Reachability::Up;
        is_up && (decides_itself || !self.paths.is_isolated(replica.region()))
    }

    /// Something has changed that contact with the primary may depend on.
    pub(in super::super) fn contact_changes(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        let lost = self.contact_is_lost();
        match (self.data.promotion.stage, lost) {
            (Stage::Steady, true) => {
                self.data.promotion.stage = Stage::Suspecting { is_due: false };
                self.data.promotion.contact_lost = now;
                self.data.promotion.generation += 1;
                self.books.diary.contact_lost(
                    now,
                    self.data.primary().region(),
                    self.books.incidents.taker_of_primary(),
                );
                self.watch_starts(agenda);
            }
            (Stage::Suspecting { .. }, false) => {
                self.data.promotion.stage = Stage::Steady;
                self.data.promotion.generation += 1;
                self.data.promotion.primary_ended = None;
                let primary = self.data.primary();
                self.data.writable[primary] = true;
            }
            (Stage::Suspecting { is_due: true }, true) => self.decide(agenda),
            (Stage::Steady, false) | (Stage::Suspecting { is_due: false }, true) | (Stage::Declared, _) => {}
        }
    }

    fn watch_starts(&mut self, agenda: &mut Agenda) {
        let generation = self.data.promotion.generation;
        let stream = self.setting.streams.promotions().child(u64::from(generation));
        let decision = &self.setting.of_design().decision;
        let until_decided = match &self.setting.design.promotion.trigger {
            PromotionTrigger::Automatic { detect } => Some(*detect),
            PromotionTrigger::Manual { .. } => decision.as_ref().map(|decision| decision.duration(stream.mark(0))),
            PromotionTrigger::Planned { .. } | PromotionTrigger::Never => None,
        };
        if let Some(delay) = until_decided {
            agenda.turning_point(agenda.now() + delay, Event::PromotionDecided { generation });
        }
        if self.setting.design.promotion.fencing && until_decided.is_some() {
            agenda.turning_point(agenda.now() + self.setting.design.promotion.lease, Event::LeaseEnds { generation });
        }
    }

    /// The lease of a primary without contact has run out: it acknowledges nothing any more.
    pub(in super::super) fn lease_ends(&mut self, agenda: &mut Agenda, generation: u32) {
        let promotion = &mut self.data.promotion;
        if promotion.generation != generation || promotion.stage == Stage::Steady {
            return;
        }
        let primary = self.data.primary();
        self.data.promotion.primary_ended = Some(self.data.branch_ended(primary, agenda.now()));
        self.books.diary.fenced(agenda.now(), primary.region());
        self.data.writable[primary] = false;
        self.refuse_waiting(agenda);
    }

    /// It is time to decide on the promotion.
    pub(in super::super) fn promotion_decided(&mut self, agenda: &mut Agenda, generation: u32) {
        let promotion = &mut self.data.promotion;
        if promotion.generation == generation && matches!(promotion.stage, Stage::Suspecting { .. }) {
            promotion.stage = Stage::Suspecting { is_due: true };
            self.decide(agenda);
        }
    }

    /// Declares the promotion, unless there is no replica that could be promoted; then as soon as there is.
    fn decide(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        let replica = self.data.primary().other();
        let is_up = self.replica_is_there(replica);
        self.data.note_catching_up(now);
        if !is_up || matches!(self.data.replica, Replica::Behind { promotable: false, .. }) {
            return;
        }
        let generation = self.data.promotion.generation;
        let again = Event::PromotionDecided { generation };
        if self.control_plane.change_fails(replica.region(), Change::Promotion, u64::from(generation), again) {
            return;
        }
        let promotion = &mut self.data.promotion;
        promotion.stage = Stage::Declared;
        let stream = self.setting.streams.promotions().child(u64::from(generation));
        let duration = self.setting.of_design().promotion.duration(stream.mark(1));
        let lease =
            if self.setting.design.promotion.fencing { self.setting.design.promotion.lease } else { SimDuration::ZERO };
        let done = (now + duration).max(promotion.contact_lost + lease);
        agenda.turning_point(done, Event::PromotionDone { generation });
        self.books.incidents.database_verdict(now);
        self.books.diary.promotion_decided(now, replica.region());
        self.activate_standby(agenda, replica.region());
    }

    /// The operators switch the primary's role over to the replica, as planned; not while anything is wrong with either.
    /// Returns whether it is under way.
    pub(in super::super) fn planned_switch(&mut self, agenda: &mut Agenda, drain: bool) -> bool {
        let now = agenda.now();
        let is_up = |region: &RegionState| region.node_reachability() == Reachability::Up;
        let all_is_well = self.regions.iter().all(is_up) && !self.link.is_cut();
        self.data.note_catching_up(now);
        let has_caught_up = !matches!(self.data.replica, Replica::Behind { promotable: false, .. });
        let primary = self.data.primary();
        let promotion = &mut self.data.promotion;
        if promotion.stage != Stage::Steady || !all_is_well || !has_caught_up {
            return false;
        }
        promotion.stage = Stage::Declared;
        promotion.generation += 1;
        promotion.draining = drain;
        let generation = promotion.generation;
        self.books.diary.switch_begins(now, primary.other().region(), self.data.promotions > 0);
        self.data.writable[primary] = !drain;
        let stream = self.setting.streams.promotions().child(u64::from(generation));
        let duration = self.setting.of_design().promotion.duration(stream.mark(1));
        agenda.turning_point(agenda.now() + duration, Event::PromotionDone { generation });
        true
    }

    /// The role goes back to its first region, as soon as nothing is wrong; a promotion meanwhile makes it void.
    pub(in super::super) fn role_returns(&mut self, agenda: &mut Agenda, promotions: u32) {
        const NEXT_TRY: SimDuration = SimDuration::from_secs(10);
        if self.data.promotions == promotions && !self.planned_switch(agenda, true) {
            agenda.turning_point(agenda.now() + NEXT_TRY, Event::RoleReturns { promotions });
        }
    }

    /// The old primary is back.
    pub(super) fn primary_returned(&mut self) {
        let fencing = self.setting.design.promotion.fencing;
        let primary = self.data.primary();
        let promotion = &mut self.data.promotion;
        if promotion.stage == Stage::Declared {
            // It comes too late. Fenced, it waits for its new role; otherwise it serves until that comes.
            self.data.writable[primary] = !fencing;
            if !fencing {
                promotion.primary_ended = None;
            }
        }
    }

    /// The promotion is finished, once the replica has applied what it had received.
    pub(in super::super) fn promotion_done(&mut self, agenda: &mut Agenda, generation: u32) {
        let now = agenda.now();
        if self.data.promotion.generation != generation || self.data.promotion.stage != Stage::Declared {
            return;
        }
        let old = self.data.primary();
        if !self.replica_is_there(old.other()) {
            // It has died meanwhile: the promotion is called off, and made again when it is back, if still needed.
            self.data.promotion.draining = false;
            self.data.promotion.stage = Stage::Suspecting { is_due: true };
            self.contact_changes(agenda);
            return;
        }
        self.settle_applied(now);
        if let Some(at) = self.not_before(now) {
            agenda.turning_point(at, Event::PromotionDone { generation });
            return;
        }
        self.refuse_waiting(agenda);
        self.swap_roles(agenda, old);
    }

    /// When the promotion should be tried again, if the replica has yet to apply what it has received, or, of a primary that
    /// is being drained, what there is.
    fn not_before(&self, now: SimTime) -> Option<SimTime> {
        const NEXT_LOOK: SimDuration = SimDuration::from_secs(1);
        let (received, applied) = self.data.log().received(now);
        let old_is_up = self.regions[self.data.primary()].node_reachability() == Reachability::Up;
        let undrained = self.data.promotion.draining && old_is_up && !self.data.log().is_empty();
        if received > 0 && applied < SimTime::NEVER {
            Some(applied.max(now))
        } else if undrained || received > 0 {
            Some(now + NEXT_LOOK)
        } else {
            None
        }
    }

    /// The replica is the primary from now on; what it had not received is left behind.
    fn swap_roles(&mut self, agenda: &mut Agenda, old: NodeId) {
        self.books.diary.promoted(agenda.now(), old.other().region());
        self.books.incidents.roles_swapped();
        let data = &mut self.data;
        data.keep_acknowledgements(self.setting.plan.scenario.keys.count);
        data.promotions += 1;
        // Fenced, or told to hand its role over, it has stopped; without fencing nobody makes sure.
        let serves_on = !self.setting.design.promotion.fencing
            && data.writable[old]
            && data.promotion.primary_ended.is_none()
            && self.regions[old].node_reachability() == Reachability::Up;
        let ended = data.branch_ended(old, agenda.now());
        data.promotion.primary_ended = None;
        data.left_behind[old] = Some(LeftBehind {
            ended: if serves_on { None } else { Some(ended) },
            promotion: data.promotions,
            is_merged: self.setting.design.promotion.on_return == OnReturn::Reconcile,
        });
        data.writable[old] = serves_on;
        data.primary = old.other();
        data.writable[old.other()] = true;
        // Its replica is the old primary, which has to come back and catch up before it counts.
        data.leave_behind(false);
        data.promotion.stage = Stage::Steady;
        data.promotion.draining = false;
        self.replication_may_resume(agenda);
        self.contact_changes(agenda);
    }
}
