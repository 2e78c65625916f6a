//! Judgements on results: expectations, objectives, conditions, and targets that say when runs are enough.
//!
//! Left out: their words (see `conclude`), and the search for a value that meets a condition (see `vary`).

pub(super) mod condition;
pub(super) mod expectation;
pub(super) mod expectation_check;
pub(super) mod extreme;
pub(super) mod objective;
pub(super) mod objective_metric;
pub(super) mod trend;
pub(super) mod until;
