//! All of DNS in a run: who asks, who answers, who checks and who decides.

use super::authorities::Authorities;
use super::health_check::Checks;
use super::resolver_bank::ResolverBank;
use super::traffic_manager::TrafficManager;

/// The resolvers, the authorities that they ask, the traffic manager and its health checks.
pub(in super::super) struct Dns {
    pub(in super::super) resolvers: ResolverBank,
    pub(in super::super) authorities: Authorities,
    pub(in super::super) manager: TrafficManager,
    pub(in super::super) checks: Checks,
}

impl Dns {
    /// All of it at the start of a run, while every authority answers.
    pub(in super::super) fn new(resolvers: ResolverBank, manager: TrafficManager, checks: Checks) -> Self {
        Dns { resolvers, authorities: Authorities::default(), manager, checks }
    }
}
