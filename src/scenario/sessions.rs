//! Starts of sessions: at a constant rate, by a daily profile, or as a trace says.

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use super::files::data_file::DataReader;
use super::study::StudyPlan;
use super::text::document::{Node, Value};
use super::text::kind::{DURATION, PlainNumber, ValueKind, any_text, printable_text, special};
use super::text::printable::quotation;
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// Starts of the sessions of a geography.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sessions {
    /// At a constant rate (Poisson).
    #[default]
    Steady,
    /// At a rate that changes with the hour of the day (Poisson).
    Daily {
        /// Sessions per second at each full hour of the day; between them the rate is interpolated.
        rates: [f64; 24],
        /// Seconds since midnight, by the clocks of the geography, at the start of the run.
        starts_s: f64,
    },
    /// At given times.
    Trace {
        /// Times since the start of the run, ascending, all before its horizon.
        times: Arc<[SimDuration]>,
        /// Name of the file, for messages.
        #[serde(skip)]
        file: String,
        /// Sessions of the file that are left out, since they start at the horizon or later.
        #[serde(skip)]
        beyond: u64,
    },
}

/// The most sessions of a trace.
const MOST_SESSIONS: u64 = 10_000_000;
const DAY_S: f64 = 86_400.0;
/// The farthest that clocks are from UTC.
const FARTHEST: SimDuration = SimDuration::from_secs(14 * 3_600);

/// Ways to say it, told apart by a key that only they have.
#[derive(Clone, Copy)]
enum SessionsForm {
    Rate,
    Daily,
    Trace,
}

words!(SessionsForm: "rate" => Rate, "daily_mean" => Daily, "trace" => Trace);

impl Sessions {
    /// Reads `sessions`: the mean rate over the run, and when they start. `study` is `None` if it had problems.
    pub(super) fn read(table: &mut TableReader<'_>, study: Option<&StudyPlan>) -> (f64, Self) {
        let form = |table: &TableReader<'_>| match ["trace", "daily_mean", "profile"].map(|key| table.has(key)) {
            [true, ..] => SessionsForm::Trace,
            [false, false, false] => SessionsForm::Rate,
            [false, ..] => SessionsForm::Daily,
        };
        match table.form(form) {
            SessionsForm::Rate => {
                let rate = table.key("rate", "sessions that start per second (Poisson)").required(PER_SECOND);
                (rate, Sessions::Steady)
            }
            SessionsForm::Daily => daily(table, study),
            SessionsForm::Trace => trace(table, study),
        }
    }

    pub(super) fn is_steady(&self) -> bool {
        *self == Sessions::Steady
    }

    /// The rate at a second of the day: linear between the full hours, the last one followed by the first.
    pub fn interpolated(rates: &[f64; 24], second: f64) -> f64 {
        let hours = second / 3_600.0;
        let (hour, part) = (hours.floor(), hours - hours.floor());
        let place = hour as usize % 24;
        rates[place] + part * (rates[(place + 1) % 24] - rates[place])
    }
}

const PER_SECOND: PlainNumber = PlainNumber::AboveZero(1e6);

fn daily(table: &mut TableReader<'_>, study: Option<&StudyPlan>) -> (f64, Sessions) {
    let mean = table
        .key("daily_mean", "instead of `rate`: sessions that start per second, on average over a day")
        .required(PER_SECOND);
    let hours = || json!({ "type": "array", "items": { "type": "number" }, "minItems": 24, "maxItems": 24 });
    let profile = table
        .key(
            "profile",
            "the rate at each full hour from 0 to 23, linear in between; scaled so that its mean is `daily_mean`",
        )
        .required(special("24 numbers", hours, [1.0; 24], profile));
    let offset_s = table.key("utc_offset", "how far the clocks there are ahead of UTC").or_as(
        special("duration, from `\"-14h\"` to `\"14h\"`", any_text, 0.0, utc_offset),
        "`0s`",
        0.0,
        "",
    );
    let Some(study) = study else { return (mean, Sessions::Steady) };
    let level = profile.iter().sum::<f64>() / 24.0;
    let rates = profile.map(|multiplier| mean * multiplier / level);
    let local = study.starts_at.as_secs_f64() + offset_s;
    let starts_s = if local < 0.0 { local + DAY_S } else { local };
    // The mean over the run, minute by minute.
    let minutes = (study.horizon.as_secs_f64() / 60.0).ceil().max(1.0) as u64;
    let rate_in = |minute: u64| Sessions::interpolated(&rates, starts_s + 60.0 * minute as f64 + 30.0);
    let sum: f64 = (0..minutes).map(rate_in).sum();
    (sum / minutes as f64, Sessions::Daily { rates, starts_s })
}

fn profile(node: &Node) -> Result<[f64; 24], String> {
    let Value::List(items) = &node.value else {
        return Err(format!("expected a list of 24 numbers, found {}", node.value.kind()));
    };
    let numbers =
        items.iter().map(|item| PlainNumber::Within(0.0, 1e6).read("", item)).collect::<Result<Vec<f64>, String>>()?;
    let found = numbers.len();
    let profile = <[f64; 24]>::try_from(numbers)
        .map_err(|_| format!("must be 24 numbers, one for each full hour from 0 to 23, found {found}"))?;
    if profile == [0.0; 24] { Err("must not be 0 at all hours".to_owned()) } else { Ok(profile) }
}

/// Seconds that the clocks are ahead of UTC; negative if they are behind.
fn utc_offset(node: &Node) -> Result<f64, String> {
    let (behind, length) = match &node.value {
        Value::Text(text) if text.starts_with('-') => {
            let positive = Node { value: Value::Text(text[1..].to_owned()), origin: node.origin.clone() };
            (true, DURATION.read("", &positive)?)
        }
        _ => (false, DURATION.read("", node)?),
    };
    if length > FARTHEST {
        return Err(format!("{} is out of range; it must be from -14h to 14h", node.value.quoted()));
    }
    Ok(if behind { -length.as_secs_f64() } else { length.as_secs_f64() })
}

fn trace(table: &mut TableReader<'_>, study: Option<&StudyPlan>) -> (f64, Sessions) {
    let file = table
        .key(
            "trace",
            "instead of `rate`: a CSV file with a header line, below the scenario's folder, of at most 256 MiB. A row starts \
             `count` sessions (column `count`; without it, one) at `time_s` seconds after the start of the run; rows from the \
             horizon on are left out. A warning if there are such, if it falls silent for good before measured time ends, or \
             if no session starts while an incident lasts, or shortly before",
        )
        .required(printable_text("path"));
    let Some(horizon) = study.map(|study| study.horizon).filter(|_| table.is_sound(&["trace"]) && !table.is_listing())
    else {
        return (1.0, Sessions::Steady);
    };
    match table.log.read_data(&file, |data| times(data, &file, horizon)) {
        Ok((times, beyond)) => (times.len() as f64 / horizon.as_secs_f64(), Sessions::Trace { times, file, beyond }),
        Err(message) => {
            table.refuse("trace", message);
            (1.0, Sessions::Steady)
        }
    }
}

/// Reads the times before `horizon` in the CSV file `data`, ascending: column `time_s`, each as often as column `count` says;
/// and counts the later ones.
fn times(data: &mut DataReader, name: &str, horizon: SimDuration) -> Result<(Arc<[SimDuration]>, u64), String> {
    let name = quotation(name);
    let cannot = |error: &dyn std::fmt::Display| format!("cannot read {name}: {error}");
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(data);
    let headers = rows.headers().map_err(|error| cannot(&error))?.clone();
    let column = |wanted: &str| headers.iter().position(|header| header == wanted);
    let time_at = column("time_s").ok_or_else(|| format!("{name} has no column \"time_s\""))?;
    let count_at = column("count");
    let mut times = Vec::new();
    let mut beyond = 0_u64;
    for row in rows.records() {
        let row = row.map_err(|error| cannot(&error))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = row.get(time_at).unwrap_or("");
        // Nobody simulates a century, and a longer time would not fit.
        let time = cell.parse::<f64>().ok().filter(|time| (0.0..3e9).contains(time));
        // Nothing of the file is quoted: it may be none that the scenario should show.
        let wrong = |column: &str, what: &str| format!("{name} line {line}, column \"{column}\": expected {what}");
        let time = time.ok_or_else(|| wrong("time_s", "a time in seconds of zero or more"))?;
        let cell = count_at.map_or("1", |at| row.get(at).unwrap_or(""));
        let count = cell.parse::<u64>().map_err(|_| wrong("count", "a count"))?;
        if count.saturating_add(times.len() as u64) > MOST_SESSIONS {
            return Err(format!("{name} has more than {MOST_SESSIONS} sessions"));
        }
        let time = SimDuration::from_secs_f64(time);
        if time < horizon {
            times.extend(std::iter::repeat_n(time, count as usize));
        } else {
            beyond = beyond.saturating_add(count);
        }
    }
    if times.is_empty() {
        return Err(format!("{name} has no session before the horizon of {horizon}"));
    }
    times.sort();
    Ok((times.into(), beyond))
}
