//! The folder of results: opened before the work, filled aside, put in place at the end in one step.
//!
//! Files are written into a staging folder beside the place. When all are whole and flushed, the two folders are swapped in one
//! step, so that whoever looks sees one set of results or the other. Where that cannot be (the place is the current folder, a
//! mount point or holds something else, or the file system cannot swap), the files are replaced one by one under a journal,
//! which the next run finishes if this one is cut off.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::digest::{Hashing, sha256_of};
use super::error::OutputError;
use super::exchange::exchange;
use super::journal::Journal;
use super::leftovers::remove_replaced;
use super::listing::Listing;
use super::names::{LOG, RECEIPT, SUBFOLDERS, is_result};
use super::place::Place;
use super::staging::{How, Staging};
use super::survey::survey;
use super::sync::{sync_file, sync_folder};

/// A folder that results are written to.
#[derive(Debug)]
pub struct OutputDir {
    // Dropped before the place, which may hold it.
    staging: Staging,
    place: Place,
    /// Files written so far, without the receipt.
    files: Listing,
    /// Hash of the receipt, once it is written.
    receipt: Option<String>,
}

impl OutputDir {
    /// Opens the folder at `path`, making it if it is not there, and makes sure that nobody else writes to it, that files can be
    /// written to it and that none of the user's would be lost.
    ///
    /// # Errors
    /// [`OutputError::Open`] if they cannot; [`OutputError::Busy`] if somebody does; [`OutputError::Foreign`] or
    /// [`OutputError::Receipt`] if it holds files under names of results that no receipt accounts for.
    pub fn open(path: &Path) -> Result<Self, OutputError> {
        let mut place = Place::open(path)?;
        survey(&place.root, path)?;
        let staging =
            Staging::make(&place.root).map_err(|source| OutputError::Open { path: path.to_owned(), source })?;
        let (staging, note) = staging;
        place.notes.extend(note.map(|note| format!("{}: {note}", path.display())));
        Ok(OutputDir { staging, place, files: Listing::new(), receipt: None })
    }

    /// Returns the folder, as the user named it.
    pub fn path(&self) -> &Path {
        &self.place.shown
    }

    /// Returns what the user should know about the folder: what was found there, and what cannot be done.
    pub fn notes(&self) -> &[String] {
        &self.place.notes
    }

    /// Returns where the files are until they are put in place.
    pub(crate) fn staged(&self) -> &Path {
        &self.staging.path
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
    /// If `name` is not one that a result may have, or another result's in other letters.
    pub fn write(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        assert!(is_result(name), "a result called {name:?}");
        let collides = |known: &String| known != name && known.eq_ignore_ascii_case(name);
        assert!(!self.files.keys().any(collides), "{name:?} is called like another result where case does not count");
        let path = self.staging.path.join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| File::create(&path)).and_then(|file| {
            let mut hashing = Hashing::new(BufWriter::new(file));
            write(&mut hashing)?;
            let (mut buffered, hash) = hashing.into_parts();
            buffered.flush()?;
            Ok(hash)
        });
        let failed = |source| OutputError::Write { name: name.to_owned(), path: self.place.shown.clone(), source };
        let hash = written.map_err(failed)?;
        if name == RECEIPT {
            self.receipt = Some(hash);
        } else {
            self.files.insert(name.to_owned(), hash);
        }
        Ok(())
    }

    /// Copies the file at `from` aside as `name`.
    ///
    /// # Errors
    /// [`OutputError::Write`] if that cannot be done; [`OutputError::Altered`] if the file has not the hash `sha256`.
    pub fn copy(&mut self, name: &str, from: &Path, sha256: &str) -> Result<(), OutputError> {
        self.write(name, |mut copy| io::copy(&mut File::open(from)?, &mut copy).map(drop))?;
        if self.files[name] == sha256 {
            return Ok(());
        }
        Err(OutputError::Altered { file: from.to_owned(), message: "was changed while it was read".to_owned() })
    }

    /// Returns the logs that were left for this place: of runs that were cut off, and of the results that are in it.
    pub fn logs_left(&self) -> Vec<PathBuf> {
        let folders = self.place.cut_off.iter().chain([&self.place.root]);
        folders.map(|folder| folder.join(LOG)).filter(|log| log.is_file()).collect()
    }

    /// Returns the place of the log of the study whose results are gathered here.
    pub fn log(&self) -> PathBuf {
        self.staging.path.join(LOG)
    }

    /// Takes over one of [`OutputDir::logs_left`], and clears away what else was left where it was.
    ///
    /// # Errors
    /// [`OutputError::Write`] if it cannot be had.
    pub fn take_over(&mut self, left: &Path) -> Result<(), OutputError> {
        let failed = |source| OutputError::Write { name: LOG.to_owned(), path: self.place.shown.clone(), source };
        let cut_off = self.place.cut_off.iter().position(|folder| left.parent() == Some(folder));
        // That of results which are in place goes with them, when they are replaced.
        if cut_off.is_none() || fs::rename(left, self.log()).is_err() {
            let copied = fs::copy(left, self.log()).map_err(failed)?;
            let whole = sync_file(&self.log()).and_then(|()| Ok(fs::metadata(left)?.len())).map_err(failed)?;
            if copied != whole {
                return Err(failed(io::Error::other("it was changed while it was copied")));
            }
        }
        sync_folder(&self.staging.path).map_err(failed)?;
        if let Some(cut_off) = cut_off {
            let _ = fs::remove_dir_all(self.place.cut_off.remove(cut_off));
        }
        Ok(())
    }

    /// Throws the log `left` away, if it is of runs that were cut off, with what lies around it.
    pub fn discard(&mut self, left: &Path) {
        if let Some(cut_off) = self.place.cut_off.iter().position(|folder| left.parent() == Some(folder)) {
            let _ = fs::remove_dir_all(self.place.cut_off.remove(cut_off));
        }
    }

    /// Lets what is gathered here lie when no results come of it, so that a later run can go on with the log.
    pub fn keep(&mut self) {
        self.staging.is_kept = true;
    }

    /// Makes the log one of the results.
    ///
    /// # Errors
    /// [`OutputError::Write`] if it cannot be read.
    pub fn list_log(&mut self) -> Result<(), OutputError> {
        let failed = |source| OutputError::Write { name: LOG.to_owned(), path: self.place.shown.clone(), source };
        let hash = sha256_of(&self.log()).map_err(failed)?;
        self.files.insert(LOG.to_owned(), hash);
        Ok(())
    }

    /// Puts all files in place, and takes those of an earlier study away. Nothing else in the folder is touched.
    ///
    /// # Errors
    /// [`OutputError::Place`] if that cannot be done; the results are then kept where the error says.
    pub fn commit(mut self) -> Result<(), OutputError> {
        let placed = self.put_in_place();
        self.staging.is_kept = false;
        placed.map_err(|source| {
            self.staging.is_kept = true;
            OutputError::Place { path: self.place.shown.clone(), staging: self.staging.path.clone(), source }
        })
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        self.flush()?;
        // With the results whole and on the disk, the runs are no longer needed.
        if !self.files.contains_key(LOG) && self.log().exists() {
            fs::remove_file(self.log())?;
        }
        let found = survey(&self.place.root, &self.place.shown).map_err(io::Error::other)?;
        if self.staging.how == How::Exchange && !found.has_strangers && self.swap().is_ok() {
            return Ok(());
        }
        self.staging.move_inside(&self.place.root)?;
        let mut new = self.files.clone();
        new.extend(self.receipt.iter().map(|hash| (RECEIPT.to_owned(), hash.clone())));
        let name = self.staging.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Journal::new(name, &found.ours, &new).carry_out(&self.place.root, &mut || Ok(()))
    }

    /// Brings the staged files and their names to the disk.
    fn flush(&self) -> io::Result<()> {
        let names = self.files.keys().map(String::as_str).chain(self.receipt.as_ref().map(|_| RECEIPT));
        for name in names {
            sync_file(&self.staging.path.join(name))?;
        }
        for inside in SUBFOLDERS.map(|inside| self.staging.path.join(inside)) {
            if inside.exists() {
                sync_folder(&inside)?;
            }
        }
        sync_folder(&self.staging.path)
    }

    /// Swaps the staging folder with the place, and removes what was there.
    fn swap(&self) -> io::Result<()> {
        let place = &self.place.root;
        fs::set_permissions(&self.staging.path, fs::metadata(place)?.permissions())?;
        exchange(&self.staging.path, place)?;
        // From here on the results are in place, whatever becomes of the old ones.
        if let Some(parent) = place.parent() {
            let _ = sync_folder(parent);
        }
        remove_replaced(&self.staging.path);
        Ok(())
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

    /// Says what stands in the way of a study in the folder at `path`.
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

    #[test]
    fn a_log_that_was_left_is_taken_over_or_thrown_away_and_is_no_result_unless_it_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let leave = |text: &str| {
            let mut output = OutputDir::open(&path).unwrap();
            fs::write(output.log(), text).unwrap();
            output.keep();
        };
        leave("one");
        leave("two");
        let mut output = OutputDir::open(&path).unwrap();
        let left = output.logs_left();
        let one = left.iter().find(|log| fs::read_to_string(log).unwrap() == "one").unwrap();
        let two = left.iter().find(|log| *log != one).unwrap();
        output.take_over(one).unwrap();
        output.discard(two);
        assert_eq!((fs::read_to_string(output.log()).unwrap().as_str(), output.logs_left().len()), ("one", 0));
        text(&mut output, "runs.csv", "1");
        close(output).unwrap();
        assert_eq!(
            (listing(folder.path()), listing(&path)),
            (vec!["out".to_owned()], vec![RECEIPT.into(), "runs.csv".into()])
        );
        // Of results that are listed with their log it is copied: they stay as they are until others take their place.
        let mut output = OutputDir::open(&path).unwrap();
        fs::write(output.log(), "three").unwrap();
        output.list_log().unwrap();
        close(output).unwrap();
        let mut output = OutputDir::open(&path).unwrap();
        output.take_over(&output.logs_left()[0].clone()).unwrap();
        drop(output);
        assert_eq!(fs::read_to_string(path.join(LOG)).unwrap(), "three");
        assert_eq!(listing(folder.path()), ["out"]);
    }
}
