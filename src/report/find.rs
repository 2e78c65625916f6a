//! What a search for a tipping point found: text for the terminal, `find.csv`, `find.json` and the receipt.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::format::{exact, value};
use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::stats::TooFewRuns;
use crate::study::{Judgement, Search, TippingPoint, Tips};

/// What is said of a search that was stopped before its end.
const PARTIAL: &str =
    "PARTIAL: stopped before the search was at its end; the answers are of the values tried until then";

/// What was found of each design, and every value tried.
pub fn find_text(search: &Search) -> String {
    let (subject, condition) = (&search.subject, &search.condition);
    let partial = if search.is_partial { format!("{PARTIAL}.\n") } else { String::new() };
    let mut text = partial;
    text +=
        &format!("{} such that {condition}: {} runs at each value, seed {}\n", search.key, subject.runs, subject.seed);
    let tried = search.designs.iter().flat_map(|(_, point)| &point.tried);
    let width = tried.map(|(value, _)| value.chars().count()).max().unwrap_or(0);
    for (name, point) in &search.designs {
        text.push_str(&format!("\n{name}: {}\n", answer(search, point)));
        for note in notes(search, point) {
            text.push_str(&format!("  {note}\n"));
        }
        for (tried, judged) in &point.tried {
            text.push_str(&format!("  {tried:>width$}  {}\n", said(search, judged)));
        }
    }
    text
}

/// The answer in a sentence.
fn answer(search: &Search, point: &TippingPoint) -> String {
    let key = &search.key;
    match &point.answer {
        Tips::UpTo { holds, fails } => format!("the largest {key} that holds is {holds}; {fails} fails"),
        Tips::From { holds, fails } => format!("the smallest {key} that holds is {holds}; {fails} fails"),
        Tips::Everywhere => format!("it holds with every {key} tried"),
        Tips::Nowhere => format!("it holds with no {key} tried"),
        Tips::NotMonotone => "not monotone: it holds, fails and holds again, so there is no one answer".to_owned(),
        Tips::Unclear => format!(
            "there is no answer: which {key} holds changes to and fro, and that may be chance; more runs would tell"
        ),
        Tips::Unknown => "there is no answer: the metric applies to too few runs at some value".to_owned(),
    }
}

/// How sure the answer is, and what speaks against it.
fn notes(search: &Search, point: &TippingPoint) -> Vec<String> {
    let mut notes: Vec<String> = confidence(point).into_iter().collect();
    let runs = search.subject.runs;
    if let Some(needed) =
        search.condition.runs_to_be_sure().filter(|needed| runs < *needed && !point.unclear().is_empty())
    {
        notes.push(format!(
            "with {runs} runs no interval of this share can be within the bound; that takes {needed} runs at least (--runs)"
        ));
    }
    let tips = matches!(point.answer, Tips::UpTo { .. } | Tips::From { .. });
    if let Some(reversal) = &point.reversal {
        let (rises, falls) = (&reversal.rises, &reversal.falls);
        notes.push(format!(
            "not monotone: what is measured surely rises from {} to {} and falls from {} to {}; between the values tried \
             it may hold or fail otherwise",
            rises.0, rises.1, falls.0, falls.1
        ));
    } else if tips && point.changes() > 1 {
        notes.push("beyond the value that fails it holds again at some, by no more than chance may do".to_owned());
    }
    notes
}

/// How sure the answer is.
fn confidence(point: &TippingPoint) -> Option<String> {
    let side = match (&point.answer, point.sure()) {
        (Tips::UpTo { .. }, Some(value)) => {
            return Some(format!(
                "with confidence up to {value}: at every value tried up to there the whole 95 % interval is within the bound"
            ));
        }
        (Tips::From { .. }, Some(value)) => {
            return Some(format!(
                "with confidence from {value} on: at every value tried from there on the whole 95 % interval is within the bound"
            ));
        }
        (Tips::UpTo { .. } | Tips::From { .. }, None) => {
            return Some(
                "with confidence nowhere: even at the end at which it holds the interval is not clear of the bound; more runs \
                 would narrow it"
                    .to_owned(),
            );
        }
        (Tips::Everywhere, _) => "within",
        (Tips::Nowhere, _) => "beyond",
        (Tips::NotMonotone | Tips::Unclear | Tips::Unknown, _) => return None,
    };
    let unclear = point.unclear();
    Some(match unclear.len() {
        0 => format!("with confidence: at every value tried the whole 95 % interval is {side} the bound"),
        all if all == point.tried.len() => {
            format!("without confidence: at no value tried is the whole 95 % interval {side} the bound")
        }
        _ => format!(
            "with confidence except at {}: everywhere else the whole 95 % interval is {side} the bound",
            unclear.join(", ")
        ),
    })
}

/// What was found at one value.
fn said(search: &Search, judged: &Result<Judgement, TooFewRuns>) -> String {
    let judged = match judged {
        Ok(judged) => judged,
        Err(refused) => return format!("the metric applies to {} runs, and {} are needed", refused.n, refused.needed),
    };
    let verdict = if judged.holds { "holds" } else { "fails" };
    let interval = judged.interval_words(search.unit).map_or_else(String::new, |interval| format!(" ({interval})"));
    format!("{verdict}: {}{interval}", value(judged.measured, search.unit))
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
    let columns = "measured measured_censored low high level n runs_needed holds clear";
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
                    ]
                }
                Err(refused) => {
                    let mut fields = [const { String::new() }; 9];
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
    let design = |(name, point): &(String, TippingPoint)| {
        let (kind, ends) = match &point.answer {
            Tips::UpTo { holds, fails } => ("up_to", Some((holds, fails))),
            Tips::From { holds, fails } => ("from", Some((holds, fails))),
            Tips::Everywhere => ("everywhere", None),
            Tips::Nowhere => ("nowhere", None),
            Tips::NotMonotone => ("not_monotone", None),
            Tips::Unclear => ("unclear", None),
            Tips::Unknown => ("too_few_runs", None),
        };
        serde_json::json!({
            "design": name,
            "answer": kind,
            "sentence": answer(search, point),
            "holds": ends.map(|(holds, _)| holds),
            "fails": ends.map(|(_, fails)| fails),
            "sure": point.sure(),
            "rises": point.reversal.as_ref().map(|reversal| &reversal.rises),
            "falls": point.reversal.as_ref().map(|reversal| &reversal.falls),
            "notes": notes(search, point),
        })
    };
    let mut answers = serde_json::json!({
        "scenario": search.subject.scenario,
        "key": search.key,
        "condition": search.condition.to_string(),
        "designs": search.designs.iter().map(design).collect::<Vec<_>>(),
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
