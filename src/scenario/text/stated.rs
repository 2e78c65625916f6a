//! The keys that a scenario states; the others have their defaults.

use std::collections::BTreeSet;

use super::document::Value;
use super::key::key_parts;

/// The keys that a file and its overrides state. Those of a scenario that was made otherwise are not known.
#[derive(Clone, Debug, Default)]
pub struct Stated(Option<BTreeSet<Vec<String>>>);

impl PartialEq for Stated {
    /// Returns true: who states a value changes nothing, and scenarios that mean the same are equal.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Stated {
    /// Lists the keys below `root`.
    pub(in crate::scenario) fn of(root: &Value) -> Self {
        let mut keys = BTreeSet::new();
        add(root, &mut Vec::new(), &mut keys);
        Stated(Some(keys))
    }

    /// Tells whether `key` is left to its default; a part `*` of it stands for any name. False if that is not known.
    pub fn leaves_out(&self, key: &str) -> bool {
        let (Some(keys), Ok(parts)) = (&self.0, key_parts(key)) else { return false };
        let is_below = |stated: &Vec<String>| {
            stated.len() >= parts.len() && parts.iter().zip(stated).all(|(part, own)| part == "*" || part == own)
        };
        !keys.iter().any(is_below)
    }
}

/// Adds the keys below `value`, which stands at `path`.
fn add(value: &Value, path: &mut Vec<String>, keys: &mut BTreeSet<Vec<String>>) {
    match value {
        Value::Table(entries) => {
            for entry in entries {
                path.push(entry.key.clone());
                add(&entry.node.value, path, keys);
                path.pop();
            }
        }
        _ => drop(keys.insert(path.clone())),
    }
}
