//! The data files that a scenario names, such as traces: found, read, and noted with a hash of what was read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::name::data_copy;
use super::place::{DATA, FileError, MOST_DATA_BYTES, open_below};

/// A data file that a scenario was read with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Its path as the scenario names it.
    pub name: String,
    /// The path at which it was read.
    pub path: PathBuf,
    /// SHA-256 of what was read, in hexadecimal.
    pub sha256: String,
    /// Number of bytes that were read.
    pub bytes: u64,
}

impl DataFile {
    /// Returns the path of its copy in a folder of results, where the scenario beside finds it.
    pub fn copy(&self) -> String {
        data_copy(&self.name)
    }
}

/// Reads a data file and hashes it on the way.
#[derive(Debug)]
pub(in crate::scenario) struct DataReader {
    file: File,
    hash: Sha256,
    read: u64,
    name: String,
    path: PathBuf,
}

impl DataReader {
    /// Opens the data file `name` of the scenario `scenario`: its copy, if the scenario lies in a folder of results, or the file
    /// of that name. It must lie below the scenario's folder, not be hidden and end in
    /// `.csv`, unless `allow_outside` is set.
    pub(in crate::scenario) fn open(scenario: &str, name: &str, allow_outside: bool) -> Result<Self, FileError> {
        let folder = Path::new(scenario).parent().unwrap_or(Path::new(""));
        let copy = folder.join(data_copy(name));
        let path = if copy.is_file() { copy } else { folder.join(name) };
        let file = open_below(folder, &path, DATA, allow_outside)?;
        Ok(DataReader { file, hash: Sha256::new(), read: 0, name: name.to_owned(), path })
    }

    /// Returns what was read, once that is all.
    pub(in crate::scenario) fn finish(self) -> DataFile {
        let sha256 = format!("{:x}", self.hash.finalize());
        DataFile { name: self.name, path: self.path, sha256, bytes: self.read }
    }
}

impl Read for DataReader {
    /// Reads on; a file that has grown beyond the largest size since it was opened is an error.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read += read as u64;
        if self.read > MOST_DATA_BYTES {
            return Err(io::Error::other(FileError::TooLarge { bytes: self.read }));
        }
        self.hash.update(&buffer[..read]);
        Ok(read)
    }
}
