//! The staging folder: where results are until they are put in place.
//!
//! It has a random name, so nobody can foresee it, that tells which place it is for. It lies beside the place, or inside it if
//! nothing can be made there or swapped with it.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::exchange::exchange;
use super::names::{LOCK, STAGING, STAGING_LETTERS};

/// A staging folder, which goes when it is dropped, unless it is kept.
#[derive(Debug)]
pub(super) struct Staging {
    pub(super) path: PathBuf,
    pub(super) how: How,
    pub(super) is_kept: bool,
}

/// Way in which files are put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// The staging folder lies beside the place, and they can be swapped.
    Exchange,
    /// The staging folder lies inside the place.
    Journal,
}

impl Staging {
    /// Makes a staging folder for `place` and finds out how its files can be put there. Returns a note if the file system makes it
    /// less than one step.
    pub(super) fn make(place: &Path) -> io::Result<(Self, Option<String>)> {
        let mut note = None;
        let is_current =
            env::current_dir().and_then(fs::canonicalize).map_or(true, |current| current.starts_with(place));
        if !is_current && let Some(Ok(path)) = beside(place) {
            let made = Staging { path, how: How::Exchange, is_kept: false };
            if made.is_on_the_file_system_of(place) {
                if made.can_exchange() {
                    return Ok((made, None));
                }
                note = Some(
                    "this file system cannot swap two folders in one step; files will be replaced one by one, and a run that \
                     is cut off meanwhile is finished by the next"
                        .to_owned(),
                );
            }
        }
        Ok((Staging { path: inside(place)?, how: How::Journal, is_kept: false }, note))
    }

    /// Returns true if what lies in the staging folder can be moved to `place`, which is then no mount point.
    fn is_on_the_file_system_of(&self, place: &Path) -> bool {
        let (probe, there) = (self.path.join("probe"), inside(place));
        let Ok(there) = there else { return false };
        let moved = fs::create_dir(&probe).and_then(|()| fs::rename(&probe, there.join("probe")));
        let _ = fs::remove_dir(&probe);
        let _ = fs::remove_dir_all(there);
        moved.is_ok()
    }

    /// Returns true if folders can be swapped here.
    fn can_exchange(&self) -> bool {
        let probes = ["one", "other"].map(|name| self.path.join(name));
        let swapped = probes.iter().try_for_each(fs::create_dir).and_then(|()| exchange(&probes[0], &probes[1]));
        probes.iter().for_each(|probe| drop(fs::remove_dir(probe)));
        swapped.is_ok()
    }

    /// Moves a staging folder that lies beside `place` into it.
    pub(super) fn move_inside(&mut self, place: &Path) -> io::Result<()> {
        if self.how == How::Exchange {
            let there = inside(place)?;
            // Not every system renames a folder over another, though that be empty.
            fs::remove_dir(&there)?;
            fs::rename(&self.path, &there)?;
            (self.path, self.how) = (there, How::Journal);
        }
        Ok(())
    }
}

impl Drop for Staging {
    /// Leaves nothing half done behind.
    fn drop(&mut self) {
        // Where a swap has put an earlier folder here, what is left of it is not the program's to remove.
        if !self.is_kept && !self.path.join(LOCK).exists() {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Longest name of a place that its staging folders carry as it is, in bytes.
const LONGEST: usize = 100;

/// Makes a staging folder inside `place`.
pub(super) fn inside(place: &Path) -> io::Result<PathBuf> {
    make_in(place, "")
}

/// Makes a staging folder beside `place`; `None` if it has no name to lie beside.
fn beside(place: &Path) -> Option<io::Result<PathBuf>> {
    let (parent, label) = beside_of(place)?;
    Some(make_in(parent, &label))
}

fn make_in(parent: &Path, label: &str) -> io::Result<PathBuf> {
    let prefix = format!("{label}{STAGING}");
    let folder = tempfile::Builder::new().prefix(&prefix).rand_bytes(STAGING_LETTERS).tempdir_in(parent)?;
    Ok(folder.keep())
}

/// Returns the folder that `place` lies in and how the names of staging folders beside it begin.
pub(super) fn beside_of(place: &Path) -> Option<(&Path, String)> {
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
