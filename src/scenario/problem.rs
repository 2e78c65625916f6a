//! What is wrong with a scenario, and where: printed like a compiler's message, with the line and an underline.

use std::fmt;
use std::ops::Range;

use super::document::Origin;
use super::overrides::Override;

/// A place in a scenario file or in an override, to point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `file:line:column`, or `--set KEY=VALUE`, or `--vary KEY=VALUE`.
    head: String,
    /// Dotted path of the key; empty at the root.
    key: String,
    /// The line, if it is in a file.
    excerpt: Option<Excerpt>,
}

/// A line of the file with a part of it underlined.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Excerpt {
    number: usize,
    line: String,
    underline: String,
}

/// Something wrong, or worth a warning, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: Place,
    message: String,
}

impl Place {
    /// The problem that `message` says there is here: what is wrong and what is allowed, lower case, no full stop.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { place: self.clone(), message: message.into() }
    }

    /// Its line, from 1, if it is in a file.
    pub fn line(&self) -> Option<usize> {
        self.excerpt.as_ref().map(|excerpt| excerpt.number)
    }
}

impl Problem {
    /// What is wrong and what is allowed, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Dotted path of the key that it is about; empty if it is about the file.
    pub fn key(&self) -> &str {
        &self.place.key
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.place.head)?;
        if !self.place.key.is_empty() {
            write!(out, "{}: ", printable(&self.place.key))?;
        }
        write!(out, "{}", printable(&self.message))?;
        if let Some(Excerpt { number, line, underline }) = &self.place.excerpt {
            let number = number.to_string();
            let margin = " ".repeat(number.len());
            write!(out, "\n{margin} |\n{number} | {line}\n{margin} | {underline}")?;
        }
        Ok(())
    }
}

/// What is needed to turn an origin into a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    /// Name of the file, as the user gave it.
    pub(super) file: &'a str,
    /// Its text.
    pub(super) text: &'a str,
    /// The overrides.
    pub(super) overrides: &'a [Override],
}

impl Source<'_> {
    /// The place of `origin`, for a message about `key`.
    pub(super) fn place(&self, origin: &Origin, key: &str) -> Place {
        match origin {
            Origin::File(span) => {
                let (number, column, excerpt) = self.excerpt(span);
                Place { head: format!("{}:{number}:{column}", self.file), key: key.to_owned(), excerpt: Some(excerpt) }
            }
            Origin::Override(index) => {
                let change = &self.overrides[*index];
                let key = if change.key() == key { String::new() } else { key.to_owned() };
                Place { head: format!("{} {change}", change.option()), key, excerpt: None }
            }
        }
    }

    /// Line, column (in characters, from 1) and excerpt of the first line that `span` touches.
    fn excerpt(&self, span: &Range<usize>) -> (usize, usize, Excerpt) {
        let start = floor_boundary(self.text, span.start);
        let end = floor_boundary(self.text, span.end).max(start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let number = self.text[..line_start].matches('\n').count() + 1;
        let before = &self.text[line_start..start];
        let marked = self.text[start..end.min(line_end).max(start)].trim_end();
        let blank = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' });
        let marks = "^".repeat(marked.chars().count().max(1));
        let excerpt = Excerpt {
            number,
            line: printable(self.text[line_start..line_end].trim_end()),
            underline: blank.chain(marks.chars()).collect(),
        };
        (number, before.chars().count() + 1, excerpt)
    }
}

/// The last character boundary of `text` at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// `line` with everything but tabs that cannot be printed replaced, so that a message cannot steer a terminal.
fn printable(line: &str) -> String {
    line.chars().map(|c| if is_unprintable(c) && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// Whether `c` is a control character, takes no room or turns the direction of writing.
pub(super) fn is_unprintable(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    c.is_control() || invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> String {
        Source { file: "a.toml", text, overrides: &[] }
            .place(&Origin::File(span), "dns.x")
            .problem("is wrong")
            .to_string()
    }

    #[test]
    fn a_problem_shows_its_line_with_an_underline() {
        assert_eq!(
            shown("one = 1\ntwo = \"zwei\"\n", 14..20),
            "a.toml:2:7: dns.x: is wrong\n  |\n2 | two = \"zwei\"\n  |       ^^^^^^"
        );
    }

    #[test]
    fn columns_count_characters_and_tabs_stay_aligned() {
        let text = "\tä = 1";
        assert_eq!(shown(text, 6..7), "a.toml:1:6: dns.x: is wrong\n  |\n1 | \tä = 1\n  | \t    ^");
    }

    #[test]
    fn a_span_over_several_lines_is_underlined_on_the_first() {
        assert_eq!(shown("a = [\r\n1]", 4..9), "a.toml:1:5: dns.x: is wrong\n  |\n1 | a = [\n  |     ^");
    }

    #[test]
    fn a_span_outside_the_text_points_at_its_end() {
        assert_eq!(shown("ä", 1..99), "a.toml:1:1: dns.x: is wrong\n  |\n1 | ä\n  | ^");
        assert_eq!(shown("", 5..9), "a.toml:1:1: dns.x: is wrong\n  |\n1 | \n  | ^");
    }

    #[test]
    fn control_characters_are_not_echoed() {
        assert!(!shown("a = \"\u{1b}[31m\"", 4..11).contains('\u{1b}'));
    }
}
