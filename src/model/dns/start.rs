//! DNS at the start of a run: as long running has left it.

use super::super::event::Event;
use super::super::setting::Setting;
use super::target::Target;
use super::traffic_manager::TrafficManager;
use super::{Checks, Dns, ResolverBank};
use crate::scenario::{Endpoint, Reads, StandbyKind};
use crate::units::SimTime;

impl Dns {
    /// All of DNS, and when each check starts its first probe. Nodes are probed where their endpoints are names and each region
    /// reads from its own.
    pub(in super::super) fn at_start(setting: &Setting) -> (Self, Vec<(SimTime, Event)>) {
        let Setting { plan, design, streams, .. } = *setting;
        let names_nodes = matches!(design.database.endpoint, Endpoint::Dns { .. });
        let targets =
            if names_nodes && design.database.reads == Reads::Local { &Target::ALL[..] } else { &Target::ALL[..2] };
        let (checks, first_probes) =
            Checks::new(&design.dns.health_checks, plan.geographies.ids(), targets, |checker| streams.checker(checker));
        let of_design = setting.of_design();
        let mut manager =
            TrafficManager::new(of_design.orders.clone(), of_design.first_share, &design.dns, design.failback);
        if let Some(standby) = design.standby.as_ref().filter(|standby| standby.kind == StandbyKind::Cold) {
            manager.stands_by_cold(standby.region);
        }
        let geographies = (&plan.geographies, &plan.scenario.geographies);
        let resolvers = ResolverBank::stationary(geographies, &design.dns, &manager, streams);
        (Dns::new(resolvers, manager, checks), first_probes)
    }
}
