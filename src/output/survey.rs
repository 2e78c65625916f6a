//! A look at a folder before anything is put there: what an earlier study wrote, what is somebody else's.
//!
//! A file under the name of a result is the program's to replace only if the receipt in the folder lists it with the hash that
//! it has. Any other one is the user's. Names are compared without regard to case, as some file systems do.

use std::path::Path;
use std::{fs, io};

use super::digest::sha256_of;
use super::error::OutputError;
use super::listing::{self, Listing};
use super::names::{LOCK, RECEIPT, SUBFOLDERS, is_result, is_staging, lies_in};

/// The contents of a folder, by whose they are.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The files of the study that is there, the receipt among them, whose hashes were found right.
    pub(super) ours: Listing,
    /// True if there is anything else, which has to stay where it is.
    pub(super) has_strangers: bool,
}

/// The most files that a refusal names.
const MOST_NAMED: usize = 3;

/// Looks through `folder`, called `shown` in messages.
///
/// # Errors
/// [`OutputError::Foreign`] if it holds a file under the name of a result that no receipt accounts for;
/// [`OutputError::Receipt`] if its receipt is refused; [`OutputError::Open`] if it cannot be read.
pub(super) fn survey(folder: &Path, shown: &Path) -> Result<Survey, OutputError> {
    let listed = listing::read(folder)?;
    let mut walk = Walk { folder, listed: listed.as_ref(), found: Survey::default(), foreign: Vec::new() };
    walk.visit("").map_err(|source| OutputError::Open { path: shown.to_owned(), source })?;
    let Walk { found, mut foreign, .. } = walk;
    if foreign.is_empty() {
        return Ok(found);
    }
    foreign.sort();
    let mut files = foreign[..foreign.len().min(MOST_NAMED)].join(", ");
    if foreign.len() > MOST_NAMED {
        files.push_str(&format!(" and {} more", foreign.len() - MOST_NAMED));
    }
    Err(OutputError::Foreign { path: shown.to_owned(), files })
}

struct Walk<'a> {
    folder: &'a Path,
    listed: Option<&'a Listing>,
    found: Survey,
    /// Files that are not the program's to replace, each with the reason.
    foreign: Vec<String>,
}

impl Walk<'_> {
    /// Visits the entries of the folder `inside`, which is empty for the folder itself or ends with `/`.
    fn visit(&mut self, inside: &str) -> io::Result<()> {
        for entry in fs::read_dir(self.folder.join(inside))? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                self.found.has_strangers = true;
                continue;
            };
            if inside.is_empty() && (name == LOCK || is_staging(&name)) {
                continue;
            }
            let (name, kind) = (format!("{inside}{name}"), entry.file_type()?);
            let lower = name.to_ascii_lowercase();
            if SUBFOLDERS.contains(&lower.as_str()) {
                match (kind.is_dir(), name == lower) {
                    (true, true) => {
                        self.visit(&format!("{name}/"))?;
                        // One with nothing of ours in it is somebody else's, though it be empty.
                        self.found.has_strangers |= !self.found.ours.keys().any(|ours| lies_in(ours, &name));
                    }
                    (true, false) => self.foreign.push(format!("{name} (differs in case from a folder of results)")),
                    (false, _) => self.foreign.push(format!("{name} (is a link or no folder)")),
                }
            } else if is_result(&lower) {
                self.judge(name, kind.is_file())?;
            } else {
                self.found.has_strangers = true;
            }
        }
        Ok(())
    }

    /// Judges an entry under the name of a result.
    fn judge(&mut self, name: String, is_file: bool) -> io::Result<()> {
        if !is_file {
            self.foreign.push(format!("{name} (is a link or no file)"));
            return Ok(());
        }
        let Some(listed) = self.listed else {
            self.foreign.push(format!("{name} (there is no {RECEIPT})"));
            return Ok(());
        };
        if name == RECEIPT {
            let hash = sha256_of(&self.folder.join(RECEIPT))?;
            self.found.ours.insert(name, hash);
            return Ok(());
        }
        match listed.get(&name) {
            None => self.foreign.push(format!("{name} ({RECEIPT} does not list it)")),
            Some(hash) if *hash == sha256_of(&self.folder.join(&name))? => {
                self.found.ours.insert(name, hash.clone());
            }
            Some(_) => self.foreign.push(format!("{name} (has not the SHA-256 in {RECEIPT})")),
        }
        Ok(())
    }
}
