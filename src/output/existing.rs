//! A folder of results that is there: checked against its receipt, and one file of it written anew.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::digest::{Hashing, sha256_of};
use super::error::OutputError;
use super::journal::Journal;
use super::listing::{self, Listing};
use super::names::RECEIPT;
use super::place::Place;
use super::staging;

/// A folder of results whose files are what its receipt says, and to which nobody else writes.
#[derive(Debug)]
pub struct Existing {
    place: Place,
    listed: Listing,
}

impl Existing {
    /// Opens the results in `folder`, and finishes them if a run was cut off while it put them in place; `None` if there are none.
    /// The file `but` may be missing or another.
    ///
    /// # Errors
    /// If the receipt is refused, a file is missing, is a link or differs from its hash, or the folder cannot be written to.
    pub fn open(folder: &Path, but: &str) -> Result<Option<Self>, OutputError> {
        if !folder.is_dir() {
            return Ok(None);
        }
        let place = Place::open(folder)?;
        let Some(listed) = listing::read(folder)? else { return Ok(None) };
        listing::verify(folder, &listed, but)?;
        Ok(Some(Existing { place, listed }))
    }

    /// Makes sure that the files in `folder` are what its receipt says, without changing anything; false if there is no receipt.
    ///
    /// # Errors
    /// As [`Existing::open`], but that the folder need not be written to.
    pub fn verify(folder: &Path) -> Result<bool, OutputError> {
        let Some(listed) = listing::read(folder)? else { return Ok(false) };
        listing::verify(folder, &listed, "")?;
        Ok(true)
    }

    /// Writes the file `name` with `bytes`, and its hash into the receipt.
    ///
    /// # Errors
    /// [`OutputError::Altered`] if there is such a file that the receipt does not list as it is; otherwise if the disk fails.
    pub fn rewrite(self, name: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let (folder, file) = (&self.place.root, self.place.shown.join(name));
        let failed = |source| OutputError::File { path: file.clone(), source };
        let mut hashing = Hashing::new(io::sink());
        hashing.write_all(bytes).map_err(failed)?;
        let new = hashing.into_parts().1;
        let there = match folder.join(name).symlink_metadata() {
            Ok(found) if found.is_file() => Some(sha256_of(&folder.join(name)).map_err(failed)?),
            Ok(_) => return Err(OutputError::Altered { file, message: "is a link or no file".to_owned() }),
            Err(_) => None,
        };
        let listed = self.listed.get(name);
        if there.as_ref().is_some_and(|there| *there != new && Some(there) != listed) {
            let message = format!("was changed since {RECEIPT} listed it, and is not overwritten");
            return Err(OutputError::Altered { file, message });
        }
        if there.as_ref() == Some(&new) && listed == Some(&new) {
            return Ok(());
        }
        self.replace(name, bytes, there, &new).map_err(failed)
    }

    fn replace(&self, name: &str, bytes: &[u8], there: Option<String>, new: &str) -> io::Result<()> {
        let folder = &self.place.root;
        let staging = staging::inside(folder)?;
        let (mut before, mut after) = (Listing::new(), Listing::new());
        before.extend(there.map(|hash| (name.to_owned(), hash)));
        after.insert(name.to_owned(), new.to_owned());
        fs::write(staging.join(name), bytes)?;
        if self.listed.get(name).is_none_or(|listed| listed != new) {
            before.insert(RECEIPT.to_owned(), sha256_of(&folder.join(RECEIPT))?);
            let mut receipt: serde_json::Value = serde_json::from_slice(&fs::read(folder.join(RECEIPT))?)?;
            receipt["files"][name] = new.into();
            fs::write(staging.join(RECEIPT), format!("{receipt:#}\n"))?;
            after.insert(RECEIPT.to_owned(), sha256_of(&staging.join(RECEIPT))?);
        }
        let label = staging.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let done = Journal::new(label, &before, &after).carry_out(folder, &mut || Ok(()));
        if done.is_err() && !folder.join(super::names::JOURNAL).exists() {
            let _ = fs::remove_dir_all(staging);
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_written_anew_is_listed_anew_and_one_changed_by_hand_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join(RECEIPT), r#"{"firedrill": "1", "seed": 7, "files": {}}"#).unwrap();
        let write =
            |text: &str| Existing::open(path, "report.html").unwrap().unwrap().rewrite("report.html", text.as_bytes());
        write("one").unwrap();
        let listed = || listing::read(path).unwrap().unwrap();
        assert_eq!(listed()["report.html"], sha256_of(&path.join("report.html")).unwrap());
        write("two").unwrap();
        assert_eq!(fs::read_to_string(path.join("report.html")).unwrap(), "two");
        assert_eq!(listed()["report.html"], sha256_of(&path.join("report.html")).unwrap());
        fs::write(path.join("report.html"), "my notes").unwrap();
        assert!(matches!(write("three").unwrap_err(), OutputError::Altered { .. }));
        assert_eq!(fs::read_to_string(path.join("report.html")).unwrap(), "my notes");
        assert!(fs::read_to_string(path.join(RECEIPT)).unwrap().contains("\"seed\": 7"));
        assert_eq!(fs::read_dir(path).unwrap().count(), 2);
        assert!(Existing::open(&path.join("nowhere"), "report.html").unwrap().is_none());
    }
}
