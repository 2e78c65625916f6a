//! The keys of the format, read out of the page that documents them.
//!
//! `docs/scenario-format.md` is part of the program: tests hold it to the reader, key by key and default by default, and what
//! `validate --explain` and the JSON Schema say comes from it. So there is one table, and it cannot be out of date.

use std::sync::OnceLock;

const PAGE: &str = include_str!("../../docs/scenario-format.md");

/// A key of the format, as its documentation has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Dotted path; `*` stands for a name that the file chooses, or for a place in a list. `distribution.*` are the keys of
    /// a distribution, wherever one may stand.
    pub path: &'static str,
    /// What values it takes: `duration`, `share above 0`, `` `hot`, `warm` ``, …
    pub value: &'static str,
    /// What a file without it means; `required`, `none`, or empty where another key takes its place.
    pub default: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

/// Every key, in the order of the page.
pub fn keys() -> &'static [Key] {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    KEYS.get_or_init(|| {
        tables("key")
            .into_iter()
            .filter_map(|row| {
                Some(Key {
                    path: code(row.first()?)?,
                    value: row.get(1)?,
                    default: code(row.get(2)?).unwrap_or(row[2]),
                    meaning: row.get(3)?,
                })
            })
            .collect()
    })
}

/// The values of a key that has a table of its own, such as `kind` and `dist`.
pub(super) fn choices(key: &str) -> Vec<&'static str> {
    tables(&format!("`{key}`")).iter().filter_map(|row| row[0].split('`').nth(1)).collect()
}

/// The rows of all tables whose first heading is `heading`.
fn tables(heading: &str) -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for line in PAGE.lines() {
        let cells: Vec<&str> =
            line.strip_prefix('|').map_or_else(Vec::new, |row| row.split('|').map(str::trim).collect());
        let is_table = !cells.is_empty();
        if is_inside && is_table && !cells[0].starts_with("---") {
            found.push(cells.clone());
        }
        is_inside = is_table && (is_inside || cells[0] == heading);
    }
    found
}

/// What stands between the backticks of a cell that has nothing else.
fn code(cell: &'static str) -> Option<&'static str> {
    cell.strip_prefix('`')?.strip_suffix('`').filter(|inside| !inside.contains('`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_value_default_and_meaning() {
        let key = |path| keys().iter().find(|key| key.path == path).unwrap();
        let ttl = key("dns.answer_ttl");
        assert_eq!((ttl.value, ttl.default), ("duration above 0", "60s"));
        assert!(ttl.meaning.starts_with("TTL of the traffic manager"), "{}", ttl.meaning);
        assert_eq!(key("incidents.*.at").default, "");
        assert_eq!(key("dns.health_checks.probe").value, "`ping`, `tcp`, `http`, `deep`");
        assert!(keys().len() > 150, "{}", keys().len());
    }

    #[test]
    fn kinds_of_incidents_and_distributions_are_found() {
        assert!(choices("kind").contains(&"link-partition") && choices("kind").len() == 13, "{:?}", choices("kind"));
        assert!(choices("dist").contains(&"lognormal") && choices("dist").len() == 8, "{:?}", choices("dist"));
    }
}
