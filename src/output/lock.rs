//! One writer at a time: a lock on a hidden file in the folder, which the system lets go when its process ends, however it does.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::names::LOCK;

/// The right to write to a folder, until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

/// Reason why a folder cannot be locked.
#[derive(Debug)]
pub(super) enum LockError {
    /// Another process writes there.
    Busy,
    /// The lock file cannot be made or locked.
    Io(io::Error),
}

/// Number of times that a lock file may vanish between opening and locking it before that is an error.
const TRIES: usize = 100;

impl Lock {
    /// Locks `folder`, making it if it is not there.
    pub(super) fn acquire(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join(LOCK);
        for _ in 0..TRIES {
            // Whoever had the lock may have taken its folder away again.
            fs::create_dir_all(folder).map_err(LockError::Io)?;
            let file = match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(LockError::Io(error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(LockError::Busy),
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
            }
            let lock = Lock { file, path: path.clone() };
            // A file that was unlinked, or went away with the folder that it was in, locks nothing.
            if lock.is_in_place() {
                return Ok(lock);
            }
        }
        Err(LockError::Io(io::Error::other(format!("{LOCK} is a link, or vanishes again and again"))))
    }

    /// Returns true if the path of the lock still leads to the file that is locked.
    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;

        let identity = |found: fs::Metadata| (found.dev(), found.ino());
        let (there, ours) = (fs::symlink_metadata(&self.path).map(identity), self.file.metadata().map(identity));
        matches!((there, ours), (Ok(there), Ok(ours)) if there == ours)
    }

    /// Returns true: here an open file keeps its name.
    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        self.path.exists() && self.file.metadata().is_ok()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.is_in_place() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_writer_at_a_time_and_keeps_no_trace_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::acquire(folder.path()).unwrap();
        assert!(matches!(Lock::acquire(folder.path()), Err(LockError::Busy)));
        drop(first);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        Lock::acquire(folder.path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_file_that_is_a_link_is_refused_and_what_it_leads_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine"), "mine").unwrap();
        std::os::unix::fs::symlink(folder.path().join("mine"), folder.path().join(LOCK)).unwrap();
        assert!(matches!(Lock::acquire(folder.path()), Err(LockError::Io(_))));
        assert_eq!(fs::read_to_string(folder.path().join("mine")).unwrap(), "mine");
    }
}
