//! Draws every conclusion from the results of a study into one tree, [`crate::results::Study`].
//!
//! One idea a file: `statistics` (a mean, its interval and whether its sample is degenerate), `comparison` and `sentence`
//! (pairs of designs), `best`, `against` and `answer` (which design, by how much, and what it costs), `lead` and
//! `waterfall` (what to fix first), `finding` (objectives and expectations) and `check` (the same, as statements that hold or
//! fail), `extremes` (the best and the worst), `downtime` (where it hangs on traffic or the service level), `found` (where a
//! condition tips), `sweep`, `stopping`, `schedule`. Whoever shows results only renders the tree.

mod against;
mod answer;
mod best;
mod check;
mod comparison;
pub(super) mod downtime;
mod extremes;
mod finding;
mod found;
mod geography;
mod lead;
mod meaning;
mod ratio;
mod schedule;
mod sentence;
mod statistics;
mod stopping;
mod sweep;
#[cfg(test)]
mod tests;
mod warnings;
mod waterfall;

use super::{Attendance, Edges, KeepError, LEAST_SHARE, Metric, StudyOutcome};
use crate::results::{Answer, Definition, Design, Partial, SparseWindow, Study, VERSION};
use crate::stats::LEVEL;

impl StudyOutcome {
    /// Draws every conclusion.
    ///
    /// # Errors
    /// If the runs cannot be had back from where they are kept.
    pub fn conclude(&self) -> Result<Study, KeepError> {
        let subject = &self.subject;
        let edges = Edges::of(self);
        let mut study = Study {
            version: VERSION,
            scenario: subject.scenario.clone(),
            description: subject.description.clone(),
            seed: subject.seed,
            first_run: subject.first_run,
            runs: subject.runs,
            partial: self.partial.map(|partial| Partial { made: partial.made, asked: partial.asked }),
            until: self.stopping.as_ref().map(|stopping| stopping::stopped(self, stopping)),
            level: LEVEL,
            horizon_s: subject.horizon_s,
            measured_from_s: subject.span.from.as_secs_f64(),
            measured_to_s: subject.span.to.as_secs_f64(),
            window_s: subject.span.window.as_secs_f64(),
            sparse_window: subject.sparse_windows.map(SparseWindow::from),
            slo: subject.slo,
            least_share: LEAST_SHARE,
            regions: subject.regions.clone(),
            incidents: schedule::scheduled(self),
            answer: Answer {
                headline: String::new(),
                lead: String::new(),
                extremes: Vec::new(),
                points: Vec::new(),
                price: None,
            },
            ratios: Vec::new(),
            warnings: warnings::warnings(self, &edges),
            best: Vec::new(),
            metrics: self.metrics.all().iter().map(definition).collect(),
            designs: self.designs.iter().map(|design| self.design(design, &edges)).collect(),
            comparisons: self.comparisons.iter().map(|pair| comparison::pair(self, pair, &edges)).collect(),
            objectives: self.objectives.iter().map(|result| finding::objective(self, result)).collect(),
            expectations: self.expectations.iter().map(|result| finding::expectation(self, &edges, result)).collect(),
        };
        study.best = best::best_of_all(&study);
        study.answer = answer::answer(&study);
        study.ratios = ratio::ratios(self, &study);
        self.check()?;
        Ok(study)
    }

    fn design(&self, design: &super::DesignOutcome, edges: &Edges) -> Design {
        let metrics = self.metrics.all().iter().zip(&design.summaries);
        Design {
            name: design.name.clone(),
            place: design.place,
            metrics: metrics.map(|(metric, summary)| statistics::of_metric(metric, summary)).collect(),
            geographies: geography::geographies(self, design),
            on_the_edge: edges.design(&design.name).map(ToString::to_string),
            untested: finding::unseen(&Attendance::of(&design.rows)),
            waterfall: waterfall::waterfall(self, design),
            writes_at_risk: statistics::writes_at_risk(&self.metrics, design),
        }
    }
}

fn definition(metric: &Metric) -> Definition {
    Definition {
        name: metric.name.clone(),
        title: metric.title.clone(),
        unit: metric.unit,
        better: metric.better,
        floor: metric.floor,
        rank: metric.rank,
        places: metric.places.to_vec(),
        aspect: metric.aspect,
    }
}
