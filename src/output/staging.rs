//! Staging folders: where results are until they are put in place, and what runs that were cut off have left of them.
//!
//! A staging folder has a random name, so nobody can foresee it. It lies beside the place, or inside it if nothing can be made or
//! swapped beside it. Its name tells which place it is for. Whoever has the lock of a place knows that every
//! staging folder of it but his own is left over.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::digest::sha256_of;
use super::listing;
use super::names::{LOCK, RECEIPT, STAGING, STAGING_LETTERS, SUBFOLDERS, is_staging_of};

/// Longest name of a place that its staging folders carry as it is, in bytes.
const LONGEST: usize = 100;

/// Makes a staging folder inside `place`.
pub(super) fn inside(place: &Path) -> io::Result<PathBuf> {
    make(place, "")
}

/// Makes a staging folder beside `place`; `None` if it has no name to lie beside.
pub(super) fn beside(place: &Path) -> Option<io::Result<PathBuf>> {
    let (parent, label) = beside_of(place)?;
    Some(make(parent, &label))
}

fn make(parent: &Path, label: &str) -> io::Result<PathBuf> {
    let prefix = format!("{label}{STAGING}");
    let folder = tempfile::Builder::new().prefix(&prefix).rand_bytes(STAGING_LETTERS).tempdir_in(parent)?;
    Ok(folder.keep())
}

/// Returns the folder that `place` lies in and how the names of staging folders beside it begin.
fn beside_of(place: &Path) -> Option<(&Path, String)> {
    let (parent, name) = (place.parent()?, place.file_name()?);
    let label = match name.to_str() {
        Some(name) if name.len() <= LONGEST => format!(".{name}"),
        _ => format!(".{:016x}", number_for(name.as_encoded_bytes())),
    };
    Some((parent, label))
}

/// Returns a number for a name that is too long or no text (FNV-1a).
fn number_for(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Clears away what runs that were cut off have left of staging folders for `place`, whose lock the caller has. Returns a note
/// about each that was kept because it holds something.
///
/// # Errors
/// If a folder cannot be read.
pub(super) fn sweep(place: &Path) -> io::Result<Vec<String>> {
    let mut notes = Vec::new();
    for (parent, label) in [Some((place, String::new())), beside_of(place)].into_iter().flatten() {
        // A folder beside that cannot be read has nothing that was left there.
        let Ok(entries) = fs::read_dir(parent) else { continue };
        for entry in entries {
            let entry = entry?;
            let is_ours = entry.file_name().to_str().is_some_and(|name| is_staging_of(&label, name));
            if is_ours && entry.file_type()?.is_dir() {
                notes.extend(clear(&entry.path()));
            }
        }
    }
    notes.sort();
    Ok(notes)
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

/// Returns true if a staging folder holds what must not be thrown away: results that are whole.
fn holds_work(staging: &Path) -> bool {
    staging.join(RECEIPT).exists()
}

/// Removes a folder of results whose place has been taken by a new one. What its receipt does not list stays, and so does the
/// lock file then, by which the folder is known.
pub(super) fn remove_replaced(folder: &Path) {
    let listed = listing::read(folder).ok().flatten().unwrap_or_default();
    for (name, hash) in listed {
        let file = folder.join(name);
        let is_file = file.symlink_metadata().is_ok_and(|found| found.is_file());
        if is_file && sha256_of(&file).is_ok_and(|found| found == hash) {
            let _ = fs::remove_file(file);
        }
    }
    for inside in SUBFOLDERS {
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

    #[test]
    fn leavings_go_but_for_those_that_hold_results() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out");
        fs::create_dir(&place).unwrap();
        let (stale, inner) = (beside(&place).unwrap().unwrap(), inside(&place).unwrap());
        let (whole, others) = (beside(&place).unwrap().unwrap(), folder.path().join(".out.firedrill-mine"));
        fs::write(stale.join("runs.csv"), "half").unwrap();
        fs::write(whole.join(RECEIPT), "{}").unwrap();
        fs::create_dir(&others).unwrap();
        let notes = sweep(&place).unwrap();
        assert!(!stale.exists() && !inner.exists() && whole.exists() && others.exists());
        assert!(notes.len() == 1 && notes[0].contains("could not put in place"), "{notes:?}");
    }

    #[test]
    fn of_a_folder_that_was_replaced_only_results_go() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out");
        let old = |letters: &str| {
            let old = folder.path().join(format!(".out.firedrill-{letters}"));
            fs::create_dir(&old).unwrap();
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
            let notes = sweep(&place).unwrap();
            assert!(!ours.exists() && !with_more.join("runs.csv").exists() && with_more.join("notes.txt").exists());
            assert!(notes.len() == 1 && notes[0].contains("bbbbbbbbbbbb"), "{notes:?}");
        }
    }
}
