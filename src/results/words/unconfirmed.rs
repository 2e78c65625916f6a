//! Recoveries after which a run ended too soon to show another relapse.

use super::count::in_these_runs;
use crate::results::statistics::Statistics;
use crate::results::study::Study;

/// The metric that counts them.
const COUNTED: &str = "recovery_unconfirmed";
/// The metric beside which they are counted.
const RECOVERY: &str = "recovery_time_s";

/// The meaning of `unconfirmed`, which a table with such a count adds.
pub const UNCONFIRMED: &str = "A recovery is unconfirmed if the run ends before another relapse would have been seen.";

/// Returns in how many runs the recovery is not confirmed: `in 29 of 30 runs`; `-` if it is in all.
pub fn unconfirmed_in(statistics: &Statistics) -> String {
    if statistics.nonzero == 0 { "-".to_owned() } else { in_these_runs(statistics.nonzero, statistics.n) }
}

/// Says in how many runs the recovery is not confirmed: `unconfirmed in 29 of 30 runs`.
pub fn unconfirmed(some: u64, all: u64) -> String {
    format!("unconfirmed {}", in_these_runs(some, all))
}

/// Returns the position of the count that belongs beside the metric `name`, if a recovery of some design is not confirmed.
pub fn unconfirmed_beside(study: &Study, name: &str) -> Option<usize> {
    let is_any = |&metric: &usize| study.of_all_designs(metric).any(|one| one.nonzero > 0);
    study.position(COUNTED).filter(|_| name == RECOVERY).filter(is_any)
}
