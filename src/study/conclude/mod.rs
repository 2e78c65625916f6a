//! Draws every conclusion from the results of a study into one tree, [`crate::results::Study`].
//!
//! One idea a file: `statistics` (a mean, its interval and whether its sample is degenerate), `comparison` and `sentence`
//! (pairs of designs), `best`, `against` and `answer` (which design, by how much, and what it costs), `lead` and
//! `waterfall` (what to fix first), `finding` (objectives and expectations) and `check` (the same, as statements that hold or
//! fail), `extremes` (the best and the worst), `downtime` (where it hangs on traffic or the service level), `found` (where a
//! condition tips), `sweep`, `stopping`, `schedule`; `tree` puts them together. Whoever shows results only renders the tree.

mod against;
mod answer;
mod best;
mod check;
mod comparison;
mod definition;
pub(super) mod downtime;
mod extremes;
mod finding;
mod found;
mod geography;
mod lead;
mod meaning;
mod ratio;
mod schedule;
mod sentence;
mod statistics;
mod stopping;
mod sweep;
#[cfg(test)]
mod tests;
mod tree;
mod warnings;
mod waterfall;
