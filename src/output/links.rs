//! Links on the way to places that nobody named, such as the folder that results go to unless another is given.

use std::path::Path;

use super::error::OutputError;

/// Makes sure that `folder` is no link: whoever brought it may not choose where results go.
///
/// # Errors
/// [`OutputError::Link`] if it is one.
pub fn is_no_link(folder: &Path) -> Result<(), OutputError> {
    match folder.symlink_metadata() {
        Ok(found) if found.is_symlink() => Err(OutputError::Link { path: folder.to_owned() }),
        _ => Ok(()),
    }
}
