//! Reports: what a study concluded, as a table for the terminal and as files.
//!
//! Renders [`Study`], in memory or read back from a folder, and the rows of a [`StudyOutcome`]; it concludes nothing itself
//! and never runs anything. What data a study's charts show is decided in `charts`; `html` makes the report from the
//! files. Charts and report are there with the feature `charts`, which is on unless it is turned off.

#[cfg(feature = "charts")]
mod charts;
pub mod check;
mod file_names;
mod find;
mod front;
#[cfg(feature = "charts")]
mod html;
mod markdown;
mod opening;
mod receipt;
mod screen;
mod sweep;
#[cfg(feature = "charts")]
mod sweep_charts;
mod table;
mod tables;
#[cfg(test)]
mod tests;
mod wrap;

pub use crate::results::words as format;
#[cfg(feature = "charts")]
pub use charts::{ChartsError, write_charts};
pub use file_names::SUMMARY;
pub use find::{find_markdown, find_text, write_find};
#[cfg(feature = "charts")]
pub use html::{ReportError, write_report};
pub use markdown::markdown;
pub use screen::screen;
pub use sweep::{SweepError, sweep_markdown, sweep_table, write_sweep};
pub use table::table;

use file_names::SCENARIO;

use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::results::Study;
use crate::study::StudyOutcome;

/// Writes every table of `outcome`, all that was concluded from it and the text of the scenario into `output`, to be
/// followed by [`finish`].
///
/// # Errors
/// If a file cannot be written.
pub fn write_files(
    outcome: &StudyOutcome,
    study: &Study,
    scenario: &str,
    output: &mut OutputDir,
) -> Result<(), OutputError> {
    tables::write(outcome, study, output)?;
    output.write(SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    output.write(SUMMARY, |file| file.write_all(study.to_json().as_bytes()))
}

/// Writes the receipt, which lists every file of the folder, and the report, and puts all files in place.
///
/// # Errors
/// If a file cannot be written, read back for the report, or moved.
#[cfg(feature = "charts")]
pub fn finish(outcome: &StudyOutcome, mut output: OutputDir) -> Result<(), ReportError> {
    // The report is made from the receipt, which then lists it too.
    let files = output.files().clone();
    output.write(RECEIPT, |file| receipt::write(outcome, files, file))?;
    let report = html::render(output.staged())?;
    output.write(html::REPORT, |file| file.write_all(report.as_bytes()))?;
    let files = output.files().clone();
    output.write(RECEIPT, |file| receipt::write(outcome, files, file))?;
    Ok(output.commit()?)
}

/// Writes the receipt, which lists every file of the folder, and puts all files in place.
///
/// # Errors
/// If a file cannot be written or moved.
#[cfg(not(feature = "charts"))]
pub fn finish(outcome: &StudyOutcome, mut output: OutputDir) -> Result<(), OutputError> {
    let files = output.files().clone();
    output.write(RECEIPT, |file| receipt::write(outcome, files, file))?;
    output.commit()
}
