//! The two ways out: results to stdout, everything else to stderr.

use std::error::Error;
use std::io::{self, Write};

use super::error::CliError;
use crate::scenario::printable;

/// Writes a result to stdout, without what would steer a terminal or a CI system. A reader that has gone away
/// (`firedrill … | head`) has seen what it wanted: success.
///
/// # Errors
/// If stdout cannot be written for another reason, such as a full disk.
pub(crate) fn result(text: &str) -> Result<(), CliError> {
    program(&printable(text))
}

/// Writes a text of the command's own to stdout as it is, such as a script.
///
/// # Errors
/// As [`result`].
pub(crate) fn program(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Stdout(error)),
        _ => Ok(()),
    }
}

/// Writes lines to stderr, without what would steer a terminal or a CI system. If nobody reads them, nothing is lost.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

/// Writes a command to the CI system to stderr. What it quotes must have been escaped.
pub(crate) fn command(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints an error and what caused it to stderr, each once.
pub fn print_chain(error: &CliError) {
    note(&format!("error: {}", chain(error)));
}

/// An error and what caused it, each once.
pub(crate) fn chain(error: &CliError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!("\n  caused by: {cause}"));
        source = cause.source();
    }
    text
}
