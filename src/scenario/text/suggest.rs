//! "Did you mean …?" for names and keys.

use super::printable::{cut, quotation};

/// Most names that are listed.
const MOST_LISTED: usize = 30;
/// Longest name that is compared with the known ones, in bytes: the comparison takes the product of both lengths.
const LONGEST_COMPARED: usize = 64;

/// Returns the words for `wrong` where only `known` are allowed: the nearest of them, if one is near, and all of them.
pub(in crate::scenario) fn nearest(wrong: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return "there are none".to_owned();
    }
    let all = format!("known: {}", listed(known));
    if wrong.len() > LONGEST_COMPARED {
        return all;
    }
    let lower = wrong.to_lowercase();
    let scored = known
        .iter()
        .filter(|name| name.len() <= LONGEST_COMPARED)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), *name));
    match scored.min_by_key(|(distance, _)| *distance) {
        Some((distance, name)) if distance <= (wrong.chars().count() / 3).max(1) => {
            format!("did you mean {name:?}? {all}")
        }
        _ => all,
    }
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
    }

    #[test]
    fn of_many_names_the_first_are_listed() {
        let names: Vec<String> = (0..1_000).map(|name| name.to_string()).collect();
        let list = listed(&names);
        assert!(list.starts_with("0, 1, ") && list.ends_with("28, 29, and 970 more"), "{list}");
        assert_eq!(listed(&["a".repeat(41)]), format!("{}…", "a".repeat(40)));
    }
}
