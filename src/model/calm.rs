//! The part of a run's outcome that is about calm time: what it was like, and what each disruption took.
//!
//! Calm is a window of measured time before the run's first incident or planned change, and again from `aftermath` after the
//! end of a disruption on. A disruption ends when nothing of it lasts and no window is bad any more: see `record/calm.rs`,
//! which decides it.

use super::latency::Latency;
use super::load::Load;
use crate::units::{SimDuration, SimTime};

/// Calm time of one run, and its disruptions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calm {
    /// Before the first incident or planned change.
    pub before: CalmTime,
    /// After the disruptions.
    pub again: CalmTime,
    /// Disruptions by incidents that began in measured time, in order.
    pub disruptions: Vec<Disruption>,
}

/// The calm windows of one kind, taken together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalmTime {
    /// Their length.
    pub length: SimDuration,
    /// Requests that started in them, per geography and [`Operation`](super::Operation); empty if there are none.
    pub visitors: Vec<[CalmTally; 2]>,
    /// Per region.
    pub loads: [Load; 2],
}

/// Requests of one geography and operation that started in calm windows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalmTally {
    /// Requests that succeeded.
    pub succeeded: u64,
    /// Requests that failed.
    pub failed: u64,
    /// Attempts of both.
    pub attempts: u64,
    /// Successful reads that missed an acknowledged version (writes: 0).
    pub stale_reads: u64,
    /// Latency of the successful ones.
    pub latency: Latency,
}

/// A stretch of whole windows from the one in which an incident begins to `aftermath` after its end and recovery.
///
/// Incidents that begin before that belong to the same disruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disruption {
    /// Start of its first window.
    pub from: SimTime,
    /// Start of the first window after it; the end of measured time if it lasts.
    pub until: SimTime,
    /// True if it was over by the end of measured time.
    pub is_over: bool,
    /// Instance-nanoseconds switched on meanwhile, in both regions.
    pub instances_on_ns: u128,
    /// Bytes sent over the link meanwhile.
    pub cross_region_bytes: u64,
    /// Instances switched on just before.
    pub instances_before: u32,
    /// Instances switched on just after.
    pub instances_after: u32,
}

impl CalmTally {
    /// Adds all requests of `other`.
    pub fn add(&mut self, other: &CalmTally) {
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.attempts += other.attempts;
        self.stale_reads += other.stale_reads;
        self.latency.add(&other.latency);
    }
}
