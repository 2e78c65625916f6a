//! "Did you mean …?" for names and keys.

/// What to say about `wrong` where only `known` are allowed: the nearest of them, if one is near, and all of them.
pub(super) fn nearest(wrong: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return "there are none".to_owned();
    }
    let all = format!("known: {}", known.join(", "));
    let lower = wrong.to_lowercase();
    let scored = known.iter().map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), *name));
    match scored.min_by_key(|(distance, _)| *distance) {
        Some((distance, name)) if distance <= (wrong.chars().count() / 3).max(1) => {
            format!("did you mean {name:?}? {all}")
        }
        _ => all,
    }
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
}
