//! Programs in Node.js, which keeps no cache of addresses: each new connection looks up. Since version 19 `http.globalAgent` keeps
//! an idle connection for 5 s.

use super::defaults::ClientDefaults;
use crate::units::SimDuration;

/// Says what it changes, for the documents of the format.
pub(super) const MEANING: &str = "`node`, Node.js: `dns_cache` 0 s (no cache in the process), `keepalive` 5 s (`http.globalAgent` since version 19), `pin_share` 0";

/// Changes to the defaults.
pub(super) const DEFAULTS: ClientDefaults = ClientDefaults {
    pin_share: Some(0.0),
    dns_cache: Some(SimDuration::ZERO),
    keepalive: Some(SimDuration::from_secs(5)),
    ..ClientDefaults::NONE
};
