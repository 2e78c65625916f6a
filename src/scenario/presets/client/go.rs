//! Programs in Go, whose resolver keeps no cache: each new connection looks up. `http.DefaultTransport` keeps an idle connection
//! for 90 s (`IdleConnTimeout`).

use super::defaults::ClientDefaults;
use crate::units::SimDuration;

/// Says what it changes, for the documents of the format.
pub(super) const MEANING: &str =
    "`go`: `dns_cache` 0 s (no cache in the process), `keepalive` 90 s (`http.DefaultTransport`), `pin_share` 0";

/// Changes to the defaults.
pub(super) const DEFAULTS: ClientDefaults = ClientDefaults {
    pin_share: Some(0.0),
    dns_cache: Some(SimDuration::ZERO),
    keepalive: Some(SimDuration::from_secs(90)),
    ..ClientDefaults::NONE
};
