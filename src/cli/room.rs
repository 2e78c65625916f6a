//! Room on the disk: a study that cannot fit where it is to go is refused before its first run.

use std::path::Path;

use super::error::CliError;
use crate::output::free_bytes;

/// The factor within which an estimate lies from the truth.
const ESTIMATED_WITHIN: f64 = 2.0;

/// Makes sure that what is expected to take `bytes` can fit on the disk of `folder`, unless that is `forced`.
///
/// # Errors
/// [`CliError::NoRoom`] if it would not fit even if it took half of that.
pub(crate) fn must_fit(folder: &Path, bytes: f64, forced: bool) -> Result<(), CliError> {
    match free_bytes(folder) {
        Some(free) if !forced => fits(folder, bytes, free),
        _ => Ok(()),
    }
}

fn fits(folder: &Path, bytes: f64, free: u64) -> Result<(), CliError> {
    // An estimate that is no number is a mistake of the program, and no reason to refuse a study.
    debug_assert!(bytes.is_finite(), "{}: {bytes} bytes are expected", folder.display());
    if !bytes.is_finite() || bytes / ESTIMATED_WITHIN <= free as f64 {
        return Ok(());
    }
    Err(CliError::NoRoom { path: folder.to_owned(), bytes, free })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::exit::ExitStatus;

    #[test]
    fn what_cannot_fit_is_refused_and_what_may_fit_is_not() {
        let place = Path::new("out");
        assert!(fits(place, 2e9, 1_000_000_000).is_ok());
        let error = fits(place, 2.2e9, 1_000_000_000).unwrap_err();
        assert_eq!(error.exit_status(), ExitStatus::NotDone);
        assert_eq!(
            error.to_string(),
            "out: about 2.20 GB would be written, and there is room for 1.00 GB; lower --runs, or give another folder with --out"
        );
        assert!(must_fit(place, 1e30, true).is_ok() && must_fit(place, 0.0, false).is_ok());
        #[cfg(unix)]
        assert!(must_fit(place, 1e30, false).is_err());
    }
}
