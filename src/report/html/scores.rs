//! The table of what matters most, a column for each design.

use crate::results::words::{Space, listed, mean};
use crate::results::{Best, BestStanding, Place, Study};

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
    study.shown_in(Place::Score).into_iter().filter(is_worth_saying).map(|metric| score(study, metric)).collect()
}

fn score(study: &Study, metric: usize) -> Score {
    let definition = &study.metrics[metric];
    let best = study.best.iter().find(|best| best.metric == definition.name);
    let cell = |(design, statistics)| Cell {
        design,
        text: mean(statistics, definition.unit, Space::Sentence),
        best: best.is_some_and(|best| best.designs.contains(&study.designs[design].name)),
    };
    Score {
        title: definition.title.clone(),
        cells: study.of_all_designs(metric).enumerate().map(cell).collect(),
        claim: best.map_or_else(String::new, claim),
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
