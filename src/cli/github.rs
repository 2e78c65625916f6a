//! Tells GitHub Actions, when the command runs there: annotations on stderr, and a job summary.
//!
//! The only place that reads the environment for it.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

use super::print;
use crate::report::check::{Checked, annotations, markdown};

/// Marks failures in the pull request and appends a summary to the job's page, if GitHub Actions runs this. What cannot be
/// written is said and changes nothing: the check is what counts.
pub(crate) fn tell(checked: &[Checked]) {
    if env::var_os("GITHUB_ACTIONS").is_none_or(|value| value != "true") {
        return;
    }
    // The runner reads commands from both streams; stdout may be a document.
    annotations(checked).iter().for_each(|line| print::command(line));
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return };
    let file = OpenOptions::new().append(true).create(true).open(&path);
    if let Err(error) = file.and_then(|mut file| file.write_all(markdown(checked).as_bytes())) {
        print::note(&format!("warning: GITHUB_STEP_SUMMARY: cannot write the job summary: {error}"));
    }
}
