//! Alibaba Cloud's Data Transmission Service, which reads the log of the source database and writes it to the other one.
//!
//! Its documents speak of a delay of less than a second to some seconds, and give no bound. So both values are assumptions,
//! within that range: a reading a second, and some 0.3 s to parse and to write, 1 s at the 95th percentile. A commit leaves 0.8 s
//! after it was made, on average, and seldom later than 2 s. Who has measured a delay of their own states it: between 0.2 s and
//! 5 s it would fit the documents as well.

use super::defaults::ReplicationDefaults;
use crate::scenario::distribution::Distribution;
use crate::units::SimDuration;

/// Says what it changes, for the documents of the format.
pub(super) const MEANING: &str = "`dts`, Alibaba Cloud's Data Transmission Service: `poll` 1 s, `ship` lognormal, median 200 ms, p95 1 s, \
     so that a commit leaves 0.8 s after it was made, on average (assumptions: sub-second to seconds, and no bound is published; \
     0.2 s to 5 s would fit as well)";

/// Returns what it changes.
pub(super) fn defaults() -> ReplicationDefaults {
    ReplicationDefaults {
        poll: Some(SimDuration::from_secs(1)),
        ship: Some(Distribution::Lognormal { median: 0.2, p95: 1.0 }),
    }
}
