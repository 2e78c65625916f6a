//! The primary's role: who may lose it, when, and what is left behind.

use super::promotion::{ContactChange, Stage};
use super::state::{Data, LeftBehind, Replica};
use crate::units::{SimDuration, SimTime};

/// What the rest of the world adds to a swap of the roles.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Swap {
    /// Set if the design fences an old primary.
    pub(in super::super) is_fenced: bool,
    /// Set if what is left behind will be merged where it can.
    pub(in super::super) is_merged: bool,
    /// Set if the old primary answers.
    pub(in super::super) old_is_up: bool,
}

impl Data {
    /// Contact with the primary may have changed: it is `lost`, or not.
    pub(in super::super) fn contact_changes(&mut self, lost: bool, now: SimTime) -> ContactChange {
        let change = self.promotion.contact_changes(lost, now);
        if change == ContactChange::Regained {
            self.writable[self.primary] = true;
        }
        change
    }

    /// The lease of a primary without contact has run out: unless it is void, it acknowledges nothing any more. Returns whether it is
    /// fenced by that.
    pub(in super::super) fn lease_ends(&mut self, generation: u32, now: SimTime) -> bool {
        if self.promotion.lease_is_void(generation) {
            return false;
        }
        self.promotion.primary_ended = Some(self.branch_ended(self.primary, now));
        self.writable[self.primary] = false;
        true
    }

    /// It is time to decide on the promotion. Returns whether contact is lost still.
    pub(in super::super) fn decision_is_due(&mut self, generation: u32) -> bool {
        self.promotion.decision_is_due(generation)
    }

    /// Returns the generation of a promotion that may be declared; none if the replica may not be promoted.
    pub(in super::super) fn may_declare(&mut self, now: SimTime) -> Option<u32> {
        self.note_catching_up(now);
        let is_promotable = !matches!(self.replica, Replica::Behind { promotable: false, .. });
        is_promotable.then_some(self.promotion.generation())
    }

    /// The promotion is decided, and takes so long, but no less than the lease from the loss of contact. Returns when it is done.
    pub(in super::super) fn declare_promotion(
        &mut self,
        now: SimTime,
        duration: SimDuration,
        lease: SimDuration,
    ) -> SimTime {
        self.promotion.declare(now, duration, lease)
    }

    /// A planned switch begins, unless the replica is behind or a promotion is under way. Returns its generation, if it begins.
    pub(in super::super) fn begin_switch(&mut self, drain: bool, all_is_well: bool, now: SimTime) -> Option<u32> {
        let may_begin = self.may_declare(now).is_some() && all_is_well && self.promotion.stage() == Stage::Steady;
        may_begin.then(|| {
            self.writable[self.primary] = !drain;
            self.promotion.begin_switch(drain)
        })
    }

    /// Number of promotions, and returns of the role, so far.
    pub(in super::super) fn promotions(&self) -> u32 {
        self.promotions
    }

    /// Returns whether a promotion of this generation goes through.
    pub(in super::super) fn is_declared(&self, generation: u32) -> bool {
        self.promotion.is_declared(generation)
    }

    /// The replica has died before the promotion was done: it is made again when the replica is back, if still needed.
    pub(in super::super) fn call_promotion_off(&mut self) {
        self.promotion.call_off();
    }

    /// Returns when the promotion should be tried again, if the replica has yet to apply what it has received, or, of a primary that
    /// is up and being drained, what there is.
    pub(in super::super) fn not_before(&self, now: SimTime, old_is_up: bool) -> Option<SimTime> {
        const NEXT_LOOK: SimDuration = SimDuration::from_secs(1);
        let (received, applied) = self.log().received(now);
        let undrained = self.promotion.is_draining() && old_is_up && !self.log().is_empty();
        if received > 0 && applied < SimTime::NEVER {
            Some(applied.max(now))
        } else if undrained || received > 0 {
            Some(now + NEXT_LOOK)
        } else {
            None
        }
    }

    /// The replica is the primary from now on; what it had not received is left behind.
    pub(in super::super) fn swap_roles(&mut self, now: SimTime, swap: Swap) {
        let old = self.primary;
        self.keep_acknowledgements();
        self.promotions += 1;
        // Fenced, or told to hand its role over, it has stopped; without fencing nobody makes sure.
        let serves_on =
            !swap.is_fenced && self.writable[old] && self.promotion.primary_ended.is_none() && swap.old_is_up;
        let ended = self.branch_ended(old, now);
        self.left_behind[old] = Some(LeftBehind {
            ended: if serves_on { None } else { Some(ended) },
            promotion: self.promotions,
            is_merged: swap.is_merged,
        });
        self.writable[old] = serves_on;
        self.primary = old.other();
        self.writable[old.other()] = true;
        // Its replica is the old primary, which has to come back and catch up before it counts.
        self.leave_behind(false);
        self.promotion.done();
    }
}
