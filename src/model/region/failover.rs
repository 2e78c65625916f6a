//! Failover: what faults of the regions touch, and the promotions and standbys that answer them.

use super::super::incident::ControlPlane;
use super::serving::Serving;

/// Owners that faults touch, and what answers them.
pub(in super::super) struct Failover<'w> {
    pub(in super::super) serving: Serving<'w>,
    pub(in super::super) control_plane: &'w mut ControlPlane,
}
