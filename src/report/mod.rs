//! Reports: what a study found, as a table for the terminal and as files.
//!
//! Works from a [`StudyOutcome`] alone and never runs anything. `chart` draws plain data; what data a study's charts show is
//! decided in `pictures`; `html` makes the report from the files. They are there with the feature `charts`, which is on unless it
//! is turned off.

#[cfg(feature = "charts")]
pub mod chart;
pub mod check;
mod find;
pub mod format;
mod front;
#[cfg(feature = "charts")]
mod html;
#[cfg(feature = "charts")]
mod pictures;
mod receipt;
mod scatter;
mod sentence;
mod stopping;
mod summary;
mod sweep;
#[cfg(feature = "charts")]
mod sweep_pictures;
mod table;
mod tables;
#[cfg(test)]
mod tests;

pub use find::{find_text, write_find};
#[cfg(feature = "charts")]
pub use html::{ReportError, write_report};
#[cfg(feature = "charts")]
pub use pictures::{PictureError, write_charts};
pub use sentence::sentences;
pub use sweep::{SweepError, sweep_table, write_sweep};
pub use table::table;

use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::study::StudyOutcome;

/// The file with the text of the scenario, as it was read.
const SCENARIO: &str = "scenario.toml";

/// Writes every table, `summary.json` and the text of the scenario into `output`, to be followed by [`finish`].
///
/// # Errors
/// If a file cannot be written.
pub fn write_files(outcome: &StudyOutcome, scenario: &str, output: &mut OutputDir) -> Result<(), OutputError> {
    tables::write(outcome, output)?;
    output.write(SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    output.write("summary.json", |file| summary::write(outcome, file))?;
    Ok(())
}

/// `summary.json` as text.
pub fn json(outcome: &StudyOutcome) -> String {
    let mut bytes = Vec::new();
    summary::write(outcome, &mut bytes).expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Writes the receipt, which lists every file of the folder, and the report, and puts all files in place.
///
/// # Errors
/// If a file cannot be written, read back for the report, or moved.
#[cfg(feature = "charts")]
pub fn finish(outcome: &StudyOutcome, mut output: OutputDir) -> Result<(), ReportError> {
    // The report is made from the receipt, which then lists it too.
    let files = output.files().clone();
    output.write(RECEIPT, |file| receipt::write(outcome, &files, file))?;
    let report = html::render(output.staged())?;
    output.write(html::REPORT, |file| file.write_all(report.as_bytes()))?;
    let files = output.files().clone();
    output.write(RECEIPT, |file| receipt::write(outcome, &files, file))?;
    Ok(output.commit()?)
}

/// Writes the receipt, which lists every file of the folder, and puts all files in place.
///
/// # Errors
/// If a file cannot be written or moved.
#[cfg(not(feature = "charts"))]
pub fn finish(outcome: &StudyOutcome, mut output: OutputDir) -> Result<(), OutputError> {
    let files = output.files().clone();
    output.write(RECEIPT, |file| receipt::write(outcome, &files, file))?;
    output.commit()
}
