//! What whoever reads the results must know before they rely on them.

use crate::results::Warning;
use crate::results::words::{in_runs, listed};
use crate::scenario::REQUESTS_PER_WINDOW;
use crate::study::{Attendance, Edges, PairEdge, StudyOutcome};

/// Returns the warnings, a sentence each: downtime on the edge, windows with too few requests, incidents that nobody met.
pub(super) fn warnings(outcome: &StudyOutcome, edges: &Edges) -> Vec<Warning> {
    let mut warnings = on_the_edge(edges, outcome.comparisons.len());
    // Windows chosen by default hold as many requests as a default can; how many is said where windows are.
    let is_chosen = outcome.scenario.study.window.is_some();
    let sparse = outcome.subject.sparse_windows.filter(|sparse| is_chosen || sparse.requests < REQUESTS_PER_WINDOW);
    warnings.extend(sparse.map(|sparse| of_all(&sparse.to_string())));
    let scenario = &outcome.scenario;
    warnings.extend(scenario.early_ends().iter().map(|early| of_all(&early.to_string())));
    warnings.extend(scenario.traces_beyond().iter().map(|beyond| of_all(&beyond.to_string())));
    warnings.extend(scenario.hardly_seen().iter().map(|seldom| of_all(&seldom.to_string())));
    warnings.extend(unattended(outcome));
    warnings.extend(short_calm(outcome));
    warnings
}

/// Says in which designs, and in how many runs, no request met an incident: once for designs that share it.
fn unattended(outcome: &StudyOutcome) -> Vec<Warning> {
    let mut found: Vec<(Attendance, Vec<&str>)> = Vec::new();
    for design in &outcome.designs {
        let attendance = Attendance::of(&design.rows);
        match found.iter_mut().find(|(other, _)| *other == attendance) {
            Some((_, names)) => names.push(&design.name),
            None => found.push((attendance, vec![&design.name])),
        }
    }
    found.retain(|(attendance, _)| attendance.unattended > 0);
    let sentence = |(attendance, names): &(Attendance, Vec<&str>)| {
        let runs = in_runs(attendance.unattended, attendance.runs);
        warning(names, format!("{}: no request met any incident {runs}", listed(names)))
    };
    found.iter().map(sentence).collect()
}

/// Says which downtimes hang on the service level, each once: the only pair in one sentence, and of many pairs each design by
/// itself, and those pairs in which none is.
fn on_the_edge(edges: &Edges, comparisons: usize) -> Vec<Warning> {
    let is_said = |edge: &&PairEdge| {
        comparisons == 1 || [&edge.first, &edge.second].into_iter().all(|name| edges.design(name).is_none())
    };
    let pairs: Vec<&PairEdge> = edges.pairs.iter().filter(is_said).collect();
    let in_pair = |name: &str| pairs.iter().any(|edge| edge.first == name || edge.second == name);
    let alone = edges.designs.iter().filter(|edge| !in_pair(&edge.design));
    let of_pairs = pairs.iter().map(|edge| {
        let PairEdge { first, second, .. } = edge;
        warning(&[first, second], format!("downtime of {first} against {second}: {edge}"))
    });
    let of_designs = alone.map(|edge| warning(&[&edge.design], format!("downtime of {}: {edge}", edge.design)));
    of_pairs.chain(of_designs).collect()
}

/// Says which pairs were not compared in calm time.
fn short_calm(outcome: &StudyOutcome) -> Option<Warning> {
    let metric = outcome.metrics.position("latency_p50_ms_calm")?;
    let is_missing = |design: &&crate::study::DesignOutcome| {
        design.summaries[metric].n > 0 && design.rows.for_pairs(metric).into_iter().all(|value| value.value().is_none())
    };
    let missing: Vec<&str> = outcome.designs.iter().filter(is_missing).map(|design| design.name.as_str()).collect();
    (!missing.is_empty() && !outcome.comparisons.is_empty()).then(|| {
        let sentence = format!(
            "there is less than 5 min of calm time before the first incident, so {} cannot be compared in it",
            listed(&missing)
        );
        warning(&missing, sentence)
    })
}

fn warning(designs: &[&str], sentence: String) -> Warning {
    Warning { designs: designs.iter().map(|&name| name.to_owned()).collect(), sentence }
}

/// Makes a warning about the scenario.
fn of_all(words: &str) -> Warning {
    warning(&[], words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::DesignEdge;

    #[test]
    fn what_is_on_the_edge_is_said_once_however_many_pairs_there_are() {
        let design = |name: &str| DesignEdge {
            design: name.into(),
            slo: 0.95,
            windows: None,
            mean_s: 60.0,
            elsewhere: vec![(0.9, 30.0), (0.975, 90.0)],
        };
        let pair = |first: &str, second: &str| PairEdge {
            first: first.into(),
            second: second.into(),
            slo: 0.95,
            windows: None,
            means_s: [60.0, 70.0],
            threshold: 0.975,
            means_there_s: [90.0, 80.0],
            is_ranking_changed: true,
        };
        let begins = |edges: &Edges, comparisons| -> Vec<String> {
            let said = on_the_edge(edges, comparisons).into_iter();
            said.map(|warning| warning.sentence.split(':').next().unwrap_or_default().to_owned()).collect()
        };
        let two = Edges { designs: vec![design("a")], pairs: vec![pair("a", "b")] };
        assert_eq!(begins(&two, 1), ["downtime of a against b"]);
        let pairs = vec![pair("a", "b"), pair("a", "c"), pair("b", "c")];
        let three = Edges { designs: vec![design("a")], pairs };
        assert_eq!(begins(&three, 3), ["downtime of b against c", "downtime of a"]);
        assert_eq!(begins(&Edges { designs: vec![design("a")], pairs: vec![] }, 0), ["downtime of a"]);
    }
}
