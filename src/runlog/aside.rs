//! Puts numbers for which there may be no room in memory aside beside a log, to be read again by the same process.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::LogError;

/// A file without a name, which goes with the process however that ends. It is made when it is first needed.
#[derive(Debug)]
pub struct Aside {
    folder: PathBuf,
    inner: Mutex<Option<File>>,
}

impl Aside {
    /// Puts nothing aside yet, and then on the disk of `folder`.
    pub fn on_the_disk_of(folder: &Path) -> Self {
        Aside { folder: folder.to_owned(), inner: Mutex::new(None) }
    }

    /// Puts `bytes` aside, and returns where they are.
    ///
    /// # Errors
    /// [`LogError::Aside`] if they cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<u64, LogError> {
        self.with(|file| {
            let place = file.seek(SeekFrom::End(0))?;
            file.write_all(bytes)?;
            Ok(place)
        })
    }

    /// Fills `bytes` with what was put at `place`.
    ///
    /// # Errors
    /// [`LogError::Aside`] if they cannot be read.
    pub fn get(&self, place: u64, bytes: &mut [u8]) -> Result<(), LogError> {
        self.with(|file| {
            file.seek(SeekFrom::Start(place))?;
            file.read_exact(bytes)
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut File) -> std::io::Result<T>) -> Result<T, LogError> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |source| LogError::Aside { folder: self.folder.clone(), source };
        let file = match &mut *inner {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.folder).map_err(failed)?),
        };
        work(file).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_is_had_back_and_has_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let aside = Aside::on_the_disk_of(folder.path());
        let places = [b"one", b"two"].map(|bytes| aside.put(bytes).unwrap());
        let mut bytes = [0; 3];
        aside.get(places[1], &mut bytes).unwrap();
        assert_eq!((&bytes, places), (b"two", [0, 3]));
        aside.get(places[0], &mut bytes).unwrap();
        assert_eq!(&bytes, b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(matches!(aside.get(4, &mut bytes), Err(LogError::Aside { .. })), "there are 2 bytes from 4 on");
    }
}
