//! Keeps what reading a document finds: problems, warnings, and the data files that were read.

use std::cell::{Cell, RefCell};

use super::catalogue::Catalogue;
use super::document::{Origin, Value};
use super::findings::{FirstFindings, KeyFinding};
use super::printable::quotation;
use super::problem::{Problems, SourceText};
use super::reader::TableReader;
use crate::scenario::files::data_file::{DataFile, DataReader};
use crate::scenario::files::place::FileError;

/// Everything that reading a document finds.
#[derive(Debug)]
pub(in crate::scenario) struct ReadLog<'a> {
    pub(super) source: SourceText<'a>,
    root: &'a Value,
    /// True if data files may lie outside the scenario's folder.
    allow_outside: bool,
    pub(super) problems: RefCell<FirstFindings>,
    warnings: RefCell<FirstFindings>,
    /// Number of values that were refused, and others put in their place.
    pub(super) refused: Cell<usize>,
    /// Data files that were read, each once.
    data: RefCell<Vec<DataFile>>,
    /// The keys, if they are listed and no document is read.
    pub(super) catalogue: Option<RefCell<Catalogue>>,
}

/// The document that says nothing.
static NOTHING: Value = Value::Table(Vec::new());

/// The start of the file: where a key that is missing at the top is reported.
pub(super) static TOP: Origin = Origin::File(0..0);

/// Returns what `read` reads where nothing is written: the defaults.
pub(in crate::scenario) fn of_nothing<T>(read: impl FnOnce(&mut TableReader<'_>) -> T) -> T {
    let log = ReadLog::new(SourceText::new("", "", &[]), &NOTHING, false);
    read(&mut log.root_reader())
}

impl<'a> ReadLog<'a> {
    /// A log without entries for the document `root` of `source`, whose data files may lie outside its folder if
    /// `allow_outside` is set.
    pub(in crate::scenario) fn new(source: SourceText<'a>, root: &'a Value, allow_outside: bool) -> Self {
        ReadLog {
            source,
            root,
            allow_outside,
            problems: RefCell::default(),
            warnings: RefCell::default(),
            refused: Cell::default(),
            data: RefCell::default(),
            catalogue: None,
        }
    }

    /// A log for listing the keys that reading would ask for.
    pub(in crate::scenario) fn of_keys() -> ReadLog<'static> {
        let source = SourceText::new("", "", &[]);
        ReadLog { catalogue: Some(RefCell::default()), ..ReadLog::new(source, &NOTHING, false) }
    }

    /// Returns the keys that were listed.
    pub(in crate::scenario) fn into_catalogue(self) -> Catalogue {
        self.catalogue.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Notes that a value was refused. Where keys are listed there is none.
    pub(super) fn refuse(&self) {
        if self.catalogue.is_none() {
            self.refused.set(self.refused.get() + 1);
        }
    }

    /// Tells whether a value was refused, so that what was read is none of a scenario.
    pub(in crate::scenario) fn has_refused(&self) -> bool {
        self.refused.get() > 0
    }

    /// Has `read` read the data file `name`, and notes that it was read if it was read to its end.
    ///
    /// # Errors
    /// If the file cannot be opened, or as `read` says.
    pub(in crate::scenario) fn read_data<T>(
        &self,
        name: &str,
        read: impl FnOnce(&mut DataReader) -> Result<T, String>,
    ) -> Result<T, String> {
        let opened = DataReader::open(self.source.file, name, self.allow_outside);
        let mut reader = opened.map_err(|error| match error {
            FileError::Unreadable(error) => format!("cannot read {}: {error}", quotation(name)),
            refused => format!("{} {refused}", quotation(name)),
        })?;
        let found = read(&mut reader)?;
        let file = reader.finish();
        let mut data = self.data.borrow_mut();
        if !data.contains(&file) {
            data.push(file);
        }
        Ok(found)
    }

    /// Returns the data files that were read.
    pub(in crate::scenario) fn data(&self) -> Vec<DataFile> {
        self.data.borrow().clone()
    }

    /// A reader of the whole document.
    pub(in crate::scenario) fn root_reader(&'a self) -> TableReader<'a> {
        let entries = match self.root {
            Value::Table(entries) => entries.as_slice(),
            _ => &[],
        };
        TableReader::new(self, entries)
    }

    /// Reports `message` about the key at `path`, or about the nearest table above it that there is.
    pub(in crate::scenario) fn problem_at(&self, path: &str, message: String) {
        self.report(self.origin_of(path), path, message);
    }

    /// Warns of `message` about the key at `path`.
    pub(in crate::scenario) fn warn_at(&self, path: &str, message: String) {
        let origin = self.origin_of(path).clone();
        self.warnings.borrow_mut().add(KeyFinding { origin, key: path.to_owned(), message });
    }

    pub(super) fn report(&self, origin: &Origin, path: &str, message: String) {
        self.problems.borrow_mut().add(KeyFinding { origin: origin.clone(), key: path.to_owned(), message });
    }

    fn origin_of(&self, path: &str) -> &'a Origin {
        let mut value = self.root;
        let mut origin = &TOP;
        for part in path.split('.') {
            let next = match value {
                Value::Table(entries) => entries.iter().find(|entry| entry.key == part).map(|entry| &entry.node),
                Value::List(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
                _ => None,
            };
            let Some(node) = next else { break };
            (value, origin) = (&node.value, &node.origin);
        }
        origin
    }

    /// Problems and warnings so far, the first of each in the order of the file, with how many there are besides.
    pub(in crate::scenario) fn into_findings(self) -> (Problems, Problems) {
        let ReadLog { source, problems, warnings, .. } = self;
        let shown = |cell: RefCell<FirstFindings>| {
            let (first, more) = cell.into_inner().into_first();
            let problem = |finding: KeyFinding| source.place(&finding.origin, &finding.key).problem(finding.message);
            Problems { first: first.into_iter().map(problem).collect(), more }
        };
        (shown(problems), shown(warnings))
    }
}
