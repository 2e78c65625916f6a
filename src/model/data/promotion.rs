//! The failover controller, or the operator: how far a promotion has come.

use crate::units::{SimDuration, SimTime};

/// Point to which a promotion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The primary is in contact.
    Steady,
    /// Contact is lost.
    Suspecting {
        /// Set if the decision would be made now, but for a replica that cannot be promoted.
        is_due: bool,
    },
    /// It is decided, and goes through.
    Declared,
}

/// Consequence of a change of contact with the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum ContactChange {
    /// Nothing.
    None,
    /// Contact is lost: the watch starts, under this generation.
    Lost {
        /// Number that its events carry: those of an earlier one are void.
        generation: u32,
    },
    /// Contact is there again.
    Regained,
    /// The decision is due, and may be possible now.
    Decides,
}

/// The failover controller, or the operator.
#[derive(Debug)]
pub(super) struct Promotion {
    stage: Stage,
    contact_lost: SimTime,
    /// Time at which the primary died or was fenced, if it is gone.
    pub(super) primary_ended: Option<SimTime>,
    /// Counts losses of contact and planned switches: an event of an earlier one is void.
    generation: u32,
    /// Set if the primary takes no writes until the replica has all of them.
    draining: bool,
}

impl Promotion {
    pub(super) fn new() -> Self {
        Promotion {
            stage: Stage::Steady,
            contact_lost: SimTime::ZERO,
            primary_ended: None,
            generation: 0,
            draining: false,
        }
    }

    /// Returns the point to which it has come.
    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    /// The generation of events that are not void.
    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns whether the primary is being drained.
    #[inline]
    pub(super) fn is_draining(&self) -> bool {
        self.draining
    }

    /// Contact with the primary may have changed: it is `lost`, or not.
    pub(super) fn contact_changes(&mut self, lost: bool, now: SimTime) -> ContactChange {
        match (self.stage, lost) {
            (Stage::Steady, true) => {
                self.stage = Stage::Suspecting { is_due: false };
                self.contact_lost = now;
                self.generation += 1;
                ContactChange::Lost { generation: self.generation }
            }
            (Stage::Suspecting { .. }, false) => {
                self.stage = Stage::Steady;
                self.generation += 1;
                self.primary_ended = None;
                ContactChange::Regained
            }
            (Stage::Suspecting { is_due: true }, true) => ContactChange::Decides,
            (Stage::Steady, false) | (Stage::Suspecting { is_due: false }, true) | (Stage::Declared, _) => {
                ContactChange::None
            }
        }
    }

    /// Returns whether the end of a lease fences the primary: contact is lost still, or lost for good.
    pub(super) fn lease_is_void(&self, generation: u32) -> bool {
        self.generation != generation || self.stage == Stage::Steady
    }

    /// It is time to decide. Returns whether contact is lost still.
    pub(super) fn decision_is_due(&mut self, generation: u32) -> bool {
        let is_due = self.generation == generation && matches!(self.stage, Stage::Suspecting { .. });
        if is_due {
            self.stage = Stage::Suspecting { is_due: true };
        }
        is_due
    }

    /// The promotion is decided, and takes so long, but no less than the lease from the loss of contact. Returns when it is done.
    pub(super) fn declare(&mut self, now: SimTime, duration: SimDuration, lease: SimDuration) -> SimTime {
        self.stage = Stage::Declared;
        (now + duration).max(self.contact_lost + lease)
    }

    /// A planned switch begins. Returns its generation.
    pub(super) fn begin_switch(&mut self, drain: bool) -> u32 {
        self.stage = Stage::Declared;
        self.generation += 1;
        self.draining = drain;
        self.generation
    }

    /// Returns whether a promotion of this generation goes through.
    pub(super) fn is_declared(&self, generation: u32) -> bool {
        self.generation == generation && self.stage == Stage::Declared
    }

    /// The replica has died meanwhile: the promotion is made again when it is back, if still needed.
    pub(super) fn call_off(&mut self) {
        self.draining = false;
        self.stage = Stage::Suspecting { is_due: true };
    }

    /// The promotion is done.
    pub(super) fn done(&mut self) {
        self.primary_ended = None;
        self.stage = Stage::Steady;
        self.draining = false;
    }

    /// The old primary is back. Returns whether it comes too late to keep its role: fenced, it waits for its new one; otherwise it
    /// serves until that comes.
    pub(super) fn old_primary_returns(&mut self, is_fenced: bool) -> bool {
        let is_late = self.stage == Stage::Declared;
        if is_late && !is_fenced {
            self.primary_ended = None;
        }
        is_late
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, secs};
    use super::*;

    #[test]
    fn contact_that_comes_back_makes_the_decision_void() {
        let mut promotion = Promotion::new();
        assert_eq!(promotion.contact_changes(true, at(10)), ContactChange::Lost { generation: 1 });
        assert_eq!(promotion.contact_changes(true, at(11)), ContactChange::None, "it is lost already");
        assert_eq!(promotion.contact_changes(false, at(12)), ContactChange::Regained);
        assert!(!promotion.decision_is_due(1) && promotion.lease_is_void(1));
        assert_eq!(promotion.contact_changes(true, at(13)), ContactChange::Lost { generation: 3 });
        assert!(!promotion.lease_is_void(3) && promotion.decision_is_due(3));
    }

    #[test]
    fn a_decision_that_is_due_is_made_when_anything_changes() {
        let mut promotion = Promotion::new();
        promotion.contact_changes(true, at(10));
        assert!(promotion.decision_is_due(1));
        assert_eq!(promotion.contact_changes(true, at(20)), ContactChange::Decides);
        assert_eq!(promotion.declare(at(20), secs(5), SimDuration::ZERO), at(25));
        assert!(promotion.is_declared(1) && !promotion.is_declared(2));
        assert_eq!(promotion.contact_changes(false, at(21)), ContactChange::None, "it goes through");
        promotion.call_off();
        assert_eq!(promotion.contact_changes(true, at(22)), ContactChange::Decides);
    }

    #[test]
    fn a_promotion_is_not_done_before_the_lease_is_over() {
        let mut promotion = Promotion::new();
        promotion.contact_changes(true, at(10));
        assert_eq!(promotion.declare(at(12), secs(1), secs(30)), at(40));
    }

    #[test]
    fn an_old_primary_that_comes_back_before_the_decision_keeps_its_role() {
        let mut promotion = Promotion::new();
        promotion.contact_changes(true, at(10));
        assert!(!promotion.old_primary_returns(true));
        promotion.declare(at(12), secs(1), SimDuration::ZERO);
        promotion.primary_ended = Some(at(10));
        assert!(promotion.old_primary_returns(true));
        assert_eq!(promotion.primary_ended, Some(at(10)), "fenced, it waits for its new role");
        assert!(promotion.old_primary_returns(false));
        assert_eq!(promotion.primary_ended, None, "otherwise it serves on");
    }
}
