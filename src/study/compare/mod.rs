//! Designs beside each other, run by run: differences, their evidence, and what they weigh.
//!
//! Left out: words (see `conclude`).

pub(super) mod ahead;
pub(super) mod comparison;
pub(super) mod edge;
pub(super) mod evidence;
pub(super) mod first_phase;
pub(super) mod pairs;
pub(super) mod ratio;
pub(super) mod weight;
