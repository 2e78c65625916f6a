//! Finds and sweeps the staging folders that runs that were cut off have left.
//!
//! Whoever has the lock of a place knows that every staging folder of it but his own is left over. One that holds nothing that is
//! whole goes. One with a log of finished runs stays for whoever goes on with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::digest::sha256_of;
use super::listing;
use super::names::{LOCK, LOG, RECEIPT, SUBFOLDERS, is_staging_of, lies_in};
use super::staging::beside_of;

/// Stagings that were left and stay.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// A note about each folder that was kept because it holds something.
    pub(super) notes: Vec<String>,
    /// The staging folders with a log.
    pub(super) with_log: Vec<PathBuf>,
}

/// Clears away what runs that were cut off have left of staging folders for `place`, whose lock the caller has. Returns what stays.
///
/// # Errors
/// If a folder cannot be read.
pub(super) fn sweep(place: &Path) -> io::Result<Left> {
    let mut left = Left::default();
    for (parent, label) in [Some((place, String::new())), beside_of(place)].into_iter().flatten() {
        // A folder beside that cannot be read has nothing that was left there.
        let Ok(entries) = fs::read_dir(parent) else { continue };
        for entry in entries {
            let entry = entry?;
            let is_ours = entry.file_name().to_str().is_some_and(|name| is_staging_of(&label, name));
            if is_ours && entry.file_type()?.is_dir() {
                if has_log(&entry.path()) {
                    left.with_log.push(entry.path());
                } else {
                    left.notes.extend(clear(&entry.path()));
                }
            }
        }
    }
    left.notes.sort();
    left.with_log.sort();
    Ok(left)
}

/// Clears away one left-over staging folder, or says why it stays.
fn clear(staging: &Path) -> Option<String> {
    let shown = staging.display();
    if staging.join(LOCK).exists() {
        remove_replaced(staging);
        return staging
            .exists()
            .then(|| format!("{shown}: holds files that were not results when those were replaced"));
    }
    if holds_work(staging) {
        return Some(format!("{shown}: holds results that an earlier run could not put in place; move or remove them"));
    }
    let _ = fs::remove_dir_all(staging);
    None
}

/// Returns true if a staging folder, and not one of results that were replaced, has a log of runs.
fn has_log(staging: &Path) -> bool {
    !staging.join(LOCK).exists() && staging.join(LOG).symlink_metadata().is_ok_and(|found| found.is_file())
}

/// Returns true if a staging folder holds what must not be thrown away: results that are whole.
fn holds_work(staging: &Path) -> bool {
    staging.join(RECEIPT).exists()
}

/// Removes a folder of results whose place has been taken by a new one. What its receipt does not list stays, and so does the
/// lock file then, by which the folder is known.
pub(super) fn remove_replaced(folder: &Path) {
    let listed = listing::read(folder).ok().flatten().unwrap_or_default();
    for (name, hash) in &listed {
        let file = folder.join(name);
        let is_file = file.symlink_metadata().is_ok_and(|found| found.is_file());
        if is_file && sha256_of(&file).is_ok_and(|found| found == *hash) {
            let _ = fs::remove_file(file);
        }
    }
    for inside in SUBFOLDERS.iter().filter(|inside| listed.keys().any(|name| lies_in(name, inside))) {
        // Only succeeds if it is empty.
        let _ = fs::remove_dir(folder.join(inside));
    }
    let is_empty = fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().all(|entry| entry.file_name() == RECEIPT || entry.file_name() == LOCK));
    if is_empty {
        let _ = fs::remove_file(folder.join(RECEIPT));
        let _ = fs::remove_file(folder.join(LOCK));
        let _ = fs::remove_dir(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A staging folder for the place called `out`, or inside it if `label` is empty.
    fn staging(parent: &Path, label: &str, letters: &str) -> PathBuf {
        let path = parent.join(format!("{label}.firedrill-{letters}"));
        fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn leavings_go_but_for_those_that_hold_results() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out");
        fs::create_dir(&place).unwrap();
        let stale = staging(folder.path(), ".out", "aaaaaaaaaaaa");
        let inner = staging(&place, "", "bbbbbbbbbbbb");
        let whole = staging(folder.path(), ".out", "cccccccccccc");
        let others = staging(folder.path(), ".out", "mine");
        fs::write(stale.join("runs.csv"), "half").unwrap();
        fs::write(whole.join(RECEIPT), "{}").unwrap();
        let cut_off = staging(folder.path(), ".out", "dddddddddddd");
        fs::write(cut_off.join(LOG), "runs").unwrap();
        let Left { notes, with_log } = sweep(&place).unwrap();
        assert!(!stale.exists() && !inner.exists() && whole.exists() && others.exists());
        assert_eq!(with_log, [cut_off]);
        assert!(notes.len() == 1 && notes[0].contains("could not put in place"), "{notes:?}");
    }

    #[test]
    fn of_a_folder_that_was_replaced_only_results_go() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out");
        let old = |letters: &str| {
            let old = staging(folder.path(), ".out", letters);
            fs::write(old.join("runs.csv"), "abc").unwrap();
            // From FIPS 180-2, appendix B.1.
            let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
            fs::write(old.join(RECEIPT), format!(r#"{{"firedrill": "1", "files": {{"runs.csv": "{hash}"}}}}"#))
                .unwrap();
            fs::write(old.join(LOCK), "").unwrap();
            old
        };
        fs::create_dir(&place).unwrap();
        let (ours, with_more) = (old("aaaaaaaaaaaa"), old("bbbbbbbbbbbb"));
        fs::write(with_more.join("notes.txt"), "mine").unwrap();
        for _ in 0..2 {
            let notes = sweep(&place).unwrap().notes;
            assert!(!ours.exists() && !with_more.join("runs.csv").exists() && with_more.join("notes.txt").exists());
            assert!(notes.len() == 1 && notes[0].contains("bbbbbbbbbbbb"), "{notes:?}");
        }
    }
}
