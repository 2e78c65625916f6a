//! The primary's role: who may lose it, when, and what is left behind.

use super::promotion::{ContactChange, Stage};
use super::{Data, LeftBehind, Replica};
use crate::units::{SimDuration, SimTime};

/// Facts about the rest of the world that a swap of the roles needs.
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

    /// The lease of a primary without contact has run out: unless it is void, it acknowledges nothing any more. One over which
    /// nobody could be promoted needs no contact. Returns whether it is fenced by that.
    pub(in super::super) fn lease_ends(&mut self, generation: u32, now: SimTime) -> bool {
        if self.promotion.lease_is_void(generation) || !self.replica_is_promotable(now) {
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

    /// Returns when the promotion should be tried again, if the replica has yet to apply what it has received, or, of a
    /// primary that
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

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, secs};
    use super::super::alone::{Heard, NODES, account, account_without, one_primary, write};
    use super::*;

    const FENCED: Swap = Swap { is_fenced: true, is_merged: false, old_is_up: false };

    /// The primary dies at 20 s, and the other node has its role 10 s later.
    fn promoted(data: &mut Data, swap: Swap) {
        data.node_dies(NODES[0], at(20), &mut Heard::default());
        assert_eq!(data.contact_changes(true, at(20)), ContactChange::Lost { generation: 1 });
        assert!(data.decision_is_due(1));
        assert_eq!(data.may_declare(at(25)), Some(1));
        assert_eq!(data.declare_promotion(at(25), secs(5), SimDuration::ZERO), at(30));
        assert!(data.is_declared(1));
        data.swap_roles(at(30), swap);
    }

    #[test]
    fn what_the_replica_had_not_received_is_stranded_while_the_old_primary_is_down() {
        let mut data = one_primary();
        for second in [10, 15, 18] {
            write(&mut data, second, NODES[0], 1);
        }
        promoted(&mut data, FENCED);
        assert_eq!((data.primary(), data.promotions()), (NODES[1], 1));
        assert!(data.accepts_writes(NODES[1]) && !data.accepts_writes(NODES[0]) && data.is_changing());
        assert!(!data.replica_is_promotable(at(30)), "the old primary has to come back first");
        // The third commit had not left at 20 s.
        let tally = account_without(data, 100, &[NODES[0]]);
        assert_eq!((tally.acknowledged, tally.durable, tally.stranded), (3, 2, 1));
    }

    #[test]
    fn a_primary_without_contact_takes_no_write_once_its_lease_is_over() {
        let mut data = one_primary();
        data.contact_changes(true, at(20));
        assert!(!data.lease_ends(0, at(25)), "of an earlier loss of contact");
        assert!(data.accepts_writes(NODES[0]) && data.lease_ends(1, at(25)) && !data.accepts_writes(NODES[0]));
        assert_eq!(data.branch_ended(NODES[0], at(90)), at(25));
        assert_eq!(data.contact_changes(false, at(40)), ContactChange::Regained);
        assert!(data.accepts_writes(NODES[0]), "nobody has been promoted");
    }

    #[test]
    fn a_primary_over_which_nobody_could_be_promoted_needs_no_contact() {
        let mut data = one_primary();
        promoted(&mut data, FENCED);
        // The old primary has not come back: it is no replica yet.
        assert_eq!(data.contact_changes(true, at(30)), ContactChange::Lost { generation: 2 });
        assert!(!data.lease_ends(2, at(35)) && data.accepts_writes(NODES[1]));
    }

    #[test]
    fn a_primary_that_nobody_fences_goes_on_with_a_branch_of_its_own() {
        let mut data = one_primary();
        data.contact_changes(true, at(20));
        data.declare_promotion(at(20), secs(5), SimDuration::ZERO);
        data.swap_roles(at(25), Swap { is_fenced: false, is_merged: false, old_is_up: true });
        assert!(NODES.into_iter().all(|node| data.accepts_writes(node)));
        write(&mut data, 26, NODES[0], 1);
        write(&mut data, 26, NODES[1], 2);
        assert_eq!(account(data, 27).stranded, 1, "the old branch has not arrived");
    }

    #[test]
    fn a_switch_drains_the_primary_first() {
        let mut data = one_primary();
        write(&mut data, 10, NODES[0], 1);
        assert_eq!(data.begin_switch(true, false, at(11)), None, "something is wrong");
        assert_eq!(data.begin_switch(true, true, at(11)), Some(1));
        assert_eq!(data.begin_switch(true, true, at(11)), None, "one is under way");
        assert!(!data.accepts_writes(NODES[0]) && data.serves_as_primary(NODES[0]));
        // The commit leaves at 13 s and is applied at 15 s.
        assert_eq!(data.not_before(at(12), true), Some(at(13)), "another look a second later");
        assert_eq!(data.not_before(at(12), false), None, "a dead one is not waited for");
        data.settle_applied(at(15), &mut Heard::default());
        assert_eq!(data.not_before(at(15), true), None);
        data.swap_roles(at(15), Swap { old_is_up: true, ..FENCED });
        assert!(!data.serves_as_primary(NODES[0]));
        assert_eq!(account(data, 100).durable, 1);
    }

    #[test]
    fn what_has_arrived_is_applied_before_the_promotion_is_done() {
        let mut data = one_primary();
        let (write, commit) = super::super::alone::write_slowly(&mut data, 10);
        data.acknowledge(write, commit, at(10));
        data.node_dies(NODES[0], at(14), &mut Heard::default());
        // It is there at 15 s, and applied 4 s later.
        assert_eq!(data.not_before(at(14), false), None);
        assert_eq!(data.not_before(at(16), false), Some(at(19)));
    }
}
