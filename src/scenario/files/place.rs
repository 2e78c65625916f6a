//! Where the files of a scenario may lie: below its own folder, links followed, so that a scenario of a stranger reads nothing
//! else.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use thiserror::Error;

/// Largest data file, in bytes: 256 MiB.
pub(in crate::scenario) const MOST_DATA_BYTES: u64 = 256 << 20;

/// Reason why a data file, or another beside a scenario, is not read.
#[derive(Debug, Error)]
pub enum FileError {
    /// It lies elsewhere, or a link leads elsewhere.
    #[error(
        "is outside the scenario's folder; data files are read below it alone, links followed, unless --allow-outside is given"
    )]
    Outside,
    /// It, or a folder around it, has a name that begins with a dot.
    #[error(
        "is hidden, or lies in a hidden folder (a name that begins with a dot); it is read only if --allow-outside is given"
    )]
    Hidden,
    /// Its name has another ending than such files have.
    #[error("does not end in .{ending}; a file with another ending is read only if --allow-outside is given")]
    Ending {
        /// The ending.
        ending: &'static str,
    },
    /// It is a folder, a device, a pipe or a socket.
    #[error("is not a regular file; a data file must be one")]
    NotRegular,
    /// It is too large.
    #[error("has {bytes} bytes; a data file has at most {MOST_DATA_BYTES}")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// The system does not give it.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}

/// The ending of data files.
pub(in crate::scenario) const DATA: &str = "csv";

/// Opens the file at `path`, which must lie below `folder`, must not be hidden and must end in `ending`, unless `allow_outside`
/// is set.
///
/// # Errors
/// If it is none that may be read, is no regular file, is too large or cannot be opened.
pub(in crate::scenario) fn open_below(
    folder: &Path,
    path: &Path,
    ending: &'static str,
    allow_outside: bool,
) -> Result<File, FileError> {
    let path = if allow_outside { fs::canonicalize(path)? } else { resolved_below(folder, path, ending)? };
    // Looked at before it is opened: opening a device can have effects, and opening a pipe waits for its writer.
    fits(&fs::metadata(&path)?)?;
    let file = options().open(&path)?;
    // And once more: another file may have taken its place meanwhile.
    fits(&file.metadata()?)?;
    Ok(file)
}

/// Reads the text of a baseline, a file that ends in `.txt` and must lie below `folder` unless `allow_outside` is set.
///
/// # Errors
/// As a data file; if it is not text, too.
pub fn read_below(folder: &Path, path: &Path, allow_outside: bool) -> Result<String, FileError> {
    let mut text = String::new();
    open_below(folder, path, "txt", allow_outside)?.take(MOST_DATA_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// Returns the place of `path` with all links followed, which must be below `folder`.
fn resolved_below(folder: &Path, path: &Path, ending: &'static str) -> Result<PathBuf, FileError> {
    // By the name first, so that it makes no difference whether there is such a file.
    if let Ok(inside) = path.strip_prefix(folder)
        && !leaves_at_last(inside)
    {
        may_be_called(inside, ending)?;
    }
    let root = fs::canonicalize(here_if_empty(folder))?;
    match fs::canonicalize(path) {
        Ok(found) => {
            may_be_called(found.strip_prefix(&root).map_err(|_| FileError::Outside)?, ending)?;
            Ok(found)
        }
        // Whether there is something at a place that the scenario may not name is not for it to learn.
        Err(_) if path.strip_prefix(folder).map_or(true, leaves) => Err(FileError::Outside),
        Err(error) => Err(error.into()),
    }
}

/// Makes sure that a scenario may read what lies at `inside` its folder, by the names on the way: nothing hidden, and no file of
/// another kind. Secrets lie in such files (`.netrc`, `.aws/credentials`), and a scenario may lie in a home folder.
fn may_be_called(inside: &Path, ending: &'static str) -> Result<(), FileError> {
    if names(inside).any(|name| is_hidden(&name)) {
        return Err(FileError::Hidden);
    }
    match inside.extension() {
        Some(found) if found.eq_ignore_ascii_case(ending) => Ok(()),
        _ => Err(FileError::Ending { ending }),
    }
}

/// Tells whether a name is that of a hidden file or folder. Volumes of Kubernetes hold their files in folders whose names begin
/// with two dots; those are not.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !name.starts_with("..")
}

/// The names on the way that `path` is.
fn names(path: &Path) -> impl Iterator<Item = Cow<'_, str>> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    })
}

/// Tells whether a relative path leads out of its folder by what it says, all of it taken together.
fn leaves_at_last(path: &Path) -> bool {
    let mut depth = 0_i32;
    path.components().any(|part| {
        depth += match part {
            Component::Normal(_) => 1,
            Component::ParentDir => -1,
            Component::CurDir => 0,
            Component::Prefix(_) | Component::RootDir => return true,
        };
        depth < 0
    })
}

/// Tells whether a relative path could lead out of its folder by what it says.
fn leaves(path: &Path) -> bool {
    !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Tells whether links lead from the scenario's path to another place: out of the current folder if the path is relative and
/// does not say so, else out of the folder that it names; or to a hidden place that it does not name.
///
/// # Errors
/// If the system does not tell.
pub(in crate::scenario) fn is_led_astray(scenario: &Path) -> io::Result<bool> {
    let root = if leaves(scenario) { scenario.parent().unwrap_or(Path::new("")) } else { Path::new("") };
    let root = fs::canonicalize(here_if_empty(root))?;
    let found = fs::canonicalize(scenario)?;
    // A hidden place is one that the path does not show.
    let is_named = |name: &str| scenario.components().any(|part| part.as_os_str() == name);
    let leads_to = |inside: &Path| names(inside).any(|name| is_hidden(&name) && !is_named(&name));
    Ok(found.strip_prefix(root).map_or(true, leads_to))
}

fn here_if_empty(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn fits(found: &fs::Metadata) -> Result<(), FileError> {
    if !found.is_file() {
        return Err(FileError::NotRegular);
    }
    if found.len() > MOST_DATA_BYTES {
        return Err(FileError::TooLarge { bytes: found.len() });
    }
    Ok(())
}

/// Options by which a file is opened: without waiting for a pipe's writer, and without following a link that has come meanwhile.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, name: &str) -> Result<File, FileError> {
        open_below(folder, &folder.join(name), DATA, false)
    }

    #[test]
    fn a_file_below_the_folder_is_opened_and_one_elsewhere_is_not() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("drills");
        fs::create_dir_all(folder.join("data")).unwrap();
        fs::write(folder.join("data/a.csv"), "a").unwrap();
        fs::write(place.path().join("b.csv"), "b").unwrap();
        assert!(open(&folder, "data/a.csv").is_ok());
        assert!(open(&folder, "data/../data/a.csv").is_ok());
        assert!(
            open(&folder, folder.join("data/a.csv").to_str().unwrap()).is_ok(),
            "an absolute path to the same file"
        );
        let outside = |name: &str| matches!(open(&folder, name), Err(FileError::Outside));
        assert!(outside("../b.csv") && outside(place.path().join("b.csv").to_str().unwrap()));
        assert!(open_below(&folder, &folder.join("../b.csv"), DATA, true).is_ok());
        // There is no telling whether these exist.
        assert!(outside("../nowhere.csv") && outside("/nowhere/a.csv"));
        assert!(matches!(open(&folder, "nowhere.csv"), Err(FileError::Unreadable(_))));
        fs::create_dir(folder.join("d.csv")).unwrap();
        assert!(matches!(open(&folder, "d.csv"), Err(FileError::NotRegular)));
    }

    #[test]
    fn a_sparse_file_of_a_gigabyte_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        File::create(folder.path().join("a.csv")).unwrap().set_len(1 << 30).unwrap();
        assert!(matches!(open(folder.path(), "a.csv"), Err(FileError::TooLarge { bytes }) if bytes == 1 << 30));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_refused_and_those_that_stay_are_not() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("drills");
        fs::create_dir(&folder).unwrap();
        fs::write(place.path().join("secret.csv"), "s").unwrap();
        fs::write(folder.join("a.csv"), "a").unwrap();
        symlink("../secret.csv", folder.join("out.csv")).unwrap();
        symlink("..", folder.join("up")).unwrap();
        symlink("a.csv", folder.join("in.csv")).unwrap();
        assert!(matches!(open(&folder, "out.csv"), Err(FileError::Outside)));
        assert!(matches!(open(&folder, "up/secret.csv"), Err(FileError::Outside)));
        assert!(open(&folder, "in.csv").is_ok());
        assert!(is_led_astray(&folder.join("out.csv")).unwrap());
        assert!(!is_led_astray(&folder.join("in.csv")).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_no_data_files_even_where_outside_is_allowed() {
        assert!(matches!(
            open_below(Path::new("/dev"), Path::new("/dev/zero"), DATA, true),
            Err(FileError::NotRegular)
        ));
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.csv");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(matches!(open(folder.path(), "pipe.csv"), Err(FileError::NotRegular)));
    }
}
