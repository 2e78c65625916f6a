//! Where baselines are kept: `baselines/NAME/SCENARIO.txt` beside the scenario.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::CliError;
use crate::baseline::Baseline;
use crate::output::OutputFile;

/// Reads the name of a baseline: it is the name of a folder.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.starts_with('.') || !text.chars().all(plain) {
        return Err("a name is made of letters, digits, '-', '_' and '.', and does not begin with '.'".to_owned());
    }
    Ok(text.to_owned())
}

/// The file of the baseline `name` of the scenario at `scenario`.
pub(crate) fn path(scenario: &Path, name: &str) -> PathBuf {
    // The ending is added, not replaced: `a.b.toml` is another scenario than `a.toml`.
    let mut file = scenario.file_stem().unwrap_or(scenario.as_os_str()).to_owned();
    file.push(".txt");
    scenario.parent().unwrap_or(Path::new("")).join("baselines").join(name).join(file)
}

/// The baseline at `path`; `None` if there is no such file.
///
/// # Errors
/// If it cannot be read or is no baseline.
pub(crate) fn read(path: &Path) -> Result<Option<Baseline>, CliError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CliError::Usage(format!("{}: cannot be read: {error}", path.display()))),
    };
    let baseline = text.parse::<Baseline>();
    baseline.map(Some).map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))
}

/// Opens the file of a baseline, making its folder, before the work.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn open(path: &Path) -> Result<OutputFile, CliError> {
    Ok(OutputFile::open_in_new_folder(path)?)
}

/// Writes the baseline to `file`.
///
/// # Errors
/// If it cannot be written whole; what was there before is then as it was.
pub(crate) fn write(file: OutputFile, baseline: &Baseline) -> Result<(), CliError> {
    Ok(file.write(baseline.to_text().as_bytes())?)
}
