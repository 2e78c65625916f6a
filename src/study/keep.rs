//! Where finished runs are kept, so that a study outlives the process that makes it, and needs no memory for their rows.

use std::error::Error;
use std::fmt::Debug;
use std::sync::Arc;

use super::{RunRecord, RunRow};

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

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Runs that are kept in memory.
    #[derive(Debug, Default)]
    pub(crate) struct InMemory {
        pub(crate) records: Mutex<Vec<RunRecord>>,
        pub(crate) aside: Mutex<Vec<u8>>,
    }

    impl KeptRuns for InMemory {
        fn each(&self, visit: &mut dyn FnMut(RunRecord)) -> Result<(), KeepError> {
            self.records.lock().unwrap().iter().cloned().for_each(visit);
            Ok(())
        }

        fn keep(&self, record: &RunRecord) -> Result<(), KeepError> {
            self.records.lock().unwrap().push(record.clone());
            Ok(())
        }

        fn row(&self, slot: u32, run: u64) -> Result<RunRow, KeepError> {
            let records = self.records.lock().unwrap();
            let found = records.iter().find(|record| (record.slot, record.run()) == (slot, run));
            found.map(|record| record.row.clone()).ok_or_else(|| Arc::new(std::io::Error::other("no such run")) as _)
        }

        fn put_aside(&self, bytes: &[u8]) -> Result<u64, KeepError> {
            let mut aside = self.aside.lock().unwrap();
            let place = aside.len() as u64;
            aside.extend(bytes);
            Ok(place)
        }

        fn read_aside(&self, place: u64, bytes: &mut [u8]) -> Result<(), KeepError> {
            let aside = self.aside.lock().unwrap();
            let found = aside.get(place as usize..place as usize + bytes.len());
            bytes.copy_from_slice(found.ok_or_else(|| Arc::new(std::io::Error::other("nothing there")) as KeepError)?);
            Ok(())
        }
    }
}
