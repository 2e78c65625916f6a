//! The folder that results go to: the one that is named, or one below `firedrill-out`.

use std::path::{Path, PathBuf};

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
