//! A baseline as text: four lines that say what it is of, the keys of the scenario, a table per design with a line per run, and
//! an end that seals it.
//!
//! `-` does not apply, `>` lies beyond the horizon, `#` begins a comment. Columns are set apart by blanks; how many is of no
//! account.

use std::fmt::Write;
use std::str::FromStr;

use super::parse_error::ParseError;
use super::{Baseline, BaselineRun, DesignRuns, seal};
use crate::scenario::{ResolvedSetting, quotation};
use crate::study::Observation;

const OPENING: &str = "\
# What this scenario gave when somebody last looked and said that it is good: every key of the scenario, then a line per run,
# with the headline metrics and a digest of everything else. Written by `firedrill check --save-baseline` and `firedrill
# bless`, and refused if it is edited; - does not apply, > beyond the horizon.
";

/// Heading before the keys of the scenario.
const RESOLVED: &str = "resolved scenario";

impl Baseline {
    /// The baseline as text, which [`FromStr`] reads back.
    pub fn to_text(&self) -> String {
        let mut text = OPENING.to_owned();
        let Baseline { version, scenario, hash, seed, .. } = self;
        let _ = write!(text, "\nfiredrill {version}\nscenario  {scenario}\nsha256    {hash}\nseed      {seed}\n");
        let _ = writeln!(text, "\n{RESOLVED}");
        for ResolvedSetting { key, value } in &self.settings {
            let _ = writeln!(text, "{key} = {value}");
        }
        for design in &self.designs {
            let _ = writeln!(text, "\ndesign {}", design.name);
            table(&self.metrics, &design.runs, &mut text);
        }
        text.push('\n');
        seal::seal(&mut text);
        text
    }
}

fn table(metrics: &[String], runs: &[BaselineRun], text: &mut String) {
    let header: Vec<String> =
        ["run".to_owned()].into_iter().chain(metrics.iter().cloned()).chain(["digest".to_owned()]).collect();
    let row = |run: &BaselineRun| -> Vec<String> {
        let values = run.values.iter().map(|&value| written(value));
        [run.run.to_string()].into_iter().chain(values).chain([run.digest.clone()]).collect()
    };
    let rows: Vec<Vec<String>> = [header].into_iter().chain(runs.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  "));
    }
}

fn written(observation: Observation) -> String {
    match observation {
        Observation::NotApplicable => "-".to_owned(),
        Observation::Censored => ">".to_owned(),
        Observation::CensoredAt(least) => format!(">{least}"),
        Observation::Value(value) => value.to_string(),
    }
}

fn read(word: &str) -> Option<Observation> {
    match word {
        "-" => Some(Observation::NotApplicable),
        ">" => Some(Observation::Censored),
        word => match word.strip_prefix('>') {
            Some(least) => number(least).map(Observation::CensoredAt),
            None => number(word).map(Observation::Value),
        },
    }
}

fn number(word: &str) -> Option<f64> {
    word.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The lines of a baseline that say something, with their numbers from 1.
type BaselineLines<'a> = std::iter::Peekable<Box<dyn Iterator<Item = (usize, &'a str)> + 'a>>;

impl FromStr for Baseline {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim_start_matches('\u{feff}');
        let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let said = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#') && !seal::is_end(line));
        let said: Box<dyn Iterator<Item = (usize, &str)>> = Box::new(said);
        let mut lines = said.peekable();
        let mut header = |key: &str| {
            let (line, found) = lines.next().unwrap_or((text.lines().count().max(1), "nothing"));
            let wrong = || malformed(line, format!("expected `{key} …`, found {}", quotation(found)));
            let value = found.strip_prefix(key).filter(|rest| rest.starts_with(' ')).ok_or_else(wrong)?;
            Ok((line, value.trim().to_owned()))
        };
        let ((_, version), (_, scenario), (_, hash)) = (header("firedrill")?, header("scenario")?, header("sha256")?);
        let (line, seed) = header("seed")?;
        let seed = seed.parse().map_err(|_| malformed(line, format!("{} is no seed", quotation(&seed))))?;
        // It is a baseline; whether it is whole comes before what its lines say.
        seal::check(text)?;
        let settings = read_settings(&mut lines)?;
        let mut metrics = Vec::new();
        let mut designs = Vec::new();
        while lines.peek().is_some() {
            let (columns, design) = read_design(&mut lines)?;
            metrics = columns;
            designs.push(design);
        }
        Ok(Baseline { version, scenario, hash, seed, settings, metrics, designs })
    }
}

fn malformed(line: usize, message: String) -> ParseError {
    ParseError::Malformed { line, message }
}

/// Reads the keys of the scenario, up to the first design.
fn read_settings(lines: &mut BaselineLines<'_>) -> Result<Vec<ResolvedSetting>, ParseError> {
    let (line, first) = lines.next().unwrap_or((1, "nothing"));
    if first != RESOLVED {
        return Err(malformed(line, format!("expected `{RESOLVED}`, found {}", quotation(first))));
    }
    let mut settings = Vec::new();
    while let Some((line, found)) = lines.next_if(|(_, line)| !line.starts_with("design ")) {
        let wrong = || malformed(line, format!("expected `key = value`, found {}", quotation(found)));
        let (key, value) = found.split_once(" = ").ok_or_else(wrong)?;
        settings.push(ResolvedSetting { key: key.to_owned(), value: value.to_owned() });
    }
    settings.sort();
    Ok(settings)
}

/// Reads `design NAME`, the header and the runs, up to the next design.
fn read_design(lines: &mut BaselineLines<'_>) -> Result<(Vec<String>, DesignRuns), ParseError> {
    let (line, first) = lines.next().expect("the caller has peeked");
    let name = first
        .strip_prefix("design ")
        .ok_or_else(|| malformed(line, format!("expected `design …`, found {}", quotation(first))))?;
    let (line, header) =
        lines.next().ok_or_else(|| malformed(line, "expected a header after the design".to_owned()))?;
    let columns: Vec<&str> = header.split_whitespace().collect();
    let ["run", metrics @ .., "digest"] = &columns[..] else {
        return Err(malformed(line, "expected a header from `run` to `digest`".to_owned()));
    };
    let mut runs = Vec::new();
    while let Some((line, row)) = lines.next_if(|(_, line)| !line.starts_with("design ")) {
        let words: Vec<&str> = row.split_whitespace().collect();
        if words.len() != columns.len() {
            return Err(malformed(line, format!("expected {} columns, found {}", columns.len(), words.len())));
        }
        let run = words[0].parse().map_err(|_| malformed(line, format!("{} is no run number", quotation(words[0]))))?;
        let value = |word: &&str| {
            read(word).ok_or_else(|| {
                malformed(
                    line,
                    format!("{} is no value; expected a number, `-`, `>` or `>` and a number", quotation(word)),
                )
            })
        };
        let values = words[1..words.len() - 1].iter().map(value).collect::<Result<_, _>>()?;
        runs.push(BaselineRun { run, values, digest: words[words.len() - 1].to_owned() });
    }
    let metrics = metrics.iter().map(|&metric| metric.to_owned()).collect();
    Ok((metrics, DesignRuns { name: name.trim().to_owned(), runs }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{baseline, study};
    use super::*;

    #[test]
    fn a_baseline_reads_back_as_it_was() {
        let mut baseline = baseline(&study(3, |run| 2 * run as u32));
        baseline.designs[0].runs[1].values[0] = Observation::Censored;
        baseline.designs[0].runs[2].values[0] = Observation::NotApplicable;
        baseline.designs[0].runs[2].values[1] = Observation::CensoredAt(600.5);
        let text = baseline.to_text();
        assert!(text.contains("\nresolved scenario\ndns.answer_ttl = 60s\nname = made-up\n\ndesign one\n"), "{text}");
        assert_eq!(text.parse::<Baseline>().unwrap(), baseline, "{text}");
        let on_windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(on_windows.parse::<Baseline>().unwrap(), baseline);
    }

    #[test]
    fn what_is_no_baseline_is_refused_by_line() {
        let refused = |text: &str| text.parse::<Baseline>().unwrap_err().to_string();
        assert_eq!(refused(""), r#"line 1: expected `firedrill …`, found "nothing""#);
        assert_eq!(refused("# so\nname = 1"), r#"line 2: expected `firedrill …`, found "name = 1""#);
        // Sealed, but with a row that has a column too many.
        let text = baseline(&study(1, |_| 0)).to_text().replace("\n  0  ", "\n  0  x  ");
        let mut broken = text.lines().take_while(|line| !seal::is_end(line)).map(|line| format!("{line}\n")).collect();
        seal::seal(&mut broken);
        let row = broken.lines().count() - 2;
        assert!(refused(&broken).starts_with(&format!("line {row}: expected ")), "{}", refused(&broken));
    }

    #[test]
    fn a_baseline_cut_at_any_line_is_refused() {
        let text = baseline(&study(3, |_| 0)).to_text();
        let lines: Vec<&str> = text.lines().collect();
        for kept in 0..lines.len() {
            assert!(lines[..kept].join("\n").parse::<Baseline>().is_err(), "the first {kept} lines");
        }
        assert!(lines.join("\n").parse::<Baseline>().is_ok());
    }

    #[test]
    fn an_edited_number_is_refused() {
        let text = baseline(&study(3, |_| 0)).to_text();
        assert_eq!(text.replace("60s", "90s").parse::<Baseline>(), Err(ParseError::Edited));
    }
}
