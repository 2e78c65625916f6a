//! A panic is a bug of ours: the report says where it happened.
//!
//! A panic inside a run is caught by the model, which adds the run and the simulated time, and by the study, which adds
//! the command that repeats it.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use super::exit::ExitStatus;
use super::print::note;

/// Runs `command`; a panic in it, on whatever thread, becomes a report on stderr and exit status 3.
pub fn guard(command: impl FnOnce() -> ExitStatus) -> ExitStatus {
    panic::set_hook(Box::new(|info| note(&report(info))));
    panic::catch_unwind(AssertUnwindSafe(command)).unwrap_or(ExitStatus::NotDone)
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let what = info.payload_as_str().unwrap_or("no message");
    format!("error: this is a bug in firedrill {}: {what}\n  at {place}", env!("CARGO_PKG_VERSION"))
}
