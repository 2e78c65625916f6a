//! Reports: what a study found, as a table for the terminal and as files.
//!
//! Works from a [`StudyOutcome`] alone and never runs anything. `chart` draws plain data; what data a study's charts show is
//! decided in `pictures`. Both are there with the feature `charts`, which is on unless it is turned off.

#[cfg(feature = "charts")]
pub mod chart;
pub mod check;
pub mod format;

mod output_dir;
#[cfg(feature = "charts")]
mod pictures;
mod receipt;
mod sentence;
mod summary;
mod table;
mod tables;
#[cfg(test)]
mod tests;

pub use output_dir::{OutputDir, OutputError};
#[cfg(feature = "charts")]
pub use pictures::{PictureError, write_charts};
pub use sentence::sentences;
pub use table::table;

use crate::study::StudyOutcome;

/// Writes every table, `summary.json` and `receipt.json` of a study into `output`, to be followed by [`finish`].
///
/// # Errors
/// If a file cannot be written.
pub fn write_files(outcome: &StudyOutcome, output: &mut OutputDir) -> Result<(), OutputError> {
    tables::write(outcome, output)?;
    output.write("summary.json", |file| summary::write(outcome, file))?;
    Ok(())
}

/// `summary.json` as text.
pub fn json(outcome: &StudyOutcome) -> String {
    let mut bytes = Vec::new();
    summary::write(outcome, &mut bytes).expect("writing to memory does not fail");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Writes the receipt, which lists every file written so far, and puts all files in place.
///
/// # Errors
/// If a file cannot be written or moved.
pub fn finish(outcome: &StudyOutcome, mut output: OutputDir) -> Result<(), OutputError> {
    let files = output.names();
    output.write(output_dir::RECEIPT, |file| receipt::write(outcome, &files, file))?;
    output.commit()
}
