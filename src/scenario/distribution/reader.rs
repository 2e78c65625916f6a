//! Reads distributions: a bare value, or a table with `dist` and its parameters.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::Distribution;
use super::family::{Family, Quantity};
use crate::scenario::files::data_file::DataReader;
use crate::scenario::resolved::spelling::settings_of;
use crate::scenario::text::document::Node;
use crate::scenario::text::kind::{
    DURATION, PlainNumber, SpelledKind, ValueKind, number_or_duration, one_of, printable_text, special,
};
use crate::scenario::text::printable::quotation;
use crate::scenario::text::reader::TableReader;
use crate::scenario::text::words::words;
use crate::units::SimDuration;

/// A distribution of a quantity.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) struct DistributionOf(Quantity);

/// Durations, in seconds.
pub(in crate::scenario) const DURATIONS: DistributionOf = DistributionOf(Quantity::Duration);
/// Counts of requests: at least 1 each.
pub(in crate::scenario) const COUNTS: DistributionOf = DistributionOf(Quantity::Count);

/// The greatest count.
const GREATEST_COUNT: f64 = 1e6;
/// The most values of an empirical distribution.
const MOST_VALUES: usize = 1_000_000;

/// Units of the numbers in a CSV column of durations.
#[derive(Clone, Copy)]
enum DataUnit {
    Second,
    Millisecond,
    Microsecond,
    Nanosecond,
    Minute,
}

words!(
    DataUnit: "s" => Second, "ms" => Millisecond, "us" => Microsecond, "ns" => Nanosecond, "m" => Minute
);

impl DataUnit {
    fn in_a_second(self) -> f64 {
        match self {
            DataUnit::Second => 1.0,
            DataUnit::Millisecond => 1e3,
            DataUnit::Microsecond => 1e6,
            DataUnit::Nanosecond => 1e9,
            DataUnit::Minute => 1.0 / 60.0,
        }
    }
}

impl ValueKind for DistributionOf {
    type Value = Distribution;

    const TABLE: Option<&'static str> = Some("distribution");

    fn read(&self, _: &str, node: &Node) -> Result<Distribution, String> {
        let value = self.value_of(node).map_err(|message| format!("{message}; or a table with `dist`"));
        value.map(Distribution::constant)
    }

    fn read_table(&self, table: &mut TableReader<'_>) -> Distribution {
        let dist = table.key("dist", "which distribution");
        dist.decides(None, "", |table, family| self.parameters(table, family))
    }

    fn check(&self, value: &Distribution) -> Result<(), String> {
        value.validate().map_err(|error| error.to_string())?;
        match self.0 {
            Quantity::Duration => Ok(()),
            Quantity::Count if least(value) < 1.0 => {
                Err("must be at least 1: a session without a request is none".to_owned())
            }
            // Each parameter has its limit; a heavy tail can still have a mean beyond all measure.
            Quantity::Count if value.mean() > 1e6 => Err("must have a mean of at most 1000000 requests".to_owned()),
            Quantity::Count => Ok(()),
        }
    }

    fn stand_in(&self) -> Distribution {
        Distribution::constant(1.0)
    }

    fn name(&self) -> String {
        match self.0 {
            Quantity::Duration => "durations",
            Quantity::Count => "number or distribution",
        }
        .to_owned()
    }

    fn schema(&self) -> Json {
        let value = match self.0 {
            Quantity::Duration => DURATION.schema(),
            Quantity::Count => json!({ "type": "number" }),
        };
        json!({ "anyOf": [value, { "$ref": "#/$defs/distribution" }] })
    }
}

impl SpelledKind for DistributionOf {
    fn spelled(&self, value: &Distribution) -> String {
        let settings = settings_of(value, self.0);
        match &settings[..] {
            [(_, value)] => value.clone(),
            parameters => {
                let parameters: Vec<String> =
                    parameters.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
                format!("{{ {} }}", parameters.join(", "))
            }
        }
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

impl DistributionOf {
    /// Reads one value.
    fn value_of(&self, node: &Node) -> Result<f64, String> {
        match self.0 {
            Quantity::Duration => DURATION.read("", node).map(SimDuration::as_secs_f64),
            Quantity::Count => match PlainNumber::Any.read("", node)? {
                value if value.abs() <= GREATEST_COUNT => Ok(value),
                _ => Err(format!("{} is out of range; a count is at most {GREATEST_COUNT}", node.value.quoted())),
            },
        }
    }

    fn parameters(&self, table: &mut TableReader<'_>, family: Family) -> Distribution {
        let value = || special("value", number_or_duration, 1.0, |node| self.value_of(node));
        match family {
            Family::Constant => Distribution::constant(table.key("value", "the value").required(value())),
            Family::Exponential => Distribution::Exponential { mean: table.key("mean", MEAN).required(value()) },
            Family::Geometric if self.0 == Quantity::Duration && !table.is_listing() => {
                table.refuse("dist", "a geometric distribution counts 1, 2, 3, …; for a duration use \"exponential\"");
                table.abandon();
                self.stand_in()
            }
            Family::Geometric => Distribution::Geometric { mean: table.key("mean", MEAN).required(value()) },
            Family::Lognormal => Distribution::Lognormal {
                median: table.key("median", "the median").required(value()),
                p95: table.key("p95", "the 95th percentile; from 1 to 1000 times the median").required(value()),
            },
            Family::Uniform => Distribution::Uniform {
                low: table.key("low", "lower end").required(value()),
                high: table.key("high", "upper end").required(value()),
            },
            Family::Pareto => {
                Distribution::Pareto { min: table.key("min", "least value").required(value()), shape: shape(table) }
            }
            Family::Weibull => {
                Distribution::Weibull { scale: table.key("scale", "scale").required(value()), shape: shape(table) }
            }
            Family::Empirical => self.empirical(table),
        }
    }

    fn empirical(&self, table: &mut TableReader<'_>) -> Distribution {
        let file = table
            .key(
                "file",
                "a CSV file with a header line, below the scenario's folder ([why](untrusted-scenarios.md)), of at most 256 \
                 MiB",
            )
            .required(printable_text("path"));
        let column = table
            .key("column", "the column whose values are drawn, each equally likely")
            .required(printable_text("text"));
        let per_unit = match self.0 {
            Quantity::Count if !table.is_listing() => 1.0,
            Quantity::Count | Quantity::Duration => {
                let unit = table.key("unit", "the unit of the column; durations only").required(one_of::<DataUnit>());
                unit.in_a_second()
            }
        };
        if !table.is_sound(&["file", "column", "unit"]) || table.is_listing() {
            return self.stand_in();
        }
        match table.log.read_data(&file, |data| column_of(data, &file, &column, per_unit)) {
            Ok(values) => Distribution::Empirical { values },
            Err(message) => {
                table.refuse("file", message);
                self.stand_in()
            }
        }
    }
}

/// A shape; what is beyond its limits is refused with the distribution.
fn shape(table: &mut TableReader<'_>) -> f64 {
    let limits = || json!({ "type": "number", "minimum": 0.1, "maximum": 100 });
    let shape = special("number from 0.1 to 100", limits, 2.0, |node| PlainNumber::Any.read("", node));
    table.key("shape", "shape; that of a `pareto` is above 1, since it has no mean otherwise").required(shape)
}

const MEAN: &str = "the mean";

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
