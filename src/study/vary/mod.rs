//! Studies of several settings: sweeps, fronts, and searches for the value at which a condition tips.
//!
//! Left out: the studies themselves, which the caller makes.

pub(super) mod find;
pub(super) mod front;
pub(super) mod in_unit;
pub(super) mod search;
pub(super) mod sweep;
pub(super) mod variation;
