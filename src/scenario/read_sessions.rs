//! Reads when sessions start: at a constant rate, by a daily profile, or as a trace says.

use std::sync::Arc;

use super::data_file::DataReader;
use super::document::{Node, Value};
use super::printable::quotation;
use super::reader::TableReader;
use super::values::{duration, number_within, printable_text, rate_up_to};
use super::{Sessions, StudyPlan};
use crate::units::SimDuration;

/// The most sessions of a trace.
const MOST_SESSIONS: u64 = 10_000_000;
const DAY_S: f64 = 86_400.0;
/// The farthest that clocks are from UTC.
const FARTHEST: SimDuration = SimDuration::from_secs(14 * 3_600);

/// Reads `sessions`: the mean rate over the run, and when they start. `study` is `None` if it had problems.
pub(super) fn sessions(geography: &mut TableReader<'_>, study: Option<&StudyPlan>) -> Option<(f64, Sessions)> {
    let mut table = geography.table("sessions")?;
    let found = if table.has("trace") {
        trace(&mut table, study)
    } else if table.has("daily_mean") || table.has("profile") {
        daily(&mut table, study)
    } else {
        table.required("rate", rate_up_to(1e6)).map(|rate| (rate, Sessions::Steady))
    };
    table.finish();
    found
}

fn daily(table: &mut TableReader<'_>, study: Option<&StudyPlan>) -> Option<(f64, Sessions)> {
    let mean = table.required("daily_mean", rate_up_to(1e6));
    let profile = table.required("profile", profile);
    let offset_s = table.or("utc_offset", 0.0, utc_offset);
    let (mean, profile, offset_s, study) = (mean?, profile?, offset_s?, study?);
    let level = profile.iter().sum::<f64>() / 24.0;
    let rates = profile.map(|multiplier| mean * multiplier / level);
    let local = study.starts_at.as_secs_f64() + offset_s;
    let starts_s = if local < 0.0 { local + DAY_S } else { local };
    // The mean over the run, minute by minute.
    let minutes = (study.horizon.as_secs_f64() / 60.0).ceil().max(1.0) as u64;
    let rate_in = |minute: u64| Sessions::interpolated(&rates, starts_s + 60.0 * minute as f64 + 30.0);
    let sum: f64 = (0..minutes).map(rate_in).sum();
    Some((sum / minutes as f64, Sessions::Daily { rates, starts_s }))
}

fn profile(node: &Node) -> Result<[f64; 24], String> {
    let Value::List(items) = &node.value else {
        return Err(format!("expected a list of 24 numbers, found {}", node.value.kind()));
    };
    let numbers = items.iter().map(number_within(0.0, 1e6)).collect::<Result<Vec<f64>, String>>()?;
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
            (true, duration(&positive)?)
        }
        _ => (false, duration(node)?),
    };
    if length > FARTHEST {
        return Err(format!("{} is out of range; it must be from -14h to 14h", node.value.quoted()));
    }
    Ok(if behind { -length.as_secs_f64() } else { length.as_secs_f64() })
}

fn trace(table: &mut TableReader<'_>, study: Option<&StudyPlan>) -> Option<(f64, Sessions)> {
    let file = table.required("trace", printable_text)?;
    let horizon = study?.horizon;
    match table.log.read_data(&file, |data| times(data, &file, horizon)) {
        Ok((times, beyond)) => {
            Some((times.len() as f64 / horizon.as_secs_f64(), Sessions::Trace { times, file, beyond }))
        }
        Err(message) => {
            table.problem("trace", message);
            None
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
