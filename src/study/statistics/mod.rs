//! One metric of one design over all runs: its sample, its statistics, and how many runs were put to the test.
//!
//! Left out: intervals and quantiles themselves (see `stats`).

pub(super) mod attendance;
pub(super) mod sample;
pub(super) mod statistic;
pub(super) mod summary;
