//! Names: from the site's name to a region's address.
//!
//! # What it models
//! Recursive resolvers with one cache entry for the CNAME and one for the traffic manager's answer, each with its own
//! TTL; misses that share one query; two authorities, each of which can fall silent. Health checkers with independent
//! phases that probe both regions (and both database nodes, where their endpoints are names), a quorum over them, a
//! publication delay, fail-open answers and failback after a hold time.
//!
//! # What it leaves out
//! Lost queries and retries between resolver and authority, negative caching, resolvers that clamp TTLs or serve stale
//! answers. Authorities answer in one fixed round-trip time.

mod health_check;
mod resolver;
mod traffic_manager;

pub(super) use health_check::{Checks, Target};
pub(super) use resolver::{Resolver, StationaryCache};
pub(super) use traffic_manager::TrafficManager;
