//! Ctrl-C, and what else asks a process to end: stops simulating, so that what there is gets written; a second one ends the
//! command at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{CliError, ExitStatus};

/// A flag that is set when the user asks to stop.
///
/// # Errors
/// If the operating system refuses the signal handler.
pub(crate) fn flag() -> Result<Arc<AtomicBool>, CliError> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&interrupted);
    ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::SeqCst) {
            std::process::exit(ExitStatus::NotDone as i32);
        }
    })
    .map_err(CliError::Signals)?;
    Ok(interrupted)
}
