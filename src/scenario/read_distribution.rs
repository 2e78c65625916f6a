//! Reads distributions: a bare value, or a table with `dist` and its parameters.

use std::sync::Arc;

use super::Distribution;
use super::data_file::DataReader;
use super::document::{Node, Value};
use super::printable::quotation;
use super::reader::TableReader;
use super::values::{duration, number, printable_text};
use crate::units::SimDuration;

/// What a distribution is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// Durations, in seconds.
    Duration,
    /// Counts.
    Count,
}

/// The greatest count.
const GREATEST_COUNT: f64 = 1e6;
/// The most values of an empirical distribution.
const MOST_VALUES: usize = 1_000_000;

const KINDS: [(&str, Kind); 8] = [
    ("constant", Kind::Constant),
    ("exponential", Kind::Exponential),
    ("geometric", Kind::Geometric),
    ("lognormal", Kind::Lognormal),
    ("uniform", Kind::Uniform),
    ("pareto", Kind::Pareto),
    ("weibull", Kind::Weibull),
    ("empirical", Kind::Empirical),
];

/// A distribution whose parameters have not been read.
#[derive(Clone, Copy)]
enum Kind {
    Constant,
    Exponential,
    Geometric,
    Lognormal,
    Uniform,
    Pareto,
    Weibull,
    Empirical,
}

impl TableReader<'_> {
    /// The durations that `key` holds, in seconds; not there: a problem.
    pub(super) fn durations(&mut self, key: &'static str) -> Option<Distribution> {
        self.distribution(key, Quantity::Duration)
    }

    /// The durations that `key` holds, in seconds; not there: `default`.
    pub(super) fn durations_or(&mut self, key: &'static str, default: Distribution) -> Option<Distribution> {
        if self.node(key).is_some() { self.durations(key) } else { Some(default) }
    }

    /// The distribution that `key` holds; not there: a problem.
    pub(super) fn distribution(&mut self, key: &'static str, quantity: Quantity) -> Option<Distribution> {
        let Some(node) = self.node(key) else { return self.missing(key) };
        self.distribution_of(key, node, quantity)
    }

    /// The distribution that `node`, the value of `key`, holds.
    pub(super) fn distribution_of(&self, key: &str, node: &Node, quantity: Quantity) -> Option<Distribution> {
        let read = match &node.value {
            Value::Table(_) => parameters(&mut self.inner(key, node, "distribution")?, quantity)?,
            _ => match value_of(quantity)(node) {
                Ok(value) => Distribution::Constant { value },
                Err(message) => {
                    self.problem(key, format!("{message}; or a table with `dist`"));
                    return None;
                }
            },
        };
        if let Err(error) = read.validate() {
            self.problem(key, error.to_string());
            return None;
        }
        if quantity == Quantity::Count && least(&read) < 1.0 {
            self.problem(key, "must be at least 1: a session without a request is none");
            return None;
        }
        Some(read)
    }
}

/// How one value of the distribution is read.
fn value_of(quantity: Quantity) -> impl Fn(&Node) -> Result<f64, String> {
    move |node| match quantity {
        Quantity::Duration => duration(node).map(SimDuration::as_secs_f64),
        Quantity::Count => match number(node)? {
            value if value.abs() <= GREATEST_COUNT => Ok(value),
            _ => Err(format!("{} is out of range; a count is at most {GREATEST_COUNT}", node.value.quoted())),
        },
    }
}

/// The least value of a distribution of counts; those that are continuous are rounded up to whole counts.
fn least(distribution: &Distribution) -> f64 {
    match distribution {
        Distribution::Constant { value } => *value,
        Distribution::Uniform { low, .. } => *low,
        Distribution::Empirical { values } => values.first().copied().unwrap_or(0.0),
        Distribution::Exponential { .. }
        | Distribution::Geometric { .. }
        | Distribution::Lognormal { .. }
        | Distribution::Pareto { .. }
        | Distribution::Weibull { .. } => 1.0,
    }
}

fn parameters(table: &mut TableReader<'_>, quantity: Quantity) -> Option<Distribution> {
    let kind = table.choice("dist", None, &KINDS)?;
    let value = value_of(quantity);
    let read = match kind {
        Kind::Constant => table.required("value", value).map(Distribution::constant),
        Kind::Exponential => table.required("mean", value).map(|mean| Distribution::Exponential { mean }),
        Kind::Geometric if quantity == Quantity::Duration => {
            table.problem("dist", "a geometric distribution counts 1, 2, 3, …; for a duration use \"exponential\"");
            return None;
        }
        Kind::Geometric => table.required("mean", value).map(|mean| Distribution::Geometric { mean }),
        Kind::Lognormal => {
            let (median, p95) = (table.required("median", &value), table.required("p95", &value));
            median.zip(p95).map(|(median, p95)| Distribution::Lognormal { median, p95 })
        }
        Kind::Uniform => {
            let (low, high) = (table.required("low", &value), table.required("high", &value));
            low.zip(high).map(|(low, high)| Distribution::Uniform { low, high })
        }
        Kind::Pareto => {
            let (min, shape) = (table.required("min", &value), table.required("shape", number));
            min.zip(shape).map(|(min, shape)| Distribution::Pareto { min, shape })
        }
        Kind::Weibull => {
            let (scale, shape) = (table.required("scale", &value), table.required("shape", number));
            scale.zip(shape).map(|(scale, shape)| Distribution::Weibull { scale, shape })
        }
        Kind::Empirical => empirical(table, quantity),
    };
    table.finish();
    read
}

/// Units of the numbers in a CSV column of durations.
const UNITS: [(&str, f64); 5] = [("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9), ("m", 1.0 / 60.0)];

fn empirical(table: &mut TableReader<'_>, quantity: Quantity) -> Option<Distribution> {
    let file = table.required("file", printable_text);
    let column = table.required("column", printable_text);
    let per_unit = match quantity {
        Quantity::Duration => table.choice("unit", None, &UNITS),
        Quantity::Count => Some(1.0),
    };
    let (file, column, per_unit) = (file?, column?, per_unit?);
    match table.log.read_data(&file, |data| column_of(data, &file, &column, per_unit)) {
        Ok(values) => Some(Distribution::Empirical { values }),
        Err(message) => {
            table.problem("file", message);
            None
        }
    }
}

/// The numbers in `column` of the CSV file `data`, divided by `per_unit`, ascending.
fn column_of(data: &mut DataReader, name: &str, column: &str, per_unit: f64) -> Result<Arc<[f64]>, String> {
    let name = quotation(name);
    let cannot = |error: &dyn std::fmt::Display| format!("cannot read {name}: {error}");
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(data);
    let headers = rows.headers().map_err(|error| cannot(&error))?.clone();
    // Nothing of the file is quoted: it may be none that the scenario should show.
    let at = headers.iter().position(|header| header == column);
    let at =
        at.ok_or_else(|| format!("{name} has no column {}; its first line must name the columns", quotation(column)))?;
    let mut values = Vec::new();
    for row in rows.records() {
        let row = row.map_err(|error| cannot(&error))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = row.get(at).unwrap_or("");
        match cell.parse::<f64>() {
            Ok(value) if value.is_finite() && value >= 0.0 => values.push(value / per_unit),
            _ => {
                let column = quotation(column);
                return Err(format!("{name} line {line}, column {column}: expected a number of zero or more"));
            }
        }
        if values.len() > MOST_VALUES {
            return Err(format!("{name} has more than {MOST_VALUES} values"));
        }
    }
    values.sort_by(f64::total_cmp);
    Ok(values.into())
}
