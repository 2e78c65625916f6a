//! A folder of results read back: the part of each file that the report shows.
//!
//! The report is a function of these files and of nothing else, so that it can be written again from a folder, and by
//! another version, without running anything.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use thiserror::Error;

use crate::output::{OutputError, RECEIPT};
use crate::report::SCENARIO;
use crate::study::Unit;

/// What the report needs of a folder of results.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) receipt: Receipt,
    pub(super) summary: Summary,
    /// Text of the scenario.
    pub(super) scenario: String,
    /// Rows of `timeline.csv`, `latency.csv`, `incidents.csv` and `runs.csv`.
    pub(super) timeline: Table,
    pub(super) latency: Table,
    pub(super) incidents: Table,
    pub(super) runs: Table,
    /// Names (without ending) and texts of the SVG charts, sorted by name.
    pub(super) charts: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Receipt {
    pub(super) firedrill: String,
    pub(super) scenario: String,
    pub(super) scenario_sha256: String,
    pub(super) seed: u64,
    pub(super) first_run: u64,
    pub(super) runs: u64,
    pub(super) designs: Vec<String>,
    pub(super) settings: Vec<String>,
    pub(super) until: Option<Rule>,
    pub(super) files: BTreeMap<String, String>,
}

/// The rule for the number of runs, if it was left to the results.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) targets: Vec<String>,
    pub(super) runs_at_a_time: u64,
    pub(super) max_runs: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    pub(super) description: String,
    pub(super) until: Option<Until>,
    pub(super) horizon_s: f64,
    pub(super) measured_from_s: f64,
    pub(super) measured_to_s: f64,
    pub(super) window_s: f64,
    pub(super) slo: f64,
    pub(super) regions: [String; 2],
    pub(super) metrics: Vec<Definition>,
    pub(super) designs: Vec<Design>,
    pub(super) comparisons: Vec<Comparison>,
    pub(super) objectives: Vec<Objective>,
    pub(super) expectations: Vec<Expectation>,
}

/// Why no more runs were made.
#[derive(Debug, Deserialize)]
pub(super) struct Until {
    pub(super) runs_at_a_time: u64,
    pub(super) max_runs: u64,
    pub(super) met: bool,
    pub(super) targets: Vec<Reached>,
}

/// How near one design came to one target.
#[derive(Debug, Deserialize)]
pub(super) struct Reached {
    pub(super) target: String,
    pub(super) design: String,
    pub(super) met: bool,
    pub(super) sentence: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) title: String,
    unit: String,
    pub(super) better: Better,
}

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Better {
    Less,
    More,
    Neither,
}

#[derive(Debug, Deserialize)]
pub(super) struct Design {
    pub(super) name: String,
    /// Its place in the scenario file; older versions did not write it.
    #[serde(default)]
    place: Option<usize>,
    pub(super) metrics: Vec<Statistics>,
}

/// One metric of one design over runs.
#[derive(Debug, Deserialize)]
pub(super) struct Statistics {
    pub(super) n: u64,
    pub(super) censored: u64,
    /// Runs to which it does not apply.
    pub(super) not_applicable: u64,
    /// Whether the interval of the mean is too narrow; not in the file, but told by the values of the runs.
    #[serde(skip)]
    pub(super) is_narrow: bool,
    pub(super) mean: Option<Estimate>,
    pub(super) min: Option<Number>,
    pub(super) max: Option<Number>,
    pub(super) quantiles: Vec<Quantile>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quantile {
    pub(super) p: f64,
    pub(super) estimate: Option<Estimate>,
    pub(super) runs_needed: Option<u64>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Estimate {
    pub(super) point: Number,
    pub(super) low: Number,
    pub(super) high: Number,
}

/// A number; infinite if the file says that it is censored.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(from = "Written")]
pub(super) struct Number(pub(super) f64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Value(f64),
    Word(IgnoredAny),
}

impl From<Written> for Number {
    fn from(written: Written) -> Self {
        match written {
            Written::Value(value) => Number(value),
            Written::Word(_) => Number(f64::INFINITY),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Comparison {
    pub(super) first: String,
    pub(super) second: String,
    pub(super) sentences: Vec<String>,
    pub(super) metrics: Vec<Compared>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Compared {
    pub(super) pairs: u64,
    pub(super) difference: Option<Estimate>,
    pub(super) first_less: u64,
    pub(super) second_less: u64,
    pub(super) ties: u64,
    pub(super) claim: Claim,
    pub(super) in_practice: Weight,
}

/// What a difference weighs in practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Weight {
    Differs,
    Same,
    Unclear,
}

/// What can be claimed of a metric of two designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Claim {
    FirstLess,
    SecondLess,
    Same,
    NoDifference,
    Unknown,
}

#[derive(Debug, Deserialize)]
pub(super) struct Objective {
    pub(super) design: String,
    pub(super) objective: String,
    pub(super) target_s: f64,
    pub(super) met: u64,
    pub(super) runs: u64,
    pub(super) censored: u64,
    pub(super) share: Option<Estimate>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Expectation {
    pub(super) sentence: String,
    pub(super) verdict: String,
    pub(super) interval: Option<Estimate>,
    /// Whether the interval is on one side of the bound.
    pub(super) clear: bool,
}

/// A CSV file: its header and its rows.
#[derive(Debug)]
pub(super) struct Table {
    header: csv::StringRecord,
    pub(super) rows: Vec<csv::StringRecord>,
}

impl Table {
    #[cfg(test)]
    pub(super) fn new(header: csv::StringRecord, rows: Vec<csv::StringRecord>) -> Self {
        Table { header, rows }
    }

    /// Place of the column called `name`; if there is none, past the end, so that its fields are empty.
    pub(super) fn column(&self, name: &str) -> usize {
        self.header.iter().position(|field| field == name).unwrap_or(usize::MAX)
    }
}

/// A number of a row; `None` if the field is empty or there is none.
pub(super) fn number(row: &csv::StringRecord, column: usize) -> Option<f64> {
    row.get(column)?.parse().ok()
}

/// A report that cannot be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The folder has no receipt, so `run` or `compare` did not write it, or did not finish.
    #[error("{}: is no folder of results; `firedrill compare SCENARIO --out DIR` writes one", folder.display())]
    NoResults {
        /// The folder.
        folder: PathBuf,
        /// Why the receipt cannot be read.
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
        /// Why.
        source: io::Error,
    },
    /// A file is not what this version writes.
    #[error("{}: is not what this version writes ({message}); run the study again to write it anew", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What is wrong.
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
        let listed: serde_json::Value = json(path.join(RECEIPT), &receipt)?;
        if listed["files"].as_object().is_some_and(|files| !files.contains_key("summary.json")) {
            return Err(ReportError::NoStudy { folder: path.to_owned() });
        }
        let receipt: Receipt = json(path.join(RECEIPT), &receipt)?;
        let mut summary: Summary = json(path.join("summary.json"), &text(path, "summary.json")?)?;
        let definitions = summary.metrics.len();
        let complete = summary.designs.iter().all(|design| design.metrics.len() == definitions)
            && summary.comparisons.iter().all(|comparison| comparison.metrics.len() == definitions);
        if !complete || summary.designs.is_empty() {
            return Err(malformed(path.join("summary.json"), &"not every design has every metric"));
        }
        let drawn = receipt.files.keys().filter_map(|name| name.strip_prefix("charts/")?.strip_suffix(".svg"));
        // A name from the receipt leads nowhere but into the folder.
        let drawn = drawn.filter(|name| !name.contains(['/', '\\', ':']));
        let charts = drawn.map(|name| Ok((name.to_owned(), text(path, &format!("charts/{name}.svg"))?)));
        let runs = table(path, "runs.csv")?;
        super::doubt::mark(&mut summary, &runs);
        Ok(Folder {
            charts: charts.collect::<Result<_, ReportError>>()?,
            scenario: text(path, SCENARIO)?,
            timeline: table(path, "timeline.csv")?,
            latency: table(path, "latency.csv")?,
            incidents: table(path, "incidents.csv")?,
            runs,
            receipt,
            summary,
        })
    }
}

impl Summary {
    /// Place in the scenario file of a design of the folder; as far as it is known, the place that it has in the folder.
    pub(super) fn place(&self, design: usize) -> usize {
        self.designs[design].place.unwrap_or(design)
    }

    /// Place of the metric called `name`.
    pub(super) fn metric(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|metric| metric.name == name)
    }
}

impl Definition {
    /// Its unit; a count if this version does not know it.
    pub(super) fn unit(&self) -> Unit {
        const UNITS: [Unit; 8] = [
            Unit::Seconds,
            Unit::Milliseconds,
            Unit::Share,
            Unit::Count,
            Unit::PerRequest,
            Unit::Bytes,
            Unit::Hours,
            Unit::Money,
        ];
        UNITS.into_iter().find(|unit| unit.name() == self.unit).unwrap_or(Unit::Count)
    }
}

fn text(folder: &Path, name: &str) -> Result<String, ReportError> {
    let file = folder.join(name);
    fs::read_to_string(&file).map_err(|source| ReportError::Read { file, source })
}

fn json<T: DeserializeOwned>(file: PathBuf, text: &str) -> Result<T, ReportError> {
    serde_json::from_str(text).map_err(|error| malformed(file, &error))
}

fn table(folder: &Path, name: &str) -> Result<Table, ReportError> {
    let failed = |error: csv::Error| malformed(folder.join(name), &error);
    let text = text(folder, name)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(failed)?.clone();
    let rows = reader.into_records().collect::<Result<_, _>>().map_err(failed)?;
    Ok(Table { header, rows })
}

fn malformed(file: PathBuf, message: &dyn std::fmt::Display) -> ReportError {
    ReportError::Malformed { file, message: message.to_string() }
}
