//! Numbers that stay on one line with their units.

/// The blank at which no line is broken.
pub const UNBREAKABLE: char = '\u{a0}';

/// Units that stand behind a number; a star marks one.
const UNITS: [&str; 9] = ["%", "s", "ms", "µs", "min", "h", "d", "points", "*"];

/// Units of a duration that a smaller one may follow.
const LARGE: [&str; 3] = ["d", "h", "min"];

/// Joins numbers, their units and the second half of a duration by unbreakable blanks: `1 min 53 s` is one word.
pub fn unbroken(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_number = |place: usize| words[place].ends_with(|end: char| end.is_ascii_digit());
    let is_unit = |place: usize| {
        let bare = words.get(place).map(|word| word.trim_end_matches([',', ')', ';', ':', '.']));
        bare.is_some_and(|word| UNITS.contains(&word))
    };
    let is_glued = |place: usize| {
        let before = words[place - 1];
        let goes_on = || place > 1 && LARGE.contains(&before) && is_number(place - 2) && is_number(place);
        before.ends_with('±') || (is_number(place - 1) && is_unit(place)) || (goes_on() && is_unit(place + 1))
    };
    let mut joined = words[0].to_owned();
    for (place, word) in words.iter().enumerate().skip(1) {
        joined.push(if is_glued(place) { UNBREAKABLE } else { ' ' });
        joined.push_str(word);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_never_broken_and_other_words_may_be() {
        let joined = |text: &str| unbroken(text).replace(UNBREAKABLE, "_");
        assert_eq!(joined("of 1 min 53 s ± 15 s, or"), "of 1_min_53_s ±_15_s, or");
        assert_eq!(joined("(95 % interval 3 h 5 min to 1 d 8 h)"), "(95_% interval 3_h_5_min to 1_d_8_h)");
        assert_eq!(joined("at 90 % 5 min, after 5 min 3 runs"), "at 90_% 5_min, after 5_min 3 runs");
        assert_eq!(joined(""), "");
    }
}
