//! Quantities with their units: simulated time, durations, byte counts, shares.
//!
//! A leaf: it knows no other module of the crate. Each quantity prints as it is written in a scenario.

mod time;

pub use time::{SimDuration, SimTime};
