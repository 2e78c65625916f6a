//! The output folder: opened before the work, filled aside, put in place at the end.
//!
//! Files are written into a hidden folder inside the output folder (inside, so that moving them never crosses a file
//! system, even if the output folder is a mount point) and moved when all are whole. `receipt.json` is moved last: where
//! it stands, the files that it lists are whole and of one study. Files that the receipt of an earlier study lists and
//! this one does not write are removed; nothing else in the folder is touched.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::OutputError;
use super::digest::Hashing;
use super::listing::Listing;
use super::names::{RECEIPT, is_result};
use super::survey::survey;

/// A folder that results are written to.
#[derive(Debug)]
pub struct OutputDir {
    path: PathBuf,
    staging: PathBuf,
    /// Files written so far, without the receipt.
    files: Listing,
    /// Hash of the receipt, once it is written.
    receipt: Option<String>,
    /// Whether the output folder itself was made here.
    created: bool,
}

impl OutputDir {
    /// Opens the folder at `path`, making it if it is not there, and makes sure that files can be written to it and that none
    /// of the user's would be lost.
    ///
    /// # Errors
    /// [`OutputError::Open`] if they cannot; [`OutputError::Foreign`] or [`OutputError::Receipt`] if it holds files under names
    /// of results that no receipt accounts for.
    pub fn open(path: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::Open { path: path.to_owned(), source };
        if path.exists() && !path.is_dir() {
            return Err(failed(io::Error::from(io::ErrorKind::NotADirectory)));
        }
        let created = !path.exists();
        fs::create_dir_all(path).map_err(failed)?;
        survey(path, path)?;
        let staging = path.join(format!(".partial-{}", std::process::id()));
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(failed)?;
        }
        fs::create_dir(&staging).map_err(failed)?;
        Ok(OutputDir { path: path.to_owned(), staging, files: Listing::new(), receipt: None, created })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the files are until they are put in place.
    #[cfg(feature = "charts")]
    pub(crate) fn staged(&self) -> &Path {
        &self.staging
    }

    /// Returns the files written so far and their hashes, for the receipt.
    pub fn files(&self) -> &Listing {
        &self.files
    }

    /// Writes the file `name` aside; `folder/name` writes it into a folder of the output folder.
    ///
    /// # Errors
    /// [`OutputError::Write`] if it cannot be written whole.
    ///
    /// # Panics
    /// If `name` is not one that a result may have.
    pub fn write(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        assert!(is_result(name), "a result called {name:?}");
        let path = self.staging.join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| File::create(&path)).and_then(|file| {
            let mut hashing = Hashing::new(BufWriter::new(file));
            write(&mut hashing)?;
            let (mut buffered, hash) = hashing.into_parts();
            buffered.flush()?;
            Ok(hash)
        });
        let failed = |source| OutputError::Write { name: name.to_owned(), path: self.path.clone(), source };
        let hash = written.map_err(failed)?;
        if name == RECEIPT {
            self.receipt = Some(hash);
        } else {
            self.files.insert(name.to_owned(), hash);
        }
        Ok(())
    }

    /// Puts all files in place, the receipt last.
    ///
    /// # Errors
    /// [`OutputError::Place`] if one cannot be moved.
    pub fn commit(mut self) -> Result<(), OutputError> {
        let earlier = survey(&self.path, &self.path)?.ours;
        for stale in earlier.keys().filter(|name| !self.files.contains_key(*name)) {
            // A file that is gone already is as good as removed.
            let _ = fs::remove_file(self.path.join(stale));
        }
        let _ = fs::remove_file(self.path.join(RECEIPT));
        let receipt = self.receipt.iter().map(|_| RECEIPT.to_owned());
        let names: Vec<String> = self.files.keys().cloned().chain(receipt).collect();
        for name in names {
            let place = self.path.join(&name);
            let folder = place.parent().map_or(Ok(()), fs::create_dir_all);
            let moved = folder.and_then(|()| fs::rename(self.staging.join(&name), &place));
            moved.map_err(|source| OutputError::Place { name, path: self.path.clone(), source })?;
        }
        self.created = false;
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn text(output: &mut OutputDir, name: &str, text: &str) {
        output.write(name, |file| file.write_all(text.as_bytes())).unwrap();
    }

    /// Writes the receipt and puts all in place.
    fn close(mut output: OutputDir) -> Result<(), OutputError> {
        let receipt = serde_json::json!({ "firedrill": "0.1.0", "files": output.files() }).to_string();
        text(&mut output, RECEIPT, &receipt);
        output.commit()
    }

    /// Writes a study that consists of `files`, each of which holds its name and `what`.
    fn study(path: &Path, files: &[&str], what: &str) -> Result<(), OutputError> {
        let mut output = OutputDir::open(path)?;
        files.iter().for_each(|name| text(&mut output, name, &format!("{name} {what}")));
        close(output)
    }

    fn listing(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What stands in the way of a study in the folder at `path`.
    fn refusal(path: &Path) -> String {
        let error = study(path, &["runs.csv"], "new").unwrap_err();
        assert!(matches!(&error, OutputError::Foreign { .. } | OutputError::Receipt { .. }), "{error}");
        error.to_string()
    }

    #[test]
    fn nothing_is_seen_before_the_commit_and_nothing_hidden_is_left_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/out");
        let mut output = OutputDir::open(&path).unwrap();
        text(&mut output, "runs.csv", "1");
        assert!(!path.join("runs.csv").exists());
        close(output).unwrap();
        assert_eq!(listing(&path), [RECEIPT, "runs.csv"]);
        assert_eq!(listing(&folder.path().join("a")), ["out"]);
    }

    #[test]
    fn a_failed_write_leaves_earlier_results_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        study(folder.path(), &["runs.csv"], "old").unwrap();
        let mut output = OutputDir::open(folder.path()).unwrap();
        text(&mut output, "latency.csv", "new");
        let full = |file: &mut dyn Write| {
            file.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        let error = output.write("runs.csv", full).unwrap_err();
        assert!(matches!(&error, OutputError::Write { name, .. } if name == "runs.csv"), "{error}");
        drop(output);
        assert_eq!(listing(folder.path()), [RECEIPT, "runs.csv"]);
        assert_eq!(fs::read_to_string(folder.path().join("runs.csv")).unwrap(), "runs.csv old");
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
        study(path, &["comparison.csv", "charts/a.svg", "runs.csv"], "old").unwrap();
        fs::write(path.join("notes.txt"), "mine").unwrap();
        fs::write(path.join("charts/notes.txt"), "mine too").unwrap();
        study(path, &["runs.csv"], "new").unwrap();
        assert_eq!(listing(path), ["charts", "notes.txt", RECEIPT, "runs.csv"]);
        assert_eq!(listing(&path.join("charts")), ["notes.txt"]);
        assert_eq!(fs::read_to_string(path.join("runs.csv")).unwrap(), "runs.csv new");
    }

    #[test]
    fn files_that_no_receipt_lists_with_their_hash_are_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for name in ["scenario.toml", "mine.csv", "summary.json", "Runs.CSV"] {
            fs::write(path.join(name), "mine").unwrap();
            assert!(refusal(path).contains(&format!("{name} (there is no receipt.json)")), "{name}");
            fs::remove_file(path.join(name)).unwrap();
        }
        study(path, &["runs.csv", "scenario.toml"], "old").unwrap();
        fs::write(path.join("scenario.toml"), "changed by hand").unwrap();
        assert!(refusal(path).contains("scenario.toml (has not the SHA-256 in receipt.json)"));
        assert_eq!(fs::read_to_string(path.join("scenario.toml")).unwrap(), "changed by hand");
        assert_eq!(listing(path), [RECEIPT, "runs.csv", "scenario.toml"]);
    }

    #[test]
    fn a_file_that_appears_while_the_study_runs_is_not_touched_either() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = OutputDir::open(folder.path()).unwrap();
        text(&mut output, "runs.csv", "new");
        fs::write(folder.path().join("runs.csv"), "mine").unwrap();
        assert!(close(output).is_err());
        assert_eq!(fs::read_to_string(folder.path().join("runs.csv")).unwrap(), "mine");
    }

    #[test]
    fn a_planted_receipt_deletes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("thesis.csv"), "mine").unwrap();
        let plant = |files: serde_json::Value| {
            let receipt = serde_json::json!({ "firedrill": "0.1.0", "files": files });
            fs::write(path.join(RECEIPT), receipt.to_string()).unwrap();
        };
        plant(serde_json::json!(["thesis.csv"]));
        assert!(refusal(path).contains("it lists files without their SHA-256"));
        plant(serde_json::json!({ "thesis.csv": "0".repeat(64) }));
        assert!(refusal(path).contains("thesis.csv (has not the SHA-256 in receipt.json)"));
        plant(serde_json::json!({ "../thesis.csv": "0".repeat(64) }));
        assert!(refusal(path).contains("\"../thesis.csv\", which is no result"));
        assert_eq!(fs::read_to_string(path.join("thesis.csv")).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (folder.path().join("out"), folder.path().join("elsewhere"));
        fs::create_dir_all(&path).unwrap();
        fs::create_dir_all(&elsewhere).unwrap();
        for name in ["charts", "data", "runs.csv", RECEIPT] {
            symlink(&elsewhere, path.join(name)).unwrap();
            assert!(refusal(&path).contains("is a link"), "{name}");
            fs::remove_file(path.join(name)).unwrap();
        }
        assert_eq!(listing(&elsewhere), Vec::<String>::new());
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
