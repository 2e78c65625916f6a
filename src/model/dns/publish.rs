//! Publications: the traffic manager's view of a target becomes the answer.

use super::super::books::Books;
use super::super::event::{Event, Scheduler};
use super::super::incident::{Change, ControlPlane};
use super::super::per_region::PerRegion;
use super::Dns;
use super::publication::{AnswerChange, Publication};
use super::target::Target;
use crate::scenario::RegionId;

/// Owners that a publication touches.
pub(in super::super) struct Publishing<'w> {
    pub(in super::super) dns: &'w mut Dns,
    pub(in super::super) control_plane: &'w mut ControlPlane,
    pub(in super::super) books: &'w mut Books,
}

/// Set of a region that begins to take visitors who are ordinarily another's.
pub(in super::super) type TakesOver = PerRegion<bool>;

impl Publishing<'_> {
    /// The traffic manager publishes its view of a target, and the answers that follow, unless its control plane is out or a later
    /// verdict has overtaken it. Returns which regions take over, if it publishes.
    pub(in super::super) fn publish(
        &mut self,
        scheduler: &Scheduler,
        target: Target,
        generation: u32,
    ) -> Option<TakesOver> {
        let now = scheduler.now();
        let which = (target.index() as u64) << 32 | u64::from(generation);
        let again = Event::Publish { target, generation };
        if self.control_plane.change_fails(target.region(), Change::Publication, which, again) {
            return None;
        }
        let mut takes_over = TakesOver::both(false);
        for AnswerChange { geography, region, switch } in self.dns.manager.publish(now, target, generation)? {
            self.books.answer_changes(now, geography, region, target);
            if let Some(switch) = switch {
                if let Some(region) = switch.takes_over {
                    takes_over[region] = true;
                }
                self.books.visitors_led_elsewhere(now, geography, switch.left);
            }
        }
        Some(takes_over)
    }
}

impl Dns {
    /// A cold standby is active: it is answered and probed from now on.
    pub(in super::super) fn cold_standby_active(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        will_publish(scheduler, self.manager.cold_standby_active(scheduler.now(), region));
    }
}

/// Schedules a publication.
pub(super) fn will_publish(scheduler: &mut Scheduler, publication: Publication) {
    publication.due().for_each(|(after, event)| scheduler.schedule_after(after, event));
}

#[cfg(test)]
mod tests;
