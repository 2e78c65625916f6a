//! Names: from the site's name to a region's address.
//!
//! # What it models
//! Recursive resolvers with one cache entry for the CNAME and one for the traffic manager's answer, each with its own
//! TTL, within the limits that the resolver sets; misses that share one query; cached failures; stale answers while an
//! authority does not answer (RFC 8767); two authorities, each of which can fall silent or answer empty. Health checkers
//! with independent phases that probe both regions (and both database nodes, where their endpoints are names), a quorum
//! over them, a publication delay, answers when all is down (fail-open or SERVFAIL) and failback after a hold time.
//!
//! # What it leaves out
//! Lost queries and retries between resolver and authority. Authorities answer in one fixed round-trip time.

mod addresses;
mod authorities;
mod health_check;
mod look_up;
mod probe;
mod publication;
mod publish;
mod resolver;
mod resolver_bank;
mod resolver_clock;
mod start;
mod target;
mod traffic_manager;

pub(super) use addresses::Addresses;
pub(super) use authorities::Voice;
pub(super) use look_up::{LookUps, Told};
pub(super) use probe::{Probes, Verdict, probe_answered};
pub(super) use publish::Publishing;
pub(super) use target::Target;
pub(super) use traffic_manager::TrafficManager;

use super::event::NameServer;
use crate::scenario::{Authority, DnsMode};
use authorities::Authorities;
use health_check::Checks;
use resolver_bank::ResolverBank;

/// All of DNS: the resolvers, the authorities that they ask, the traffic manager and its health checks.
#[derive(Debug)]
pub(super) struct Dns {
    resolvers: ResolverBank,
    authorities: Authorities,
    manager: TrafficManager,
    checks: Checks,
}

impl Dns {
    /// All of it at the start of a run, while every authority answers.
    fn new(resolvers: ResolverBank, manager: TrafficManager, checks: Checks) -> Self {
        Dns { resolvers, authorities: Authorities::default(), manager, checks }
    }

    /// An outage of an authority, or of a geography's resolvers, begins or ends.
    pub(super) fn outage(&mut self, authority: Authority, mode: DnsMode, begins: bool) {
        match authority {
            Authority::Zone => self.authorities.outage(NameServer::Zone, mode, begins),
            Authority::Gtm => self.authorities.outage(NameServer::Gtm, mode, begins),
            // They cannot answer empty: the scenario says so.
            Authority::Resolvers(geography) => self.resolvers.outage(geography, begins),
        }
    }

    /// The way in which an authority answers now.
    #[inline]
    pub(super) fn voice(&self, authority: NameServer) -> Voice {
        self.authorities.voice(authority)
    }

    /// The traffic manager: what it holds and has published.
    #[inline]
    pub(super) fn manager(&self) -> &TrafficManager {
        &self.manager
    }
}
