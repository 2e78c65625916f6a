//! `firedrill schema`: the JSON Schema of the scenario format.

use super::{CliError, ExitStatus, print};
use crate::scenario::schema;

/// Prints it.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn run() -> Result<ExitStatus, CliError> {
    print::result(&format!("{:#}\n", schema()))?;
    Ok(ExitStatus::Good)
}
