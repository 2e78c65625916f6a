//! Loads scenarios: problems become one error, warnings go to stderr.

use std::path::Path;

use super::{CliError, print};
use crate::scenario::{LoadOptions, Override, Scenario};

/// Loads and checks the scenario at `path` with `overrides` (`KEY=VALUE`) on top, and prints its warnings.
///
/// # Errors
/// If the file cannot be read or makes no sense; the error lists every problem.
pub(crate) fn load(path: &Path, overrides: &[String], force: bool) -> Result<Scenario, CliError> {
    let parse = |text: &String| text.parse::<Override>().map_err(|error| CliError::Usage(error.to_string()));
    let overrides = overrides.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let loaded = Scenario::load(path, &LoadOptions { overrides, force })?;
    for warning in &loaded.warnings {
        print::note(&format!("warning: {warning}"));
    }
    Ok(loaded.scenario)
}
