//! Changes of state in the books: views of the health checks, answers, roles and standbys.

use super::super::dns::Target;
use super::Books;
use crate::scenario::{GeographyId, RegionId};
use crate::units::SimTime;

impl Books {
    /// A checker of a geography comes to another view of a target.
    pub(in super::super) fn checker_finds(&mut self, now: SimTime, geography: GeographyId, target: Target, down: bool) {
        self.diary.checker(now, geography, target, down, self.incidents.shown_at(target));
    }

    /// The quorum of the checkers comes to another view of a target.
    pub(in super::super) fn verdict(&mut self, now: SimTime, target: Target, down: bool) {
        self.diary.verdict(now, target, down);
        if down {
            self.incidents.dns_verdict(now, target);
        }
    }

    /// Another answer for a geography, with the first address in `region`, is published, of the view of a target.
    pub(in super::super) fn answer_changes(
        &mut self,
        now: SimTime,
        geography: GeographyId,
        region: Option<RegionId>,
        target: Target,
    ) {
        self.diary.answer_changes(now, geography, region, target);
    }

    /// By it visitors of a geography are led elsewhere; `left` is the region of its first choice, if it leaves that.
    pub(in super::super) fn visitors_led_elsewhere(
        &mut self,
        now: SimTime,
        geography: GeographyId,
        left: Option<RegionId>,
    ) {
        self.record.answer_changed(geography, now, left);
    }

    /// Those who watch the primary of a region lose contact with it.
    pub(in super::super) fn contact_lost(&mut self, now: SimTime, region: RegionId) {
        self.diary.contact_lost(now, region, self.incidents.taker_of_primary());
    }

    /// A primary without contact is fenced.
    pub(in super::super) fn fenced(&mut self, now: SimTime, region: RegionId) {
        self.diary.fenced(now, region);
    }

    /// The promotion of the replica in a region is decided: the primary is found lost.
    pub(in super::super) fn promotion_decided(&mut self, now: SimTime, region: RegionId) {
        self.incidents.database_verdict(now);
        self.diary.promotion_decided(now, region);
    }

    /// A planned switch of the primary's role to a region begins, or its return after a promotion.
    pub(in super::super) fn switch_begins(&mut self, now: SimTime, region: RegionId, returns: bool) {
        self.diary.switch_begins(now, region, returns);
    }

    /// The replica of a region has the primary's role from now on.
    pub(in super::super) fn promoted(&mut self, now: SimTime, region: RegionId) {
        self.diary.promoted(now, region);
        self.incidents.roles_swapped();
    }

    /// A standby is ordered to grow.
    pub(in super::super) fn standby_ordered(&mut self, now: SimTime, region: RegionId) {
        self.diary.standby_ordered(now, region);
    }

    /// A standby is at full size.
    pub(in super::super) fn standby_active(&mut self, now: SimTime, region: RegionId) {
        self.diary.standby_active(now, region);
    }
}
