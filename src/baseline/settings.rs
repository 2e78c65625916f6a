//! Lists the changes of a scenario, key by key.

use crate::scenario::{ResolvedSetting, spelled_alike};

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

impl Change {
    /// Spells two durations in one unit.
    fn in_one_unit(mut self) -> Self {
        if let (Some(was), Some(is)) = (&mut self.was, &mut self.is) {
            [*was, *is] = spelled_alike(was, is);
        }
        self
    }
}

/// Lists the keys whose values differ, sorted; both lists are. Two durations of a key are spelled in one unit.
pub(super) fn changes(then: &[ResolvedSetting], now: &[ResolvedSetting]) -> Vec<Change> {
    let value = |settings: &[ResolvedSetting], key: &str| {
        let place = settings.binary_search_by(|setting| setting.key.as_str().cmp(key)).ok()?;
        Some(settings[place].value.clone())
    };
    let mut keys: Vec<&str> = then.iter().chain(now).map(|setting| setting.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let change = |key: &str| Change { key: key.to_owned(), was: value(then, key), is: value(now, key) };
    keys.into_iter().map(change).filter(|change| change.was != change.is).map(Change::in_one_unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_changed_came_or_went_are_listed_in_order() {
        let settings = |all: &[(&str, &str)]| -> Vec<ResolvedSetting> {
            all.iter().map(|(key, value)| ResolvedSetting { key: (*key).into(), value: (*value).into() }).collect()
        };
        let then = settings(&[("a", "1"), ("b", "60s"), ("d", "x")]);
        let now = settings(&[("a", "1"), ("b", "180s"), ("c", "y")]);
        let found = changes(&then, &now);
        let found: Vec<_> = found.iter().map(|one| (one.key.as_str(), one.was.as_deref(), one.is.as_deref())).collect();
        assert_eq!(found, [("b", Some("60s"), Some("180s")), ("c", None, Some("y")), ("d", Some("x"), None)]);
        assert!(changes(&then, &then).is_empty());
    }

    #[test]
    fn two_durations_of_a_key_are_spelled_in_one_unit() {
        let told = |was: &str, is: &str| {
            let setting = |value: &str| vec![ResolvedSetting { key: "a".into(), value: value.into() }];
            let found = changes(&setting(was), &setting(is)).remove(0);
            format!("{} -> {}", found.was.unwrap(), found.is.unwrap())
        };
        // Each alone is spelled in minutes from ten of them on.
        assert_eq!(told("10m", "360s"), "10m -> 6m");
        assert_eq!(told("60s", "180s"), "60s -> 180s");
        assert_eq!(told("10m", "90s"), "600s -> 90s");
        assert_eq!(told("24h", "90m"), "1440m -> 90m");
        assert_eq!(told("1s", "250ms"), "1000ms -> 250ms");
        assert_eq!(told("10d", "0s"), "10d -> 0d");
        // What is no duration stays as it is, and so does what is only one on one side.
        assert_eq!(told("0.5", "0.7"), "0.5 -> 0.7");
        assert_eq!(told("never", "600s"), "never -> 600s");
    }
}
