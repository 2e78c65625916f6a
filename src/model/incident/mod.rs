//! Incidents: when they happen, what they do, and how long the recovery took.
//!
//! Times of an incident come from its own stream, so that every design of a run meets the same faults. Several at once act
//! together: each component counts the outages that it suffers from.

mod control_plane;
mod effect;
mod incident_id;
mod log;
mod occurrence;
mod schedule;

pub(super) use control_plane::{Change, ControlPlane};
pub(super) use effect::Effects;
pub(super) use incident_id::IncidentId;
pub(super) use log::IncidentLog;
pub(super) use occurrence::Success;
pub(super) use schedule::Incidents;
