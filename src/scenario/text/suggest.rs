//! "Did you mean …?" for names and keys.

use super::printable::{cut, quotation};

/// Most names that are listed.
const MOST_LISTED: usize = 30;
/// Longest name that is compared with the known ones, in bytes: the comparison takes the product of both lengths.
const LONGEST_COMPARED: usize = 64;

/// Returns the known name nearest to `wrong`, the first of equals, if one is near: a typing error or two away.
fn closest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let is_compared = |name: &&str| name.len() <= LONGEST_COMPARED;
    let lower = Some(wrong).filter(is_compared)?.to_lowercase();
    let scored =
        known.filter(is_compared).map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= (wrong.chars().count() / 3).max(1)).then_some(name)
}

/// Returns the words for `wrong` where only `known` are allowed: the nearest of them, if one is near, and all of them.
pub(in crate::scenario) fn nearest(wrong: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return "there are none".to_owned();
    }
    let all = format!("known: {}", listed(known));
    closest(wrong, known.iter().copied()).map_or(all.clone(), |name| format!("did you mean {name:?}? {all}"))
}

/// Returns words to put after the unknown name `wrong`: the nearest of the `known` ones in brackets, if one is near.
pub(crate) fn hint<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    closest(wrong, known).map_or_else(String::new, |name| format!(" (did you mean {name:?}?)"))
}

/// Returns the `count` known names most like `name` (Jaro-Winkler), the most like first, for a list that is too long to print.
pub(crate) fn most_alike<'a>(name: &str, known: impl Iterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut found: Vec<(f64, &str)> =
        known.map(|candidate| (strsim::jaro_winkler(name, candidate), candidate)).collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// Returns the words for a `what` that is called by the unknown name `name`.
pub(in crate::scenario) fn unknown(what: &str, name: &str, known: &[impl AsRef<str>]) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    format!("unknown {what} {}; {}", quotation(name), nearest(name, &known))
}

/// Lists names: of many the first, and of long ones the beginning.
pub(in crate::scenario) fn listed(names: &[impl AsRef<str>]) -> String {
    let mut list: Vec<String> = names.iter().take(MOST_LISTED).map(|name| cut(name.as_ref())).collect();
    if names.len() > MOST_LISTED {
        list.push(format!("and {} more", names.len() - MOST_LISTED));
    }
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_is_suggested() {
        assert_eq!(nearest("pign", &["ping", "tcp"]), "did you mean \"ping\"? known: ping, tcp");
        assert_eq!(nearest("icmp", &["ping", "tcp"]), "known: ping, tcp");
        assert_eq!(nearest("x", &[]), "there are none");
        let hint = |wrong| hint(wrong, ["downtime_s", "two", "recovery_time_s"].into_iter());
        assert_eq!(hint("downtime"), " (did you mean \"downtime_s\"?)");
        assert_eq!((hint("tow").as_str(), hint("zzz").as_str()), (" (did you mean \"two\"?)", ""));
    }

    #[test]
    fn the_most_alike_are_listed_first() {
        let known = || ["downtime_s", "recovery_time_s"].into_iter();
        assert_eq!(most_alike("recovery", known(), 1), ["recovery_time_s"]);
        assert_eq!(most_alike("zzz", known(), 9).len(), 2);
    }

    #[test]
    fn of_many_names_the_first_are_listed() {
        let names: Vec<String> = (0..1_000).map(|name| name.to_string()).collect();
        let list = listed(&names);
        assert!(list.starts_with("0, 1, ") && list.ends_with("28, 29, and 970 more"), "{list}");
        assert_eq!(listed(&["a".repeat(41)]), format!("{}…", "a".repeat(40)));
    }
}
