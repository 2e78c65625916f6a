//! Java's virtual machine, which caches addresses by itself: for 30 s without a security manager (the default of
//! `networkaddress.cache.ttl`), whatever the TTL says; with one, for ever (`dns_cache = "forever"`). Failures are kept for 10 s,
//! which is not modelled.

use super::defaults::ClientDefaults;
use crate::units::SimDuration;

/// Says what it changes, for the documents of the format.
pub(super) const MEANING: &str = "`jvm`, Java: `dns_cache` 30 s (`networkaddress.cache.ttl` without a security manager; with one it is `forever`), `pin_share` 0";

/// Changes to the defaults.
pub(super) const DEFAULTS: ClientDefaults =
    ClientDefaults { pin_share: Some(0.0), dns_cache: Some(SimDuration::from_secs(30)), ..ClientDefaults::NONE };
