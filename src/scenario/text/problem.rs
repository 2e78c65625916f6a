//! Problems of a scenario and their places: printed like a compiler's message, with the line and an underline.

use std::fmt;
use std::ops::Range;

use super::document::Origin;
use super::findings::MOST_FINDINGS;
use super::overrides::Override;
use super::printable::printable;

/// Longest excerpt of a line, in characters.
const LONGEST_EXCERPT: usize = 100;
/// Characters of a long line that are shown before the part that is meant.
const SHOWN_BEFORE: usize = 30;
/// Longest message, and longest name of a key in one.
const LONGEST_MESSAGE: usize = 1_000;
const LONGEST_KEY: usize = 120;

/// A place in a scenario file or in an override, to point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlace {
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
    place: FilePlace,
    message: String,
}

impl FilePlace {
    /// The problem that `message` says there is here: what is wrong and what is allowed, lower case, no full stop.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { place: self.clone(), message: shortened(&message.into(), LONGEST_MESSAGE) }
    }

    /// Its line, from 1, if it is in a file.
    pub fn line(&self) -> Option<usize> {
        self.excerpt.as_ref().map(|excerpt| excerpt.number)
    }
}

impl Problem {
    /// Returns the fault and what is allowed, without the place.
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
        write!(out, "{}: ", printable(&self.place.head))?;
        if !self.place.key.is_empty() {
            write!(out, "{}: ", printable(&shortened(&self.place.key, LONGEST_KEY)))?;
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

/// Problems of a file, in its order: the first problems, and how many more there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    pub(in crate::scenario) first: Vec<Problem>,
    pub(in crate::scenario) more: usize,
}

impl Problems {
    /// The first problems.
    pub fn as_slice(&self) -> &[Problem] {
        &self.first
    }

    /// Number of problems besides.
    pub fn more(&self) -> usize {
        self.more
    }

    /// Adds problems after the others, and counts those that are too many.
    pub(in crate::scenario) fn extend(&mut self, others: Vec<Problem>) {
        self.first.extend(others);
        self.more += self.first.len().saturating_sub(MOST_FINDINGS);
        self.first.truncate(MOST_FINDINGS);
    }
}

impl From<Vec<Problem>> for Problems {
    /// Collects `problems`.
    ///
    /// # Panics
    /// If there are none.
    fn from(problems: Vec<Problem>) -> Self {
        assert!(!problems.is_empty(), "a scenario was refused without a reason");
        let mut all = Problems::default();
        all.extend(problems);
        all
    }
}

impl fmt::Display for Problems {
    /// Writes the problems with an empty line between them.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.first.iter().enumerate() {
            let gap = if at == 0 { "" } else { "\n\n" };
            write!(out, "{gap}{problem}")?;
        }
        if self.more > 0 {
            write!(out, "\n\nand {} more", self.more)?;
        }
        Ok(())
    }
}

/// The text and the overrides that turn an origin into a place.
#[derive(Debug)]
pub(in crate::scenario) struct SourceText<'a> {
    /// Name of the file, as the user gave it.
    pub(in crate::scenario) file: &'a str,
    text: &'a str,
    pub(super) overrides: &'a [Override],
    /// Start of each line, so that finding a line does not read all before it.
    line_starts: Vec<usize>,
}

impl<'a> SourceText<'a> {
    /// The source `text` of `file`, which `overrides` change.
    pub(in crate::scenario) fn new(file: &'a str, text: &'a str, overrides: &'a [Override]) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        SourceText { file, text, overrides, line_starts }
    }

    /// Returns the number of the line, from 1, with the byte `at`.
    pub(in crate::scenario) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }

    /// The place of `origin`, for a message about `key`.
    pub(in crate::scenario) fn place(&self, origin: &Origin, key: &str) -> FilePlace {
        match origin {
            Origin::File(span) => {
                let (number, column, excerpt) = self.excerpt(span);
                FilePlace {
                    head: format!("{}:{number}:{column}", self.file),
                    key: key.to_owned(),
                    excerpt: Some(excerpt),
                }
            }
            Origin::Override(index) => {
                let change = &self.overrides[*index];
                let key = if change.key() == key { String::new() } else { key.to_owned() };
                FilePlace { head: format!("{} {change}", change.option()), key, excerpt: None }
            }
        }
    }

    /// Line, column (in characters, from 1) and excerpt of the first line that `span` touches.
    fn excerpt(&self, span: &Range<usize>) -> (usize, usize, Excerpt) {
        let start = floor_boundary(self.text, span.start);
        let end = floor_boundary(self.text, span.end).max(start);
        let number = self.line(start);
        let line_start = self.line_starts[number - 1];
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let before = self.text[line_start..start].chars().count();
        let marked = self.text[start..end.min(line_end).max(start)].trim_end();
        // Of a long line, what is around the mark.
        let skipped = if before > LONGEST_EXCERPT / 2 { before.saturating_sub(SHOWN_BEFORE) } else { 0 };
        let shown_from = back(self.text, start, before - skipped);
        let room = LONGEST_EXCERPT - (before - skipped);
        let marks = marked.chars().take(room).count().max(1);
        let mut line: String = self.text[shown_from..line_end].trim_end().chars().take(LONGEST_EXCERPT).collect();
        let is_cut = shown_from + line.len() < self.text[..line_end].trim_end().len();
        let blank = self.text[shown_from..start].chars().map(|c| if c == '\t' { '\t' } else { ' ' });
        let underline: String = blank.chain(std::iter::repeat_n('^', marks)).collect();
        line = printable(&line).replace('\n', "\u{fffd}");
        let (line, underline) = match (skipped > 0, is_cut) {
            (true, true) => (format!("…{line}…"), format!(" {underline}")),
            (true, false) => (format!("…{line}"), format!(" {underline}")),
            (false, true) => (format!("{line}…"), underline),
            (false, false) => (line, underline),
        };
        (number, before + 1, Excerpt { number, line, underline })
    }
}

/// Returns where the `count`-th character before `at` begins.
fn back(text: &str, at: usize, count: usize) -> usize {
    if count == 0 { at } else { text[..at].char_indices().rev().nth(count - 1).map_or(0, |(start, _)| start) }
}

/// Returns `text`, or its beginning and a `…` if it is longer than `most` characters.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, span: Range<usize>) -> String {
        SourceText::new("a.toml", text, &[]).place(&Origin::File(span), "dns.x").problem("is wrong").to_string()
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
    fn of_a_long_line_what_is_around_the_mark_is_shown() {
        let text = format!("{}x = 1{}", "a".repeat(500), "b".repeat(500));
        let found = shown(&text, 500..501);
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines[0], "a.toml:1:501: dns.x: is wrong");
        assert_eq!(lines[2], format!("1 | …{}x = 1{}…", "a".repeat(30), "b".repeat(65)));
        assert_eq!(lines[3], format!("  |  {}^", " ".repeat(30)));
        assert!(lines.iter().all(|line| line.chars().count() <= 120), "{found}");
        let whole = shown(&text, 0..1_000);
        assert!(whole.lines().all(|line| line.chars().count() <= 120), "{whole}");
        let near_the_end = shown(&text, 1_004..1_005);
        assert!(
            near_the_end.ends_with(&format!("1 | …{}\n  |  {}^", "b".repeat(31), " ".repeat(30))),
            "{near_the_end}"
        );
    }

    #[test]
    fn control_characters_are_not_echoed() {
        assert!(!shown("a = \"\u{1b}[31m\"", 4..11).contains('\u{1b}'));
    }
}
