//! The kinds of single files: one takes the place of its like, and of no other file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A kind of file that a command writes where it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Findings as JUnit XML.
    JUnit,
    /// A picture.
    Svg,
    /// A trace in the Trace Event Format.
    Trace,
}

/// Bytes of a file that are searched for its kind.
const LOOKED_AT: u64 = 1024;

impl Kind {
    /// Name for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::JUnit => "JUnit XML",
            Kind::Svg => "SVG",
            Kind::Trace => "trace",
        }
    }

    /// Returns true if the file at `path` is empty or of this kind.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn may_replace(self, path: &Path) -> io::Result<bool> {
        let mut beginning = Vec::new();
        File::open(path)?.take(LOOKED_AT).read_to_end(&mut beginning)?;
        Ok(beginning.is_empty() || self.begins(&String::from_utf8_lossy(&beginning)))
    }

    fn begins(self, text: &str) -> bool {
        let (first, word) = match self {
            Kind::JUnit => ('<', "<testsuites"),
            Kind::Svg => ('<', "<svg"),
            Kind::Trace => ('{', "\"traceEvents\""),
        };
        text.starts_with(first) && text.contains(word)
    }
}
