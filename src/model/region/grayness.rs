//! Regions become gray, and well again.

use super::super::setting::Setting;
use super::Regions;
use crate::scenario::RegionId;
use crate::units::SimTime;

impl Regions {
    /// A cause of errors or slowness begins in a region, or ends.
    pub(in super::super) fn grayness_changes(
        &mut self,
        setting: &Setting,
        now: SimTime,
        region: RegionId,
        (factor, errors): (f64, f64),
        begins: bool,
    ) {
        let gray = &mut self.states[region].gray;
        if begins {
            gray.begin(factor, errors);
        } else {
            gray.end(factor, errors);
        }
        let is_unfit = gray.fails_probes(&setting.design.dns, &setting.plan.scenario.regions[region]);
        gray.judge(now, is_unfit);
    }
}
