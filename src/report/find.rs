//! What a search for a tipping point found: text for the terminal, `find.csv`, `find.json` and the receipt.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::wrap::paragraph;
use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::results::Found;
use crate::results::words::{exact, runs};
use crate::study::{Search, TippingPoint};

/// The mark on a search that was stopped before its end.
const PARTIAL: &str =
    "PARTIAL: stopped before the search was at its end; the answers are of the values tried until then";

/// What was found of each design, and every value tried.
pub fn find_text(search: &Search) -> String {
    let (subject, condition) = (&search.subject, &search.condition);
    let partial = if search.is_partial { format!("{PARTIAL}.\n") } else { String::new() };
    let mut text = partial;
    text +=
        &format!("{} such that {condition}: {} at each value, seed {}\n", search.key, runs(subject.runs), subject.seed);
    for note in &search.on_downtime {
        paragraph(&mut text, "", &format!("{note}."));
    }
    let found = search.found();
    let width = found.iter().flat_map(|one| &one.tried).map(|[value, _]| value.chars().count()).max().unwrap_or(0);
    for one in &found {
        text.push_str(&format!("\n{}: {}\n", one.design, one.sentence));
        for note in &one.notes {
            text.push_str(&format!("  {note}\n"));
        }
        for [tried, said] in &one.tried {
            text.push_str(&format!("  {tried:>width$}  {said}\n"));
        }
    }
    text
}

/// Writes `find.csv`, `find.json`, the text of the scenario and the receipt into `output`, and puts all in place.
///
/// # Errors
/// If a file cannot be written.
pub fn write_find(search: &Search, scenario: &str, mut output: OutputDir) -> Result<(), OutputError> {
    output.write("find.csv", |file| write_csv(search, file))?;
    output.write("find.json", |file| write_answers(search, file))?;
    output.write(super::SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    let files = output.files().clone();
    output.write(RECEIPT, |file| write_receipt(search, &files, file))?;
    output.commit()
}

/// A row for each design and value tried.
fn write_csv(search: &Search, mut file: impl Write) -> io::Result<()> {
    if search.is_partial {
        writeln!(file, "# {PARTIAL}")?;
    }
    let mut writer = csv::Writer::from_writer(file);
    let columns = "measured measured_censored low high level n runs_needed holds clear runs_unattended";
    writer.write_record(["design", &search.key].into_iter().chain(columns.split(' ')))?;
    let number = |value: f64| if value.is_finite() { exact(value) } else { String::new() };
    let flag = |flag: bool| u8::from(flag).to_string();
    for (name, point) in &search.designs {
        for (tried, judged) in &point.tried {
            let fields = match judged {
                Ok(judged) => {
                    let interval = judged.interval;
                    [
                        number(judged.measured),
                        flag(judged.measured.is_infinite()),
                        interval.map_or_else(String::new, |interval| number(interval.low)),
                        interval.map_or_else(String::new, |interval| number(interval.high)),
                        interval.map_or_else(String::new, |interval| exact(interval.level)),
                        interval.map_or_else(String::new, |interval| interval.n.to_string()),
                        String::new(),
                        flag(judged.holds),
                        flag(judged.is_clear),
                        judged.attendance.unattended.to_string(),
                    ]
                }
                Err(refused) => {
                    let mut fields = [const { String::new() }; 10];
                    (fields[5], fields[6]) = (refused.n.to_string(), refused.needed.to_string());
                    fields
                }
            };
            writer.write_record([name.clone(), tried.clone()].into_iter().chain(fields))?;
        }
    }
    writer.flush()
}

/// The answer of each design.
fn write_answers(search: &Search, mut file: impl Write) -> io::Result<()> {
    let design = |(found, (_, point)): (&Found, &(String, TippingPoint))| {
        serde_json::json!({
            "design": found.design,
            "answer": found.answer,
            "sentence": found.sentence,
            "holds": found.ends.as_ref().map(|[holds, _]| holds),
            "fails": found.ends.as_ref().map(|[_, fails]| fails),
            "sure": found.sure,
            "rises": point.reversal.as_ref().map(|reversal| &reversal.rises),
            "falls": point.reversal.as_ref().map(|reversal| &reversal.falls),
            "notes": found.notes,
        })
    };
    let found = search.found();
    let mut answers = serde_json::json!({
        "scenario": search.subject.scenario,
        "key": search.key,
        "condition": search.condition.to_string(),
        "on_downtime": search.on_downtime,
        "designs": found.iter().zip(&search.designs).map(design).collect::<Vec<_>>(),
    });
    if search.is_partial {
        answers["partial"] = PARTIAL.into();
    }
    writeln!(file, "{answers:#}")
}

/// What to run to get the same files again.
fn write_receipt(search: &Search, files: &BTreeMap<String, String>, mut file: impl Write) -> io::Result<()> {
    let subject = &search.subject;
    // The last setting is the value of the key.
    let settings = &subject.settings[..subject.settings.len().saturating_sub(1)];
    let mut receipt = serde_json::json!({
        "firedrill": env!("CARGO_PKG_VERSION"),
        "scenario": subject.scenario,
        "scenario_sha256": search.hashes,
        "seed": subject.seed,
        "runs": subject.runs,
        "designs": search.designs.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "settings": settings,
        "key": search.key,
        "low": search.ends[0],
        "high": search.ends[1],
        "such_that": search.condition.to_string(),
        "steps": search.steps,
        "files": files,
    });
    if search.is_partial {
        receipt["partial"] = true.into();
    }
    writeln!(file, "{receipt:#}")
}
