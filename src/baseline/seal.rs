//! The end of a baseline: how many lines stand before it, and their digest.
//!
//! A file that was cut, or edited by hand or by a merge, is told from a whole one. How lines end, blanks at their ends and a byte
//! order mark are of no account: Git and editors change them.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::parse_error::ParseError;

/// Beginning of the last line.
const END: &str = "end ";

/// Appends the end to `text`.
pub(super) fn seal(text: &mut String) {
    let (count, digest) = (text.lines().count(), digest(text.lines()));
    let _ = writeln!(text, "{END} {count} lines  sha256 {digest}");
}

/// Returns whether `line` is the end of a baseline.
pub(super) fn is_end(line: &str) -> bool {
    line.starts_with(END)
}

/// Checks that `text` is as it was sealed.
///
/// # Errors
/// If it has no end, or is not what stood before the end when it was written.
pub(super) fn check(text: &str) -> Result<(), ParseError> {
    let text = text.trim_start_matches('\u{feff}').trim_end();
    let (body, end) = text.split_at(text.rfind('\n').map_or(0, |before| before + 1));
    let words: Vec<&str> = end.split_whitespace().collect();
    let ["end", count, "lines", "sha256", sealed] = words[..] else { return Err(ParseError::NoEnd) };
    let count = count.parse::<usize>().map_err(|_| ParseError::Edited)?;
    let found = body.lines().count();
    if found < count {
        return Err(ParseError::Cut { found, count });
    }
    if found > count || sealed != digest(body.lines()) {
        return Err(ParseError::Edited);
    }
    Ok(())
}

fn digest<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for line in lines {
        digest.update(line.trim_end());
        digest.update("\n");
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> String {
        let mut text = "one\n\n  two  \nthree\n\n".to_owned();
        seal(&mut text);
        text
    }

    #[test]
    fn a_sealed_text_ends_with_the_count_of_its_lines() {
        assert!(sealed().contains("\n\nend  5 lines  sha256 "), "{}", sealed());
        assert_eq!(check(&sealed()), Ok(()));
    }

    #[test]
    fn line_endings_blanks_at_the_ends_of_lines_and_a_byte_order_mark_are_of_no_account() {
        assert_eq!(check(&sealed().replace('\n', "\r\n")), Ok(()));
        assert_eq!(check(&sealed().replace("two  ", "two")), Ok(()));
        assert_eq!(check(&format!("\u{feff}{}\n\n", sealed())), Ok(()));
    }

    #[test]
    fn what_was_cut_or_edited_is_refused() {
        assert_eq!(check("one\n\n  two\n"), Err(ParseError::NoEnd));
        assert_eq!(check(&sealed().replace("three\n", "")), Err(ParseError::Cut { found: 4, count: 5 }));
        for edited in [
            sealed().replace("two", "tow"),
            sealed().replace("two", "two\ntwo and a half"),
            sealed().replace("5 lines", "4 lines"),
            sealed().replace("5 lines", "five lines"),
            sealed().replace("sha256 ", "sha256 0"),
        ] {
            assert_eq!(check(&edited), Err(ParseError::Edited), "{edited}");
        }
        assert_eq!(check(&format!("{}more\n", sealed())), Err(ParseError::NoEnd));
    }
}
