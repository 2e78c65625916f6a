//! The record of a run: what is counted, when, and under what.
//!
//! Requests count by their start, in measured time: from the end of the warm-up to one patience before the horizon, so
//! that none hangs at the end. The timeline covers the whole run.

mod accumulator;
mod bad_window;
mod by_window;
mod calm;
mod episode;
mod grid;
mod latency_counts;
mod recorder;
mod recovery;
mod requests;
mod tail;

pub(super) use accumulator::{Reading, Standing};
pub(super) use calm::Announced;
pub(super) use episode::{Lasting, Recovery};
pub(super) use recorder::{Counts, Recorder, Requests};
pub(super) use tail::Leaving;
