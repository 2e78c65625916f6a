//! Reads expectations. Metrics and statistics are known elsewhere, so their places are kept for a later check.

use super::problem::Place;
use super::read_world::{Names, unknown};
use super::reader::TableReader;
use super::values::{number, number_within, share, text};
use super::{Bound, Expectation, ObjectiveKind, Objectives};

/// No design is expected to have more than so many times as much as another.
const MOST_TIMES: f64 = 1e12;

/// Where an expectation names its metric (or its phase) and its statistic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationPlaces {
    /// The place of `metric`, of `first_phase` or of `objective`.
    pub metric: Place,
    /// The place of `stat`; that of the whole expectation if it has none.
    pub stat: Place,
    /// The place of the whole expectation.
    pub whole: Place,
}

/// Reads `[[expect]]`.
pub(super) fn expectations(
    root: &mut TableReader<'_>,
    names: &Names,
    objectives: Option<&Objectives>,
) -> Option<(Vec<Expectation>, Vec<ExpectationPlaces>)> {
    let mut found = (Vec::new(), Vec::new());
    let mut complete = true;
    for mut table in root.listed_tables("expect") {
        let read = if table.has("better") || table.has("than") {
            better(&mut table, names)
        } else if table.has("objective") {
            objective(&mut table, names, objectives)
        } else if table.has("first_phase") {
            first_phase(&mut table, names)
        } else {
            within(&mut table, names)
        };
        let metric = ["first_phase", "objective"].into_iter().find(|key| table.has(key)).unwrap_or("metric");
        table.finish();
        match read {
            Some(expectation) => {
                found.0.push(expectation);
                let (metric, stat, whole) = (table.place(metric), table.place("stat"), table.whole());
                found.1.push(ExpectationPlaces { metric, stat, whole });
            }
            None => complete = false,
        }
    }
    complete.then_some(found)
}

fn design(table: &mut TableReader<'_>, key: &'static str, names: &Names) -> Option<String> {
    table.required(key, |node| {
        let name = text(node)?;
        if names.designs.contains(&name) { Ok(name) } else { Err(unknown("design", &name, &names.designs)) }
    })
}

fn better(table: &mut TableReader<'_>, names: &Names) -> Option<Expectation> {
    let better = design(table, "better", names);
    let than = design(table, "than", names);
    let metric = table.required("metric", text);
    let times = table.optional("times", number_within(1.0, MOST_TIMES))?;
    // Of `times`, no share of runs is asked.
    let share = if times.is_none() { table.required("share", share) } else { None };
    let (better, than) = (better?, than?);
    if better == than {
        table.problem("than", format!("{than:?} cannot be better than itself"));
        return None;
    }
    let metric = metric?;
    match times {
        Some(times) => Some(Expectation::Times { better, than, metric, times }),
        None => Some(Expectation::Better { better, than, metric, share: share? }),
    }
}

fn objective(table: &mut TableReader<'_>, names: &Names, stated: Option<&Objectives>) -> Option<Expectation> {
    let design = design(table, "design", names);
    let objective = table.required("objective", |node| {
        let (kind, key) = match text(node)?.as_str() {
            "rto" => (ObjectiveKind::Rto, "rto"),
            "rpo" => (ObjectiveKind::Rpo, "rpo"),
            _ => return Err(format!("{} is no objective; allowed: \"rto\", \"rpo\"", node.value.quoted())),
        };
        let missing = || format!("{key:?} is not stated; state it as objectives.{key}");
        if stated.is_none_or(|stated| stated.get(kind).is_some()) { Ok(kind) } else { Err(missing()) }
    });
    let share = table.required("share", share);
    Some(Expectation::Objective { design: design?, objective: objective?, share: share? })
}

fn first_phase(table: &mut TableReader<'_>, names: &Names) -> Option<Expectation> {
    let design = design(table, "design", names);
    let phase = table.required("first_phase", text);
    Some(Expectation::FirstPhase { design: design?, phase: phase? })
}

fn within(table: &mut TableReader<'_>, names: &Names) -> Option<Expectation> {
    let design = design(table, "design", names);
    let metric = table.required("metric", text);
    let stat = table.required("stat", text);
    let (min, max) = (table.optional("min", number)?, table.optional("max", number)?);
    match (min, max) {
        (None, None) => {
            table.problem("max", "is missing: an expectation needs `min` or `max`, or both");
            return None;
        }
        (Some(min), Some(max)) if min > max => {
            table.problem("max", format!("{max} is below min = {min}"));
            return None;
        }
        _ => {}
    }
    Some(Expectation::Within { design: design?, metric: metric?, stat: stat?, bound: Bound { min, max } })
}
