//! The output folder: opened before the work, filled aside, put in place at the end.
//!
//! Files are written into a hidden folder inside the output folder (inside, so that moving them never crosses a file
//! system, even if the output folder is a mount point) and moved when all are whole. `receipt.json` is moved last: where
//! it stands, the files that it lists are whole and of one study. Files that the receipt of an earlier study lists and
//! this one does not write are removed; nothing else in the folder is touched.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The file that lists the others.
pub(super) const RECEIPT: &str = "receipt.json";

/// A folder that results are written to.
#[derive(Debug)]
pub struct OutputDir {
    path: PathBuf,
    staging: PathBuf,
    /// Names of the files written so far, sorted.
    names: Vec<String>,
    /// Whether the output folder itself was made here.
    created: bool,
}

/// Results that cannot be written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The folder cannot be made or written to.
    #[error("cannot write to the output folder {}", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written; nothing has been put in place.
    #[error("cannot write {name} for {}; earlier results there are as they were", path.display())]
    Write {
        /// Name of the file.
        name: String,
        /// The output folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A finished file cannot be put in place; some may have been, and there is no receipt.
    #[error("cannot put {name} in place in {}", path.display())]
    Place {
        /// Name of the file.
        name: String,
        /// The output folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl OutputDir {
    /// Opens the folder at `path`, making it if it is not there, and makes sure that files can be written to it.
    ///
    /// # Errors
    /// [`OutputError::Open`] if they cannot.
    pub fn open(path: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::Open { path: path.to_owned(), source };
        if path.exists() && !path.is_dir() {
            return Err(failed(io::Error::from(io::ErrorKind::NotADirectory)));
        }
        let created = !path.exists();
        fs::create_dir_all(path).map_err(failed)?;
        let staging = path.join(format!(".partial-{}", std::process::id()));
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(failed)?;
        }
        fs::create_dir(&staging).map_err(failed)?;
        Ok(OutputDir { path: path.to_owned(), staging, names: Vec::new(), created })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the files are until they are put in place.
    #[cfg(feature = "charts")]
    pub(super) fn staged(&self) -> &Path {
        &self.staging
    }

    /// Names of the files written so far, sorted.
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// Writes the file `name` aside; `folder/name` writes it into a folder of the output folder.
    ///
    /// # Errors
    /// [`OutputError::Write`] if it cannot be written whole.
    ///
    /// # Panics
    /// If `name` is not a plain file name, in at most one folder with a plain name.
    pub fn write(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        assert!(is_plain(name), "a file called {name:?}");
        let path = self.staging.join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| File::create(&path)).and_then(|file| {
            let mut buffered = BufWriter::new(file);
            write(&mut buffered)?;
            buffered.flush()
        });
        let failed = |source| OutputError::Write { name: name.to_owned(), path: self.path.clone(), source };
        written.map_err(failed)?;
        if let Err(place) = self.names.binary_search_by(|known| known.as_str().cmp(name)) {
            self.names.insert(place, name.to_owned());
        }
        Ok(())
    }

    /// Puts all files in place, the receipt last.
    ///
    /// # Errors
    /// [`OutputError::Place`] if one cannot be moved.
    pub fn commit(mut self) -> Result<(), OutputError> {
        for stale in self.stale() {
            // A file that is gone already is as good as removed.
            let _ = fs::remove_file(self.path.join(stale));
        }
        let _ = fs::remove_file(self.path.join(RECEIPT));
        let (receipt, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.names).into_iter().partition(|name| name == RECEIPT);
        for name in others.into_iter().chain(receipt) {
            let place = self.path.join(&name);
            let folder = place.parent().map_or(Ok(()), fs::create_dir_all);
            let moved = folder.and_then(|()| fs::rename(self.staging.join(&name), &place));
            moved.map_err(|source| OutputError::Place { name, path: self.path.clone(), source })?;
        }
        self.created = false;
        Ok(())
    }

    /// Files that an earlier receipt lists and that have not been written now.
    fn stale(&self) -> Vec<String> {
        let receipt = fs::read(self.path.join(RECEIPT)).unwrap_or_default();
        let receipt: serde_json::Value = serde_json::from_slice(&receipt).unwrap_or_default();
        let listed = receipt["files"].as_array().into_iter().flatten().filter_map(|name| name.as_str());
        listed
            .filter(|&name| is_plain(name) && !self.names.iter().any(|kept| kept == name))
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for OutputDir {
    /// Leaves nothing half done behind.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.staging);
        if self.created {
            // Only succeeds if the folder is empty.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// Whether `name` is a file name, in at most one folder.
fn is_plain(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['/', '\\', ':']);
    name.split_once('/').map_or_else(|| plain(name), |(folder, file)| plain(folder) && plain(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(output: &mut OutputDir, name: &str, text: &str) {
        output.write(name, |file| file.write_all(text.as_bytes())).unwrap();
    }

    fn listing(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_seen_before_the_commit_and_nothing_hidden_is_left_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/out");
        let mut output = OutputDir::open(&path).unwrap();
        text(&mut output, "runs.csv", "1");
        assert!(!path.join("runs.csv").exists());
        output.commit().unwrap();
        assert_eq!(listing(&path), ["runs.csv"]);
    }

    #[test]
    fn a_failed_write_leaves_earlier_results_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("runs.csv"), "old").unwrap();
        let mut output = OutputDir::open(folder.path()).unwrap();
        text(&mut output, "latency.csv", "new");
        let full = |file: &mut BufWriter<File>| {
            file.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let error = output.write("runs.csv", full).unwrap_err();
        assert!(matches!(&error, OutputError::Write { name, .. } if name == "runs.csv"), "{error}");
        drop(output);
        assert_eq!(listing(folder.path()), ["runs.csv"]);
        assert_eq!(fs::read_to_string(folder.path().join("runs.csv")).unwrap(), "old");
    }

    #[test]
    fn a_folder_made_for_nothing_is_taken_away_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        drop(OutputDir::open(&path).unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn files_of_an_earlier_receipt_go_and_strangers_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for name in ["comparison.csv", "runs.csv", "notes.txt"] {
            fs::write(path.join(name), "old").unwrap();
        }
        fs::write(path.join(RECEIPT), r#"{"files": ["comparison.csv", "runs.csv", "../notes.txt"]}"#).unwrap();
        let mut output = OutputDir::open(path).unwrap();
        text(&mut output, "runs.csv", "new");
        text(&mut output, RECEIPT, "{}");
        output.commit().unwrap();
        assert_eq!(listing(path), ["notes.txt", RECEIPT, "runs.csv"]);
        assert_eq!(fs::read_to_string(path.join("runs.csv")).unwrap(), "new");
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "a file").unwrap();
        let Err(OutputError::Open { source, .. }) = OutputDir::open(&path) else { panic!("opened") };
        assert_eq!(source.kind(), io::ErrorKind::NotADirectory);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a file");
    }
}
