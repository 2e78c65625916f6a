//! Where finished runs are kept, so that a study outlives the process that makes it.

use std::error::Error;
use std::sync::Arc;

use super::RunRecord;

/// Why runs cannot be kept or had back.
pub type KeepError = Arc<dyn Error + Send + Sync>;

/// A place for finished runs. A run may be kept several times; its records are then alike.
pub trait KeptRuns: Sync {
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
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Runs that are kept in memory.
    #[derive(Default)]
    pub(crate) struct InMemory(pub(crate) Mutex<Vec<RunRecord>>);

    impl KeptRuns for InMemory {
        fn each(&self, visit: &mut dyn FnMut(RunRecord)) -> Result<(), KeepError> {
            self.0.lock().unwrap().iter().cloned().for_each(visit);
            Ok(())
        }

        fn keep(&self, record: &RunRecord) -> Result<(), KeepError> {
            self.0.lock().unwrap().push(record.clone());
            Ok(())
        }
    }
}
