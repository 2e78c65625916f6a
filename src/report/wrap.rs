//! Wraps text to the width of a terminal.

use std::fmt::Write;

use crate::results::words::{UNBREAKABLE, unbroken};

/// Width of a line.
pub(super) const WIDTH: usize = 80;

/// Writes a paragraph wrapped to the width of a line; an indented one hangs two columns deeper.
pub(super) fn paragraph(text: &mut String, indent: &str, words: &str) {
    for line in wrapped(indent, words) {
        let _ = writeln!(text, "{line}");
    }
}

/// Returns the lines of a paragraph wrapped to the width of a line; an indented one hangs two columns deeper.
pub(super) fn wrapped(indent: &str, words: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let hanging = if indent.is_empty() { "" } else { "    " };
    let mut line = indent.to_owned();
    let mut empty = true;
    for word in unbroken(words).split(' ') {
        let word = word.replace(UNBREAKABLE, " ");
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(line);
            line = hanging.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(&word);
        empty = false;
    }
    lines.push(line);
    lines
}

/// Returns names that fit into `width` columns each: cut at the end or, where that makes two of them the same, in the middle.
pub(super) fn fitting(names: &[&str], width: usize) -> Vec<String> {
    let cut: Vec<String> = names.iter().map(|name| cut_end(name, width)).collect();
    let are_distinct = (1..cut.len()).all(|place| !cut[..place].contains(&cut[place]));
    if are_distinct { cut } else { names.iter().map(|name| cut_middle(name, width)).collect() }
}

/// Returns a text of at most `width` columns, cut at the end if need be.
pub(super) fn cut_end(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

fn cut_middle(text: &str, width: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= width {
        return text.to_owned();
    }
    let kept = width.saturating_sub(1);
    let end = letters.len() - kept / 2;
    letters[..kept - kept / 2].iter().copied().chain(['…']).chain(letters[end..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_ends_within_a_duration() {
        let words = format!("{} 1 min 53 s ± 15 s", "x".repeat(WIDTH - 8));
        assert_eq!(wrapped("", &words), ["x".repeat(WIDTH - 8).as_str(), "1 min 53 s ± 15 s"]);
    }

    #[test]
    fn names_are_cut_where_they_stay_apart() {
        assert_eq!(fitting(&["short", "a-long-name"], 8), ["short", "a-long-…"]);
        assert_eq!(fitting(&["a-long-name-1", "a-long-name-2"], 8), ["a-lo…e-1", "a-lo…e-2"]);
    }
}
