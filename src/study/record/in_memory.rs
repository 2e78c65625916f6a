//! Runs that are kept in memory, for tests.

use std::sync::{Arc, Mutex};

use super::keep::{KeepError, KeptRuns};
use super::row::RunRow;
use super::run_record::RunRecord;

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
