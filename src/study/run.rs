//! Runs a study: every design under every run number, on all threads, each run folded and dropped as it ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use thiserror::Error;

use super::fold::Merged;
use super::outcome::Subject;
use super::replay::replay;
use super::until::{Reached, Stopping, Until};
use super::{
    Comparison, DesignOutcome, PreparedStudy, RunRow, SpecError, StudyOutcome, Summary, expectation, objective,
};
use crate::engine::EngineError;
use crate::model::{self, RunFailure, RunOutcome, Span};
use crate::results::words::counted;

/// How far a study has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Runs that have ended.
    pub runs: u64,
    /// Runs of the whole study.
    pub total: u64,
    /// Events handled in the runs that have ended.
    pub events: u64,
    /// Requests simulated in them.
    pub requests: u64,
}

/// Why a study has no results.
#[derive(Clone, Debug, Error)]
pub enum StudyError {
    /// It was not asked for rightly.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A run failed.
    #[error(transparent)]
    Run(Box<RunError>),
    /// It was stopped.
    #[error("stopped after {runs} of {}", counted(*total, "run"))]
    Cancelled {
        /// Runs that had ended.
        runs: u64,
        /// Runs of the whole study.
        total: u64,
    },
    /// The threads could not be started.
    #[error("cannot start {}: {reason}", counted(*jobs as u64, "thread"))]
    Threads {
        /// How many.
        jobs: usize,
        /// Why.
        reason: String,
    },
}

/// A run that failed, and how to see it fail again.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("run {run} of design {design:?} under seed {seed} failed; to reproduce: {command}")]
pub struct RunError {
    /// Seed of the study.
    pub seed: u64,
    /// Run number.
    pub run: u64,
    /// Name of the design.
    pub design: String,
    /// Command that runs it alone.
    pub command: String,
    /// What went wrong.
    #[source]
    pub problem: RunProblem,
}

/// What went wrong in a run.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RunProblem {
    /// The model gave up, at a simulated time that it names.
    #[error("a defect in the simulator, please report it: {0}")]
    Model(#[from] RunFailure),
    /// The run came to its end, but could not be folded.
    #[error("a defect in the simulator, please report it: {0}")]
    Defect(String),
}

/// Runs `study`, telling `progress` after every run (from any thread), until `cancel` is set.
///
/// # Errors
/// [`StudyError::Run`] with the first failed run in (design, run) order of those that were run, or
/// [`StudyError::Cancelled`].
pub fn run(
    study: &PreparedStudy,
    progress: impl Fn(Progress) + Sync,
    cancel: &AtomicBool,
) -> Result<StudyOutcome, StudyError> {
    let plan = model::Plan::new(&study.scenario);
    run_with(study, |design, run| model::simulate(&plan, design, run), progress, cancel)
}

/// Like [`run_with`], in batches of the scenario's number of runs until `until` knows enough of every design, or its most
/// runs have been made. The number of runs depends on the results alone, and the outcome is that of a study of so many runs
/// from the start.
///
/// # Errors
/// As [`run`].
pub fn run_until(
    study: &PreparedStudy,
    until: &Until,
    simulate: impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync,
    progress: impl Fn(Progress) + Sync,
    cancel: &AtomicBool,
) -> Result<StudyOutcome, StudyError> {
    let jobs = study.jobs.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|error| StudyError::Threads { jobs, reason: error.to_string() })?;
    let crew = Crew::new(study, cancel);
    let batch = study.scenario.study.runs;
    let most = if until.targets.is_empty() { batch } else { until.most_runs };
    let mut designs: Vec<Vec<Folded>> = study.designs.iter().map(|_| Vec::new()).collect();
    let mut done = 0;
    let stopping = loop {
        let runs = batch.min(most - done);
        crew.expect(runs * designs.len() as u64);
        let folded: Vec<Option<Result<Folded, RunError>>> = pool.install(|| {
            (0..runs as usize * designs.len())
                .into_par_iter()
                .with_max_len(1)
                .map(|place| crew.work(place / runs as usize, done + place as u64 % runs, &simulate, &progress))
                .collect()
        });
        for (place, folded) in folded.into_iter().enumerate() {
            let Some(folded) = folded else { continue };
            designs[place / runs as usize].push(folded.map_err(|error| StudyError::Run(Box::new(error)))?);
        }
        done += runs;
        let made: u64 = designs.iter().map(|runs| runs.len() as u64).sum();
        let total = done * designs.len() as u64;
        if made < total {
            return Err(StudyError::Cancelled { runs: made, total });
        }
        let stopping = Stopping { batch, most_runs: most, reached: reached(study, until, &designs) };
        if done >= most || stopping.knows_enough() {
            break stopping;
        }
    };
    let mut study = study.clone();
    study.scenario.study.runs = done;
    let mut outcome = conclude(&study, designs, crew.merged);
    outcome.stopping = (!until.targets.is_empty()).then_some(stopping);
    Ok(outcome)
}

/// How near every target every design has come.
fn reached(study: &PreparedStudy, until: &Until, designs: &[Vec<Folded>]) -> Vec<Reached> {
    let named = || study.designs.iter().map(|&design| &study.scenario.designs[design].name).zip(designs);
    let each = |target: &super::Target| {
        let target = target.clone();
        named().map(move |(name, runs)| target.reached(name, runs.iter().map(|run| &run.row), &study.metrics))
    };
    until.targets.iter().flat_map(each).collect()
}

/// Like [`run`], with runs made by `simulate` from the place of a design and a run number.
///
/// # Errors
/// As [`run`].
pub fn run_with(
    study: &PreparedStudy,
    simulate: impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync,
    progress: impl Fn(Progress) + Sync,
    cancel: &AtomicBool,
) -> Result<StudyOutcome, StudyError> {
    run_until(study, &Until::default(), simulate, progress, cancel)
}

/// One run, folded.
struct Folded {
    row: RunRow,
    span: Span,
    events: u64,
    requests: u64,
}

/// What the threads share.
struct Crew<'a> {
    study: &'a PreparedStudy,
    cancel: &'a AtomicBool,
    failed: AtomicBool,
    ended: AtomicU64,
    /// Runs asked for so far.
    total: AtomicU64,
    events: AtomicU64,
    requests: AtomicU64,
    /// Per design that is run.
    merged: Vec<Mutex<Merged>>,
}

impl<'a> Crew<'a> {
    fn new(study: &'a PreparedStudy, cancel: &'a AtomicBool) -> Self {
        let geographies = study.scenario.geographies.len();
        Crew {
            study,
            cancel,
            failed: AtomicBool::new(false),
            ended: AtomicU64::new(0),
            total: AtomicU64::new(0),
            events: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            merged: study.designs.iter().map(|_| Mutex::new(Merged::new(geographies))).collect(),
        }
    }

    /// So many more runs will be asked for.
    fn expect(&self, runs: u64) {
        self.total.fetch_add(runs, Ordering::Relaxed);
    }

    /// Makes and folds run `number` (counted from the study's first) of the design in `slot`; `None` if the study has been
    /// stopped.
    fn work(
        &self,
        slot: usize,
        number: u64,
        simulate: &(impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync),
        progress: &(impl Fn(Progress) + Sync),
    ) -> Option<Result<Folded, RunError>> {
        if self.cancel.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed) {
            return None;
        }
        let run = self.study.first_run + number;
        let folded = caught(|| {
            let outcome = simulate(self.study.designs[slot], run)?;
            Ok(self.fold(slot, run, &outcome))
        });
        match folded {
            Ok(folded) => {
                let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
                let events = self.events.fetch_add(folded.events, Ordering::Relaxed) + folded.events;
                let requests = self.requests.fetch_add(folded.requests, Ordering::Relaxed) + folded.requests;
                progress(Progress { runs: ended, total: self.total.load(Ordering::Relaxed), events, requests });
                Some(Ok(folded))
            }
            Err(problem) => {
                self.failed.store(true, Ordering::Relaxed);
                Some(Err(self.run_error(slot, run, problem)))
            }
        }
    }

    fn fold(&self, slot: usize, run: u64, outcome: &RunOutcome) -> Folded {
        assert_eq!(outcome.run, run, "the run that was asked for");
        let row = RunRow::of(outcome, &self.study.metrics, self.study.scenario.study.slo);
        self.merged[slot].lock().unwrap_or_else(PoisonError::into_inner).add(outcome);
        Folded { row, span: outcome.span, events: outcome.events, requests: outcome.requests_simulated }
    }

    fn run_error(&self, slot: usize, run: u64, problem: RunProblem) -> RunError {
        let design = self.study.scenario.designs[self.study.designs[slot]].name.clone();
        let seed = self.study.scenario.study.seed;
        let mut command = replay(&self.study.command, &[&design], seed, run, 1);
        if matches!(problem, RunProblem::Model(RunFailure::Engine(EngineError::Diverged(_)))) {
            command.push_str(" --check-determinism");
        }
        RunError { seed, run, design, command, problem }
    }
}

/// Runs `work` and turns a panic into an error.
fn caught<T>(work: impl FnOnce() -> Result<T, RunFailure>) -> Result<T, RunProblem> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(RunProblem::Model),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Err(RunProblem::Defect(text.unwrap_or_else(|| "a panic without a message".to_owned())))
        }
    }
}

/// Puts the runs of each design, in order, together.
fn conclude(study: &PreparedStudy, runs: Vec<Vec<Folded>>, merged: Vec<Mutex<Merged>>) -> StudyOutcome {
    let span = runs[0][0].span;
    let events = runs.iter().flatten().map(|run| run.events).sum();
    let mut designs = Vec::new();
    for ((&design, merged), runs) in study.designs.iter().zip(merged).zip(runs) {
        let rows: Vec<RunRow> = runs.into_iter().map(|run| run.row).collect();
        let merged = merged.into_inner().unwrap_or_else(PoisonError::into_inner);
        let summarise = |position: usize| Summary::of(rows.iter().map(|row| row.values[position]));
        designs.push(DesignOutcome {
            name: study.scenario.designs[design].name.clone(),
            place: design,
            summaries: (0..study.metrics.all().len()).map(summarise).collect(),
            rows,
            timeline: merged.timeline(),
            latency: merged.curves(),
            switch_tail: merged.into_switch_tail(),
        });
    }
    let objectives = objective::evaluate(&study.scenario.objectives, &designs, &study.metrics);
    StudyOutcome {
        subject: Subject::of(study, span),
        scenario: study.scenario.clone(),
        comparisons: Comparison::of_all(&designs, &study.metrics),
        expectations: expectation::evaluate(&study.scenario.expectations, &designs, &objectives, &study.metrics),
        objectives,
        metrics: study.metrics.clone(),
        designs,
        events,
        stopping: None,
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::super::{StudySpec, synthetic};
    use super::*;
    use crate::engine::Divergence;
    use crate::units::SimTime;

    fn prepared(designs: &[&str], runs: u64, jobs: usize) -> PreparedStudy {
        let mut spec = StudySpec::new(synthetic::scenario(designs));
        (spec.runs, spec.jobs) = (Some(runs), NonZeroUsize::new(jobs));
        spec.prepare().unwrap()
    }

    fn made_up(design: usize, run: u64) -> Result<RunOutcome, RunFailure> {
        Ok(synthetic::outage(run, (run as u32 * 3 + design as u32 * 5) % 17))
    }

    fn rows(study: &PreparedStudy) -> Vec<(String, Vec<RunRow>)> {
        let outcome = run_with(study, made_up, |_| (), &AtomicBool::new(false)).unwrap();
        outcome.designs.into_iter().map(|design| (design.name, design.rows)).collect()
    }

    #[test]
    fn one_thread_and_many_give_the_same_rows_in_the_same_order() {
        let one = rows(&prepared(&["a", "b"], 20, 1));
        assert_eq!(one, rows(&prepared(&["a", "b"], 20, 7)));
        assert_eq!(one[1].1.iter().map(|row| row.run).collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn another_design_does_not_change_the_rows_of_the_first() {
        assert_eq!(rows(&prepared(&["a"], 5, 2))[0], rows(&prepared(&["a", "b"], 5, 2))[0]);
    }

    #[test]
    fn a_run_alone_is_the_run_of_the_study() {
        let mut spec = StudySpec::new(synthetic::scenario(&["a"]));
        (spec.first_run, spec.runs) = (7, Some(1));
        let alone = rows(&spec.prepare().unwrap());
        assert_eq!(alone[0].1[0], rows(&prepared(&["a"], 10, 2))[0].1[7]);
    }

    #[test]
    fn progress_ends_at_the_total() {
        let seen = Mutex::new(Vec::new());
        let study = prepared(&["a", "b"], 3, 1);
        run_with(&study, made_up, |progress| seen.lock().unwrap().push(progress), &AtomicBool::new(false)).unwrap();
        let seen = seen.into_inner().unwrap();
        assert_eq!((seen.len(), seen[5]), (6, Progress { runs: 6, total: 6, events: 600, requests: seen[5].requests }));
    }

    #[test]
    fn a_panic_names_the_run_and_the_command_that_repeats_it() {
        let study = prepared(&["a", "b"], 4, 2);
        let fail = |design, run| if (design, run) == (1, 2) { panic!("queue of {run}") } else { made_up(design, run) };
        let error = run_with(&study, fail, |_| (), &AtomicBool::new(false)).unwrap_err();
        let StudyError::Run(error) = error else { panic!("{error}") };
        assert_eq!((error.run, error.design.as_str(), error.seed), (2, "b", 1));
        assert_eq!(error.command, "firedrill run made-up.toml --design b --seed 1 --first-run 2 --runs 1");
        assert_eq!(error.problem, RunProblem::Defect("queue of 2".into()));
    }

    #[test]
    fn an_engine_error_is_passed_on() {
        let budget = RunFailure::from(EngineError::Budget { budget: 5, at: SimTime::ZERO, last: "Tick".into() });
        let fail = |_, _| Err(budget.clone());
        let error = run_with(&prepared(&["a"], 1, 1), fail, |_| (), &AtomicBool::new(false)).unwrap_err();
        let StudyError::Run(error) = error else { panic!("{error}") };
        assert_eq!(error.problem, RunProblem::Model(budget));
    }

    #[test]
    fn two_executions_that_differ_are_repeated_by_a_command_that_makes_two() {
        let next = [Some((SimTime::ZERO, "Tick".to_owned())), None];
        let parted = RunFailure::from(EngineError::Diverged(Divergence { agreed: 3, next }));
        let fail = |_, _| Err(parted.clone());
        let error = run_with(&prepared(&["a"], 1, 1), fail, |_| (), &AtomicBool::new(false)).unwrap_err();
        let StudyError::Run(error) = error else { panic!("{error}") };
        assert!(error.command.ends_with("--first-run 0 --runs 1 --check-determinism"), "{}", error.command);
        assert!(error.problem.to_string().contains("part after 3 events"), "{}", error.problem);
    }

    #[test]
    fn a_stopped_study_has_no_results() {
        let cancel = AtomicBool::new(false);
        let study = prepared(&["a"], 50, 1);
        let stop_after_3 = |progress: Progress| cancel.store(progress.runs >= 3, Ordering::Relaxed);
        let error = run_with(&study, made_up, stop_after_3, &cancel).unwrap_err();
        assert!(matches!(error, StudyError::Cancelled { runs: 3, total: 50 }), "{error}");
    }
}
