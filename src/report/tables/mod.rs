//! The CSV files of a study: tidy, one fact per row, an empty field where something does not apply.
//!
//! Numbers are written as the shortest text that reads back the same. A value beyond the horizon is an empty field with
//! a 1 in the column `…_censored` beside it; one that is known only to be greater than a number is that number, with a 1.

mod comparison;
mod curves;
mod faults;
mod runs;
mod thresholds;

use std::io::{self, Write};

use crate::output::{OutputDir, OutputError};
use crate::results::Study;
use crate::results::words::exact;
use crate::study::{Observation, StudyOutcome};

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

/// Rows under one header, all of the header's length.
struct Csv<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Csv<W> {
    fn new(file: W, header: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(header)?;
        Ok(Csv { writer })
    }

    fn row(&mut self, fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
        Ok(self.writer.write_record(fields)?)
    }

    fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A finite number, or an empty field.
fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(String::new, exact)
}

/// A value; empty if it does not apply or is beyond the horizon; what it is known to be greater than, if no more is known.
fn value(observation: Observation) -> String {
    match observation {
        Observation::CensoredAt(least) => exact(least),
        other => number(other.value()),
    }
}

/// 1 if a value is censored, 0 if it was seen, empty if it does not apply.
fn censored(observation: Observation) -> String {
    match observation {
        Observation::NotApplicable => String::new(),
        Observation::Value(_) => "0".to_owned(),
        Observation::Censored | Observation::CensoredAt(_) => "1".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_censored_value_is_empty_and_marked() {
        let fields = |observation| (value(observation), censored(observation));
        assert_eq!(fields(Observation::Value(0.1 + 0.2)), ("0.30000000000000004".into(), "0".into()));
        assert_eq!(fields(Observation::Censored), (String::new(), "1".into()));
        assert_eq!(fields(Observation::CensoredAt(600.0)), ("600".into(), "1".into()));
        assert_eq!(fields(Observation::NotApplicable), (String::new(), String::new()));
    }
}
