//! Opens every text on the terminal: the answer, by what ratio, what to know before it is relied on, what to fix first.
//!
//! The screen of a comparison takes as much of it as there is room for; a table has all of it.

use super::wrap::wrapped;
use crate::results::words::{self, share};
use crate::results::{DesignResults, Study, Warning, WaterfallStep};

/// Candidates that are named where several may cost as much.
const CANDIDATES: usize = 2;

/// Room for an advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// One line, if that is enough without the values of the settings.
    Line,
    /// As many lines as it takes.
    Lines,
}

/// Returns the whole opening of a table, about all designs.
pub(super) fn opening(study: &Study, facts: Vec<String>) -> Vec<String> {
    let all: Vec<usize> = (0..study.designs.len()).collect();
    let mut lines = headline(study);
    lines.extend(facts);
    lines.extend(ratios(study, &all).into_iter().flatten());
    lines.extend(stopped(study).into_iter().flatten());
    lines.extend(warnings(study, &all).into_iter().flatten());
    lines.extend(first_to_fix(study, &all, Room::Lines).into_iter().flatten());
    lines
}

/// Returns the answer in a sentence.
pub(super) fn headline(study: &Study) -> Vec<String> {
    wrapped("", &words::headline(study))
}

/// Returns how many times as much service each of the designs `shown` loses as the best one.
pub(super) fn ratios(study: &Study, shown: &[usize]) -> Vec<Vec<String>> {
    let is_shown = |name: &str| shown.iter().any(|&design| study.designs[design].name == name);
    let ratios = study.ratios.iter().filter(|ratio| is_shown(&ratio.than));
    ratios.map(|ratio| wrapped("", &ratio.sentence)).collect()
}

/// Says why no more runs were made, if their number was left to the results.
pub(super) fn stopped(study: &Study) -> Option<Vec<String>> {
    study.until.as_ref().map(|until| wrapped("", &format!("Stopped after {}.", until.sentence)))
}

/// Returns the warnings about designs that are `shown`, and those about the scenario.
pub(super) fn warnings(study: &Study, shown: &[usize]) -> Vec<Vec<String>> {
    let is_shown = |name: &String| shown.iter().any(|&design| study.designs[design].name == *name);
    let order = |warning: &&Warning| match warning.designs.iter().any(is_shown) {
        true => 0,
        false if warning.designs.is_empty() => 1,
        false => 2,
    };
    let mut warnings: Vec<&Warning> = study.warnings.iter().collect();
    // What concerns designs without a column alone is counted, and not shown.
    warnings.retain(|warning| order(warning) < 2);
    warnings.sort_by_key(order);
    warnings.into_iter().map(|warning| wrapped("", &format!("Warning: {}", warning.sentence))).collect()
}

/// Says what to fix first in each of the designs `shown`: `Fix first in active-active: undetected, 61 %
/// (dns.health_checks.interval = 10s)`; where others may cost as much, these too.
pub(super) fn first_to_fix(study: &Study, shown: &[usize], room: Room) -> Vec<Vec<String>> {
    // If no design was put to the test, the headline says so.
    let is_tested = study.designs.iter().any(|design| design.untested.is_none());
    shown.iter().filter(|_| is_tested).filter_map(|&design| of_design(&study.designs[design], room)).collect()
}

fn of_design(design: &DesignResults, room: Room) -> Option<Vec<String>> {
    let proviso = design.waterfall.lead.as_ref().map_or("", |lead| lead.standing.proviso());
    let first = |words: &str| wrapped("", &format!("Fix first in {}{proviso}: {words}", design.name));
    let Some(lead) = &design.waterfall.lead else {
        return design.untested.as_ref().map(|why| first(&format!("not put to the test, {why}")));
    };
    let steps: Vec<_> = lead.phases.iter().take(CANDIDATES).filter_map(|phase| design.waterfall.step(phase)).collect();
    let line = |has_value: bool| {
        // What several causes hang on is named once, behind the last.
        let has_other = |place: usize| steps[place + 1..].iter().all(|later| later.key != steps[place].key);
        let named = steps.iter().enumerate().map(|(place, step)| {
            let setting = setting(step, has_value).filter(|_| has_other(place)).map(|setting| format!(" ({setting})"));
            format!("{} {}{}", step.phase, share(step.share), setting.unwrap_or_default())
        });
        first(&named.collect::<Vec<_>>().join(" or "))
    };
    // A value that takes another line is in the report.
    let fits = |lines: &Vec<String>| room == Room::Lines || lines.len() == 1;
    Some(line(true)).filter(fits).or_else(|| Some(line(false)))
}

/// `dns.health_checks.interval = 10s`, or the key alone.
fn setting(step: &WaterfallStep, has_value: bool) -> Option<String> {
    if has_value { words::setting(step) } else { step.key.clone() }
}
