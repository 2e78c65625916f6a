//! The place of results: a folder that is locked, finished if a run was cut off in it, and cleared of what such a run left.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::error::OutputError;
use super::lock::{Lock, LockError};
use super::made_folders::MadeFolders;
use super::{journal, leftovers};

/// A folder that nobody else writes to while this is there.
#[derive(Debug)]
pub(super) struct Place {
    /// As the user named it.
    pub(super) shown: PathBuf,
    /// Without links or `..`.
    pub(super) root: PathBuf,
    /// Notes for the user about it.
    pub(super) notes: Vec<String>,
    /// Staging folders of runs that were cut off, with a log.
    pub(super) cut_off: Vec<PathBuf>,
    // Dropped in this order: the lock file goes before the folders that were made for it.
    _lock: Lock,
    _made: MadeFolders,
}

impl Place {
    /// Opens the folder at `path`, making it if it is not there.
    ///
    /// # Errors
    /// [`OutputError::Open`] if it is a link, no folder, or cannot be written to; [`OutputError::Busy`] if another process writes
    /// there; [`OutputError::Journal`] if a run that was cut off cannot be finished.
    pub(super) fn open(path: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::Open { path: path.to_owned(), source };
        // Without the slash at its end, which would follow a link.
        match path.components().as_path().symlink_metadata() {
            Ok(found) if found.is_symlink() => {
                return Err(failed(io::Error::other("it is a link; give the folder that it leads to")));
            }
            Ok(found) if !found.is_dir() => return Err(failed(io::Error::from(io::ErrorKind::NotADirectory))),
            _ => {}
        }
        let made = MadeFolders::make(path).map_err(failed)?;
        let absolute = fs::canonicalize(path).map_err(failed)?;
        let lock = Lock::acquire(&absolute).map_err(|error| match error {
            LockError::Busy => OutputError::Busy { path: path.to_owned() },
            LockError::Io(source) => failed(source),
        })?;
        let mut place = Place {
            shown: path.to_owned(),
            root: absolute,
            notes: Vec::new(),
            cut_off: Vec::new(),
            _lock: lock,
            _made: made,
        };
        if journal::recover(&place.root, &mut || Ok(()))? {
            let done = "files were finished that a run that was cut off had begun to put in place";
            place.notes.push(format!("{}: {done}", path.display()));
        }
        let left = leftovers::sweep(&place.root).map_err(failed)?;
        place.notes.extend(left.notes);
        place.cut_off = left.with_log;
        Ok(place)
    }
}
