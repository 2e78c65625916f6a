//! The tree of conclusions, put together from those of the other files.

use super::definition::definition;
use super::{answer, best, comparison, finding, geography, ratio, schedule, statistics, stopping, warnings, waterfall};
use crate::results::{DesignResults, SparseWindow, Study, StudyAnswer, VERSION};
use crate::stats::LEVEL;
use crate::study::compare::edge::Edges;
use crate::study::compare::weight::LEAST_SHARE;
use crate::study::design::DesignOutcome;
use crate::study::outcome::StudyOutcome;
use crate::study::record::keep::KeepError;
use crate::study::statistics::attendance::Attendance;

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
            partial: self.partial,
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
            answer: StudyAnswer {
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

    fn design(&self, design: &DesignOutcome, edges: &Edges) -> DesignResults {
        let metrics = self.metrics.all().iter().zip(&design.summaries);
        DesignResults {
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
