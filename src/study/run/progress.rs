//! Progress of a study that is being made.

/// Progress of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Runs that have ended.
    pub runs: u64,
    /// Runs of the whole study.
    pub total: u64,
    /// Events handled in the runs that have ended.
    pub events: u64,
    /// Requests simulated in them.
    pub requests: u64,
}
