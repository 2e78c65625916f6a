//! Defaults of `client` that a preset may change.

use crate::units::SimDuration;

/// Other defaults of `client`; `None`: the usual one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::scenario) struct ClientDefaults {
    /// Share of sessions that pin the address they hold, whatever its TTL.
    pub(in crate::scenario) pin_share: Option<f64>,
    /// Age of a pinned answer at the start of a session: uniform between 0 and this.
    pub(in crate::scenario) pin: Option<SimDuration>,
    /// Time for which a client keeps an answer, whatever its TTL.
    pub(in crate::scenario) dns_cache: Option<SimDuration>,
    /// Time that an idle connection is kept for the session's next request.
    pub(in crate::scenario) keepalive: Option<SimDuration>,
}

impl ClientDefaults {
    /// Changes nothing.
    pub(super) const NONE: ClientDefaults =
        ClientDefaults { pin_share: None, pin: None, dns_cache: None, keepalive: None };
}
