//! What a study leaves behind: everything that tables, files and charts are made from.

use super::replay::replay;
use super::{
    Comparison, ExpectationResult, KeepError, LatencyCurve, MetricTable, ObjectiveResult, Observation, PreparedStudy,
    Rows, Sample, Stopping, Summary, TimelineSummary, View,
};
use crate::model::{Span, SwitchTail};
use crate::scenario::{Scenario, SparseWindows};

/// All results of a study.
#[derive(Clone, Debug)]
pub struct StudyOutcome {
    /// What was studied.
    pub subject: Subject,
    /// The scenario, with the settings of the command line in it.
    pub scenario: Scenario,
    /// The metrics; rows and summaries are in this order.
    pub metrics: MetricTable,
    /// The designs, in file order.
    pub designs: Vec<DesignOutcome>,
    /// Every pair of designs.
    pub comparisons: Vec<Comparison>,
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

/// The extent of what was stopped before its end: runs of each design, or points of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Number made.
    pub made: u64,
    /// Number asked for, at most.
    pub asked: u64,
}

/// What was studied, and under which numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Name of the scenario.
    pub scenario: String,
    /// What it asks.
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
    /// What was measured.
    pub span: Span,
    /// Share that must succeed for a window not to be down.
    pub slo: f64,
    /// What is said of windows that hold too few requests for the service level.
    pub sparse_windows: Option<SparseWindows>,
    /// Settings that change results, as given on the command line.
    pub settings: Vec<String>,
    /// Command that runs this scenario with these settings.
    pub command: String,
}

/// One design over all runs.
#[derive(Clone, Debug)]
pub struct DesignOutcome {
    /// Its name.
    pub name: String,
    /// Its place in the scenario file, whichever designs are run: charts colour it by that.
    pub place: usize,
    /// One row per run, in run order.
    pub rows: Rows,
    /// One summary per metric.
    pub summaries: Vec<Summary>,
    /// The runs on a grid.
    pub timeline: TimelineSummary,
    /// Latency of all runs, for each view that has any success.
    pub latency: Vec<(View, LatencyCurve)>,
    /// Look-ups and attempts since the answer changed, summed over runs.
    pub switch_tail: SwitchTail,
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
    pub fn geography_name(&self, view: View) -> &str {
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

    /// Makes sure that all that was read of the runs until now could be read; see [`Rows`].
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

    /// Whether every expectation that was evaluated holds.
    pub fn expectations_hold(&self) -> bool {
        self.expectations.iter().all(ExpectationResult::holds)
    }
}

/// SHA-256 of the checked scenario without seed and number of runs.
pub(super) fn scenario_hash(scenario: &Scenario) -> String {
    let mut bare = scenario.clone();
    bare.study.runs = 0;
    bare.study.seed = 0;
    bare.hash()
}

#[cfg(test)]
mod tests {
    use super::super::synthetic;
    use super::*;

    #[test]
    fn hash_tells_scenarios_apart_but_not_their_seeds_or_runs() {
        let base = synthetic::scenario(&["one"]);
        let mut reseeded = base.clone();
        (reseeded.study.seed, reseeded.study.runs) = (99, 1000);
        assert_eq!(scenario_hash(&base), scenario_hash(&reseeded));
        let mut changed = base.clone();
        changed.study.slo = 0.9;
        assert_ne!(scenario_hash(&base), scenario_hash(&changed));
        assert_eq!(scenario_hash(&base).len(), 64);
    }
}
