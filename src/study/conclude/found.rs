//! Where a condition tips, in words: the answer, how sure it is, and what was found at each value.

use crate::results::words::{counted, in_runs, value};
use crate::results::{AnswerKind, FIND_VERSION, FindResults, Found, StudyEstimate, TriedValue};
use crate::stats::{LEVEL, TooFewRuns};
use crate::study::judge::condition::Judgement;
use crate::study::statistics::attendance::Attendance;
use crate::study::vary::find::{TippingPoint, Tips};
use crate::study::vary::search::Search;

/// The mark on a search that was stopped before its end.
const PARTIAL: &str =
    "PARTIAL: stopped before the search was at its end; the answers are of the values tried until then";

impl Search {
    /// Draws every conclusion.
    pub fn conclude(&self) -> FindResults {
        let Search { subject, key, ends: [low, high], steps, condition, unit, on_downtime, .. } = self;
        FindResults {
            version: FIND_VERSION,
            scenario: subject.scenario.clone(),
            seed: subject.seed,
            runs: subject.runs,
            partial: self.is_partial.then(|| PARTIAL.to_owned()),
            level: LEVEL,
            key: key.clone(),
            low: low.clone(),
            high: high.clone(),
            steps: *steps,
            condition: condition.to_string(),
            unit: *unit,
            on_downtime: on_downtime.clone(),
            designs: self.designs.iter().map(|(name, point)| found(self, name, point)).collect(),
        }
    }
}

fn found(search: &Search, name: &str, point: &TippingPoint) -> Found {
    let (holds, fails) = match &point.answer {
        Tips::UpTo { holds, fails } | Tips::From { holds, fails } => (Some(holds.clone()), Some(fails.clone())),
        _ => (None, None),
    };
    let between = |(smaller, larger): &(String, String)| [smaller.clone(), larger.clone()];
    Found {
        design: name.to_owned(),
        answer: kind(&point.answer),
        sentence: answer(search, point),
        holds,
        fails,
        sure: point.sure().map(str::to_owned),
        rises: point.reversal.as_ref().map(|reversal| between(&reversal.rises)),
        falls: point.reversal.as_ref().map(|reversal| between(&reversal.falls)),
        notes: notes(search, point),
        tried: point.tried.iter().map(|(value, judged)| tried(search, value, judged)).collect(),
    }
}

fn tried(search: &Search, value: &str, judged: &Result<Judgement, TooFewRuns>) -> TriedValue {
    let found = judged.as_ref().ok();
    let refused = judged.as_ref().err();
    let interval = found.and_then(|judged| judged.interval);
    TriedValue {
        value: value.to_owned(),
        sentence: said(search, judged),
        measured: found.map(|judged| judged.measured),
        interval: interval.map(StudyEstimate::from),
        n: interval.map(|interval| interval.n).or(refused.map(|refused| refused.n)),
        runs_needed: refused.map(|refused| refused.needed),
        holds: found.map(|judged| judged.holds),
        clear: found.map(|judged| judged.is_clear),
        runs_unattended: found.map(|judged| judged.attendance.unattended),
    }
}

/// Returns the kind of an answer.
const fn kind(answer: &Tips) -> AnswerKind {
    match answer {
        Tips::UpTo { .. } => AnswerKind::UpTo,
        Tips::From { .. } => AnswerKind::From,
        Tips::Everywhere => AnswerKind::Everywhere,
        Tips::Nowhere => AnswerKind::Nowhere,
        Tips::NotMonotone => AnswerKind::NotMonotone,
        Tips::Unclear => AnswerKind::Unclear,
        Tips::Unknown => AnswerKind::TooFewRuns,
    }
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

/// Says how sure the answer is, and what speaks against it.
fn notes(search: &Search, point: &TippingPoint) -> Vec<String> {
    let mut notes: Vec<String> = confidence(point).into_iter().collect();
    let runs = search.subject.runs;
    if let Some(needed) =
        search.condition.runs_to_be_sure().filter(|needed| runs < *needed && !point.unclear().is_empty())
    {
        notes.push(format!(
            "with {} no interval of this share can be within the bound; that takes {needed} runs at least (--runs)",
            counted(runs, "run")
        ));
    }
    let is_untested = |judged: &Result<Judgement, TooFewRuns>| judged.is_ok_and(|one| !one.attendance.is_enough());
    let untested: Vec<&str> =
        point.tried.iter().filter(|(_, judged)| is_untested(judged)).map(|(value, _)| value.as_str()).collect();
    if !untested.is_empty() {
        notes.push(format!(
            "at {} too many runs saw no request meet the incident, and nothing can hold there",
            untested.join(", ")
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

/// Says how sure the answer is.
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

/// Says what was found at one value.
fn said(search: &Search, judged: &Result<Judgement, TooFewRuns>) -> String {
    let judged = match judged {
        Ok(judged) => judged,
        Err(refused) => {
            return format!("the metric applies to {}, and {} are needed", counted(refused.n, "run"), refused.needed);
        }
    };
    let verdict = if judged.holds { "holds" } else { "fails" };
    let Attendance { runs, unattended, .. } = judged.attendance;
    let measured = value(judged.measured, search.unit);
    if !judged.attendance.is_enough() {
        return format!("{verdict}: no request met the incident {} (measured {measured})", in_runs(unattended, runs));
    }
    let interval = judged.interval_words(search.unit).map_or_else(String::new, |interval| format!(" ({interval})"));
    let left_out = match unattended {
        0 => String::new(),
        _ => format!(
            "; left out: {}, in which no request met the incident",
            in_runs(unattended, runs).trim_start_matches("in ")
        ),
    };
    format!("{verdict}: {measured}{interval}{left_out}")
}
