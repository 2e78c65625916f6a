//! The table of what matters most, a column for each design.

use crate::results::words::{COST, Space, cost_shares, listed, mean, most_in_runs, unconfirmed, unconfirmed_beside};
use crate::results::{Aspect, Best, BestStanding, Definition, DesignResults, MetricPlace, Study};

/// Metrics that stand together.
#[derive(Debug)]
pub(super) struct ScoreGroup {
    /// The words above them, if they hold of a part of the time alone.
    pub(super) heading: Option<&'static str>,
    pub(super) scores: Vec<Score>,
}

/// One metric of the table.
#[derive(Debug)]
pub(super) struct Score {
    pub(super) title: String,
    pub(super) cells: Vec<ScoreCell>,
    /// Names the designs that are best.
    pub(super) claim: String,
}

/// One metric of one design.
#[derive(Debug)]
pub(super) struct ScoreCell {
    pub(super) design: usize,
    pub(super) text: String,
    /// More about it; empty if there is nothing.
    pub(super) detail: String,
    pub(super) best: bool,
}

/// Lays out the metrics that apply to some run and are not simply 0, those of calm time by themselves.
pub(super) fn groups(study: &Study) -> Vec<ScoreGroup> {
    let mut groups: Vec<ScoreGroup> = Vec::new();
    for metric in shown(study) {
        let definition = &study.metrics[metric];
        let heading =
            definition.aspect.filter(|aspect| matches!(aspect, Aspect::Calm | Aspect::Capacity)).map(Aspect::label);
        if groups.last().is_none_or(|group| group.heading != heading) {
            groups.push(ScoreGroup { heading, scores: Vec::new() });
        }
        let Some(group) = groups.last_mut() else { continue };
        group.scores.push(score(study, metric));
        if definition.places.contains(&MetricPlace::ByGeography) {
            group.scores.extend((0..study.geographies()).map(|place| of_geography(study, metric, place)));
        }
    }
    groups
}

/// The metrics that are worth a row. Lost writes have one beside what else became of writes, though none be lost.
fn shown(study: &Study) -> Vec<usize> {
    let all = study.shown_in(MetricPlace::Score);
    let is_worth_saying = |metric: usize| study.of_all_designs(metric).any(|one| one.is_worth_saying());
    let counts_writes = |metric: usize| study.metrics[metric].places.contains(&MetricPlace::ScreenRuns);
    let are_writes_said = all.iter().any(|&metric| counts_writes(metric) && is_worth_saying(metric));
    let is_shown =
        |&metric: &usize| is_worth_saying(metric) || (are_writes_said && study.metrics[metric].name == "writes_lost");
    all.into_iter().filter(is_shown).collect()
}

fn score(study: &Study, metric: usize) -> Score {
    let definition = &study.metrics[metric];
    let best = study.best.iter().find(|best| best.metric == definition.name);
    let cell = |(design, statistics)| ScoreCell {
        design,
        text: mean(statistics, definition.unit, Space::Sentence),
        detail: detail(study, definition, metric, design),
        best: best.is_some_and(|best| best.designs.contains(&study.designs[design].name)),
    };
    Score {
        title: definition.title.clone(),
        cells: study.of_all_designs(metric).enumerate().map(cell).collect(),
        claim: best.map_or_else(String::new, claim),
    }
}

/// Says what stands beside a mean: in how many runs writes are lost, the parts of a cost, a downtime on the edge, a recovery
/// that is not confirmed.
fn detail(study: &Study, definition: &Definition, metric: usize, design: usize) -> String {
    let statistics = &study.designs[design].metrics[metric];
    let recovery = unconfirmed_beside(study, &definition.name).map(|count| &study.designs[design].metrics[count]);
    if let Some(count) = recovery.filter(|count| count.nonzero > 0) {
        return unconfirmed(count.nonzero, count.n);
    }
    match definition.name.as_str() {
        COST => cost_shares(study, design).unwrap_or_default(),
        "downtime_s" if study.designs[design].on_the_edge.is_some() => "on the edge".to_owned(),
        _ if definition.places.contains(&MetricPlace::ScreenRuns) && study.runs > 1 && statistics.nonzero > 0 => {
            most_in_runs(statistics)
        }
        _ => String::new(),
    }
}

/// Lays out a metric in one geography, of which nothing is claimed.
fn of_geography(study: &Study, metric: usize, place: usize) -> Score {
    let definition = &study.metrics[metric];
    let text = |design: &DesignResults| {
        let found = design.geographies[place].metrics.iter().find(|one| one.name == definition.name);
        found.map_or_else(String::new, |one| mean(one, one.unit, Space::Sentence))
    };
    let cells = study.designs.iter().enumerate();
    Score {
        title: format!("– {}", study.designs[0].geographies[place].name),
        cells: cells
            .map(|(design, of)| ScoreCell { design, text: text(of), detail: String::new(), best: false })
            .collect(),
        claim: String::new(),
    }
}

fn claim(best: &Best) -> String {
    match best.standing {
        BestStanding::Best => listed(&best.designs.iter().map(String::as_str).collect::<Vec<_>>()),
        BestStanding::Same => "the same".to_owned(),
        BestStanding::PracticallySame => "practically the same".to_owned(),
        BestStanding::Unclear => "not clear".to_owned(),
    }
}
