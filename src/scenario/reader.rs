//! Walks a document table by table: every key that is asked for counts as known, every problem is kept, and what was
//! never asked for is reported at the end.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::data_file::{DataFile, DataReader};
use super::document::{Entry, Node, Origin, Value};
use super::findings::{Finding, Findings};
use super::load::Problems;
use super::misplaced;
use super::name::check_name;
use super::place_of_files::FileError;
use super::printable::quotation;
use super::problem::{Place, Source};
use super::suggest::nearest;

/// Everything that reading a document finds.
#[derive(Debug)]
pub(super) struct Log<'a> {
    pub(super) source: Source<'a>,
    root: &'a Value,
    /// True if data files may lie outside the scenario's folder.
    allow_outside: bool,
    problems: RefCell<Findings>,
    warnings: RefCell<Findings>,
    /// Every key ever asked for, with `*` for names: what the format's documentation must cover.
    accepted: RefCell<BTreeSet<String>>,
    /// Data files that were read, each once.
    data: RefCell<Vec<DataFile>>,
}

impl<'a> Log<'a> {
    /// A log without entries for the document `root` of `source`, whose data files may lie outside its folder if
    /// `allow_outside` is set.
    pub(super) fn new(source: Source<'a>, root: &'a Value, allow_outside: bool) -> Self {
        Log {
            source,
            root,
            allow_outside,
            problems: RefCell::default(),
            warnings: RefCell::default(),
            accepted: RefCell::default(),
            data: RefCell::default(),
        }
    }

    /// Has `read` read the data file `name`, and notes that it was read if it was read to its end.
    ///
    /// # Errors
    /// If the file cannot be opened, or as `read` says.
    pub(super) fn read_data<T>(
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
    pub(super) fn data(&self) -> Vec<DataFile> {
        self.data.borrow().clone()
    }

    /// A reader of the whole document.
    pub(super) fn root_reader(&'a self) -> TableReader<'a> {
        let entries = match self.root {
            Value::Table(entries) => entries.as_slice(),
            _ => &[],
        };
        TableReader { log: self, entries, origin: &TOP, path: String::new(), schema: String::new(), asked: Vec::new() }
    }

    /// Reports `message` about the key at `path`, or about the nearest table above it that there is.
    pub(super) fn problem_at(&self, path: &str, message: String) {
        self.report(self.origin_of(path), path, message);
    }

    /// Warns of `message` about the key at `path`.
    pub(super) fn warn_at(&self, path: &str, message: String) {
        let origin = self.origin_of(path).clone();
        self.warnings.borrow_mut().add(Finding { origin, key: path.to_owned(), message });
    }

    fn report(&self, origin: &Origin, path: &str, message: String) {
        self.problems.borrow_mut().add(Finding { origin: origin.clone(), key: path.to_owned(), message });
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
    pub(super) fn into_findings(self) -> (Problems, Problems) {
        let Log { source, problems, warnings, .. } = self;
        let shown = |cell: RefCell<Findings>| {
            let (first, more) = cell.into_inner().into_first();
            let problem = |finding: Finding| source.place(&finding.origin, &finding.key).problem(finding.message);
            Problems { first: first.into_iter().map(problem).collect(), more }
        };
        (shown(problems), shown(warnings))
    }

    /// Every key asked for so far.
    #[cfg(test)]
    pub(super) fn accepted(&self) -> BTreeSet<String> {
        self.accepted.borrow().clone()
    }
}

/// The start of the file: where a key that is missing at the top is reported.
static TOP: Origin = Origin::File(0..0);

/// Reads one table. Its methods return `None` when they have reported a problem.
#[derive(Debug)]
pub(super) struct TableReader<'a> {
    pub(super) log: &'a Log<'a>,
    entries: &'a [Entry],
    origin: &'a Origin,
    /// Dotted path, as in the file.
    path: String,
    /// The same with `*` for names and places in lists.
    schema: String,
    asked: Vec<&'static str>,
}

/// Lists the dotted keys of the values in `entries`, below `prefix`.
fn list_keys(prefix: &str, entries: &[Entry], found: &mut Vec<String>) {
    for entry in entries {
        let key = join(prefix, &entry.key);
        match &entry.node.value {
            Value::Table(entries) => list_keys(&key, entries, found),
            _ => found.push(key),
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl<'a> TableReader<'a> {
    /// Path of `key` in this table.
    pub(super) fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// What `key` holds, if it is there.
    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
            self.log.accepted.borrow_mut().insert(join(&self.schema, key));
        }
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Whether `key` is there, without counting it as known.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Lists the dotted keys of the values below `key`, without counting any as known.
    pub(super) fn keys_below(&self, key: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.key == key) {
            if let Value::Table(entries) = &entry.node.value {
                list_keys("", entries, &mut found);
            }
        }
        found
    }

    /// Reports `message` about `key`, or about the table if the key is not there.
    pub(super) fn problem(&self, key: &str, message: impl Into<String>) {
        let origin = self.entries.iter().find(|entry| entry.key == key).map_or(self.origin, |entry| &entry.node.origin);
        self.log.report(origin, &self.path_of(key), message.into());
    }

    /// The place of `key`, for a message that comes later.
    pub(super) fn place(&self, key: &str) -> Place {
        let origin = self.entries.iter().find(|entry| entry.key == key).map_or(self.origin, |entry| &entry.node.origin);
        self.log.source.place(origin, &self.path_of(key))
    }

    /// The place of the table itself.
    pub(super) fn whole(&self) -> Place {
        self.log.source.place(self.origin, &self.path)
    }

    /// `key` as `convert` reads it; not there: a problem.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        convert: impl FnOnce(&Node) -> Result<T, String>,
    ) -> Option<T> {
        match self.optional(key, convert)? {
            Some(value) => Some(value),
            None => self.missing(key),
        }
    }

    /// `key` as `convert` reads it; not there: `default`.
    pub(super) fn or<T>(
        &mut self,
        key: &'static str,
        default: T,
        convert: impl FnOnce(&Node) -> Result<T, String>,
    ) -> Option<T> {
        Some(self.optional(key, convert)?.unwrap_or(default))
    }

    /// `key` as `convert` reads it; not there: `Some(None)`.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        convert: impl FnOnce(&Node) -> Result<T, String>,
    ) -> Option<Option<T>> {
        let Some(node) = self.node(key) else { return Some(None) };
        match convert(node) {
            Ok(value) => Some(Some(value)),
            Err(message) => {
                self.problem(key, message);
                None
            }
        }
    }

    /// One of a few words, or of `default` if there is none; a missing key without a default is a problem.
    pub(super) fn choice<T: Clone>(
        &mut self,
        key: &'static str,
        default: Option<T>,
        options: &[(&'static str, T)],
    ) -> Option<T> {
        let convert = |node: &Node| {
            let known: Vec<&str> = options.iter().map(|(word, _)| *word).collect();
            let Value::Text(word) = &node.value else {
                return Err(format!("expected one of {}, found {}", known.join(", "), node.value.kind()));
            };
            if let Some((_, value)) = options.iter().find(|(option, _)| option == word) {
                return Ok(value.clone());
            }
            Err(format!("unknown {key} {}; {}", quotation(word), nearest(word, &known)))
        };
        match default {
            Some(default) => self.or(key, default, convert),
            None => self.required(key, convert),
        }
    }

    /// Reports that `key` is not there.
    pub(super) fn missing<T>(&self, key: &'static str) -> Option<T> {
        self.problem(key, "is missing; it has no default");
        None
    }

    /// The table below `key`; not there: a problem.
    pub(super) fn table(&mut self, key: &'static str) -> Option<TableReader<'a>> {
        match self.node(key) {
            Some(node) => self.below(key, node),
            None => self.missing(key),
        }
    }

    /// The table below `key`; not there: an empty one.
    pub(super) fn table_or_empty(&mut self, key: &'static str) -> Option<TableReader<'a>> {
        match self.node(key) {
            Some(node) => self.below(key, node),
            None => Some(self.child(join(&self.path, key), join(&self.schema, key), &[], self.origin)),
        }
    }

    fn below(&self, key: &'static str, node: &'a Node) -> Option<TableReader<'a>> {
        match &node.value {
            Value::Table(entries) => {
                Some(self.child(join(&self.path, key), join(&self.schema, key), entries, &node.origin))
            }
            other => {
                self.problem(key, format!("expected a table, found {}", other.kind()));
                None
            }
        }
    }

    /// A reader of the table that `node`, the value of `key`, holds, under the schema of its own called `schema`.
    pub(super) fn inner(&self, key: &str, node: &'a Node, schema: &str) -> Option<TableReader<'a>> {
        match &node.value {
            Value::Table(entries) => Some(self.child(join(&self.path, key), schema.to_owned(), entries, &node.origin)),
            _ => None,
        }
    }

    /// The tables below `key` by the names that the file gives them; not there: a problem.
    pub(super) fn named_tables(&mut self, key: &'static str) -> Vec<(String, TableReader<'a>)> {
        let Some(tables) = self.table(key) else { return Vec::new() };
        let schema = format!("{}.*", tables.schema);
        let mut found = Vec::new();
        for entry in tables.entries {
            let path = join(&tables.path, &entry.key);
            match &entry.node.value {
                Value::Table(entries) => {
                    if let Err(message) = check_name(&entry.key) {
                        self.log.report(&entry.key_origin, &path, message);
                    }
                    let reader = self.child(path, schema.clone(), entries, &entry.node.origin);
                    found.push((entry.key.clone(), reader));
                }
                other => {
                    let message = format!("expected a table, found {}", other.kind());
                    self.log.report(&entry.node.origin, &path, message);
                }
            }
        }
        found
    }

    /// The tables of the list below `key`; not there: none.
    pub(super) fn listed_tables(&mut self, key: &'static str) -> Vec<TableReader<'a>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.problem(key, format!("expected a list of tables, [[{key}]], found {}", node.value.kind()));
            return Vec::new();
        };
        let mut found = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let path = format!("{}.{at}", self.path_of(key));
            match &item.value {
                Value::Table(entries) => {
                    found.push(self.child(path, format!("{}.*", join(&self.schema, key)), entries, &item.origin));
                }
                other => self.log.report(&item.origin, &path, format!("expected a table, found {}", other.kind())),
            }
        }
        found
    }

    /// Keys of this table whose names the file chooses, with their values.
    pub(super) fn named_nodes(&mut self) -> &'a [Entry] {
        self.log.accepted.borrow_mut().insert(join(&self.schema, "*"));
        self.entries
    }

    /// Reports `message` at the name of `entry`.
    pub(super) fn problem_at_key(&self, entry: &Entry, message: String) {
        self.log.report(&entry.key_origin, &self.path_of(&entry.key), message);
    }

    /// Reports `message` about the table itself.
    pub(super) fn problem_here(&self, message: String) {
        self.log.report(self.origin, &self.path, message);
    }

    fn child(&self, path: String, schema: String, entries: &'a [Entry], origin: &'a Origin) -> TableReader<'a> {
        TableReader { log: self.log, entries, origin, path, schema, asked: Vec::new() }
    }

    /// Reports every key that was never asked for.
    pub(super) fn finish(&self) {
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            // Of thousands only the first are shown, and a suggestion takes its time.
            let hint = || match self.log.problems.borrow().count() {
                0..MOST_HINTS => format!("unknown key; {}", nearest(&entry.key, &self.asked)),
                _ => "unknown key".to_owned(),
            };
            let message = misplaced::key(&self.schema, &entry.key).unwrap_or_else(hint);
            self.problem_at_key(entry, message);
        }
    }
}

/// The most problems for which unknown keys get a suggestion.
const MOST_HINTS: usize = 1_000;
