//! What whoever reads the results must know before they rely on them.

use crate::results::words::{in_runs, listed};
use crate::scenario::REQUESTS_PER_WINDOW;
use crate::study::{Attendance, Edges, StudyOutcome};

/// Returns the warnings, a sentence each: downtime on the edge, windows with too few requests, incidents that nobody met.
pub(super) fn warnings(outcome: &StudyOutcome, edges: &Edges) -> Vec<String> {
    let mut warnings = Vec::new();
    let pairs = edges.pairs.iter().map(|edge| format!("Downtime of {} against {}: {edge}", edge.first, edge.second));
    warnings.extend(pairs);
    let in_pair = |name: &str| edges.pairs.iter().any(|edge| edge.first == name || edge.second == name);
    let alone = edges.designs.iter().filter(|edge| !in_pair(&edge.design));
    warnings.extend(alone.map(|edge| format!("Downtime of {}: {edge}", edge.design)));
    // Windows chosen by default hold as many requests as a default can; how many is said where windows are.
    let is_chosen = outcome.scenario.study.window.is_some();
    let sparse = outcome.subject.sparse_windows.filter(|sparse| is_chosen || sparse.requests < REQUESTS_PER_WINDOW);
    warnings.extend(sparse.map(|sparse| sentence(&sparse.to_string())));
    let unattended = |(name, attendance): &(&str, Attendance)| {
        (attendance.unattended > 0)
            .then(|| format!("{name}: no request met any incident {}", in_runs(attendance.unattended, attendance.runs)))
    };
    let attendance = outcome.designs.iter().map(|design| (design.name.as_str(), Attendance::of(&design.rows)));
    warnings.extend(attendance.collect::<Vec<_>>().iter().filter_map(unattended));
    warnings.extend(short_calm(outcome));
    warnings
}

/// Says which pairs were not compared in calm time.
fn short_calm(outcome: &StudyOutcome) -> Option<String> {
    let metric = outcome.metrics.position("latency_p50_ms_calm")?;
    let is_missing = |design: &&crate::study::DesignOutcome| {
        design.summaries[metric].n > 0 && design.rows.iter().all(|row| row.for_pairs(metric).value().is_none())
    };
    let missing: Vec<&str> = outcome.designs.iter().filter(is_missing).map(|design| design.name.as_str()).collect();
    (!missing.is_empty() && !outcome.comparisons.is_empty()).then(|| {
        format!(
            "There are less than 5 min of calm time before the first incident, so {} cannot be compared in it",
            listed(&missing)
        )
    })
}

/// The words as a sentence without its full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
