//! Runs a study: every design under every run number, on all threads, each run folded and dropped as it ends.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::crew::Crew;
use super::error::StudyError;
use super::gathered::GatheredDesign;
use super::progress::Progress;
use super::shard::Shard;
use super::spec::PreparedStudy;
use crate::model::{self, RunFailure, RunOutcome};
use crate::results::Partial;
use crate::study::compare::comparison::PairComparison;
use crate::study::design::DesignOutcome;
use crate::study::judge::until::{PrecisionTarget, Reached, Stopping, Until};
use crate::study::judge::{expectation, objective};
use crate::study::outcome::{StudyOutcome, Subject};
use crate::study::record::column::Column;
use crate::study::record::keep::KeptRuns;
use crate::study::record::rows::RunRows;
use crate::study::statistics::sample::Sample;
use crate::study::statistics::summary::Summary;

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
    run_until(study, &Until::default(), None, simulate, progress, cancel)
}

/// Like [`run_with`], in batches of the scenario's number of runs until `until` knows enough of every design, or its most
/// runs have been made. The number of runs depends on the results alone, and the outcome is that of a study of so many runs
/// from the start.
///
/// Every finished run goes to `kept`, and runs that are there are not made again. With it, a study that is cancelled has results
/// all the same, of the runs from the first on that all designs have; [`StudyOutcome::partial`] says so.
///
/// # Errors
/// As [`run`]; [`StudyError::Keep`].
pub fn run_until(
    study: &PreparedStudy,
    until: &Until,
    kept: Option<Arc<dyn KeptRuns>>,
    simulate: impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync,
    progress: impl Fn(Progress) + Sync,
    cancel: &AtomicBool,
) -> Result<StudyOutcome, StudyError> {
    let watched: Vec<Column> = until.targets.iter().map(PrecisionTarget::column).collect();
    let mut crew = Crew::new(study, kept.clone(), &watched, cancel)?;
    let designs = study.designs.len() as u64;
    let batch = study.scenario.study.runs;
    let most = if until.targets.is_empty() { batch } else { until.most_runs };
    let mut done = 0;
    let stopping = loop {
        let asked = batch.min(most - done) + done;
        crew.expect(asked * designs);
        crew.make((done..asked).collect(), &simulate, &progress)?;
        let made = crew.made_below(asked);
        if made < asked * designs {
            let cancelled = StudyError::Cancelled { runs: made, total: asked * designs };
            return partial(study, until, crew, kept, asked).unwrap_or(Err(cancelled));
        }
        done = asked;
        let stopping = Stopping { batch, most_runs: most, reached: reached(study, until, &crew.gathered()) };
        if done >= most || stopping.knows_enough() {
            break stopping;
        }
    };
    let stopping = (!until.targets.is_empty()).then_some(stopping);
    whole(study, crew, kept, done, stopping)
}

/// Makes the runs of one part of a study and keeps them. The part is of a longer list, in which the study's first run is counted
/// `offset`. Returns true if the part is complete, false if it was cancelled.
///
/// # Errors
/// As [`run_until`], but for [`StudyError::Cancelled`].
pub fn run_shard(
    study: &PreparedStudy,
    (shard, offset): (Shard, u64),
    kept: Arc<dyn KeptRuns>,
    simulate: impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync,
    progress: impl Fn(Progress) + Sync,
    cancel: &AtomicBool,
) -> Result<bool, StudyError> {
    let mut crew = Crew::new(study, Some(kept), &[], cancel)?;
    let numbers: Vec<u64> = (0..study.scenario.study.runs).filter(|number| shard.holds(offset + number)).collect();
    crew.expect((numbers.len() * study.designs.len()) as u64);
    crew.make(numbers.clone(), &simulate, &progress)?;
    Ok(crew.gathered().iter().all(|design| numbers.iter().all(|number| design.has(*number))))
}

/// Concludes a study from runs that are all kept.
///
/// # Errors
/// [`StudyError::Missing`] if they are not; [`StudyError::Keep`].
pub fn from_kept(study: &PreparedStudy, kept: Arc<dyn KeptRuns>) -> Result<StudyOutcome, StudyError> {
    let never = AtomicBool::new(false);
    let mut crew = Crew::new(study, Some(Arc::clone(&kept)), &[], &never)?;
    let (runs, designs) = (study.scenario.study.runs, study.designs.len() as u64);
    let made = crew.made_below(runs);
    if made < runs * designs {
        return Err(StudyError::Missing { missing: runs * designs - made, total: runs * designs });
    }
    whole(study, crew, Some(kept), runs, None)
}

/// Returns how near every design has come to every target.
fn reached(study: &PreparedStudy, until: &Until, designs: &[&GatheredDesign]) -> Vec<Reached> {
    let named = || study.designs.iter().map(|&design| &study.scenario.designs[design].name).zip(designs);
    let each = |target: &PrecisionTarget| {
        let target = target.clone();
        named().map(move |(name, runs)| target.reached(name, |column| Sample::of(runs.watched(column))))
    };
    until.targets.iter().flat_map(each).collect()
}

/// Puts the first `runs` runs of a study together.
fn whole(
    study: &PreparedStudy,
    crew: Crew<'_>,
    kept: Option<Arc<dyn KeptRuns>>,
    runs: u64,
    stopping: Option<Stopping>,
) -> Result<StudyOutcome, StudyError> {
    let mut study = study.clone();
    study.scenario.study.runs = runs;
    let gathered = crew.into_first(runs)?;
    let mut outcome = conclude(&study, gathered, kept.as_ref())?;
    outcome.stopping = stopping;
    Ok(outcome)
}

/// Puts the runs that all designs have together, of a study of which `asked` were asked for; `None` if there are none, or none
/// are kept.
fn partial(
    study: &PreparedStudy,
    until: &Until,
    mut crew: Crew<'_>,
    kept: Option<Arc<dyn KeptRuns>>,
    asked: u64,
) -> Option<Result<StudyOutcome, StudyError>> {
    let kept = kept?;
    let made = crew.gathered().iter().map(|design| design.prefix()).min().filter(|made| *made > 0)?;
    let concluded = whole(study, crew, Some(kept), made, None).map(|mut outcome| {
        outcome.partial = Some(Partial { made, asked: if until.targets.is_empty() { asked } else { until.most_runs } });
        outcome
    });
    Some(concluded)
}

/// Puts the runs of each design, in order, together.
fn conclude(
    study: &PreparedStudy,
    gathered: Vec<GatheredDesign>,
    kept: Option<&Arc<dyn KeptRuns>>,
) -> Result<StudyOutcome, StudyError> {
    let span = gathered[0].span.expect("a study has a run");
    let events = gathered.iter().map(|design| design.events).sum();
    let mut designs = Vec::new();
    let (runs, geographies) = (study.scenario.study.runs, study.scenario.geographies.len());
    for ((slot, &design), mut gathered) in (0..).zip(&study.designs).zip(gathered) {
        let rows = match (gathered.take_rows(), kept) {
            (None, Some(kept)) => RunRows::kept(kept, slot, (study.first_run, runs), &study.metrics, geographies)?,
            (rows, _) => RunRows::held(rows.unwrap_or_default()),
        };
        let merged = gathered.merged;
        let summarise = |position: usize| Summary::of(rows.column(position));
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
    let outcome = StudyOutcome {
        subject: Subject::of(study, span),
        scenario: study.scenario.clone(),
        comparisons: PairComparison::of_all(&designs, &study.metrics),
        expectations: expectation::evaluate(&study.scenario.expectations, &designs, &objectives, &study.metrics),
        objectives,
        metrics: study.metrics.clone(),
        designs,
        events,
        stopping: None,
        partial: None,
    };
    outcome.check()?;
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::num::NonZeroUsize;
    use std::sync::Mutex;
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::engine::{Divergence, EngineError};
    use crate::study::record::in_memory::InMemory;
    use crate::study::record::row::RunRow;
    use crate::study::run::error::RunProblem;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;
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
        let all = |rows: RunRows| rows.iter().map(Cow::into_owned).collect();
        outcome.designs.into_iter().map(|design| (design.name, all(design.rows))).collect()
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

    fn kept_run(
        study: &PreparedStudy,
        kept: &Arc<InMemory>,
        simulate: impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync,
        stop_at: u64,
    ) -> Result<StudyOutcome, StudyError> {
        let cancel = AtomicBool::new(false);
        let stop = |progress: Progress| cancel.store(progress.runs >= stop_at, Ordering::Relaxed);
        run_until(study, &Until::default(), Some(Arc::clone(kept) as _), simulate, stop, &cancel)
    }

    /// All that a study leaves, as text.
    fn all(outcome: &StudyOutcome) -> String {
        format!("{outcome:?}")
    }

    #[test]
    fn a_study_that_goes_on_from_what_is_kept_is_the_study_and_makes_no_run_again() {
        let study = prepared(&["a", "b"], 20, 2);
        let whole = run_with(&study, made_up, |_| (), &AtomicBool::new(false)).unwrap();
        let kept = Arc::new(InMemory::default());
        let made = Mutex::new(0);
        let count = |design, run| {
            *made.lock().unwrap() += 1;
            made_up(design, run)
        };
        let first = kept_run(&study, &kept, count, 15).unwrap();
        assert!(first.partial.is_some());
        let again = kept_run(&study, &kept, count, u64::MAX).unwrap();
        assert_eq!((all(&again), *made.lock().unwrap()), (all(&whole), 40));
        assert_eq!(all(&from_kept(&study, Arc::clone(&kept) as _).unwrap()), all(&whole));
    }

    #[test]
    fn a_stopped_study_that_is_kept_is_the_study_of_the_runs_that_all_designs_have() {
        let study = prepared(&["a", "b"], 20, 1);
        let kept = Arc::new(InMemory::default());
        // One thread takes a and b of run 0, then of run 1, and so on: with 7 done, b of run 3 is missing.
        let stopped = kept_run(&study, &kept, made_up, 7).unwrap();
        assert_eq!(stopped.partial, Some(Partial { made: 3, asked: 20 }));
        let mut of_three = run_with(&prepared(&["a", "b"], 3, 1), made_up, |_| (), &AtomicBool::new(false)).unwrap();
        of_three.partial = stopped.partial;
        assert_eq!(all(&stopped), all(&of_three));
        let none = kept_run(&study, &Arc::new(InMemory::default()), made_up, 1);
        assert!(matches!(none, Err(StudyError::Cancelled { runs: 1, total: 40 })), "{none:?}");
    }

    #[test]
    fn parts_in_any_order_and_repeated_make_the_study_and_one_that_is_missing_is_said() {
        let study = prepared(&["a", "b"], 11, 2);
        let whole = run_with(&study, made_up, |_| (), &AtomicBool::new(false)).unwrap();
        let never = AtomicBool::new(false);
        let kept = Arc::new(InMemory::default());
        let part = |part| {
            run_shard(&study, (Shard::new(part, 3).unwrap(), 0), Arc::clone(&kept) as _, made_up, |_| (), &never)
                .unwrap()
        };
        assert!(part(3) && part(1));
        // Runs 1, 4, 7 and 10 of two designs.
        let missing = from_kept(&study, Arc::clone(&kept) as _);
        assert!(matches!(missing, Err(StudyError::Missing { missing: 8, total: 22 })), "{missing:?}");
        assert!(part(2) && part(1));
        kept.records.lock().unwrap().extend_from_within(..5);
        assert_eq!(all(&from_kept(&study, Arc::clone(&kept) as _).unwrap()), all(&whole));
    }
}
