//! Errors of a study and of its runs.

use thiserror::Error;

use super::spec::SpecError;
use crate::model::RunFailure;
use crate::results::words::counted;
use crate::study::record::keep::KeepError;

/// Why a study has no results.
#[derive(Clone, Debug, Error)]
pub enum StudyError {
    /// It was not asked for rightly.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A run failed.
    #[error(transparent)]
    Run(Box<RunError>),
    /// It was stopped.
    #[error("stopped after {runs} of {}", counted(*total, "run"))]
    Cancelled {
        /// Runs that had ended.
        runs: u64,
        /// Runs of the whole study.
        total: u64,
    },
    /// Finished runs cannot be kept, or those that were kept cannot be had back.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// Runs that were to be there already are not.
    #[error("runs are missing: {missing} of {total}")]
    Missing {
        /// Number missing.
        missing: u64,
        /// Runs of the whole study.
        total: u64,
    },
    /// The threads could not be started.
    #[error("cannot start {}: {reason}", counted(*jobs as u64, "thread"))]
    Threads {
        /// Number of threads.
        jobs: usize,
        /// Why.
        reason: String,
    },
}

/// A run that failed, and how to see it fail again.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("run {run} of design {design:?} under seed {seed} failed; to reproduce: {command}")]
pub struct RunError {
    /// Seed of the study.
    pub seed: u64,
    /// Run number.
    pub run: u64,
    /// Name of the design.
    pub design: String,
    /// Command that runs it alone.
    pub command: String,
    /// The problem.
    #[source]
    pub problem: RunProblem,
}

/// A problem in a run.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RunProblem {
    /// The model gave up, at a simulated time that it names.
    #[error("a defect in the simulator, please report it: {0}")]
    Model(#[from] RunFailure),
    /// The run came to its end, but could not be folded.
    #[error("a defect in the simulator, please report it: {0}")]
    Defect(String),
}
