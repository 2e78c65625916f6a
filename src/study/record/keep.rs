//! Where finished runs are kept, so that a study outlives the process that makes it, and needs no memory for their rows.

use std::error::Error;
use std::fmt::Debug;
use std::sync::Arc;

use super::row::RunRow;
use super::run_record::RunRecord;

/// Why runs cannot be kept or had back.
pub type KeepError = Arc<dyn Error + Send + Sync>;

/// A place for finished runs. A run may be kept several times; its records are then alike.
pub trait KeptRuns: Debug + Send + Sync {
    /// Hands every run that is kept to `visit`, in any order.
    ///
    /// # Errors
    /// If they cannot be read.
    fn each(&self, visit: &mut dyn FnMut(RunRecord)) -> Result<(), KeepError>;

    /// Keeps `record`.
    ///
    /// # Errors
    /// If it cannot be written.
    fn keep(&self, record: &RunRecord) -> Result<(), KeepError>;

    /// Returns the row of a run that is kept.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
    fn row(&self, slot: u32, run: u64) -> Result<RunRow, KeepError>;

    /// Puts `bytes` aside for as long as the runs are kept here, and returns where they are.
    ///
    /// # Errors
    /// If they cannot be written.
    fn put_aside(&self, bytes: &[u8]) -> Result<u64, KeepError>;

    /// Fills `bytes` with what was put aside at `place`.
    ///
    /// # Errors
    /// If they cannot be read.
    fn read_aside(&self, place: u64, bytes: &mut [u8]) -> Result<(), KeepError>;
}
