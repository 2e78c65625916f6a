//! Ctrl-C and the other signals that ask a process to end: the first stops simulating, so that the finished runs get written; a
//! second ends the command at once.
//!
//! A signal that the parent has told the command to ignore stays ignored, as `nohup` asks for SIGHUP. (Known on Linux alone, where
//! the system tells.)

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::error::CliError;
use super::exit::ExitStatus;

#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// Returns a flag that is set when the user asks to stop.
///
/// # Errors
/// If the operating system refuses a signal handler.
pub(crate) fn flag() -> Result<Arc<AtomicBool>, CliError> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let ignored = fs::read_to_string("/proc/self/status").map_or(0, |status| ignored(&status));
    for signal in SIGNALS.into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0) {
        // In this order: the second signal meets the flag that the first has set.
        flag::register_conditional_shutdown(signal, ExitStatus::NotDone as i32, Arc::clone(&interrupted))
            .and_then(|_| flag::register(signal, Arc::clone(&interrupted)))
            .map_err(CliError::Signals)?;
    }
    Ok(interrupted)
}

/// Reads the mask of ignored signals from a process's status: bit 0 is signal 1. 0 if it is not told.
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_of_ignored_signals_is_read_from_the_status() {
        assert_eq!(ignored("Name:\tfiredrill\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n"), 0x1001);
        assert_eq!(ignored("Name:\tfiredrill\n"), 0);
    }
}
