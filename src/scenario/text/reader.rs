//! Reads tables. Every value that is refused is replaced by its default and reported, so that a table is read in one literal;
//! what was never asked for is reported at the end. A document with a refused value is none of a scenario.
//!
//! Where one key decides which others there are, a table is read in several ways. The same code lists the keys of the format
//! ([`Catalogue`](super::catalogue::Catalogue)): it then reads nothing, once in every way.

use super::catalogue::{Choice, LeftOut, Use};
use super::document::{Node, Origin, TableEntry, Value};
use super::findings::MOST_HINTS;
use super::key_reader::KeyReader;
use super::kind::ValueKind;
use super::log::{ReadLog, TOP};
use super::misplaced;
use super::problem::FilePlace;
use super::suggest::{nearest, unknown};
use super::words::Words;

/// Reads one table.
#[derive(Debug)]
pub(in crate::scenario) struct TableReader<'a> {
    pub(in crate::scenario) log: &'a ReadLog<'a>,
    pub(super) entries: &'a [TableEntry],
    pub(super) origin: &'a Origin,
    /// Dotted path, as in the file.
    pub(super) path: String,
    /// The same with `*` for names and places in lists.
    pub(super) schema: String,
    asked: Vec<&'static str>,
    /// Keys whose values were refused, or something in them.
    pub(super) refused: Vec<&'static str>,
    /// True if nobody can say which keys belong to the table.
    pub(super) is_unclear: bool,
    /// True while keys are read that would be there if what decides on them had not been refused.
    pub(super) is_muted: bool,
    /// The choices that were made so far, if keys are listed; and those that are to come first.
    choices: Vec<Choice>,
    script: Vec<usize>,
}

pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Lists the dotted keys of the values in `entries`, below `prefix`.
fn list_keys(prefix: &str, entries: &[TableEntry], found: &mut Vec<String>) {
    for entry in entries {
        let key = join(prefix, &entry.key);
        match &entry.node.value {
            Value::Table(entries) => list_keys(&key, entries, found),
            _ => found.push(key),
        }
    }
}

impl<'a> TableReader<'a> {
    /// A reader of the whole document.
    pub(super) fn new(log: &'a ReadLog<'a>, entries: &'a [TableEntry]) -> Self {
        TableReader {
            log,
            entries,
            origin: &TOP,
            path: String::new(),
            schema: String::new(),
            asked: Vec::new(),
            refused: Vec::new(),
            is_unclear: false,
            is_muted: false,
            choices: Vec::new(),
            script: Vec::new(),
        }
    }

    pub(super) fn child(
        &self,
        path: String,
        schema: String,
        entries: &'a [TableEntry],
        origin: &'a Origin,
    ) -> TableReader<'a> {
        TableReader { origin, path, schema, is_muted: self.is_muted, ..TableReader::new(self.log, entries) }
    }

    /// A reader of no table, which reports nothing.
    pub(super) fn muted(&self) -> TableReader<'a> {
        TableReader { is_muted: true, ..self.child(String::new(), String::new(), &[], self.origin) }
    }

    /// A reader of the table that `node`, the value of `key`, holds; of an empty one if it is not there.
    pub(super) fn below(&self, key: &str, node: Option<&'a Node>) -> Result<TableReader<'a>, String> {
        let (path, schema) = (join(&self.path, key), join(&self.schema, key));
        match node.map(|node| (&node.value, &node.origin)) {
            Some((Value::Table(entries), origin)) => Ok(self.child(path, schema, entries, origin)),
            Some((other, _)) => Err(format!("expected a table, found {}", other.kind())),
            None => Ok(self.child(path, schema, &[], self.origin)),
        }
    }

    /// Asks for the key `name`, which says `meaning`.
    pub(in crate::scenario) fn key<'t>(&'t mut self, name: &'static str, meaning: &'static str) -> KeyReader<'t, 'a> {
        KeyReader { table: self, name, meaning }
    }

    /// Tells whether `key` is there, without counting it as known.
    pub(in crate::scenario) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Counts `key` as known, and returns what it holds.
    pub(super) fn ask(&mut self, key: &'static str) -> Option<&'a Node> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.find(key)
    }

    /// Tells whether no value of `keys` was refused.
    pub(in crate::scenario) fn is_sound(&self, keys: &[&str]) -> bool {
        !keys.iter().any(|key| self.refused.contains(key))
    }

    /// Has `read` read something, and returns it unless a value in it was refused.
    pub(in crate::scenario) fn sound<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let before = self.log.refused.get();
        let value = read(self);
        (self.log.refused.get() == before).then_some(value)
    }

    /// Has `read` read what decides which keys belong to the table. If something in it is refused, nobody can say.
    pub(in crate::scenario) fn deciding<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.log.refused.get();
        let value = read(self);
        self.is_unclear |= self.log.refused.get() > before;
        value
    }

    /// Lists the dotted keys of the values below `key`, without counting any as known.
    pub(in crate::scenario) fn keys_below(&self, key: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(Node { value: Value::Table(entries), .. }) = self.find(key) {
            list_keys("", entries, &mut found);
        }
        found
    }

    fn origin_of(&self, key: &str) -> &'a Origin {
        self.find(key).map_or(self.origin, |node| &node.origin)
    }

    /// Reports `message` about `key`, or about the table if the key is not there.
    pub(in crate::scenario) fn problem(&self, key: &str, message: impl Into<String>) {
        self.report(self.origin_of(key), &join(&self.path, key), message.into());
    }

    /// Reports `message` about the table itself.
    pub(in crate::scenario) fn problem_here(&self, message: String) {
        self.report(self.origin, &self.path, message);
    }

    /// Reports `message` about `key`, whose value is refused.
    pub(in crate::scenario) fn refuse(&mut self, key: &'static str, message: impl Into<String>) {
        self.refuse_entry(key, message);
        self.refused.push(key);
    }

    /// Reports `message` about the value that the file calls `key`, which is refused.
    pub(in crate::scenario) fn refuse_entry(&self, key: &str, message: impl Into<String>) {
        self.problem(key, message);
        self.log.refuse();
    }

    /// Reports `message` about the table itself, which is refused.
    pub(in crate::scenario) fn refuse_here(&self, message: impl Into<String>) {
        self.problem_here(message.into());
        self.log.refuse();
    }

    /// Reports nothing more of this table: what was refused decides how the rest of it is read.
    pub(in crate::scenario) fn abandon(&mut self) {
        (self.is_unclear, self.is_muted) = (true, true);
    }

    pub(super) fn report(&self, origin: &Origin, path: &str, message: String) {
        if !self.is_muted && !self.is_listing() {
            self.log.report(origin, path, message);
        }
    }

    /// The place of `key`, for a message that comes later.
    pub(in crate::scenario) fn place(&self, key: &str) -> FilePlace {
        self.log.source.place(self.origin_of(key), &join(&self.path, key))
    }

    /// The place of the table itself.
    pub(in crate::scenario) fn whole(&self) -> FilePlace {
        self.log.source.place(self.origin, &self.path)
    }

    /// Reports every key that was never asked for; or notes that all keys of this way to read the table are listed.
    pub(in crate::scenario) fn finish(&self) {
        if let Some(catalogue) = &self.log.catalogue {
            catalogue.borrow_mut().end_way(&self.schema, &self.choices);
        }
        if self.is_unclear {
            return;
        }
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            // Of thousands only the first are shown, and a suggestion takes its time.
            let hint = || match self.log.problems.borrow().count() {
                0..MOST_HINTS => format!("unknown key; {}", nearest(&entry.key, &self.asked)),
                _ => "unknown key".to_owned(),
            };
            let message = misplaced::key(&self.schema, &entry.key).unwrap_or_else(hint);
            self.report(&entry.key_origin, &join(&self.path, &entry.key), message);
        }
    }

    /// Reads this table to its end, and lists its keys in every way that it can be read.
    pub(super) fn read<T>(mut self, read: &mut impl FnMut(&mut TableReader<'a>) -> T) -> T {
        loop {
            let value = read(&mut self);
            self.finish();
            match next_way(&self.choices) {
                Some(script) => {
                    let (path, schema) = (self.path.clone(), self.schema.clone());
                    self = TableReader { script, ..self.child(path, schema, &[], self.origin) };
                }
                None => return value,
            }
        }
    }

    /// Tells whether the keys of the format are listed, and nothing is read.
    pub(in crate::scenario) fn is_listing(&self) -> bool {
        self.log.catalogue.is_some()
    }

    /// Returns the variant that `key` decides for if keys are listed: each in its turn.
    pub(super) fn turn<E: Words>(&mut self, key: &'static str) -> E {
        let at = self.script.get(self.choices.len()).copied().unwrap_or(0);
        self.choices.push(Choice { key, at, words: E::words() });
        E::ALL[at]
    }

    /// Returns the form of the table that `of` sees in the keys that are there. A word of a form is a key that only it has.
    pub(in crate::scenario) fn form<E: Words>(&mut self, of: impl FnOnce(&Self) -> E) -> E {
        if self.is_listing() { self.turn(Choice::FORM) } else { of(self) }
    }

    pub(super) fn list(&self, name: &str, of: Use) {
        if let Some(catalogue) = &self.log.catalogue {
            catalogue.borrow_mut().add(&self.schema, name, of);
        }
    }

    /// Lists a key whose values are of `kind`, and the keys of the tables that they may be.
    pub(super) fn list_kind<K: ValueKind>(
        &self,
        name: &str,
        kind: &K,
        default: LeftOut,
        meaning: &'static str,
        source: &'static str,
    ) {
        if let Some(catalogue) = &self.log.catalogue {
            self.list(name, Use { value: kind.name(), schema: kind.schema(), default, meaning, source });
            if let Some(schema) = K::TABLE.filter(|schema| !catalogue.borrow().knows(schema)) {
                let table = self.child(String::new(), schema.to_owned(), &[], self.origin);
                table.read(&mut |table| kind.read_table(table));
            }
        }
    }

    /// Reads `node`, the value of `key`; reports what is wrong with it.
    pub(super) fn value<K: ValueKind>(&self, key: &str, node: &'a Node, kind: &K) -> Option<K::Value> {
        let refused = |message: String| self.refuse_entry(key, message);
        let value = match (&node.value, K::TABLE) {
            (Value::Table(entries), Some(schema)) => {
                let before = self.log.refused.get();
                let table = self.child(join(&self.path, key), schema.to_owned(), entries, &node.origin);
                let value = table.read(&mut |table| kind.read_table(table));
                (self.log.refused.get() == before).then_some(value)?
            }
            _ => kind.read(key, node).map_err(refused).ok()?,
        };
        kind.check(&value).map_err(refused).ok()?;
        Some(value)
    }

    /// Reads the values of this table by `known` names, each of a `what`; `None` where there is none.
    pub(in crate::scenario) fn each_of<K: ValueKind>(
        &mut self,
        what: &str,
        known: &[String],
        (meaning, default): (&'static str, &'static str),
        kind: K,
    ) -> Vec<Option<K::Value>> {
        self.list_kind("*", &kind, LeftOut::Words(default), meaning, "");
        self.is_unclear = true;
        let mut found: Vec<Option<K::Value>> = known.iter().map(|_| None).collect();
        for entry in self.entries {
            match known.iter().position(|name| *name == entry.key) {
                Some(at) => found[at] = self.value(&entry.key, &entry.node, &kind),
                None => {
                    let message = unknown(what, &entry.key, known);
                    self.report(&entry.key_origin, &join(&self.path, &entry.key), message);
                    self.log.refuse();
                }
            }
        }
        found
    }
}

/// Returns what comes first in the next way to read a table, if there is one.
fn next_way(choices: &[Choice]) -> Option<Vec<usize>> {
    let last = choices.iter().rposition(|choice| choice.at + 1 < choice.words.len())?;
    let mut script: Vec<usize> = choices[..=last].iter().map(|choice| choice.at).collect();
    script[last] += 1;
    Some(script)
}
