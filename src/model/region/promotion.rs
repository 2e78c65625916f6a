//! Promotion: contact with the primary is lost, a controller or an operator decides, the replica takes over.

use super::super::data::{ContactChange, Swap};
use super::super::event::{Event, Scheduler};
use super::super::incident::Change;
use super::super::node_id::NodeId;
use super::failover::Failover;
use super::state::Reachability;
use crate::scenario::{OnReturn, PromotionTrigger, Watch};
use crate::units::SimDuration;

impl Failover<'_> {
    /// Returns whether those who watch the primary have lost contact with it.
    fn contact_is_lost(&self) -> bool {
        let primary = self.serving.data.primary();
        let promotion = &self.serving.setting.design.promotion;
        let operator = matches!(promotion.trigger, PromotionTrigger::Manual { .. });
        match promotion.watch {
            Watch::Replica if !operator => {
                let watcher_lives = self.serving.regions.node_is_up(primary.other());
                !self.serving.regions.node_is_up(primary) || (self.serving.regions.link.is_cut() && watcher_lives)
            }
            Watch::Replica | Watch::Witness => self.serving.regions.node_is_gone(primary),
        }
    }

    /// Returns whether the replica can take the order to become the primary, from whoever decides on it.
    fn replica_is_there(&self, replica: NodeId) -> bool {
        let promotion = &self.serving.setting.design.promotion;
        let operator = matches!(promotion.trigger, PromotionTrigger::Manual { .. });
        let decides_itself = promotion.watch == Watch::Replica && !operator;
        self.serving.regions.node_is_up(replica)
            && (decides_itself || !self.serving.regions.paths.is_isolated(replica.region()))
    }

    /// Something has changed that contact with the primary may depend on.
    pub(super) fn contact_changes(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        match self.serving.data.contact_changes(self.contact_is_lost(), now) {
            ContactChange::Lost { generation } => {
                self.serving.books.contact_lost(now, self.serving.data.primary().region());
                self.watch_starts(scheduler, generation);
            }
            ContactChange::Decides => self.decide(scheduler),
            ContactChange::None | ContactChange::Regained => {}
        }
    }

    fn watch_starts(&self, scheduler: &mut Scheduler, generation: u32) {
        let promotion = &self.serving.setting.design.promotion;
        let stream = self.serving.setting.streams.promotions().child(u64::from(generation));
        let decision = &self.serving.setting.of_design().decision;
        let until_decided = match &promotion.trigger {
            PromotionTrigger::Automatic { detect } => Some(*detect),
            PromotionTrigger::Manual { .. } => decision.as_ref().map(|decision| decision.duration(stream.draw(0))),
            PromotionTrigger::Planned { .. } | PromotionTrigger::Never => None,
        };
        if let Some(delay) = until_decided {
            scheduler.schedule_bound(scheduler.now() + delay, Event::PromotionDecided { generation });
        }
        if promotion.fencing && until_decided.is_some() {
            scheduler.schedule_bound(scheduler.now() + promotion.lease, Event::LeaseEnds { generation });
        }
    }

    /// The lease of a primary without contact has run out: it acknowledges nothing any more.
    pub(in super::super) fn lease_ends(&mut self, scheduler: &mut Scheduler, generation: u32) {
        if self.serving.data.lease_ends(generation, scheduler.now()) {
            self.serving.books.fenced(scheduler.now(), self.serving.data.primary().region());
            self.serving.refuse_waiting(scheduler);
        }
    }

    /// It is time to decide on the promotion.
    pub(in super::super) fn promotion_decided(&mut self, scheduler: &mut Scheduler, generation: u32) {
        if self.serving.data.decision_is_due(generation) {
            self.decide(scheduler);
        }
    }

    /// Declares the promotion, unless there is no replica that could be promoted; then as soon as there is.
    fn decide(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        let replica = self.serving.data.primary().other();
        let is_there = self.replica_is_there(replica);
        let Some(generation) = self.serving.data.may_declare(now).filter(|_| is_there) else { return };
        let again = Event::PromotionDecided { generation };
        if self.control_plane.change_fails(replica.region(), Change::Promotion, u64::from(generation), again) {
            return;
        }
        let promotion = &self.serving.setting.design.promotion;
        let waits = promotion.fencing && !self.is_known_to_be_dead(replica.other());
        let lease = if waits { promotion.lease } else { SimDuration::ZERO };
        let done = self.serving.data.declare_promotion(now, self.promotion_takes(generation), lease);
        scheduler.schedule_bound(done, Event::PromotionDone { generation });
        self.serving.books.promotion_decided(now, replica.region());
        self.activate_standby(scheduler, replica.region());
    }

    /// Returns whether those who decide on the promotion know that the primary serves nobody: it refuses them, or an operator has
    /// fenced it by hand, which takes a region that answers.
    fn is_known_to_be_dead(&self, primary: NodeId) -> bool {
        let promotion = &self.serving.setting.design.promotion;
        let operator = matches!(promotion.trigger, PromotionTrigger::Manual { .. });
        let regions = &self.serving.regions;
        let sees_the_link_alone = promotion.watch == Watch::Replica && !operator;
        let is_out_of_sight =
            regions.paths.is_isolated(primary.region()) || (sees_the_link_alone && regions.link.is_cut());
        !is_out_of_sight
            && match regions.states[primary].node_reachability() {
                Reachability::Up => false,
                Reachability::Refusing => true,
                Reachability::Silent => {
                    operator && regions.states[primary].network.reachability() != Reachability::Silent
                }
            }
    }

    /// Time that the promotion, or the switch, of a generation takes.
    fn promotion_takes(&self, generation: u32) -> SimDuration {
        let stream = self.serving.setting.streams.promotions().child(u64::from(generation));
        self.serving.setting.of_design().promotion.duration(stream.draw(1))
    }

    /// The operators switch the primary's role over to the replica, as planned; not while anything is wrong with either.
    /// Returns whether it is under way.
    pub(in super::super) fn planned_switch(&mut self, scheduler: &mut Scheduler, drain: bool) -> bool {
        let now = scheduler.now();
        let all_is_well = NodeId::BOTH.into_iter().all(|node| self.serving.regions.node_is_up(node))
            && !self.serving.regions.link.is_cut();
        let Some(generation) = self.serving.data.begin_switch(drain, all_is_well, now) else { return false };
        let to = self.serving.data.primary().other().region();
        self.serving.books.switch_begins(now, to, self.serving.data.promotions() > 0);
        scheduler.schedule_bound(now + self.promotion_takes(generation), Event::PromotionDone { generation });
        true
    }

    /// The role goes back to its first region, as soon as nothing is wrong; a promotion meanwhile makes it void.
    pub(in super::super) fn role_returns(&mut self, scheduler: &mut Scheduler, promotions: u32) {
        const NEXT_TRY: SimDuration = SimDuration::from_secs(10);
        if self.serving.data.promotions() == promotions && !self.planned_switch(scheduler, true) {
            scheduler.schedule_bound(scheduler.now() + NEXT_TRY, Event::RoleReturns { promotions });
        }
    }

    /// The promotion is finished, once the replica has applied what it had received.
    pub(in super::super) fn promotion_done(&mut self, scheduler: &mut Scheduler, generation: u32) {
        let now = scheduler.now();
        if !self.serving.data.is_declared(generation) {
            return;
        }
        let old = self.serving.data.primary();
        if !self.replica_is_there(old.other()) {
            self.serving.data.call_promotion_off();
            self.contact_changes(scheduler);
            return;
        }
        self.serving.data.settle_applied(now, self.serving.books);
        if let Some(at) = self.serving.data.not_before(now, self.serving.regions.node_is_up(old)) {
            scheduler.schedule_bound(at, Event::PromotionDone { generation });
            return;
        }
        self.serving.refuse_waiting(scheduler);
        self.swap_roles(scheduler, old);
    }

    /// The replica is the primary from now on; what it had not received is left behind.
    fn swap_roles(&mut self, scheduler: &mut Scheduler, old: NodeId) {
        self.serving.books.promoted(scheduler.now(), old.other().region());
        let promotion = &self.serving.setting.design.promotion;
        let swap = Swap {
            is_fenced: promotion.fencing,
            is_merged: promotion.on_return == OnReturn::Reconcile,
            old_is_up: self.serving.regions.node_is_up(old),
        };
        self.serving.data.swap_roles(scheduler.now(), swap);
        self.replication_may_resume(scheduler);
        self.contact_changes(scheduler);
    }
}
