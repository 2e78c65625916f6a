//! Warnings: a reader of the results must know them before relying on any.

use crate::results::Warning;
use crate::results::words::{in_runs, listed, share};
use crate::scenario::REQUESTS_PER_WINDOW;
use crate::study::compare::edge::{Edges, PairEdge};
use crate::study::outcome::StudyOutcome;
use crate::study::statistics::attendance::Attendance;

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
/// itself, those pairs in which none is, and of which others it hangs on the level which design is down longer.
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
    let others = edges.pairs.iter().filter(|edge| !is_said(edge)).collect::<Vec<_>>();
    of_pairs.chain(of_designs).chain(rankings(&others)).collect()
}

/// Says of which pairs the ranking by downtime is another, or not known, at another service level: all in one sentence.
fn rankings(pairs: &[&PairEdge]) -> Option<Warning> {
    let named = |edge: &PairEdge| format!("{} against {}", edge.first, edge.second);
    let listing = |pairs: Vec<&PairEdge>| {
        let names: Vec<String> = pairs.into_iter().map(named).collect();
        listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let all = || pairs.iter().copied();
    let changed: Vec<&PairEdge> = all().filter(|edge| edge.is_ranking_changed).collect();
    let is_open = |edge: &&PairEdge| !edge.is_ranking_changed && edge.open_at.is_some();
    let open: Vec<&PairEdge> = all().filter(is_open).collect();
    let mut levels: Vec<f64> = open.iter().filter_map(|edge| edge.open_at).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let mut designs: Vec<&str> = Vec::new();
    for edge in changed.iter().chain(&open) {
        for name in [edge.first.as_str(), edge.second.as_str()] {
            if !designs.contains(&name) {
                designs.push(name);
            }
        }
    }
    let changes = (!changed.is_empty()).then(|| format!("changes for {}", listing(changed)));
    let unknown = levels.into_iter().map(|level| {
        let there = open.iter().copied().filter(|edge| edge.open_at == Some(level)).collect();
        format!("is not known at {} for {}", share(level), listing(there))
    });
    let says: Vec<String> = changes.into_iter().chain(unknown).collect();
    let sentence = format!("the SLO lies where service hovers: which design is down longer {}", says.join("; it "));
    (!says.is_empty()).then(|| warning(&designs, sentence))
}

/// Says which pairs were not compared in calm time.
fn short_calm(outcome: &StudyOutcome) -> Option<Warning> {
    let metric = outcome.metrics.position("latency_p50_ms_calm")?;
    let is_missing = |design: &&crate::study::design::DesignOutcome| {
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
    use crate::study::compare::edge::DesignEdge;

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
            is_ranking_changed: false,
            open_at: None,
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
        // A ranking that hangs on the level is said however many pairs there are.
        let changed = PairEdge { is_ranking_changed: true, ..pair("a", "b") };
        let open = PairEdge { open_at: Some(0.9), ..pair("a", "c") };
        assert!(changed.to_string().ends_with("1 min 20 s, and which design is down longer changes"), "{changed}");
        let is_open = "and which design is down longer is not known at 90 %";
        assert!(open.to_string().ends_with(is_open), "{open}");
        let edges = Edges { designs: vec![design("a")], pairs: vec![changed, open, pair("b", "c")] };
        let said = on_the_edge(&edges, 3);
        let rankings = said.last().expect("a warning");
        assert_eq!(
            rankings.sentence,
            "the SLO lies where service hovers: which design is down longer changes for a against b; it is not known at 90 % \
             for a against c"
        );
        assert_eq!(rankings.designs, ["a", "b", "c"]);
    }
}
