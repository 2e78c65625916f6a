//! Writes the results of a search for a tipping point: text, Markdown, `find.csv`, `find.json` and the receipt.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::wrap::paragraph;
use crate::output::{OutputDir, OutputError, RECEIPT};
use crate::results::words::{exact, markdown_cell, markdown_code, runs};
use crate::results::{FindResults, Found, TriedValue};
use crate::study::Search;

/// Returns the answer for each design, and every value tried, for the terminal.
pub fn find_text(results: &FindResults) -> String {
    let mut text = results.partial.as_ref().map_or_else(String::new, |partial| format!("{partial}.\n"));
    let FindResults { key, condition, seed, .. } = results;
    let _ = writeln!(text, "{key} such that {condition}: {} at each value, seed {seed}", runs(results.runs));
    for note in &results.on_downtime {
        paragraph(&mut text, "", &format!("{note}."));
    }
    let tried = || results.designs.iter().flat_map(|one| &one.tried);
    let width = tried().map(|one| one.value.chars().count()).max().unwrap_or(0);
    for one in &results.designs {
        let _ = writeln!(text, "\n{}: {}", one.design, one.sentence);
        for note in &one.notes {
            let _ = writeln!(text, "  {note}");
        }
        for TriedValue { value, sentence, .. } in &one.tried {
            let _ = writeln!(text, "  {value:>width$}  {sentence}");
        }
    }
    text
}

/// The same as Markdown, for a job summary or a comment.
pub fn find_markdown(results: &FindResults) -> String {
    let FindResults { scenario, key, condition, seed, .. } = results;
    let mut text =
        format!("## {}: {} such that {}\n\n", markdown_cell(scenario), markdown_cell(key), markdown_code(condition));
    if let Some(partial) = &results.partial {
        let _ = writeln!(text, "**{}.**\n", markdown_cell(partial));
    }
    let ends = [&results.low, &results.high].map(|end| markdown_cell(end));
    let _ = writeln!(text, "{} at each value from {} to {}, seed {seed}.", runs(results.runs), ends[0], ends[1]);
    for note in &results.on_downtime {
        let _ = writeln!(text, "\n{}.", markdown_cell(note));
    }
    results.designs.iter().for_each(|one| design(key, one, &mut text));
    text
}

/// One design: its answer, what is to be said of that, and a table of the values tried.
fn design(key: &str, found: &Found, text: &mut String) {
    let _ = writeln!(text, "\n### {}: {}\n", markdown_cell(&found.design), markdown_cell(&found.sentence));
    for note in &found.notes {
        let _ = writeln!(text, "- {}", markdown_cell(note));
    }
    let _ = writeln!(text, "\n| {} | found |\n|---|---|", markdown_cell(key));
    for TriedValue { value, sentence, .. } in &found.tried {
        let _ = writeln!(text, "| {} | {} |", markdown_cell(value), markdown_cell(sentence));
    }
}

/// Writes `find.csv`, `find.json`, the text of the scenario and the receipt into `output`, and puts all in place.
///
/// # Errors
/// If a file cannot be written.
pub fn write_find(
    search: &Search,
    results: &FindResults,
    scenario: &str,
    mut output: OutputDir,
) -> Result<(), OutputError> {
    output.write("find.csv", |file| write_csv(results, file))?;
    output.write("find.json", |file| file.write_all(results.to_json().as_bytes()))?;
    output.write(super::file_names::SCENARIO, |file| file.write_all(scenario.as_bytes()))?;
    let files = output.files().clone();
    output.write(RECEIPT, |file| write_receipt(search, &files, file))?;
    output.commit()
}

/// A row for each design and value tried.
fn write_csv(results: &FindResults, mut file: impl Write) -> io::Result<()> {
    if let Some(partial) = &results.partial {
        writeln!(file, "# {partial}")?;
    }
    let mut writer = csv::Writer::from_writer(file);
    let columns = "measured measured_censored low high level n runs_needed holds clear runs_unattended";
    writer.write_record(["design", &results.key].into_iter().chain(columns.split(' ')))?;
    let number = |value: f64| if value.is_finite() { exact(value) } else { String::new() };
    let flag = |flag: Option<bool>| flag.map_or_else(String::new, |flag| u8::from(flag).to_string());
    let count = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
    for one in &results.designs {
        for tried in &one.tried {
            let interval = tried.interval.as_ref();
            let fields = [
                one.design.clone(),
                tried.value.clone(),
                tried.measured.map_or_else(String::new, number),
                flag(tried.measured.map(f64::is_infinite)),
                interval.map_or_else(String::new, |interval| number(interval.low)),
                interval.map_or_else(String::new, |interval| number(interval.high)),
                interval.map_or_else(String::new, |_| exact(results.level)),
                count(tried.n),
                count(tried.runs_needed),
                flag(tried.holds),
                flag(tried.clear),
                count(tried.runs_unattended),
            ];
            writer.write_record(fields)?;
        }
    }
    writer.flush()
}

/// Writes the command that makes the same files again.
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
