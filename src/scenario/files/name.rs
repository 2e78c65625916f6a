//! File names made of names that a scenario chooses, for every file system that results may be carried to.
//!
//! A design may be called `a*b?`, `CON`, or 64 characters of Chinese. A name of lower-case ASCII letters, digits,
//! `-` and `_` stands for itself; any other is spelt as far as it can be and told from its like by a hash.

use sha2::{Digest, Sha256};

/// Longest part of a file name that stands for itself, in bytes.
const LONGEST: usize = 100;
/// Most characters that are spelt where a hash follows.
const SPELT: usize = 40;
/// Digits of the hash: 48 bits.
const DIGITS: usize = 12;

/// Names that Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 6] = ["aux", "com", "con", "lpt", "nul", "prn"];

/// Returns a file name for `names` together, without an ending; other names get another one, even where case does not count.
pub fn file_name(names: &[&str]) -> String {
    let text = names.join("_");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    // With a `_` in one of several names it would be open where that one ends.
    let is_clear = names.len() == 1 || !names.iter().any(|name| name.contains('_'));
    let is_device = DEVICES.iter().any(|device| text.trim_end_matches(|c: char| c.is_ascii_digit()) == *device);
    let is_short = (1..=LONGEST).contains(&text.len());
    if is_clear && is_short && !is_device && !text.starts_with('-') && text.chars().all(plain) {
        text
    } else {
        format!("{}~{}", spelt(&text), hash(&names.join("\0")))
    }
}

/// Returns the copy of the data file `path`, as a scenario names it, in a folder of results.
pub(in crate::scenario) fn data_copy(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // Whatever the file is called: the copy is read as a data file is.
    format!("data/{}~{}.csv", spelt(stem), hash(path))
}

/// Returns the beginning of `text` in lower-case ASCII, with a `-` for all that is none.
fn spelt(text: &str) -> String {
    let mut spelt = String::new();
    for c in text.chars().map(|c| c.to_ascii_lowercase()) {
        let c = if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        if spelt.len() < SPELT && !(c == '-' && (spelt.is_empty() || spelt.ends_with('-'))) {
            spelt.push(c);
        }
    }
    spelt.trim_end_matches('-').to_owned()
}

fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))[..DIGITS].to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn plain_names_stand_for_themselves() {
        assert_eq!(file_name(&["region-outage"]), "region-outage");
        assert_eq!(file_name(&["my_drill"]), "my_drill");
        assert_eq!(file_name(&["active-active", "active-passive"]), "active-active_active-passive");
    }

    #[test]
    fn pairs_that_read_alike_have_two_names() {
        let pairs = [["a", "b_c"], ["a_b", "c"], ["a_", "b_c"], ["a", "_b_c"], ["A", "b-c"], ["a", "b-c"]];
        let names: BTreeSet<String> = pairs.iter().map(|pair| file_name(pair)).collect();
        assert_eq!(names.len(), pairs.len(), "{names:?}");
    }

    #[test]
    fn every_name_is_one_for_every_file_system() {
        let long = "東".repeat(64);
        let hostile =
            ["a*b?<>|", "con", "COM1", "x.", " ", "a/b", "../b", "-rf", "a\tb", "", "é", "e\u{301}", "A", &long];
        let names: Vec<String> = hostile.iter().map(|name| file_name(&[name])).collect();
        for (name, of) in names.iter().zip(hostile) {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_~".contains(c);
            assert!(name.chars().all(plain) && name.contains('~') && name.len() <= 53, "{of:?}: {name:?}");
        }
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        assert!(file_name(&[&long, &long]).len() <= 53);
    }

    #[test]
    fn no_two_drawn_names_pairs_or_data_files_become_one_where_case_does_not_count() {
        use proptest::prelude::*;

        let name = "[aAbBéÉ_~. -]{1,4}|con|CON|nul|com1|[a-c]{60}|[東京]{30}";
        let names = proptest::collection::vec(name, 1..3);
        let device = |file: &str| DEVICES.iter().any(|device| file.trim_end_matches(char::is_numeric) == *device);
        proptest!(|(one in names.clone(), other in names)| {
            let [one, other] = [&one, &other].map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
            let files = [&one, &other].map(|names| file_name(names).to_lowercase());
            prop_assert_eq!(files[0] == files[1], one == other, "{:?} {:?}", one, other);
            prop_assert!(files.iter().all(|file| !device(file.split('.').next().unwrap_or(file)) && !file.ends_with(['.', ' '])));
            let copies = [one[0], other[0]].map(|path| data_copy(path).to_lowercase());
            prop_assert_eq!(copies[0] == copies[1], one[0] == other[0]);
        });
    }

    #[test]
    fn copies_of_two_files_of_one_name_are_two() {
        let (one, two) = (data_copy("a/starts.csv"), data_copy("../b/starts.csv"));
        assert!(one.starts_with("data/starts~") && one.ends_with(".csv") && one.len() == "data/starts~.csv".len() + 12);
        assert_ne!(one, two);
        for odd in ["starts", "starts.東", ".csv", "..", "", "a/"] {
            assert!(data_copy(odd).ends_with(".csv"), "{odd:?}: {}", data_copy(odd));
        }
    }
}
