//! `firedrill find`: the largest or smallest value of a key with which a condition still holds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, value_parser};

use super::sweep::SweepOptions;
use super::{CliError, ExitStatus, interrupt, print};
use crate::report::format;
use crate::study::{Condition, Judgement, Range, StudyOutcome, TippingPoint, Tips, Unit, tipping_point};

const EXAMPLES: &str = "\
Examples:
  firedrill find drill.toml --vary dns.answer_ttl=5s..1h --such-that 'share(downtime_s > 300) < 1%'
  firedrill find drill.toml --vary regions.west.app.instances=1..20 --such-that 'p95(lost_service_s) < 2m'

Statistics are mean, min, max, a quantile such as p95, and the share of runs. Each design is searched by
itself, under the same visitors and faults at every value.";

/// Arguments of `firedrill find`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FindArgs {
    /// Scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// A key and the two ends of what it may be, as in `dns.answer_ttl=5s..1h`
    #[arg(long = "vary", value_name = "KEY=LOW..HIGH", help_heading = "What to run")]
    vary: String,

    /// What must hold, as in `share(downtime_s > 300) < 1%`
    #[arg(long, value_name = "CONDITION", help_heading = "What to run")]
    such_that: String,

    /// Most halvings after a first look at five values
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = value_parser!(u32).range(1..=30), help_heading = "How")]
    steps: u32,

    #[command(flatten)]
    options: SweepOptions,
}

/// Searches for each design and prints what was found.
///
/// # Errors
/// If the input makes no sense or a study could not be carried out.
pub(crate) fn run(args: &FindArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let range: Range = args.vary.parse().map_err(|error| CliError::Usage(format!("--vary {error}")))?;
    let condition: Condition =
        args.such_that.parse().map_err(|error| CliError::Usage(format!("--such-that {error}")))?;
    // Both ends are checked before anything is run, and so is the metric.
    let ends = [range.at(0.0), range.at(1.0)];
    let keys = [range.key.clone()];
    for end in &ends {
        let job = args.options.at(&args.scenario, &keys, std::slice::from_ref(end))?;
        job.knows(&condition.metric)?;
    }
    let mut outcomes: BTreeMap<String, StudyOutcome> = BTreeMap::new();
    let mut study_at = |value: &str| -> Result<StudyOutcome, CliError> {
        if let Some(outcome) = outcomes.get(value) {
            return Ok(outcome.clone());
        }
        if !args.options.quiet {
            print::note(&format!("{}={value}", range.key));
        }
        let job = args.options.at(&args.scenario, &keys, &[value.to_owned()])?;
        let outcome = job.run(|_| (), &interrupted)?;
        outcomes.insert(value.to_owned(), outcome.clone());
        Ok(outcome)
    };
    let first = study_at(&ends[0])?;
    let mut text = format!(
        "{} such that {condition}: {} runs at each value, seed {}\n",
        range.key, first.subject.runs, first.subject.seed
    );
    let mut has_answer = true;
    for design in 0..first.designs.len() {
        let judge =
            |value: &str| study_at(value).map(|outcome| condition.judge(&outcome.designs[design], &outcome.metrics));
        let point = tipping_point(&range, args.steps, judge)?;
        has_answer &= !matches!(point.answer, Tips::Nowhere | Tips::NotMonotone | Tips::Unknown);
        text.push_str(&described(&first, design, &range.key, &condition, &point));
    }
    print::result(&text)?;
    Ok(if has_answer { ExitStatus::Good } else { ExitStatus::ExpectationNotMet })
}

/// What was found of one design, and every value tried.
fn described(first: &StudyOutcome, design: usize, key: &str, condition: &Condition, point: &TippingPoint) -> String {
    let answer = match &point.answer {
        Tips::UpTo { holds, fails } => format!("the largest {key} that holds is {holds}; {fails} fails"),
        Tips::From { holds, fails } => format!("the smallest {key} that holds is {holds}; {fails} fails"),
        Tips::Everywhere => format!("it holds with every {key} tried"),
        Tips::Nowhere => format!("it holds with no {key} tried"),
        Tips::NotMonotone => {
            "it is not monotone: it holds, fails and holds again, so there is no one answer".to_owned()
        }
        Tips::Unknown => "the runs are too few, or the metric does not apply, at some value".to_owned(),
    };
    let mut text = format!("\n{}: {answer}\n", first.designs[design].name);
    if matches!(point.answer, Tips::UpTo { .. } | Tips::From { .. }) {
        text.push_str(&format!("  with confidence: {}\n", confident(point)));
    }
    for (value, judged) in &point.tried {
        let said = judged.map_or_else(|| "too few runs".to_owned(), |judged| said(first, condition, judged));
        text.push_str(&format!("  {value:>14}  {said}\n"));
    }
    text
}

/// The value nearest to the tipping point of which the whole interval holds.
fn confident(point: &TippingPoint) -> String {
    let is_clear = |judged: &Option<Judgement>| judged.is_some_and(|judged| judged.holds && judged.is_clear);
    let mut clear = point.tried.iter().filter(|(_, judged)| is_clear(judged)).map(|(value, _)| value);
    let nearest = if matches!(point.answer, Tips::UpTo { .. }) { clear.next_back() } else { clear.next() };
    nearest.map_or_else(
        || "at no value tried is the whole interval within the bound; more runs would narrow it".to_owned(),
        |value| format!("at {value} the whole 95 % interval is within the bound"),
    )
}

fn said(first: &StudyOutcome, condition: &Condition, judged: Judgement) -> String {
    let metric = first.metrics.all().iter().find(|metric| metric.name == condition.metric);
    let unit = if condition.is_share() { Unit::Share } else { metric.map_or(Unit::Count, |metric| metric.unit) };
    let verdict = if judged.holds { "holds" } else { "fails" };
    let interval = judged.interval.map_or_else(String::new, |interval| {
        let clear = if judged.is_clear { "" } else { ", not clear of the bound" };
        format!(
            " (95 % interval {} to {}{clear})",
            format::value(interval.low, unit),
            format::value(interval.high, unit)
        )
    });
    format!("{verdict}: {}{interval}", format::value(judged.measured, unit))
}
