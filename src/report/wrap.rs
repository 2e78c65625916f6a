//! Wraps text to the width of a terminal.

use std::fmt::Write;

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
    for word in glued(words) {
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

/// The words of a text, with a number and its unit as one.
fn glued(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let unit =
            ["%", "s", "ms", "µs", "min", "h", "d", "points"].contains(&word.trim_end_matches([',', ')', ';', ':']));
        match words.last_mut().filter(|last| unit && last.ends_with(|end: char| end.is_ascii_digit())) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
    }
    words
}
