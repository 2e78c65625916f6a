//! Replaces the files of a folder one by one, so that a run that is cut off half way can be finished by the next.
//!
//! The new files lie whole and flushed in a staging folder inside the folder. Then a journal says what is about to happen: each
//! name with the hash of the file that is there and of the one that comes. From that moment on the new files are the results:
//! each is moved to its place, and the journal goes last. Before a file is touched it is made sure that all are still what the
//! journal says, so neither a planted journal nor a late change costs anybody a file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::digest::sha256_of;
use super::error::OutputError;
use super::listing::Listing;
use super::names::{JOURNAL, RECEIPT, SUBFOLDERS, is_result, is_staging, lies_in};
use super::sync::{sync_file, sync_folder};

/// The changes to the files of a folder.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    /// Name of the staging folder inside the folder.
    staging: String,
    /// Each file that changes, by its path inside the folder.
    changes: BTreeMap<String, Change>,
}

/// Hashes of a file before and after.
#[derive(Debug, Serialize, Deserialize)]
struct Change {
    /// `None`: there is no such file.
    old: Option<String>,
    /// `None`: the file goes.
    new: Option<String>,
}

impl Journal {
    /// Describes how the files `old` of a folder become `new`, which lie in its folder `staging`.
    pub(super) fn new(staging: String, old: &Listing, new: &Listing) -> Self {
        let names = old.keys().chain(new.keys());
        let change = |name: &String| Change { old: old.get(name).cloned(), new: new.get(name).cloned() };
        Journal { staging, changes: names.map(|name| (name.clone(), change(name))).collect() }
    }

    /// Writes the journal and carries it out; `moment` is called before each change on the disk.
    ///
    /// # Errors
    /// If a file is not what the journal says, before anything is changed; or if the disk fails. Once the journal is written, the
    /// next run goes on from there.
    pub(super) fn carry_out(&self, folder: &Path, moment: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        self.check(folder).map_err(io::Error::other)?;
        moment()?;
        let aside = folder.join(&self.staging).join(JOURNAL);
        let mut file = fs::File::create(&aside)?;
        serde_json::to_writer(&mut file, self)?;
        file.flush()?;
        sync_file(&aside)?;
        moment()?;
        fs::rename(&aside, folder.join(JOURNAL))?;
        sync_folder(folder)?;
        self.finish(folder, moment)
    }

    /// Moves and removes what has not been yet.
    fn finish(&self, folder: &Path, moment: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        let staging = folder.join(&self.staging);
        // Nobody takes a mixture for results: there is no receipt until all is in place.
        let receipt = self.changes.get(RECEIPT);
        if receipt.is_some_and(|change| change.new.is_none() || staging.join(RECEIPT).exists()) {
            moment()?;
            remove(&folder.join(RECEIPT))?;
        }
        let files = self.changes.iter().filter(|(name, _)| *name != RECEIPT).chain(self.changes.get_key_value(RECEIPT));
        for (name, change) in files {
            moment()?;
            let place = folder.join(name);
            if change.new.is_none() {
                remove(&place)?;
                continue;
            }
            let staged = staging.join(name);
            if staged.exists() {
                place.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::rename(staged, place)?;
            }
        }
        for inside in SUBFOLDERS {
            let path = folder.join(inside);
            // One that held none of the old files is the user's, though it be empty.
            let is_ours = self.changes.iter().any(|(name, change)| change.old.is_some() && lies_in(name, inside));
            if !(is_ours && fs::remove_dir(&path).is_ok()) && path.exists() {
                sync_folder(&path)?;
            }
        }
        sync_folder(folder)?;
        moment()?;
        fs::remove_file(folder.join(JOURNAL))?;
        moment()?;
        sync_folder(folder)?;
        fs::remove_dir_all(staging)
    }

    /// Makes sure that every file is either as it was or as it will be, and that those that are to come are there.
    fn check(&self, folder: &Path) -> Result<(), String> {
        let staging = folder.join(&self.staging);
        if !is_staging(&self.staging) || !is_folder(&staging) {
            return Err(format!("there is no staging folder {:?}", self.staging));
        }
        for base in [folder, &staging] {
            for inside in SUBFOLDERS {
                let path = base.join(inside);
                if path.symlink_metadata().is_ok() && !is_folder(&path) {
                    return Err(format!("{inside} is a link or no folder"));
                }
            }
        }
        for (name, change) in &self.changes {
            if !is_result(name) {
                return Err("it names a file that is no result".to_owned());
            }
            let there = hash_of(&folder.join(name)).map_err(|message| format!("{name} {message}"))?;
            if there.is_some() && there != change.old && there != change.new {
                return Err(format!("{name} was changed since"));
            }
            if change.new.is_some() && there != change.new {
                let staged = hash_of(&staging.join(name)).map_err(|message| format!("{name} {message}"))?;
                if staged != change.new {
                    return Err(format!("the new {name} is not there"));
                }
            }
        }
        Ok(())
    }
}

/// Finishes what a run that was cut off had begun in `folder`. Returns true if there was something to finish.
///
/// # Errors
/// [`OutputError::Journal`] if the journal there is invalid or cannot be carried out.
pub(super) fn recover(folder: &Path, moment: &mut dyn FnMut() -> io::Result<()>) -> Result<bool, OutputError> {
    let file = folder.join(JOURNAL);
    let failed = |message: String| OutputError::Journal { file: file.clone(), message };
    match file.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error.to_string())),
        Ok(found) if !found.is_file() => return Err(failed("it is a link or no file".to_owned())),
        Ok(_) => {}
    }
    let text = fs::read(&file).map_err(|error| failed(error.to_string()))?;
    let journal: Journal = serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
    journal.check(folder).map_err(failed)?;
    journal.finish(folder, moment).map_err(|error| failed(error.to_string()))?;
    Ok(true)
}

/// Returns the hash of the file at `path`, `None` if there is none, or why it may not be touched.
fn hash_of(path: &Path) -> Result<Option<String>, String> {
    match path.symlink_metadata() {
        Ok(found) if found.is_file() => sha256_of(path).map(Some).map_err(|error| error.to_string()),
        Ok(_) => Err("is a link or no file".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Removes a file; one that is gone already is as good as removed.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::place::Place;

    const STAGING: &str = ".firedrill-abcdefghijkl";

    /// Writes `files` with the text `what` into `folder`, and returns their hashes.
    fn write(folder: &Path, files: &[&str], what: &str) -> Listing {
        let hash = |name: &&str| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, format!("{name} {what}")).unwrap();
            ((*name).to_owned(), sha256_of(&path).unwrap())
        };
        files.iter().map(hash).collect()
    }

    /// A folder with a set of old files and a set of new ones in its staging folder, and how one becomes the other.
    fn prepared() -> (tempfile::TempDir, Journal) {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path(), &["charts/a.svg", "comparison.csv", "runs.csv", RECEIPT], "old");
        let new = write(&folder.path().join(STAGING), &["charts/b.svg", "data/t.csv", "runs.csv", RECEIPT], "new");
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        (folder, Journal::new(STAGING.to_owned(), &old, &new))
    }

    /// All files below `folder` that are not the user's, with their texts.
    fn results(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                found.extend(results(&entry.path()));
            } else {
                found.push(fs::read_to_string(entry.path()).unwrap());
            }
        }
        found.sort();
        found
    }

    #[test]
    fn cut_off_at_any_moment_the_next_run_finds_the_old_set_or_finishes_the_new_one() {
        let old = ["charts/a.svg old", "comparison.csv old", "mine", "receipt.json old", "runs.csv old"];
        let new = ["charts/b.svg new", "data/t.csv new", "mine", "receipt.json new", "runs.csv new"];
        let mut outcomes = [0, 0];
        for last in 0.. {
            let (folder, journal) = prepared();
            let mut left = last;
            let mut cut = || match left {
                0 => Err(io::Error::other("cut off")),
                _ => {
                    left -= 1;
                    Ok(())
                }
            };
            let is_done = journal.carry_out(folder.path(), &mut cut).is_ok();
            // The one that finishes may be cut off too.
            let _ = recover(folder.path(), &mut cut);
            recover(folder.path(), &mut || Ok(())).unwrap();
            let _ = fs::remove_dir_all(folder.path().join(STAGING));
            let found = results(folder.path());
            outcomes[usize::from(found == new)] += 1;
            assert!(found == old || found == new, "after {last} moments: {found:?}");
            if is_done {
                assert_eq!(found, new);
                break;
            }
        }
        // Old if it is cut off before the journal is written, or before that is renamed. From then on new: cut off before the old
        // receipt goes, before one of six files changes (two go, four come), before the journal or the staging folder goes, or
        // not at all.
        assert_eq!(outcomes, [2, 10]);
    }

    #[test]
    fn at_every_moment_while_files_are_moved_a_second_writer_is_refused() {
        let (folder, journal) = prepared();
        let first = Place::open(folder.path()).unwrap();
        let mut refused = 0;
        let mut second = || {
            refused += u32::from(matches!(Place::open(folder.path()), Err(OutputError::Busy { .. })));
            Ok(())
        };
        journal.carry_out(folder.path(), &mut second).unwrap();
        drop(first);
        // Two before the journal is there, and nine after it, as in the test above.
        assert_eq!(refused, 11);
        Place::open(folder.path()).unwrap();
    }

    #[test]
    fn a_planted_or_outdated_journal_touches_nothing() {
        for (name, old, new) in [
            ("notes.txt", Some("0"), None),
            ("../notes.txt", None, Some("0")),
            ("runs.csv", Some("0"), None),
            ("runs.csv", Some("0"), Some("1")),
        ] {
            let (folder, _) = prepared();
            let before = results(folder.path());
            let change = Change { old: old.map(str::to_owned), new: new.map(str::to_owned) };
            let changes = [(name.to_owned(), change)].into_iter().collect();
            let planted = serde_json::to_string(&Journal { staging: STAGING.to_owned(), changes }).unwrap();
            fs::write(folder.path().join(JOURNAL), &planted).unwrap();
            let error = recover(folder.path(), &mut || Ok(())).unwrap_err();
            assert!(matches!(error, OutputError::Journal { .. }), "{error}");
            fs::remove_file(folder.path().join(JOURNAL)).unwrap();
            assert_eq!(results(folder.path()), before, "{planted}");
        }
    }
}
