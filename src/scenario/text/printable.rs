//! Text of a scenario that is safe to show: on a terminal, in the log of a CI system, in a message.

use std::borrow::Cow;
use std::fmt::Write;

/// Longest quotation of a file in a message, in characters.
pub(in crate::scenario) const LONGEST_QUOTE: usize = 40;

/// Returns `text` with all replaced that would steer a terminal or a CI system: control characters but line breaks and tabs,
/// characters that take no room or turn the direction of writing, and what GitHub Actions and Azure Pipelines take for commands
/// (`::` at the start of a line, `##[` and `##vso[` anywhere).
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_safe = |line: &str| !line.trim_start().starts_with("::") && !line.contains("##");
    if !text.chars().any(is_steering) && text.lines().all(is_safe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let shown: String = line.chars().map(|c| if is_steering(c) { '\u{fffd}' } else { c }).collect();
        let mut line = shown.replace("##[", "## [").replace("##vso[", "##vso [");
        if line.trim_start().starts_with("::") {
            line = line.replacen("::", ": :", 1);
        }
        safe.push_str(&line);
    }
    Cow::Owned(safe)
}

/// Returns the beginning of `text`, at most [`LONGEST_QUOTE`] characters, with a `…` where more follows.
pub(in crate::scenario) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the beginning of `text` in quotation marks, escaped as in Rust.
pub fn quotation(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => {
            let mut shown = format!("{:?}", &text[..end]);
            shown.pop();
            let _ = write!(shown, "…\"");
            shown
        }
        None => format!("{text:?}"),
    }
}

/// Tells whether `c` is a control character, takes no room or turns the direction of writing.
pub(in crate::scenario) fn is_unprintable(c: char) -> bool {
    let is_invisible = matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    c.is_control() || is_invisible
}

fn is_steering(c: char) -> bool {
    is_unprintable(c) && !matches!(c, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_a_ci_system_is_replaced() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\rd\n\te"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d\n\te");
        assert_eq!(printable("a ::b\n  ::error file=x::c\n::d"), "a ::b\n  : :error file=x::c\n: :d");
        assert_eq!(printable("x ##[error]y ##vso[task]z"), "x ## [error]y ##vso [task]z");
        assert!(
            matches!(printable("## heading\ncrate::scenario"), Cow::Owned(same) if same == "## heading\ncrate::scenario")
        );
        assert!(matches!(printable("52 %, ± 3"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_character_that_hides_a_command_does_not() {
        // What is taken out must not leave a command behind.
        assert_eq!(printable("\u{200b}::error::x"), "\u{fffd}::error::x");
        assert_eq!(printable("#\u{200b}#[error]x"), "#\u{fffd}#[error]x");
    }

    #[test]
    fn a_quotation_has_forty_characters() {
        assert_eq!(quotation("a\n"), "\"a\\n\"");
        assert_eq!(quotation(&"é".repeat(41)), format!("\"{}…\"", "é".repeat(40)));
        assert_eq!(cut(&"é".repeat(40)), "é".repeat(40));
    }
}
