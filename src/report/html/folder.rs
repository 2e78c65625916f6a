//! A folder of results read back: the part of each file that the report shows.
//!
//! The report is a function of these files and of nothing else, so that it can be written again from a folder, and by
//! another version, without running anything.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::output::{OutputError, RECEIPT};
use crate::report::file_names::{SCENARIO, SUMMARY};
use crate::results::rows::{Bin, Cell, LatencyPoint, Rows, read_numbers};
use crate::results::{Receipt, Study, trouble};

/// The part of a folder of results that the report shows.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) receipt: Receipt,
    pub(super) study: Study,
    /// Text of the scenario.
    pub(super) scenario: String,
    pub(super) timeline: Rows<Bin>,
    pub(super) latency: Rows<LatencyPoint>,
    /// Per design, the downtime of every run in which it was seen, in seconds.
    pub(super) downtime_s: BTreeMap<String, Vec<f64>>,
    /// Names (without ending) and texts of the SVG charts, sorted by name.
    pub(super) charts: Vec<(String, String)>,
}

/// This version of the command.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A report that cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The folder has no receipt, so `run` or `compare` did not write it, or did not finish.
    #[error("{}: is not a results folder; `firedrill compare SCENARIO --out DIR` writes one", folder.display())]
    NoResults {
        /// The folder.
        folder: PathBuf,
        /// Error of reading the receipt.
        source: io::Error,
    },
    /// The folder is that of a sweep or a search, which have no report.
    #[error(
        "{}: holds no study to report on; `firedrill run` and `firedrill compare` write one, a sweep and a search do not",
        folder.display()
    )]
    NoStudy {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that the report needs cannot be read.
    #[error("{}: cannot be read; run the study again to write it anew", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A file is not what this version writes.
    #[error(
        "{}: {made_by} wrote it, and firedrill {VERSION} cannot read it: {message}; run the study again to write it anew",
        file.display()
    )]
    Malformed {
        /// The file.
        file: PathBuf,
        /// The version that wrote the folder.
        made_by: String,
        /// Fault of the file.
        message: String,
    },
    /// The results cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl Folder {
    /// Reads the results in the folder at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, ReportError> {
        let receipt = fs::read_to_string(path.join(RECEIPT))
            .map_err(|source| ReportError::NoResults { folder: path.to_owned(), source })?;
        let listed: serde_json::Value = json(path.join(RECEIPT), &receipt, "another program")?;
        let made_by = listed["firedrill"].as_str().map(|version| format!("firedrill {version}"));
        let made_by = made_by.as_deref().unwrap_or("another program");
        if listed["files"].as_object().is_some_and(|files| !files.contains_key(SUMMARY)) {
            return Err(ReportError::NoStudy { folder: path.to_owned() });
        }
        let receipt: Receipt = json(path.join(RECEIPT), &receipt, made_by)?;
        let summary = text(path, SUMMARY)?;
        let study = Study::from_json(&summary).map_err(|error| malformed(path.join(SUMMARY), made_by, &error))?;
        let drawn = receipt.files.keys().filter_map(|name| name.strip_prefix("charts/")?.strip_suffix(".svg"));
        // A name from the receipt leads nowhere but into the folder.
        let drawn = drawn.filter(|name| !name.contains(['/', '\\', ':']));
        let charts = drawn.map(|name| Ok((name.to_owned(), text(path, &format!("charts/{name}.svg"))?)));
        Ok(Folder {
            charts: charts.collect::<Result<_, ReportError>>()?,
            scenario: text(path, SCENARIO)?,
            timeline: rows(path, "timeline.csv", made_by)?,
            latency: rows(path, "latency.csv", made_by)?,
            downtime_s: downtime(path, "runs.csv", made_by)?,
            receipt,
            study,
        })
    }
}

fn text(folder: &Path, name: &str) -> Result<String, ReportError> {
    let file = folder.join(name);
    fs::read_to_string(&file).map_err(|source| ReportError::Read { file, source })
}

fn json<T: DeserializeOwned>(file: PathBuf, text: &str, made_by: &str) -> Result<T, ReportError> {
    serde_json::from_str(text).map_err(|error| malformed(file, made_by, &trouble(&error)))
}

fn rows<R: DeserializeOwned>(folder: &Path, name: &str, made_by: &str) -> Result<Rows<R>, ReportError> {
    Rows::read(&text(folder, name)?).map_err(|error| malformed(folder.join(name), made_by, &error))
}

/// Reads what the report shows of every run, and nothing else: there may be a million.
fn downtime(folder: &Path, name: &str, made_by: &str) -> Result<BTreeMap<String, Vec<f64>>, ReportError> {
    let file = folder.join(name);
    let opened = fs::File::open(&file).map_err(|source| ReportError::Read { file: file.clone(), source })?;
    let mut downtime_s: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let add = |design: &str, downtime: Cell| {
        if let Some(seconds) = downtime.0 {
            match downtime_s.get_mut(design) {
                Some(known) => known.push(seconds),
                None => drop(downtime_s.insert(design.to_owned(), vec![seconds])),
            }
        }
    };
    read_numbers(opened, "design", "downtime_s", add).map_err(|error| malformed(file, made_by, &error))?;
    Ok(downtime_s)
}

fn malformed(file: PathBuf, made_by: &str, message: &dyn std::fmt::Display) -> ReportError {
    ReportError::Malformed { file, made_by: made_by.to_owned(), message: message.to_string() }
}
