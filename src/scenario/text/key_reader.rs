//! Reads the key of a table: a value with its default, what decides which others there are, or tables.

use super::catalogue::{LeftOut, Use};
use super::document::Value;
use super::kind::{OneOf, SpelledKind, TRUTH, ValueKind, one_of};
use super::name::check_name;
use super::reader::{TableReader, join};
use super::words::Words;

/// A key of a table that is about to be read.
#[derive(Debug)]
pub(in crate::scenario) struct KeyReader<'t, 'a> {
    pub(super) table: &'t mut TableReader<'a>,
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
}

/// The tables below a key, by the names that the file gives them.
#[derive(Debug)]
pub(in crate::scenario) struct NamedTables<'a> {
    tables: Vec<(String, TableReader<'a>)>,
    /// True if the key is there.
    pub(in crate::scenario) is_there: bool,
}

impl<'a> NamedTables<'a> {
    /// Returns the names.
    pub(in crate::scenario) fn names(&self) -> Vec<String> {
        self.tables.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Reports `message` at the table of this place, and refuses all of them.
    pub(in crate::scenario) fn refuse_from(&self, place: usize, message: String) {
        let (_, table) = &self.tables[place];
        table.refuse_here(message);
    }

    /// Reads each of them as `read` does.
    pub(in crate::scenario) fn read<T>(self, mut read: impl FnMut(&str, &mut TableReader<'a>) -> T) -> Vec<T> {
        let read = |(name, table): (String, TableReader<'a>)| table.read(&mut |table| read(&name, table));
        self.tables.into_iter().map(read).collect()
    }
}

impl<'a> KeyReader<'_, 'a> {
    fn list<K: ValueKind>(&self, kind: &K, default: LeftOut, source: &'static str) {
        self.table.list_kind(self.name, kind, default, self.meaning, source);
    }

    fn list_table(&self, value: &'static str, default: LeftOut) {
        let KeyReader { meaning, .. } = *self;
        let schema = serde_json::Value::Null;
        self.table.list(self.name, Use { value: value.to_owned(), schema, default, meaning, source: "" });
    }

    /// Reads the value if it is there; `Err` if it is refused.
    fn read<K: ValueKind>(&mut self, kind: &K) -> Result<Option<K::Value>, ()> {
        let Some(node) = self.table.ask(self.name) else { return Ok(None) };
        let value = self.table.value(self.name, node, kind);
        if value.is_none() {
            self.table.refused.push(self.name);
        }
        value.map(Some).ok_or(())
    }

    fn missing(&mut self) {
        self.table.refuse(self.name, "is missing; it has no default");
    }

    /// Reads a value that must be there.
    pub(in crate::scenario) fn required<K: ValueKind>(mut self, kind: K) -> K::Value {
        self.list(&kind, LeftOut::Required, "");
        match self.read(&kind) {
            Ok(Some(value)) => value,
            Ok(None) => {
                self.missing();
                kind.stand_in()
            }
            Err(()) => kind.stand_in(),
        }
    }

    /// Reads a value that may be left out.
    pub(in crate::scenario) fn optional<K: ValueKind>(mut self, kind: K) -> Option<K::Value> {
        self.list(&kind, LeftOut::None, "");
        self.read(&kind).ok().flatten()
    }

    /// Reads a value that is `default` if it is left out; `source` says why.
    pub(in crate::scenario) fn or<K: SpelledKind>(
        mut self,
        kind: K,
        default: K::Value,
        source: &'static str,
    ) -> K::Value {
        if self.table.is_listing() {
            self.list(&kind, LeftOut::Value(kind.spelled(&default)), source);
        }
        self.read(&kind).ok().flatten().unwrap_or(default)
    }

    /// Reads a value whose default, in words `follows`, is `default` in this place.
    pub(in crate::scenario) fn or_as<K: ValueKind>(
        mut self,
        kind: K,
        follows: &'static str,
        default: K::Value,
        source: &'static str,
    ) -> K::Value {
        self.list(&kind, LeftOut::Words(follows), source);
        self.read(&kind).ok().flatten().unwrap_or(default)
    }

    /// Reads a word on which it depends what else is in the table, as `then` reads it; the default is `default`, for which
    /// `source` gives the reason. If the word is refused, nobody can say what belongs to the table, and `then` reports nothing.
    pub(in crate::scenario) fn decides<E: Words, T>(
        self,
        default: Option<E>,
        source: &'static str,
        then: impl FnOnce(&mut TableReader<'a>, E) -> T,
    ) -> T {
        let kind: OneOf<E> = one_of();
        self.decided(kind, default, source, then)
    }

    /// Reads a boolean on which it depends what else is in the table; see [`KeyReader::decides`].
    pub(in crate::scenario) fn decides_if<T>(
        self,
        default: bool,
        source: &'static str,
        then: impl FnOnce(&mut TableReader<'a>, bool) -> T,
    ) -> T {
        self.decided(TRUTH, Some(default), source, then)
    }

    fn decided<E: Words, K: SpelledKind<Value = E>, T>(
        mut self,
        kind: K,
        default: Option<E>,
        source: &'static str,
        then: impl FnOnce(&mut TableReader<'a>, E) -> T,
    ) -> T {
        if self.table.is_listing() {
            let default = default.map_or(LeftOut::Required, |default| LeftOut::Value(kind.spelled(&default)));
            self.list(&kind, default, source);
            let turn = self.table.turn(self.name);
            return then(self.table, turn);
        }
        let word = match self.read(&kind) {
            Ok(word) => word.or(default),
            Err(()) => None,
        };
        if let Some(word) = word {
            return then(self.table, word);
        }
        if self.table.is_sound(&[self.name]) {
            self.missing();
        }
        let was_muted = std::mem::replace(&mut self.table.is_muted, true);
        let stand_in = then(self.table, default.unwrap_or(kind.stand_in()));
        self.table.is_muted = was_muted;
        self.table.is_unclear = true;
        stand_in
    }

    /// Reads the table below as `read` does, if it is there or `default` is none; notes here what is refused in it.
    fn below<T>(self, default: LeftOut, read: &mut impl FnMut(&mut TableReader<'a>) -> T) -> Option<T> {
        let (is_required, is_left_out) = (default == LeftOut::Required, default == LeftOut::None);
        self.list_table("table", default);
        let node = self.table.ask(self.name);
        if node.is_none() && is_left_out && !self.table.is_listing() {
            return None;
        }
        let is_missing = node.is_none() && is_required && !self.table.is_listing();
        let found = match is_missing {
            true => Err("is missing; it has no default".to_owned()),
            false => self.table.below(self.name, node),
        };
        let reader = found.unwrap_or_else(|message| {
            self.table.refuse(self.name, message);
            self.table.muted()
        });
        let before = self.table.log.refused.get();
        let value = reader.read(read);
        if self.table.log.refused.get() > before {
            self.table.refused.push(self.name);
        }
        Some(value)
    }

    /// Reads a table that must be there.
    pub(in crate::scenario) fn table<T>(self, mut read: impl FnMut(&mut TableReader<'a>) -> T) -> T {
        self.below(LeftOut::Required, &mut read).expect("a table that is missing is read as an empty one")
    }

    /// Reads a table that is read as an empty one if it is left out.
    pub(in crate::scenario) fn table_or_empty<T>(self, mut read: impl FnMut(&mut TableReader<'a>) -> T) -> T {
        let default = LeftOut::Words("all defaults");
        self.below(default, &mut read).expect("a table that is left out is read as an empty one")
    }

    /// Reads a table whose keys are listed elsewhere, and of which `default` says in words what is meant if it is left out. While
    /// keys are listed, `listed` stands for it.
    pub(in crate::scenario) fn table_like<T>(
        self,
        default: &'static str,
        listed: impl FnOnce() -> T,
        mut read: impl FnMut(&mut TableReader<'a>) -> T,
    ) -> T {
        if self.table.is_listing() {
            self.list_table("table", LeftOut::Words(default));
            return listed();
        }
        self.below(LeftOut::Words(default), &mut read).expect("a table that is left out is read as an empty one")
    }

    /// Reads a table that may be left out.
    pub(in crate::scenario) fn table_if_there<T>(self, mut read: impl FnMut(&mut TableReader<'a>) -> T) -> Option<T> {
        self.below(LeftOut::None, &mut read)
    }

    /// Opens the tables below, by the names that the file gives them; there must be some.
    pub(in crate::scenario) fn named_tables(mut self, value: &'static str) -> NamedTables<'a> {
        self.list_table(value, LeftOut::Required);
        let path = join(&self.table.path, self.name);
        let schema = format!("{}.*", join(&self.table.schema, self.name));
        let node = self.table.ask(self.name);
        if self.table.is_listing() {
            let reader = self.table.child(join(&path, "*"), schema, &[], self.table.origin);
            return NamedTables { tables: vec![("*".to_owned(), reader)], is_there: true };
        }
        let is_there = node.is_some();
        let entries = match node.map(|node| &node.value) {
            Some(Value::Table(entries)) => entries.as_slice(),
            Some(other) => {
                self.table.refuse(self.name, format!("expected a table, found {}", other.kind()));
                &[]
            }
            None => {
                self.missing();
                &[]
            }
        };
        let mut tables = Vec::new();
        for entry in entries {
            let path = join(&path, &entry.key);
            let node = &entry.node;
            match &node.value {
                Value::Table(entries) => {
                    if let Err(message) = check_name(&entry.key) {
                        self.table.report(&entry.key_origin, &path, message);
                    }
                    let reader = self.table.child(path, schema.clone(), entries, &node.origin);
                    tables.push((entry.key.clone(), reader));
                }
                other => self.table.report(&node.origin, &path, format!("expected a table, found {}", other.kind())),
            }
        }
        NamedTables { tables, is_there }
    }

    /// Reads the tables of a list; not there: none.
    pub(in crate::scenario) fn list_of_tables<T>(
        self,
        value: &'static str,
        mut read: impl FnMut(&mut TableReader<'a>) -> T,
    ) -> Vec<T> {
        let default = if value == "one table" { LeftOut::Required } else { LeftOut::None };
        self.list_table(value, default);
        let path = join(&self.table.path, self.name);
        let schema = format!("{}.*", join(&self.table.schema, self.name));
        if self.table.is_listing() {
            return vec![self.table.child(join(&path, "*"), schema, &[], self.table.origin).read(&mut read)];
        }
        let items = match self.table.ask(self.name).map(|node| &node.value) {
            Some(Value::List(items)) => items.as_slice(),
            Some(other) => {
                let message = format!("expected a list of tables, [[{}]], found {}", self.name, other.kind());
                self.table.problem(self.name, message);
                &[]
            }
            None => &[],
        };
        let mut found = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let path = format!("{path}.{at}");
            match &item.value {
                Value::Table(entries) => {
                    let reader = self.table.child(path, schema.clone(), entries, &item.origin);
                    found.push(reader.read(&mut read));
                }
                other => {
                    self.table.report(&item.origin, &path, format!("expected a table, found {}", other.kind()));
                }
            }
        }
        found
    }
}
