//! Brings what was written to the disk, so that a power cut cannot undo what was reported as done.

use std::fs::File;
use std::io;
use std::path::Path;

/// Flushes a file.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    // Some systems flush only what may be written to.
    File::options().write(true).open(path)?.sync_all()
}

/// Flushes the names in a folder; a file system that cannot do that alone does it by itself.
#[cfg(unix)]
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Does nothing: here a folder cannot be opened, and its file system keeps a journal of names.
#[cfg(not(unix))]
pub(super) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
