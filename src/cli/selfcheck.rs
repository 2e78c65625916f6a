//! `firedrill selfcheck`: compares the simulator with closed forms, a line each.

use std::fmt::Write;

use clap::{Args, ValueEnum};

use super::error::CliError;
use super::exit::ExitStatus;
use super::print;
use crate::selfcheck::{CLOSED_FORMS, Comparison, Effort, MOST_STANDARD_ERRORS};

const EXAMPLES: &str = "\
Examples:
  firedrill selfcheck
  firedrill selfcheck C4 C7
  firedrill selfcheck --thorough --format markdown

Seeds are fixed: the same build prints the same bytes on every machine.
Exit status: 0 every closed form holds, 1 one does not, 3 one cannot be simulated at all.";

/// Arguments of `firedrill selfcheck`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SelfcheckArgs {
    /// Only these closed forms, as in C7 (default: all)
    #[arg(value_name = "FORM")]
    forms: Vec<String>,

    /// Twenty times the work, for standard errors under 1 % instead of 5 %; takes a minute or so
    #[arg(long)]
    thorough: bool,

    /// Format of the table on stdout
    #[arg(long, value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

/// Format of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    /// Aligned columns
    Text,
    /// One JSON document
    Json,
    /// A Markdown table, as in docs/verification.md
    Markdown,
}

/// Makes every comparison.
///
/// # Errors
/// If a closed form cannot be simulated or stdout cannot be written. One that does not hold is an exit status.
pub(crate) fn run(args: &SelfcheckArgs) -> Result<ExitStatus, CliError> {
    let effort = if args.thorough { Effort::Thorough } else { Effort::Quick };
    let known = || CLOSED_FORMS.iter().map(|form| form.id);
    if let Some(unknown) = args.forms.iter().find(|form| !known().any(|known| known == **form)) {
        let known: Vec<_> = known().collect();
        return Err(CliError::Usage(format!("no closed form is called {unknown:?}; known: {}", known.join(", "))));
    }
    let mut comparisons = Vec::new();
    for form in CLOSED_FORMS.iter().filter(|form| args.forms.is_empty() || args.forms.iter().any(|id| id == form.id)) {
        comparisons.extend(form.compare(effort)?);
    }
    let text = match args.format {
        TableFormat::Text => text(&comparisons),
        TableFormat::Json => json(&comparisons),
        TableFormat::Markdown => markdown(&comparisons),
    };
    print::result(&text)?;
    Ok(status(&comparisons))
}

fn status(comparisons: &[Comparison]) -> ExitStatus {
    let good = comparisons.iter().all(Comparison::holds);
    if good { ExitStatus::Good } else { ExitStatus::ExpectationNotMet }
}

fn text(comparisons: &[Comparison]) -> String {
    let mut text = line("form", "what", ["simulated", "exact", "off by", "std err"], "");
    for comparison in comparisons {
        let [simulated, exact, off, error] = comparison.evidence.cells();
        let draw = if comparison.holds() { "✓" } else { "✗" };
        let Comparison { form, what, .. } = comparison;
        text.push_str(&line(form, what, [&simulated, &exact, &off, &error], draw));
    }
    let wrong = comparisons.iter().filter(|comparison| !comparison.holds()).count();
    let all = comparisons.len();
    let _ = match wrong {
        0 => writeln!(
            text,
            "\nall {all} comparisons hold: each mean is within {MOST_STANDARD_ERRORS} standard errors of the exact value"
        ),
        _ => writeln!(text, "\n{wrong} of {all} comparisons do not hold: this build of firedrill is not to be trusted"),
    };
    text
}

/// A line of under a hundred columns.
fn line(form: &str, what: &str, [simulated, exact, off, error]: [&str; 4], draw: &str) -> String {
    let line = format!("{form:4}  {what:50} {simulated:>11} {exact:>9} {off:>6} {error:>7}  {draw}");
    format!("{}\n", line.trim_end())
}

fn json(comparisons: &[Comparison]) -> String {
    let rows: Vec<serde_json::Value> = comparisons
        .iter()
        .map(|comparison| {
            let mut row = serde_json::to_value(comparison).expect("a comparison has text keys only");
            row["off_by_standard_errors"] = comparison.evidence.off().into();
            row["holds"] = comparison.holds().into();
            row
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&rows).expect("values can be written");
    text.push('\n');
    text
}

fn markdown(comparisons: &[Comparison]) -> String {
    let mut text = String::from(
        "| closed form | simulated | exact | difference, in standard errors | standard error |\n|---|---|---|---|---|\n",
    );
    for comparison in comparisons {
        let [simulated, exact, off, error] = comparison.evidence.cells();
        let draw = if comparison.holds() { "" } else { " **does not hold**" };
        let Comparison { form, what, .. } = comparison;
        let _ = writeln!(text, "| {form}: {what}{draw} | {simulated} | {exact} | {off} | {error} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunFailure;
    use crate::selfcheck::{Evidence, Failure};
    use crate::units::SimTime;

    fn wait(simulated: f64) -> Comparison {
        let evidence = Evidence::Mean { simulated, exact: 4.0, standard_error: 0.02, widest: 0.01 };
        Comparison { form: "C1", what: "wait".to_owned(), evidence }
    }

    #[test]
    fn one_that_does_not_hold_is_marked_counted_and_ends_with_status_1() {
        let comparisons = [wait(4.01), wait(4.2)];
        assert_eq!(status(&comparisons) as u8, 1);
        let text = text(&comparisons);
        assert_eq!((text.matches('✓').count(), text.matches('✗').count()), (1, 1), "{text}");
        assert!(
            text.ends_with("1 of 2 comparisons do not hold: this build of firedrill is not to be trusted\n"),
            "{text}"
        );
        assert!(
            markdown(&comparisons).contains("| C1: wait **does not hold** | 4.200000 | 4.000000 | +10.00 | 0.50 % |")
        );
        let json: serde_json::Value = serde_json::from_str(&json(&comparisons)).unwrap();
        assert_eq!((&json[0]["holds"], &json[1]["holds"]), (&true.into(), &false.into()));
        assert_eq!(status(&comparisons[..1]) as u8, 0);
    }

    #[test]
    fn a_form_that_cannot_be_simulated_ends_with_status_3() {
        let failure = RunFailure::Broken { what: "a clock that went back".to_owned(), at: SimTime::ZERO };
        let error = CliError::from(Failure::Run { run: 7, failure });
        assert_eq!(
            (error.exit_status() as u8, error.to_string().as_str()),
            (3, "run 7 of a closed form failed, please report it")
        );
    }
}
