//! Writes rows and cells, all in one way.

use std::io::{self, Write};

use crate::results::words::exact;
use crate::study::Observation;

/// Rows under one header, all of the header's length.
pub(super) struct Csv<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(file: W, header: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(header)?;
        Ok(Csv { writer })
    }

    pub(super) fn row(&mut self, fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<()> {
        Ok(self.writer.write_record(fields)?)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A finite number, or an empty field.
pub(super) fn number(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or_else(String::new, exact)
}

/// A value; empty if it does not apply or is beyond the horizon; what it is known to be greater than, if no more is known.
pub(super) fn value(observation: Observation) -> String {
    match observation {
        Observation::CensoredAt(least) => exact(least),
        other => number(other.value()),
    }
}

/// 1 if a value is censored, 0 if it was seen, empty if it does not apply.
pub(super) fn censored(observation: Observation) -> String {
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
