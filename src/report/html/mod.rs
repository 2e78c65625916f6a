//! The report: one HTML file that opens from disk, made from the files of a folder of results.
//!
//! The template, the style and the script are in `assets/report`, the chart library in `assets/uplot`. The template escapes
//! every text. The page allows itself no network and no script but its own two, which it names by their hashes: even a
//! name that got past the escaping would not be run. Without scripts, and on paper, it shows the pictures of `charts/`.
//!
//! Left out: anything that the files do not say, and anything that needs a run to be made again.

mod checks;
mod command;
mod every_metric;
mod figures;
mod fix;
mod folder;
mod page;
mod policy;
mod scores;
mod series;

use std::io;
use std::path::{Path, PathBuf};

pub use folder::ReportError;

use crate::output::Existing;
use folder::Folder;

/// Name of the report in its folder.
pub(super) const REPORT: &str = "report.html";

/// Reads the results in `folder` and writes the report beside them.
///
/// # Errors
/// If the folder holds no results, or not such as this version writes, or the report cannot be written.
pub fn write_report(folder: &Path) -> Result<PathBuf, ReportError> {
    let missing = || ReportError::NoResults { folder: folder.to_owned(), source: io::ErrorKind::NotFound.into() };
    let results = Existing::open(folder, REPORT)?.ok_or_else(missing)?;
    results.rewrite(REPORT, render(folder)?.as_bytes())?;
    Ok(folder.join(REPORT))
}

/// The report on the results in `folder`, as HTML.
///
/// # Errors
/// If a file cannot be read, or is not what this version writes.
pub(super) fn render(folder: &Path) -> Result<String, ReportError> {
    Ok(page::html(&Folder::read(folder)?))
}
