//! Promotion: contact with the primary is lost, a controller or an operator decides, the replica takes over.

use super::super::event::Event;
use super::super::incident::Change;
use super::super::region::Reachability;
use super::super::world::{Agenda, World};
use super::{LeftBehind, Replica};
use crate::scenario::{PromotionTrigger, Watch};
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
    /// Counts losses of contact: an event of an earlier one is void.
    generation: u32,
}

impl Promotion {
    pub(super) fn new() -> Self {
        Promotion { stage: Stage::Steady, contact_lost: SimTime::ZERO, primary_ended: None, generation: 0 }
    }
}

impl World<'_> {
    /// Whether those who watch the primary have lost contact with it.
    fn contact_is_lost(&self) -> bool {
        let primary = usize::from(self.data.primary());
        let is_dead = self.regions[primary].node_reachability() != Reachability::Up;
        let is_gone = self.node_is_gone(self.data.primary());
        let operator = matches!(self.design.promotion.trigger, PromotionTrigger::Manual { .. });
        match self.design.promotion.watch {
            Watch::Replica if !operator => {
                let watcher_lives = self.regions[1 - primary].node_reachability() == Reachability::Up;
                is_dead || (self.link.is_cut() && watcher_lives)
            }
            Watch::Replica | Watch::Witness => is_gone,
        }
    }

    /// Whether the replica can take the order to become the primary, from whoever decides on it.
    fn replica_is_there(&self, replica: u8) -> bool {
        let operator = matches!(self.design.promotion.trigger, PromotionTrigger::Manual { .. });
        let decides_itself = self.design.promotion.watch == Watch::Replica && !operator;
        let is_up = self.regions[usize::from(replica)].node_reachability() == Reachability::Up;
        is_up && (decides_itself || !self.paths.is_isolated(replica))
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
                self.watch_starts(agenda);
            }
            (Stage::Suspecting { .. }, false) => {
                self.data.promotion.stage = Stage::Steady;
                self.data.promotion.generation += 1;
                self.data.promotion.primary_ended = None;
                self.data.fenced = false;
            }
            (Stage::Suspecting { is_due: true }, true) => self.decide(agenda),
            (Stage::Steady, false) | (Stage::Suspecting { is_due: false }, true) | (Stage::Declared, _) => {}
        }
    }

    fn watch_starts(&mut self, agenda: &mut Agenda) {
        let generation = self.data.promotion.generation;
        let stream = self.streams.promotions().child(u64::from(generation));
        let decision = &self.plan.designs[self.design_place].decision;
        let until_decided = match &self.design.promotion.trigger {
            PromotionTrigger::Automatic { detect } => Some(*detect),
            PromotionTrigger::Manual { .. } => decision.as_ref().map(|decision| decision.duration(stream.uniform(0))),
            PromotionTrigger::Never => None,
        };
        if let Some(delay) = until_decided {
            agenda.after(delay, Event::PromotionDecided { generation });
        }
        if self.design.promotion.fencing && until_decided.is_some() {
            agenda.after(self.design.promotion.lease, Event::LeaseEnds { generation });
        }
    }

    /// The lease of a primary without contact has run out: it acknowledges nothing any more.
    pub(in super::super) fn lease_ends(&mut self, agenda: &mut Agenda, generation: u32) {
        let promotion = &mut self.data.promotion;
        if promotion.generation != generation || promotion.stage == Stage::Steady {
            return;
        }
        promotion.primary_ended.get_or_insert(agenda.now());
        self.data.fenced = true;
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
        let replica = 1 - self.data.primary();
        let is_up = self.replica_is_there(replica);
        self.data.note_catching_up(now);
        if !is_up || matches!(self.data.replica, Replica::Behind { promotable: false, .. }) {
            return;
        }
        let generation = self.data.promotion.generation;
        let again = Event::PromotionDecided { generation };
        if self.change_fails(replica, Change::Promotion, u64::from(generation), again) {
            return;
        }
        let promotion = &mut self.data.promotion;
        promotion.stage = Stage::Declared;
        let stream = self.streams.promotions().child(u64::from(generation));
        let duration = self.plan.designs[self.design_place].promotion.duration(stream.uniform(1));
        let lease = if self.design.promotion.fencing { self.design.promotion.lease } else { SimDuration::ZERO };
        let done = (now + duration).max(promotion.contact_lost + lease);
        agenda.at(done, Event::PromotionDone { generation });
        self.incidents.database_verdict(now);
        self.activate_standby(agenda, replica);
    }

    /// The old primary is back.
    pub(super) fn primary_returned(&mut self) {
        let promotion = &mut self.data.promotion;
        if promotion.stage == Stage::Declared {
            // It comes too late. Fenced, it waits for its new role; otherwise it serves until that comes.
            self.data.fenced = self.design.promotion.fencing;
            if !self.data.fenced {
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
        if !self.replica_is_there(1 - old) {
            // It has died meanwhile: the promotion is called off, and made again when it is back, if still needed.
            self.data.promotion.stage = Stage::Suspecting { is_due: true };
            self.contact_changes(agenda);
            return;
        }
        self.settle_applied(now);
        let (received, applied) = self.data.log.received(now);
        if received > 0 {
            agenda.at(applied.max(now), Event::PromotionDone { generation });
            return;
        }
        self.refuse_waiting(agenda);
        let first_lost = self.data.log.first();
        self.data.count_stale_reads_before(first_lost, &mut self.record);
        let writes = self.data.log.cut_off(now);
        let ended = self.data.promotion.primary_ended.take().unwrap_or(now);
        if !writes.is_empty() {
            self.data.left_behind.push(LeftBehind { node: old, ended, writes });
        }
        self.data.primary = 1 - old;
        self.data.branch += 1;
        self.data.fenced = false;
        // Its replica is the old primary, which has to come back and catch up before it counts.
        self.data.leave_behind(false);
        self.data.promotion.stage = Stage::Steady;
        self.replication_may_resume(agenda);
        self.contact_changes(agenda);
    }

    /// An old primary rejoins as replica, and discards what its successor does not have: those writes are lost.
    pub(super) fn rejoin(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        for left in std::mem::take(&mut self.data.left_behind) {
            debug_assert!(left.node != self.data.primary() || left.ended <= now, "only an old primary rejoins");
            for write in left.writes {
                if let Some(acknowledged) = self.ledger.lose(write) {
                    let window = left.ended.since(acknowledged);
                    self.data.data_loss_window = self.data.data_loss_window.max(window);
                }
                self.ledger.release(write);
            }
        }
    }

    /// Settles what is left at the horizon: what nobody can reach is stranded.
    pub(in super::super) fn settle_at_horizon(&mut self, horizon: SimTime) {
        self.settle_applied(horizon);
        let primary = self.data.primary();
        let primary_is_up = !self.node_is_gone(primary);
        let entries: Vec<_> = self.data.log.entries(horizon).collect();
        let unreachable = |received: bool| !primary_is_up && !received;
        let safe = entries.iter().take_while(|(_, received)| !unreachable(*received)).count() as u64;
        let end = self.data.log.first() + safe;
        self.data.count_stale_reads_before(end, &mut self.record);
        let ended = self.data.promotion.primary_ended.unwrap_or(horizon);
        for (write, received) in entries {
            self.settle_entry(write, unreachable(received).then_some(ended));
        }
        if self.both_nodes_are_gone() {
            let since = ended.since(self.ledger.first_acknowledged());
            self.data.stranded_window = self.data.stranded_window.max(since);
        }
        for left in std::mem::take(&mut self.data.left_behind) {
            for write in left.writes {
                self.settle_entry(write, Some(left.ended));
            }
        }
    }

    /// Whether nobody can reach any copy of the data.
    pub(in super::super) fn both_nodes_are_gone(&self) -> bool {
        self.node_is_gone(0) && self.node_is_gone(1)
    }

    /// Settles one commit at the horizon; `stranded` says since when nobody can reach it.
    fn settle_entry(&mut self, write: super::super::slab::Handle, stranded: Option<SimTime>) {
        if let Some(ended) = stranded
            && let Some(acknowledged) = self.ledger.strand(write)
        {
            let window = ended.since(acknowledged);
            self.data.stranded_window = self.data.stranded_window.max(window);
        }
        self.ledger.release(write);
    }
}
