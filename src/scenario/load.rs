//! From a file to a checked [`Scenario`].

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;
use toml::de::DeTable;

use super::check;
use super::cost::Extent;
use super::cost::{MOST_BYTES, MOST_EVENTS};
use super::design::Design;
use super::dns::Dns;
use super::expectation::{Expectation, ExpectationPlaces};
use super::files::data_file::DataFile;
use super::files::place::is_led_astray;
use super::geography::Geography;
use super::incident::Incident;
use super::keyspace::Keyspace;
use super::known_names::Names;
use super::link::RegionLink;
use super::objectives::Objectives;
use super::prices::Prices;
use super::region::Region;
use super::resolved::Document;
use super::study::StudyPlan;
use super::text::document::{MOST_DOTS, Origin, from_file, too_deep};
use super::text::log::ReadLog;
use super::text::overrides::{self, Override};
use super::text::printable::printable;
use super::text::problem::{Problem, Problems, SourceText};
use super::text::reader::TableReader;
use super::text::stated::Stated;
use super::whole::{Scenario, title};
use crate::units::words::amount;

/// The most bytes of a scenario: a hundred times as many as the longest of the library has.
const LONGEST: u64 = 1_000_000;

/// Options for loading a scenario.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Changes laid over the file before it is checked, in order.
    pub overrides: Vec<Override>,
    /// Runs of each design, if not as many as the file says.
    pub runs: Option<u64>,
    /// True if a study of more than [`MOST_EVENTS`] or [`MOST_BYTES`] is let through.
    pub force: bool,
    /// Names of the designs that will be run; empty: all.
    pub designs: Vec<String>,
    /// Runs at a time; 0 counts as 1.
    pub jobs: usize,
    /// True if files outside the scenario's folder may be read.
    pub allow_outside: bool,
}

/// A checked scenario and what else its file gave.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// Runs of each design that the file asks for, whatever the options say.
    pub runs: u64,
    /// The text of the file, as it was read.
    pub text: String,
    /// The file as it was read, with the changes.
    pub document: Document,
    /// Findings that are allowed but deserve a second look.
    pub warnings: Vec<Problem>,
    /// Where each expectation names its metric and statistic, in the order of the expectations.
    pub expectation_places: Vec<ExpectationPlaces>,
    /// The data files that it was read with, such as traces.
    pub data: Vec<DataFile>,
}

/// Reason why a scenario could not be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("{file}: cannot be read")]
    Unreadable {
        /// The file.
        file: String,
        /// Reason.
        source: io::Error,
    },
    /// It is a folder.
    #[error("{file}: is a folder; give the scenario file in it")]
    Folder {
        /// The folder.
        file: String,
    },
    /// Its name would not be shown as it is.
    #[error("{file:?}: the path has characters that cannot be printed; rename the file")]
    Unprintable {
        /// The file.
        file: String,
    },
    /// Links lead from its path to another place.
    #[error(
        "{file}: links lead to a place outside its folder, or to a hidden one; a scenario is read from there only if --allow-outside is given"
    )]
    Outside {
        /// The file.
        file: String,
    },
    /// It is too large to be a scenario.
    #[error("{file}: has more than {LONGEST} bytes, the most that a scenario may have")]
    TooLong {
        /// The file.
        file: String,
    },
    /// It is not text.
    #[error("{file}:{line}: is not a text file in UTF-8")]
    NotText {
        /// The file.
        file: String,
        /// Line of the first byte that is wrong.
        line: usize,
    },
    /// It says nothing.
    #[error("{file}: is empty; a scenario needs at least regions, a link, geographies and designs")]
    Empty {
        /// The file.
        file: String,
    },
    /// Its content is wrong.
    #[error("{0}")]
    Invalid(Problems),
    /// It asks for too much.
    #[error(
        "{file}: about {} events ({} requests) would be simulated, more than {}; lower the runs, study.horizon or the session \
         rates, or force it with --force",
        amount(*events as f64),
        amount(*requests as f64),
        amount(MOST_EVENTS as f64)
    )]
    TooLarge {
        /// The file.
        file: String,
        /// Events expected.
        events: u64,
        /// Requests expected.
        requests: u64,
    },
    /// It asks for too much memory.
    #[error(
        "{file}: about {}B of memory would be needed, more than {}B; lower the runs, the session rates, the lengths of sessions, \
         queue_limit, or how long and how often incidents happen, or force it with --force",
        amount(*bytes as f64),
        amount(MOST_BYTES as f64)
    )]
    TooBig {
        /// The file.
        file: String,
        /// Bytes expected.
        bytes: u64,
    },
}

impl Scenario {
    /// Loads the file at `path`.
    ///
    /// # Errors
    /// If the file cannot be read, or anything in it or in the overrides is wrong; all of it is reported at once.
    pub fn load(path: &Path, options: &LoadOptions) -> Result<Loaded, LoadError> {
        let file = path.display().to_string();
        if path.is_dir() {
            return Err(LoadError::Folder { file });
        }
        if *printable(&file) != *file || file.contains(['\n', '\t']) {
            return Err(LoadError::Unprintable { file });
        }
        let bytes = match read_limited(path, options.allow_outside) {
            Ok(Some(bytes)) if bytes.len() as u64 > LONGEST => return Err(LoadError::TooLong { file }),
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Err(LoadError::Outside { file }),
            Err(source) => return Err(LoadError::Unreadable { file, source }),
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => Scenario::parse(text, &file, options),
            Err(error) => {
                let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(LoadError::NotText { file, line })
            }
        }
    }

    /// Loads the scenario that `text` is; `file` is its name in messages, and files that it names are looked for beside
    /// it.
    ///
    /// # Errors
    /// If anything in the text or in the overrides is wrong; all of it is reported at once.
    pub fn parse(text: &str, file: &str, options: &LoadOptions) -> Result<Loaded, LoadError> {
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Err(LoadError::Empty { file: file.to_owned() });
        }
        let source = SourceText::new(file, text, &options.overrides);
        if let Some(span) = too_deep(text) {
            let message = format!("the line has more than {MOST_DOTS} dots; keys may not nest that deep");
            let problem = source.place(&Origin::File(span), "").problem(message);
            return Err(LoadError::Invalid(vec![problem].into()));
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            return Err(LoadError::Invalid(syntax_problems(&errors, &source).into()));
        }
        let mut root = from_file(table.get_ref());
        let slips = overrides::apply(&mut root, &source);
        let log = ReadLog::new(source, &root, options.allow_outside);
        let read = read(&log);
        if let Some((scenario, _)) = &read {
            check::check(scenario, &log);
        }
        let data = log.data();
        let (mut problems, warnings) = log.into_findings();
        problems.extend(slips);
        match read {
            Some((mut scenario, expectation_places)) if problems.as_slice().is_empty() => {
                let runs = scenario.study.runs;
                scenario.study.runs = options.runs.unwrap_or(runs);
                scenario.stated = Stated::of(&root);
                let cost = scenario.cost(Extent { designs: &options.designs, jobs: options.jobs });
                let (events, requests, bytes) = (cost.events as u64, cost.requests as u64, cost.limited_bytes() as u64);
                if events > MOST_EVENTS && !options.force {
                    return Err(LoadError::TooLarge { file: file.to_owned(), events, requests });
                }
                if bytes > MOST_BYTES && !options.force {
                    return Err(LoadError::TooBig { file: file.to_owned(), bytes });
                }
                let (document, warnings) = (Document::new(root), warnings.first);
                Ok(Loaded { scenario, runs, text: text.to_owned(), document, warnings, expectation_places, data })
            }
            _ => Err(LoadError::Invalid(problems)),
        }
    }
}

/// The most syntax errors that are shown: those after the first few follow from them.
const MOST_SYNTAX_ERRORS: usize = 5;

/// Returns the complaints of the TOML parser; of several complaints about one line, the first.
fn syntax_problems(errors: &[toml::de::Error], source: &SourceText<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut lines = BTreeSet::new();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        if lines.len() < MOST_SYNTAX_ERRORS && lines.insert(source.line(span.start)) {
            problems.push(source.place(&Origin::File(span), "").problem(format!("not TOML: {}", error.message())));
        }
    }
    problems
}

/// Reads the scenario at `path`, but no more of it than shows that it is too long; `None` if links lead elsewhere, and
/// `allow_outside` is not set.
fn read_limited(path: &Path, allow_outside: bool) -> io::Result<Option<Vec<u8>>> {
    if !allow_outside && !is_pipe(path) && is_led_astray(path)? {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Tells whether a scenario comes from another process, which the shell names by a link: `firedrill validate <(…)`.
fn is_pipe(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        std::fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Reads the whole document; `None` if a value was refused.
pub(super) fn read(log: &ReadLog<'_>) -> Option<(Scenario, Vec<ExpectationPlaces>)> {
    let root = &mut log.root_reader();
    let mut names = Names::default();
    let (name, description) = title(root);
    let study =
        root.sound(|root| root.key("study", "length, runs, seed, service level").table_or_empty(StudyPlan::read));
    let regions = Region::read_both(root, &mut names);
    let link = RegionLink::read_only(root, &names);
    let keys = root.key("keys", "the keys that requests touch").table_or_empty(Keyspace::read);
    let geographies = root.sound(|root| Geography::read_all(root, &mut names, study.as_ref()));
    let world = |root: &mut TableReader<'_>| {
        root.key("dns", "the chain of names").table_or_empty(|table| Dns::read(table, &Dns::default()))
    };
    let dns = root.sound(world);
    let designs = Design::read_all(root, &mut names, dns.as_ref(), geographies.as_deref());
    let incidents = Incident::read_all(root, &names, study.as_ref().map(|study| study.horizon));
    let objectives = root.sound(|root| root.key("objectives", "recovery objectives").table_or_empty(Objectives::read));
    let prices = root.key("prices", "what resources cost").table_if_there(Prices::read);
    let (expectations, places) = Expectation::read_all(root, &names, objectives.as_ref()).into_iter().unzip();
    root.finish();
    if log.has_refused() {
        return None;
    }
    let scenario = Scenario {
        name,
        description,
        study: study?,
        regions: regions?,
        link: link?,
        keys,
        dns: dns?,
        geographies: geographies?,
        designs,
        incidents,
        objectives: objectives?,
        prices,
        expectations,
        stated: Stated::default(),
    };
    Some((scenario, places))
}
