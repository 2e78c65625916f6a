//! A probe of a health check at its target: what it finds there.

use super::super::dns::{self, Target};
use super::super::draws::Draws;
use super::super::event::Scheduler;
use super::super::slab::Handle;
use super::call::Call;
use super::serving::Serving;
use super::state::Reachability;
use crate::scenario::Probe;

impl Serving<'_> {
    /// A probe reaches its target.
    pub(in super::super) fn probe_arrives(&mut self, scheduler: &mut Scheduler, probe: Handle) {
        let Some(arrived) = self.dns.probe(probe) else { return };
        if self.regions.paths.is_hidden(arrived.geography, arrived.target.region()) {
            return;
        }
        let region = &self.regions.states[arrived.target.region()];
        let kind = self.setting.design.dns.health_checks.probe;
        let reached = match (arrived.target, kind) {
            (Target::Node(_), _) => region.node_reachability(),
            (Target::Region(_), Probe::Ping) => region.network.reachability(),
            (Target::Region(_), Probe::Tcp | Probe::Http | Probe::Deep) => region.app_reachability(),
        };
        match reached {
            Reachability::Silent => {}
            Reachability::Refusing => self.probe_answered(scheduler, probe, false),
            Reachability::Up => match (arrived.target, kind) {
                (Target::Node(_), _) | (_, Probe::Ping | Probe::Tcp) => self.probe_answered(scheduler, probe, true),
                (Target::Region(region), Probe::Http | Probe::Deep) => {
                    let (deep, draws) = (kind == Probe::Deep && self.setting.asks_database(), Draws(arrived.stream));
                    let call = self.regions.calls.insert(Call::of_probe(probe, region, deep, arrived.deadline, draws));
                    self.enter_app(scheduler, call);
                }
            },
        }
    }

    /// The target answers a probe now.
    pub(super) fn probe_answered(&mut self, scheduler: &mut Scheduler, probe: Handle, good: bool) {
        let paths = &self.regions.paths;
        let is_hidden = |geography, region| paths.is_hidden(geography, region);
        dns::probe_answered(self.dns, is_hidden, scheduler, (probe, good));
    }
}
