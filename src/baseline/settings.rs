//! Lists the changes of a scenario, key by key.

use crate::scenario::Setting;

/// A key whose value is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key, such as `dns.answer_ttl`.
    pub key: String,
    /// Its value then; `None` if there was no such key.
    pub was: Option<String>,
    /// Its value now; `None` if there is no such key.
    pub is: Option<String>,
}

/// Lists the keys whose values differ, sorted; both lists are.
pub(super) fn changes(then: &[Setting], now: &[Setting]) -> Vec<Change> {
    let value = |settings: &[Setting], key: &str| {
        let place = settings.binary_search_by(|setting| setting.key.as_str().cmp(key)).ok()?;
        Some(settings[place].value.clone())
    };
    let mut keys: Vec<&str> = then.iter().chain(now).map(|setting| setting.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let change = |key: &str| Change { key: key.to_owned(), was: value(then, key), is: value(now, key) };
    keys.into_iter().map(change).filter(|change| change.was != change.is).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_changed_came_or_went_are_listed_in_order() {
        let settings = |all: &[(&str, &str)]| -> Vec<Setting> {
            all.iter().map(|(key, value)| Setting { key: (*key).into(), value: (*value).into() }).collect()
        };
        let then = settings(&[("a", "1"), ("b", "60s"), ("d", "x")]);
        let now = settings(&[("a", "1"), ("b", "180s"), ("c", "y")]);
        let found = changes(&then, &now);
        let found: Vec<_> = found.iter().map(|one| (one.key.as_str(), one.was.as_deref(), one.is.as_deref())).collect();
        assert_eq!(found, [("b", Some("60s"), Some("180s")), ("c", None, Some("y")), ("d", Some("x"), None)]);
        assert!(changes(&then, &then).is_empty());
    }
}
