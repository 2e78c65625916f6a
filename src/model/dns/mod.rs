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

mod authorities;
mod health_check;
mod look_up;
mod owner;
mod probe;
mod publication;
mod resolver;
mod resolver_bank;
mod traffic_manager;
mod verdict;

pub(super) use authorities::Voice;
pub(super) use health_check::{Checks, Target};
pub(super) use owner::Dns;
pub(super) use resolver_bank::ResolverBank;
pub(super) use traffic_manager::{Addresses, TrafficManager};
