//! Where downtime hangs on traffic or on the service level, over studies at several points.

use crate::results::SparseWindow;
use crate::results::words::{counted, is_under_slo, windows_of};
use crate::scenario::SparseWindows;
use crate::study::compare::edge::Edges;
use crate::study::outcome::StudyOutcome;
use crate::study::vary::sweep::Sweep;

/// Most points whose edges are told one by one.
const MOST_EDGES: usize = 4;

impl From<SparseWindows> for SparseWindow {
    fn from(sparse: SparseWindows) -> Self {
        // 10 / (1 - 0.95) is a hair less than 200.
        SparseWindow { requests: sparse.requests, needed: (sparse.needed * 1e6).round() / 1e6 }
    }
}

/// Says at which of `points`, each with what was varied there, windows hold few requests, and where a downtime is on the edge: in
/// which design and why. `metric` is the one that is told, if only one is.
pub(in crate::study) fn at_points(points: &[(String, &StudyOutcome)], metric: &str) -> Vec<String> {
    let mut notes: Vec<String> = sparse(points).into_iter().collect();
    if is_under_slo(metric) {
        notes.extend(on_the_edge(points));
    }
    notes
}

/// Says how few requests the windows hold where they are fewest.
fn sparse(points: &[(String, &StudyOutcome)]) -> Option<String> {
    let all: Vec<(&str, f64, SparseWindow)> = points
        .iter()
        .filter_map(|(point, outcome)| {
            let subject = &outcome.subject;
            Some((point.as_str(), subject.span.window.as_secs_f64(), SparseWindow::from(subject.sparse_windows?)))
        })
        .collect();
    let fewest = all.iter().min_by(|one, other| one.2.requests.total_cmp(&other.2.requests))?;
    let is_same = all.iter().all(|one| (one.1, one.2) == (fewest.1, fewest.2));
    let words = windows_of(fewest.1, Some(fewest.2));
    Some(match is_same && all.len() == points.len() {
        true => format!("Downtime is counted in {words}"),
        false => format!(
            "At {} of {}, downtime is counted in windows with few requests; fewest at {}: {words}",
            all.len(),
            counted(points.len() as u64, "point"),
            fewest.0
        ),
    })
}

/// Says of which designs the downtime is on the edge, and at which points.
fn on_the_edge(points: &[(String, &StudyOutcome)]) -> Vec<String> {
    let of_point = |(point, outcome): &(String, &StudyOutcome)| -> Vec<String> {
        let edges = Edges::of(outcome).designs.into_iter();
        edges.map(|edge| format!("At {point}, downtime of {} is on the edge: {edge}", edge.design)).collect()
    };
    let mut notes: Vec<String> = points.iter().flat_map(of_point).collect();
    if notes.len() > MOST_EDGES {
        let more = notes.len() - MOST_EDGES;
        notes.truncate(MOST_EDGES);
        notes.push(format!("Downtime is on the edge {} elsewhere", counted(more as u64, "more time")));
    }
    notes
}

impl Sweep {
    /// Says at which points downtime hangs on traffic or on the service level, a sentence each.
    pub fn on_downtime(&self) -> Vec<String> {
        let named = |values: &[String]| {
            self.keys.iter().zip(values).map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
        };
        let points: Vec<_> = self.points.iter().map(|point| (named(&point.values), &point.outcome)).collect();
        at_points(&points, "downtime_s")
    }
}
