//! The CSV files of a study: tidy, one fact per row, an empty field where something does not apply.
//!
//! Numbers are written as the shortest text that reads back the same. A value beyond the horizon is an empty field with
//! a 1 in the column `…_censored` beside it; one that is known only to be greater than a number is that number, with a 1.

mod comparison;
mod curves;
mod faults;
mod rows;
mod runs;
mod thresholds;

use std::io::{self, Write};

use crate::output::{OutputDir, OutputError};
use crate::results::Study;
use crate::study::StudyOutcome;

/// Writes all tables. Those of a partial study begin with a line that says so, `# PARTIAL: …`.
pub(super) fn write(outcome: &StudyOutcome, study: &Study, output: &mut OutputDir) -> Result<(), OutputError> {
    let mark = study.partial.as_ref().map(|partial| format!("# {}\n", partial.sentence()));
    let mut table = |name: &str, write: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        output.write(name, |file| {
            mark.iter().try_for_each(|mark| file.write_all(mark.as_bytes()))?;
            write(file)?;
            outcome.check().map_err(io::Error::other)
        })
    };
    table("runs.csv", &|file| runs::write_runs(outcome, file))?;
    table("by_geography.csv", &|file| runs::write_by_geography(outcome, file))?;
    table("thresholds.csv", &|file| thresholds::write(outcome, file))?;
    table("failures.csv", &|file| faults::write_failures(outcome, file))?;
    table("incidents.csv", &|file| faults::write_incidents(outcome, file))?;
    table("timeline.csv", &|file| curves::write_timeline(outcome, file))?;
    table("latency.csv", &|file| curves::write_latency(outcome, file))?;
    table("switch.csv", &|file| curves::write_switch(outcome, file))?;
    if !study.comparisons.is_empty() {
        table("comparison.csv", &|file| comparison::write(study, file))?;
    }
    Ok(())
}
