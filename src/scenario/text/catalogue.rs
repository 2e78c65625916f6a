//! The keys of the format, listed by the code that reads them: their values, defaults and meanings, and under which conditions
//! there are which.

use serde_json::{Value as Json, json};

/// A word of a key that decides which others there are: its table is taken to have it while keys are listed.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The key; [`Choice::FORM`] if it is the keys that are there which decide.
    pub(super) key: &'static str,
    /// The word, by its place.
    pub(super) at: usize,
    /// All words.
    pub(super) words: Vec<&'static str>,
}

impl Choice {
    /// Stands for the key, where the keys that are there decide.
    pub(super) const FORM: &'static str = "";

    fn word(&self) -> &'static str {
        self.words[self.at]
    }
}

/// The meaning of a file without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// Nothing: the key must be there.
    Required,
    /// That there is none.
    None,
    /// This value, as a file spells it.
    Value(String),
    /// The meaning of these words.
    Words(&'static str),
}

/// A request for a key in one way to read its table.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) value: String,
    pub(super) schema: Json,
    pub(super) default: LeftOut,
    pub(super) meaning: &'static str,
    pub(super) source: &'static str,
}

/// The keys of the format by their tables.
#[derive(Clone, Debug, Default)]
pub(in crate::scenario) struct Catalogue {
    tables: Vec<ListedTable>,
}

#[derive(Clone, Debug, Default)]
struct ListedTable {
    path: String,
    /// The ways in which it has been read.
    ways: Vec<Vec<Choice>>,
    keys: Vec<ListedKey>,
}

#[derive(Clone, Debug)]
struct ListedKey {
    name: String,
    /// Requests for it, each with the way.
    uses: Vec<(usize, Use)>,
}

/// A key of the format.
#[derive(Clone, Debug, PartialEq)]
pub struct FormatKey {
    /// Dotted path; `*` stands for a name that the file chooses, or for a place in a list. `distribution.*` are the keys of
    /// a distribution, wherever one may stand.
    pub path: String,
    /// Values that it takes: `duration`, `share above 0`, `` `hot`, `warm` ``, …
    pub value: String,
    /// The meaning of a file without it, such as `60s`, `required` or `none`, and the condition under which it means that.
    pub default: String,
    /// Its meaning.
    pub meaning: String,
    /// Source of the default; empty if it has none.
    pub source: String,
    /// JSON Schema of its value; null if it is a table.
    pub(in crate::scenario) schema: Json,
    /// True if it must always be there.
    pub(in crate::scenario) is_required: bool,
    /// The default, if it is a value and always the same.
    pub(in crate::scenario) always: Option<String>,
}

impl Catalogue {
    fn table(&mut self, path: &str) -> &mut ListedTable {
        let at = self.tables.iter().position(|table| table.path == path).unwrap_or_else(|| {
            self.tables.push(ListedTable { path: path.to_owned(), ..ListedTable::default() });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }

    /// Adds what the key `name` of the table at `path` is asked for, in the way in which the table is being read.
    pub(super) fn add(&mut self, path: &str, name: &str, of: Use) {
        let table = self.table(path);
        let way = table.ways.len();
        match table.keys.iter_mut().find(|key| key.name == name) {
            Some(key) => key.uses.push((way, of)),
            None => table.keys.push(ListedKey { name: name.to_owned(), uses: vec![(way, of)] }),
        }
    }

    /// Notes that the table at `path` has been read in the way of `choices`.
    pub(super) fn end_way(&mut self, path: &str, choices: &[Choice]) {
        self.table(path).ways.push(choices.to_vec());
    }

    /// Tells whether keys of the table at `path` have been listed.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.tables.iter().any(|table| table.path == path)
    }

    /// Returns all keys: of each table the values before the tables in it.
    pub(in crate::scenario) fn into_keys(self) -> Vec<FormatKey> {
        let mut keys = Vec::new();
        self.add_keys("distribution", &mut keys);
        self.add_keys("", &mut keys);
        keys
    }

    fn add_keys(&self, path: &str, keys: &mut Vec<FormatKey>) {
        let Some(table) = self.tables.iter().find(|table| table.path == path) else { return };
        let (values, tables): (Vec<_>, Vec<_>) =
            table.keys.iter().partition(|key| key.uses.iter().any(|(_, of)| !of.schema.is_null()));
        keys.extend(values.into_iter().map(|key| table.key(key)));
        for key in tables {
            let key = table.key(key);
            let path = key.path.clone();
            keys.push(key);
            self.add_keys(&path, keys);
            self.add_keys(&format!("{path}.*"), keys);
        }
    }
}

impl ListedTable {
    fn key(&self, key: &ListedKey) -> FormatKey {
        let groups = groups_by(&key.uses, |of| of.default.clone());
        let default_of = |(default, ways): &(LeftOut, Vec<usize>)| {
            let condition = self.condition(&key.name, ways);
            match default {
                LeftOut::Required => format!("required{condition}"),
                LeftOut::None => format!("none{condition}"),
                LeftOut::Value(value) => format!("`{value}`{condition}"),
                LeftOut::Words(words) => format!("{words}{condition}"),
            }
        };
        let meanings = groups_by(&key.uses, |of| of.meaning);
        let meaning_of = |(meaning, ways): &(&'static str, Vec<usize>)| match meanings.len() {
            1 => (*meaning).to_owned(),
            _ => format!("{meaning}{}", self.condition(&key.name, ways)),
        };
        let schemas: Vec<Json> = groups_by(&key.uses, |of| of.schema.clone()).into_iter().map(|(one, _)| one).collect();
        let sources = groups_by(&key.uses, |of| of.source);
        let is_always = groups.len() == 1 && self.condition(&key.name, &groups[0].1).is_empty();
        FormatKey {
            path: if self.path.is_empty() { key.name.clone() } else { format!("{}.{}", self.path, key.name) },
            value: join(groups_by(&key.uses, |of| of.value.clone()).into_iter().map(|(value, _)| value), ", or "),
            default: join(groups.iter().map(default_of), "; "),
            meaning: join(meanings.iter().map(meaning_of), "; "),
            source: join(
                sources.into_iter().map(|(source, _)| source.to_owned()).filter(|source| !source.is_empty()),
                "; ",
            ),
            schema: if let [one] = &schemas[..] { one.clone() } else { json!({ "anyOf": schemas }) },
            is_required: is_always && groups[0].0 == LeftOut::Required,
            always: match &groups[0].0 {
                LeftOut::Value(value) if is_always => Some(value.clone()),
                LeftOut::Value(_) | LeftOut::Required | LeftOut::None | LeftOut::Words(_) => None,
            },
        }
    }

    /// Says, with a blank before it, in which of the ways to read the table `some` are; nothing if they are all. `key` is what is
    /// asked for in them.
    fn condition(&self, key: &str, some: &[usize]) -> String {
        if some.len() == self.ways.len() {
            return String::new();
        }
        let deciding = self.ways.iter().flatten().map(|choice| choice.key);
        for decider in groups_by(&Vec::from_iter(deciding.map(|key| (0, key))), |key| *key) {
            let word = |way: &Vec<Choice>| way.iter().find(|choice| choice.key == decider.0).map(Choice::word);
            let words: Vec<_> = some.iter().filter_map(|at| word(&self.ways[*at])).collect();
            let meant = |at: &usize| word(&self.ways[*at]).is_some_and(|word| words.contains(&word));
            if Vec::from_iter((0..self.ways.len()).filter(meant)) != some {
                continue;
            }
            let all = self.ways.iter().flatten().find(|choice| choice.key == decider.0);
            let (is_in, is_out): (Vec<_>, Vec<_>) =
                all.map_or(Vec::new(), |choice| choice.words.clone()).into_iter().partition(|one| words.contains(one));
            let is_mark = decider.0 == Choice::FORM && is_in.contains(&key);
            return match (decider.0, is_in.len() > is_out.len() + 1) {
                (Choice::FORM, _) if is_mark => format!(" without {}", listed(&is_out)),
                (Choice::FORM, _) => format!(" with {}", listed(&is_in)),
                (decider, true) => format!(" unless `{decider}` is {}", listed(&is_out)),
                (decider, false) => format!(" if `{decider}` is {}", listed(&is_in)),
            };
        }
        let ways = some.iter().map(|at| {
            let choices = self.ways[*at].iter().map(|choice| format!("`{}` is `{}`", choice.key, choice.word()));
            join(choices, " and ")
        });
        format!(" if {}", join(ways, ", or if "))
    }
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    parts.collect::<Vec<_>>().join(between)
}

/// The different things that `of` finds in `items`, in the order of the first of each, with what numbers they have.
fn groups_by<T, G: PartialEq>(items: &[(usize, T)], of: impl Fn(&T) -> G) -> Vec<(G, Vec<usize>)> {
    let mut found: Vec<(G, Vec<usize>)> = Vec::new();
    for (at, item) in items {
        let group = of(item);
        match found.iter_mut().find(|(known, _)| *known == group) {
            Some((_, places)) => places.push(*at),
            None => found.push((group, vec![*at])),
        }
    }
    found
}
