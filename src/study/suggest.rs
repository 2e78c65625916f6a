//! Did you mean: the known name most like one that is not known.

/// Likeness (Jaro-Winkler) below which a name is no suggestion.
const LIKENESS: f64 = 0.75;

/// The known name most like `name`, the first of equals, if one is like it at all.
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        // One letter wrong, missing, extra or swapped is a typing error however short the name.
        let slip = strsim::osa_distance(name, candidate) <= 1;
        let likeness = if slip { 1.0 } else { strsim::jaro_winkler(name, candidate) };
        if likeness >= LIKENESS && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The `count` known names most like `name`, the most like first, for a list that is too long to print.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    let mut found: Vec<(f64, &str)> =
        known.map(|candidate| (strsim::jaro_winkler(name, candidate), candidate)).collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// The end of an error message that suggests a name.
pub(crate) fn hint(suggestion: Option<String>) -> String {
    suggestion.map_or_else(String::new, |name| format!(" (did you mean {name:?}?)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_recognised_and_nonsense_is_not() {
        let known = || ["downtime_s", "recovery_time_s"].into_iter();
        assert_eq!(closest("downtime", known()), Some("downtime_s".into()));
        assert_eq!(closest("recovry_time_s", known()), Some("recovery_time_s".into()));
        assert_eq!(closest("tow", ["one", "two"].into_iter()), Some("two".into()));
        assert_eq!(closest("zzz", known()), None);
        assert_eq!(nearest("recovery", known(), 1), ["recovery_time_s"]);
        assert_eq!(nearest("zzz", known(), 9).len(), 2);
    }
}
