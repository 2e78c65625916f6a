//! Says why a text is no baseline.

use thiserror::Error;

/// Reason why a text is no baseline, or not a whole one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// A line is not what it should be.
    #[error("line {line}: {message}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// Fault, and the text that is expected.
        message: String,
    },
    /// The last line is not the end of a baseline.
    #[error("its last line is not `end … lines  sha256 …`: it is truncated, or of an older version of Firedrill")]
    NoEnd,
    /// Lines are missing.
    #[error("it is truncated: it has {found} of its {count} lines")]
    Cut {
        /// Lines before the end.
        found: usize,
        /// Lines before the end when it was written.
        count: usize,
    },
    /// It is not what was written.
    #[error("it was edited: its lines do not match the digest at its end")]
    Edited,
}
