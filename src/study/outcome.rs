//! The outcome of a study: everything that tables, files and charts are made from.

use crate::model::Span;
use crate::results::Partial;
use crate::scenario::{Scenario, SparseWindows};
use crate::study::compare::comparison::PairComparison;
use crate::study::design::DesignOutcome;
use crate::study::judge::expectation::ExpectationResult;
use crate::study::judge::objective::ObjectiveResult;
use crate::study::judge::until::Stopping;
use crate::study::metric::table::MetricTable;
use crate::study::record::keep::KeepError;
use crate::study::run::replay::replay;
use crate::study::run::spec::{PreparedStudy, scenario_hash};
use crate::study::seen::observation::Observation;
use crate::study::seen::view::VisitorView;
use crate::study::statistics::sample::Sample;
use crate::study::statistics::summary::Summary;

/// All results of a study.
#[derive(Clone, Debug)]
pub struct StudyOutcome {
    /// The subject of the study.
    pub subject: Subject,
    /// The scenario, with the settings of the command line in it.
    pub scenario: Scenario,
    /// The metrics; rows and summaries are in this order.
    pub metrics: MetricTable,
    /// The designs, in file order.
    pub designs: Vec<DesignOutcome>,
    /// Every pair of designs.
    pub comparisons: Vec<PairComparison>,
    /// Objectives, per design.
    pub objectives: Vec<ObjectiveResult>,
    /// Expectations, in file order.
    pub expectations: Vec<ExpectationResult>,
    /// Events handled in all runs together.
    pub events: u64,
    /// Why no more runs were made, if their number was left to the results.
    pub stopping: Option<Stopping>,
    /// The extent of the study, if it was stopped before its end.
    pub partial: Option<Partial>,
}

/// The subject of a study, and the numbers under which it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Name of the scenario.
    pub scenario: String,
    /// The question that it asks.
    pub description: String,
    /// SHA-256 of the checked scenario, defaults filled in, in lower-case hexadecimal; seed and runs are left out of it.
    pub hash: String,
    /// Seed of the study.
    pub seed: u64,
    /// Number of the first run.
    pub first_run: u64,
    /// Number of runs of each design.
    pub runs: u64,
    /// Names of the regions.
    pub regions: [String; 2],
    /// Names of the geographies, in file order.
    pub geographies: Vec<String>,
    /// Names of the incidents, in file order.
    pub incidents: Vec<String>,
    /// Simulated length of a run, in seconds.
    pub horizon_s: f64,
    /// The time that was measured.
    pub span: Span,
    /// Share that must succeed for a window not to be down.
    pub slo: f64,
    /// Warning about windows that hold too few requests for the service level.
    pub sparse_windows: Option<SparseWindows>,
    /// Settings that change results, as given on the command line.
    pub settings: Vec<String>,
    /// Command that runs this scenario with these settings.
    pub command: String,
}

impl Subject {
    pub(crate) fn of(study: &PreparedStudy, span: Span) -> Self {
        let scenario = &study.scenario;
        Subject {
            scenario: scenario.name.clone(),
            description: scenario.description.clone(),
            hash: scenario_hash(scenario),
            seed: scenario.study.seed,
            first_run: study.first_run,
            runs: scenario.study.runs,
            regions: [scenario.regions[0].name.clone(), scenario.regions[1].name.clone()],
            geographies: scenario.geographies.iter().map(|geography| geography.name.clone()).collect(),
            incidents: scenario.incidents.iter().map(|incident| incident.name.clone()).collect(),
            horizon_s: scenario.study.horizon.as_secs_f64(),
            span,
            slo: scenario.study.slo,
            sparse_windows: scenario.sparse_windows(),
            settings: study.settings.clone(),
            command: study.command.clone(),
        }
    }

    /// Length of measured time, in seconds.
    pub fn measured_s(&self) -> f64 {
        self.span.to.since(self.span.from).as_secs_f64()
    }

    /// Name of a view's geography in files.
    pub fn geography_name(&self, view: VisitorView) -> &str {
        view.geography.map_or("all", |place| &self.geographies[place])
    }
}

impl StudyOutcome {
    /// The observations of one metric of one design in run order, for a distribution over runs.
    pub fn observations(&self, design: &DesignOutcome, metric: &str) -> Option<Vec<Observation>> {
        self.metrics.named(metric).ok().map(|named| design.rows.read(named.column()))
    }

    /// All values of one metric of one design, for a distribution over runs.
    pub fn sample(&self, design: &DesignOutcome, metric: &str) -> Option<Sample> {
        self.observations(design, metric).map(Sample::of)
    }

    /// Makes sure that all that was read of the runs until now could be read; see [`super::RunRows`].
    ///
    /// # Errors
    /// The first error.
    pub fn check(&self) -> Result<(), KeepError> {
        self.designs.iter().try_for_each(|design| design.rows.check())
    }

    /// One metric of one design over all runs.
    pub fn summary<'a>(&self, design: &'a DesignOutcome, metric: &str) -> Option<&'a Summary> {
        self.metrics.position(metric).map(|position| &design.summaries[position])
    }

    /// The line that repeats the runs of some designs.
    pub fn replay(&self, designs: &[&str]) -> String {
        let Subject { command, seed, first_run, runs, .. } = &self.subject;
        replay(command, designs, *seed, *first_run, *runs)
    }

    /// The line that repeats one run of one design.
    pub fn replay_run(&self, design: &str, run: u64) -> String {
        replay(&self.subject.command, &[design], self.subject.seed, run, 1)
    }

    /// Tells whether every expectation that was evaluated holds.
    pub fn expectations_hold(&self) -> bool {
        self.expectations.iter().all(ExpectationResult::holds)
    }
}
