//! A single file that the user asked for: opened before the work, written aside, and renamed when it is whole.
//!
//! Pipes, `/dev/null` and whatever else is no regular file are written to as they are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::OutputError;
use super::kind::Kind;
use super::made_folders::MadeFolders;
use super::names::STAGING;
use super::sync::sync_folder;

/// A file that is to be written, in place of one that may be there.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    target: Target,
    // Dropped last: the file goes before the folders that were made for it.
    _made: Option<MadeFolders>,
}

#[derive(Debug)]
enum Target {
    /// A file aside, to be renamed.
    Aside(NamedTempFile<File>),
    /// A file aside that may not take the place of another.
    New(NamedTempFile<File>),
    /// Something that is written to as it is.
    Stream(File),
}

impl OutputFile {
    /// Opens a file at `path` for something of the kind `kind`, without changing what is there.
    ///
    /// # Errors
    /// [`OutputError::Input`] if it is one of `inputs`; [`OutputError::NotOfKind`] if there is a file of another kind, which is
    /// not empty; [`OutputError::File`] if it is a link or cannot be written.
    pub fn open_for<'a>(
        kind: Kind,
        path: &Path,
        inputs: impl IntoIterator<Item = &'a Path>,
    ) -> Result<Self, OutputError> {
        let file = OutputFile::open(path, inputs)?;
        let failed = |source| OutputError::File { path: path.to_owned(), source };
        match file.target {
            Target::Aside(_) if path.exists() && !kind.may_replace(path).map_err(failed)? => {
                Err(OutputError::NotOfKind { path: path.to_owned(), kind: kind.name() })
            }
            _ => Ok(file),
        }
    }

    /// Opens a file at `path` without changing what is there.
    ///
    /// # Errors
    /// [`OutputError::Input`] if it is one of `inputs`; [`OutputError::File`] if it is a link or cannot be written.
    fn open<'a>(path: &Path, inputs: impl IntoIterator<Item = &'a Path>) -> Result<Self, OutputError> {
        let failed = |source| OutputError::File { path: path.to_owned(), source };
        let target = match fs::metadata(path) {
            Ok(found) if !found.is_file() && !found.is_dir() => {
                Target::Stream(OpenOptions::new().write(true).open(path).map_err(failed)?)
            }
            _ => {
                may_be_replaced(path).map_err(failed)?;
                Target::Aside(aside(path).map_err(failed)?)
            }
        };
        let file = OutputFile { path: path.to_owned(), target, _made: None };
        file.differs_from(inputs)?;
        Ok(file)
    }

    /// The same, and makes the folders on the way to it.
    ///
    /// # Errors
    /// [`OutputError::File`] if it is a link or cannot be written.
    pub fn open_in_new_folder(path: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::File { path: path.to_owned(), source };
        let made = path.parent().map(MadeFolders::make).transpose().map_err(failed)?;
        Ok(OutputFile { _made: made, ..OutputFile::open(path, [])? })
    }

    /// Opens a file that must not be there yet.
    ///
    /// # Errors
    /// [`OutputError::Exists`] if it is; [`OutputError::File`] if it cannot be written.
    pub fn open_new(path: &Path) -> Result<Self, OutputError> {
        if path.symlink_metadata().is_ok() {
            return Err(OutputError::Exists { path: path.to_owned() });
        }
        let aside = aside(path).map_err(|source| OutputError::File { path: path.to_owned(), source })?;
        Ok(OutputFile { path: path.to_owned(), target: Target::New(aside), _made: None })
    }

    /// Makes sure that the file is none of `inputs`.
    ///
    /// # Errors
    /// [`OutputError::Input`] if it is one.
    pub fn differs_from<'a>(&self, inputs: impl IntoIterator<Item = &'a Path>) -> Result<(), OutputError> {
        let ours = identity(&self.path);
        match inputs.into_iter().any(|input| identity(input) == ours) {
            true => Err(OutputError::Input { path: self.path.clone() }),
            false => Ok(()),
        }
    }

    /// Writes `bytes` and puts the file in place.
    ///
    /// # Errors
    /// [`OutputError::File`] if it cannot be written whole; what was there before is then as it was.
    pub fn write(self, bytes: &[u8]) -> Result<(), OutputError> {
        let OutputFile { path, target, _made } = self;
        let done = match target {
            Target::Stream(mut file) => file.write_all(bytes).and_then(|()| file.flush()),
            Target::Aside(file) => {
                filled(file, bytes).and_then(|file| file.persist(&path).map_err(|error| error.error)).map(drop)
            }
            Target::New(file) => match filled(file, bytes).map(|file| file.persist_noclobber(&path)) {
                Ok(Err(error)) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(OutputError::Exists { path });
                }
                Ok(placed) => placed.map(drop).map_err(|error| error.error),
                Err(error) => Err(error),
            },
        };
        done.and_then(|()| sync_folder(folder_of(&path))).map_err(|source| OutputError::File { path, source })
    }
}

/// Writes `bytes` to a file aside and flushes it.
fn filled(mut file: NamedTempFile<File>, bytes: &[u8]) -> io::Result<NamedTempFile<File>> {
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Makes a file beside `path`, with the rights that a new file has.
fn aside(path: &Path) -> io::Result<NamedTempFile<File>> {
    let new = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    tempfile::Builder::new().prefix(STAGING).make_in(folder_of(path), new)
}

/// Makes sure that what is at `path`, if anything, is a file of its own that may be written.
fn may_be_replaced(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(found) if found.is_symlink() => Err(io::Error::other("it is a link, and links are not followed")),
        Ok(found) if found.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(found) if found.permissions().readonly() => Err(io::Error::other("it is there and may not be written")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns a path that is the same however a file is named, whether it is there or not.
fn identity(path: &Path) -> PathBuf {
    let named = || Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(named).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_as_it_was_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.xml");
        fs::write(&path, "old").unwrap();
        drop(OutputFile::open(&path, []).unwrap());
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), listing(folder.path())),
            ("old", vec!["out.xml".into()])
        );
        OutputFile::open(&path, []).unwrap().write(b"new").unwrap();
        assert_eq!(
            (fs::read_to_string(&path).unwrap().as_str(), listing(folder.path())),
            ("new", vec!["out.xml".into()])
        );
    }

    #[test]
    fn an_input_is_never_an_output_however_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let (input, sub) = (folder.path().join("a.toml"), folder.path().join("sub"));
        fs::write(&input, "mine").unwrap();
        fs::create_dir(&sub).unwrap();
        let error = OutputFile::open(&sub.join("../a.toml"), [input.as_path()]).unwrap_err();
        assert!(matches!(error, OutputError::Input { .. }), "{error}");
        // Nor is one output another one, before there is a file.
        let error = OutputFile::open(&sub.join("../b.svg"), [folder.path().join("b.svg").as_path()]).unwrap_err();
        assert!(matches!(error, OutputError::Input { .. }), "{error}");
        assert_eq!(fs::read_to_string(&input).unwrap(), "mine");
    }

    #[test]
    fn a_new_file_takes_no_place_that_is_taken_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drill.toml");
        let file = OutputFile::open_new(&path).unwrap();
        fs::write(&path, "mine").unwrap();
        assert!(matches!(file.write(b"ours").unwrap_err(), OutputError::Exists { .. }));
        assert!(matches!(OutputFile::open_new(&path).unwrap_err(), OutputError::Exists { .. }));
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), listing(folder.path()).len()), ("mine", 1));
    }

    #[test]
    fn folders_made_for_nothing_go_and_those_with_a_file_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baselines/main/a.txt");
        drop(OutputFile::open_in_new_folder(&path).unwrap());
        assert_eq!(listing(folder.path()), Vec::<String>::new());
        OutputFile::open_in_new_folder(&path).unwrap().write(b"x").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "x");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_and_what_is_no_file_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(matches!(OutputFile::open(&link, []).unwrap_err(), OutputError::File { .. }));
        assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
        OutputFile::open(Path::new("/dev/null"), []).unwrap().write(b"x").unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
