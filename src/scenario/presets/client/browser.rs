//! A browser: Chromium keeps an address for 60 s when it asks the system's resolver, which tells no TTL ("Chromium's DNS Cache",
//! textslashplain.com), and Firefox for as long (`network.dnsCacheExpiration`). Chromium keeps a connection that has been used idle
//! for 300 s (`g_used_idle_socket_timeout_s`).

use super::defaults::ClientDefaults;
use crate::units::SimDuration;

/// Says what it changes, for the documents of the format.
pub(super) const MEANING: &str = "`browser`: `dns_cache` 60 s (Chromium and Firefox, which do not learn the TTL from the system), `keepalive` 5 min (Chromium), `pin_share` 0";

/// Changes to the defaults.
pub(super) const DEFAULTS: ClientDefaults = ClientDefaults {
    pin_share: Some(0.0),
    dns_cache: Some(SimDuration::from_secs(60)),
    keepalive: Some(SimDuration::from_secs(300)),
    ..ClientDefaults::NONE
};
