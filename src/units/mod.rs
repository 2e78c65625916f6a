//! Quantities with their units: simulated time, durations, byte counts, bandwidths, shares.
//!
//! A leaf: it knows no other module of the crate. Each quantity prints as it is written in a scenario, and what it
//! prints parses to the same quantity again; `words` writes quantities for people.
//!
//! ```
//! use firedrill::units::SimDuration;
//!
//! let ttl: SimDuration = "2m".parse()?;
//! assert_eq!(ttl, SimDuration::from_secs(120));
//! assert_eq!(ttl.to_string(), "2m");
//! assert!("120".parse::<SimDuration>().is_err(), "a duration has a unit");
//! # Ok::<(), firedrill::units::QuantityError>(())
//! ```

mod bytes;
mod duration;
mod quantity;
mod share;
mod time;
pub mod words;

pub use bytes::{Bandwidth, ByteSize};
pub use quantity::QuantityError;
pub use share::Share;
pub use time::{SimDuration, SimTime};
