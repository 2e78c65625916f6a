//! A run as its visitors see it: views of it, and the sums that metrics are made of.
//!
//! Left out: what happens in a run (see `model`), and what is made of several runs.

pub(super) mod calm;
pub(super) mod observation;
pub(super) mod seen_run;
pub(super) mod thresholds;
pub(super) mod view;
pub(super) mod windows;
