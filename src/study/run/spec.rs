//! The request for a study: a scenario, some of its designs, how many runs, under which seed, on how many threads.

use std::num::NonZeroUsize;

use thiserror::Error;

use crate::results::words::counted;
use crate::scenario::{Scenario, hint};
use crate::study::judge::expectation_check::{ExpectationError, check};
use crate::study::metric::table::MetricTable;

/// Most runs of all designs together; their rows are held in memory.
const MAX_RUNS: u64 = 10_000_000;

/// A study as asked for.
#[derive(Clone, Debug)]
pub struct StudySpec {
    /// The scenario, with any settings of the command line already in it.
    pub scenario: Scenario,
    /// Names of the designs; empty: all.
    pub designs: Vec<String>,
    /// Number of the first run (0 unless one run of a study is wanted alone).
    pub first_run: u64,
    /// Number of runs of each design; `None`: as the scenario says.
    pub runs: Option<u64>,
    /// Seed; `None`: as the scenario says.
    pub seed: Option<u64>,
    /// Threads; `None`: one per processor. It cannot change a result.
    pub jobs: Option<NonZeroUsize>,
    /// Settings that change results, as given (`dns.answer_ttl="30s"`); they go into the receipt.
    pub settings: Vec<String>,
    /// Command that runs this scenario, to which an error appends the design, the seed and the run.
    pub command: String,
}

impl StudySpec {
    /// Everything as the scenario says.
    pub fn new(scenario: Scenario) -> Self {
        let command = format!("firedrill run {}.toml", scenario.name);
        StudySpec {
            scenario,
            designs: Vec::new(),
            first_run: 0,
            runs: None,
            seed: None,
            jobs: None,
            settings: Vec::new(),
            command,
        }
    }

    /// Checks names and numbers, and fills in what was not given.
    ///
    /// # Errors
    /// If a design is unknown, there is nothing to run, or an expectation names no known design, metric or statistic.
    pub fn prepare(self) -> Result<PreparedStudy, SpecError> {
        let mut scenario = self.scenario;
        scenario.study.runs = self.runs.unwrap_or(scenario.study.runs);
        scenario.study.seed = self.seed.unwrap_or(scenario.study.seed);
        if scenario.study.runs == 0 {
            return Err(SpecError::NoRuns);
        }
        let designs = select(&scenario, &self.designs)?;
        within_limits(self.first_run, scenario.study.runs, designs.len())?;
        let metrics = MetricTable::of(&scenario);
        if let Some(error) = check(&scenario, &metrics).into_iter().next() {
            return Err(error.into());
        }
        Ok(PreparedStudy {
            scenario,
            designs,
            first_run: self.first_run,
            jobs: self.jobs,
            settings: self.settings,
            command: self.command,
            metrics,
        })
    }
}

/// Makes sure that so many runs of so many designs have run numbers and room.
fn within_limits(first: u64, runs: u64, designs: usize) -> Result<(), SpecError> {
    if first.checked_add(runs).is_none() {
        return Err(SpecError::RunNumber { first, runs });
    }
    if runs > MAX_RUNS / designs as u64 {
        return Err(SpecError::TooManyRuns { runs, designs });
    }
    Ok(())
}

/// Places of the designs called `names`, in file order; of all if there are no names.
fn select(scenario: &Scenario, names: &[String]) -> Result<Vec<usize>, SpecError> {
    let known = || scenario.designs.iter().map(|design| design.name.as_str());
    for name in names {
        if !known().any(|design| design == name) {
            return Err(SpecError::UnknownDesign {
                name: name.clone(),
                known: known().collect::<Vec<_>>().join(", "),
                hint: hint(name, known()),
            });
        }
    }
    let chosen = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let designs: Vec<usize> =
        (0..scenario.designs.len()).filter(|&place| chosen(&scenario.designs[place].name)).collect();
    if designs.is_empty() { Err(SpecError::NoDesigns) } else { Ok(designs) }
}

/// A study that can be run.
#[derive(Clone, Debug)]
pub struct PreparedStudy {
    pub(crate) scenario: Scenario,
    pub(crate) designs: Vec<usize>,
    pub(crate) first_run: u64,
    pub(crate) jobs: Option<NonZeroUsize>,
    pub(crate) settings: Vec<String>,
    pub(crate) command: String,
    pub(crate) metrics: MetricTable,
}

impl PreparedStudy {
    /// The scenario as it will be run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Makes sure that there is a metric of this name.
    ///
    /// # Errors
    /// If there is none: what to tell the user, with the nearest name.
    pub fn knows(&self, metric: &str) -> Result<(), String> {
        self.metrics.named(metric).map(drop)
    }

    /// Makes sure that so many runs of each design may be made.
    ///
    /// # Errors
    /// If they are too many, or their numbers too great.
    pub fn allows(&self, runs: u64) -> Result<(), SpecError> {
        within_limits(self.first_run, runs, self.designs.len())
    }

    /// Names of the designs that are run, in file order.
    pub fn design_names(&self) -> Vec<String> {
        self.designs.iter().map(|&design| self.scenario.designs[design].name.clone()).collect()
    }

    /// SHA-256 of the resolved scenario with what its data files hold, without seed and number of runs.
    pub fn hash(&self) -> String {
        scenario_hash(&self.scenario)
    }

    /// Number of runs of all designs together.
    pub fn total_runs(&self) -> u64 {
        self.scenario.study.runs * self.designs.len() as u64
    }
}

/// Mistakes in a study as asked for.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SpecError {
    /// There is no design of this name.
    #[error("unknown design {name:?}{hint}; known: {known}")]
    UnknownDesign {
        /// The name.
        name: String,
        /// Names of all designs.
        known: String,
        /// A suggestion.
        hint: String,
    },
    /// The scenario has no design.
    #[error("the scenario has no designs to run")]
    NoDesigns,
    /// The number of runs is 0.
    #[error("the number of runs is 0; it must be at least 1")]
    NoRuns,
    /// The runs of all designs together are too many.
    #[error("{} of {} are more than {MAX_RUNS} runs in all", counted(*runs, "run"), counted(*designs as u64, "design"))]
    TooManyRuns {
        /// Runs of each design.
        runs: u64,
        /// Number of designs.
        designs: usize,
    },
    /// The run numbers exceed 64 bits.
    #[error("{} from run {first} on exceed the greatest run number, {}", counted(*runs, "run"), u64::MAX)]
    RunNumber {
        /// First run.
        first: u64,
        /// Number of runs.
        runs: u64,
    },
    /// An expectation cannot be evaluated.
    #[error(transparent)]
    Expectation(#[from] ExpectationError),
}

/// SHA-256 of the checked scenario without seed and number of runs.
pub(in crate::study) fn scenario_hash(scenario: &Scenario) -> String {
    let mut bare = scenario.clone();
    bare.study.runs = 0;
    bare.study.seed = 0;
    bare.hash()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::synthetic;

    fn spec(designs: &[&str]) -> StudySpec {
        let mut spec = StudySpec::new(synthetic::scenario(&["one", "two", "three"]));
        spec.designs = designs.iter().map(|&name| name.to_owned()).collect();
        spec
    }

    #[test]
    fn designs_come_in_file_order_whatever_the_order_asked_for() {
        assert_eq!(spec(&["three", "one", "three"]).prepare().unwrap().designs, vec![0, 2]);
        assert_eq!(spec(&[]).prepare().unwrap().designs, vec![0, 1, 2]);
    }

    #[test]
    fn an_unknown_design_is_named_with_the_known_ones() {
        let error = spec(&["thre"]).prepare().unwrap_err();
        assert_eq!(error.to_string(), r#"unknown design "thre" (did you mean "three"?); known: one, two, three"#);
    }

    #[test]
    fn seed_and_runs_of_the_command_line_win_and_zero_is_a_seed() {
        let mut wanted = spec(&[]);
        (wanted.seed, wanted.runs) = (Some(0), Some(3));
        let prepared = wanted.prepare().unwrap();
        assert_eq!((prepared.scenario.study.seed, prepared.total_runs()), (0, 9));
        let mut none = spec(&[]);
        none.runs = Some(0);
        assert_eq!(none.prepare().unwrap_err(), SpecError::NoRuns);
    }

    #[test]
    fn more_runs_than_memory_holds_are_refused_before_any_is_made() {
        let mut wanted = spec(&[]);
        wanted.runs = Some(u64::MAX / 2);
        assert!(matches!(wanted.prepare().unwrap_err(), SpecError::TooManyRuns { designs: 3, .. }));
        let mut last = spec(&[]);
        (last.first_run, last.runs) = (u64::MAX, Some(1));
        assert!(matches!(last.prepare().unwrap_err(), SpecError::RunNumber { .. }));
    }

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
