//! The folder that results go to: the one that is named, or one below `firedrill-out`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::output::{OutputError, is_no_link};

/// The folder that results go to if none is named, in a folder of their own.
const RESULTS: &str = "firedrill-out";

/// Returns the folder `out` if one is named, else that of `name` below `firedrill-out`.
///
/// # Errors
/// If none is named and `firedrill-out` is a link: whoever brought it may not choose where results go.
pub(crate) fn folder_or(out: Option<&PathBuf>, name: impl FnOnce() -> String) -> Result<PathBuf, OutputError> {
    if let Some(out) = out {
        return Ok(out.clone());
    }
    is_no_link(Path::new(RESULTS))?;
    Ok(Path::new(RESULTS).join(name()))
}

/// Makes sure that no two scenarios have one name, as the folder of each has its name.
///
/// # Errors
/// If two have.
pub(crate) fn have_different_names<'a>(mut names: impl Iterator<Item = &'a str>) -> Result<(), CliError> {
    let mut seen = BTreeSet::new();
    match names.find(|name| !seen.insert(*name)) {
        None => Ok(()),
        Some(name) => Err(CliError::Usage(format!(
            "two scenarios are named {name:?}, so that the results of one would overwrite the other's"
        ))),
    }
}
