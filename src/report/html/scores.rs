//! The table of what matters most, a column for each design.

use crate::results::words::{Space, listed, mean, most_in_runs};
use crate::results::{Best, BestStanding, Design, Place, Study};

/// One metric of the table.
#[derive(Debug)]
pub(super) struct Score {
    pub(super) title: String,
    pub(super) cells: Vec<Cell>,
    /// Which design is claimed to be best.
    pub(super) claim: String,
}

/// One metric of one design.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) design: usize,
    pub(super) text: String,
    pub(super) best: bool,
}

/// Lays out the metrics that apply to some run and are not simply 0.
pub(super) fn scores(study: &Study) -> Vec<Score> {
    let is_worth_saying = |&metric: &usize| study.of_all_designs(metric).any(|one| one.is_worth_saying());
    let mut scores = Vec::new();
    for metric in study.shown_in(Place::Score).into_iter().filter(is_worth_saying) {
        scores.push(score(study, metric));
        if study.metrics[metric].places.contains(&Place::ByGeography) {
            scores.extend((0..study.geographies()).map(|place| of_geography(study, metric, place)));
        }
    }
    scores
}

fn score(study: &Study, metric: usize) -> Score {
    let definition = &study.metrics[metric];
    let best = study.best.iter().find(|best| best.metric == definition.name);
    let cell = |(design, statistics)| Cell {
        design,
        text: if definition.places.contains(&Place::ScreenRuns) && study.runs > 1 {
            format!("{} ({})", mean(statistics, definition.unit, Space::Sentence), most_in_runs(statistics))
        } else {
            mean(statistics, definition.unit, Space::Sentence)
        },
        best: best.is_some_and(|best| best.designs.contains(&study.designs[design].name)),
    };
    Score {
        title: definition.title.clone(),
        cells: study.of_all_designs(metric).enumerate().map(cell).collect(),
        claim: best.map_or_else(String::new, claim),
    }
}

/// Lays out a metric in one geography, of which nothing is claimed.
fn of_geography(study: &Study, metric: usize, place: usize) -> Score {
    let definition = &study.metrics[metric];
    let text = |design: &Design| {
        let found = design.geographies[place].metrics.iter().find(|one| one.name == definition.name);
        found.map_or_else(String::new, |one| mean(one, one.unit, Space::Sentence))
    };
    let cells = study.designs.iter().enumerate();
    Score {
        title: format!("– {}", study.designs[0].geographies[place].name),
        cells: cells.map(|(design, of)| Cell { design, text: text(of), best: false }).collect(),
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
