//! Standbys: one that is told to grows to full size.

use super::super::event::{Event, Scheduler};
use super::super::incident::Change;
use super::failover::Failover;
use super::state::Reachability;
use crate::scenario::RegionId;

impl Failover<'_> {
    /// The other region has been found down, or is being replaced: this one grows to full size, if it stands by.
    pub(in super::super) fn activate_standby(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        let setting = self.serving.setting;
        let Some(standby) = &setting.design.standby else { return };
        let state = &mut self.serving.regions.states[region];
        if standby.region == region && !state.activation_ordered {
            state.activation_ordered = true;
            self.serving.books.standby_ordered(scheduler.now(), region);
            let is_refused = standby.refused > 0.0 && setting.streams.activation().uniform(0) < standby.refused;
            if !is_refused {
                state.is_growing = true;
                scheduler.schedule_after(standby.activation, Event::StandbyActive { region });
            }
        }
    }

    /// A standby region is at full size, unless its control plane is out. Returns whether it is.
    pub(in super::super) fn standby_active(&mut self, scheduler: &mut Scheduler, region: RegionId) -> bool {
        let again = Event::StandbyActive { region };
        if self.control_plane.change_fails(region, Change::Activation, region.index() as u64, again) {
            return false;
        }
        self.serving.books.standby_active(scheduler.now(), region);
        if self.serving.dns.manager().is_cold(region) {
            self.serving.dns.cold_standby_active(scheduler, region);
        }
        let state = &mut self.serving.regions.states[region];
        state.switch_on(self.serving.setting.plan.scenario.regions[region].app.instances);
        state.is_growing = false;
        if state.app_reachability() == Reachability::Up {
            self.serving.app_resizes(scheduler, region);
        }
        true
    }
}
