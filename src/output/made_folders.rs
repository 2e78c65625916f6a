//! Folders that are made on the way to a file, and taken away again if nothing comes to lie in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folders that were not there, outermost first. When this is dropped, those that are empty go.
#[derive(Debug)]
pub(super) struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes the folder `path` and those around it, as far as they are missing.
    ///
    /// # Errors
    /// If one cannot be made.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        let missing = path.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let mut made = MadeFolders(missing.map(Path::to_owned).collect());
        made.0.reverse();
        fs::create_dir_all(path)?;
        Ok(made)
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Only succeeds if the folder is empty.
            let _ = fs::remove_dir(folder);
        }
    }
}
