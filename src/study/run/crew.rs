//! The threads that make the runs of a study: each takes the next run that is not there yet, folds it, and keeps it.
//!
//! Runs are taken in the order of their numbers, every design of a run after the other, so that whenever a study is stopped there
//! is a whole study of fewer runs.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::{RunError, RunProblem, StudyError};
use super::gathered::GatheredDesign;
use super::progress::Progress;
use super::replay::replay;
use super::spec::PreparedStudy;
use crate::engine::EngineError;
use crate::model::{RunFailure, RunOutcome};
use crate::panic_text::panic_text;
use crate::study::record::column::Column;
use crate::study::record::keep::{KeepError, KeptRuns};
use crate::study::record::run_record::RunRecord;

/// State that the threads share.
pub(in crate::study) struct Crew<'a> {
    study: &'a PreparedStudy,
    kept: Option<Arc<dyn KeptRuns>>,
    cancel: &'a AtomicBool,
    pool: rayon::ThreadPool,
    ended: AtomicU64,
    /// Runs asked for so far.
    total: AtomicU64,
    events: AtomicU64,
    requests: AtomicU64,
    /// Per design that is run.
    gathered: Vec<Mutex<GatheredDesign>>,
}

/// Why no more runs were made, in the order in which it counts.
#[derive(Default)]
struct Trouble {
    /// By slot and run number.
    failed: BTreeMap<(usize, u64), RunError>,
    not_kept: Option<KeepError>,
}

impl<'a> Crew<'a> {
    /// Starts the threads, and has back the runs of `study` that are kept. The columns `watched` are looked at while
    /// runs are made.
    pub(in crate::study) fn new(
        study: &'a PreparedStudy,
        kept: Option<Arc<dyn KeptRuns>>,
        watched: &[Column],
        cancel: &'a AtomicBool,
    ) -> Result<Self, StudyError> {
        let jobs = study.jobs.map_or(0, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| StudyError::Threads { jobs, reason: error.to_string() })?;
        let gathered = gather(study, kept.as_deref(), watched, u64::MAX)?;
        let ended = gathered.iter().map(GatheredDesign::runs).sum();
        Ok(Crew {
            study,
            kept,
            cancel,
            pool,
            ended: AtomicU64::new(ended),
            total: AtomicU64::new(0),
            events: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            gathered: gathered.into_iter().map(Mutex::new).collect(),
        })
    }

    /// So many runs are asked for by now.
    pub(in crate::study) fn expect(&self, runs: u64) {
        self.total.store(runs, Ordering::Relaxed);
    }

    /// Makes the runs `numbers` (counted from the study's first) of every design that are not there, until it is cancelled.
    pub(in crate::study) fn make(
        &mut self,
        numbers: Vec<u64>,
        simulate: &(impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync),
        progress: &(impl Fn(Progress) + Sync),
    ) -> Result<(), StudyError> {
        let this = &*self;
        let slots = this.gathered.len();
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let trouble = Mutex::new(Trouble::default());
        this.pool.broadcast(|_| {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(&number) = numbers.get(place / slots) else { break };
                let slot = place % slots;
                if this.design(slot).has(number) {
                    continue;
                }
                if this.cancel.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) {
                    break;
                }
                match this.work(slot, number, simulate) {
                    Ok(Some(so_far)) => progress(so_far),
                    Ok(None) => break,
                    Err(error) => {
                        stop.store(true, Ordering::Relaxed);
                        let mut trouble = trouble.lock().unwrap_or_else(PoisonError::into_inner);
                        match error {
                            StudyError::Run(error) => drop(trouble.failed.insert((slot, number), *error)),
                            StudyError::Keep(error) => trouble.not_kept = Some(error),
                            _ => {}
                        }
                    }
                }
            }
        });
        let mut trouble = trouble.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (trouble.failed.pop_first(), trouble.not_kept) {
            (Some((_, failed)), _) => Err(StudyError::Run(Box::new(failed))),
            (None, Some(error)) => Err(StudyError::Keep(error)),
            (None, None) => Ok(()),
        }
    }

    /// Makes, folds and keeps one run; `None` if it was cancelled meanwhile.
    fn work(
        &self,
        slot: usize,
        number: u64,
        simulate: &(impl Fn(usize, u64) -> Result<RunOutcome, RunFailure> + Sync),
    ) -> Result<Option<Progress>, StudyError> {
        let run = self.study.first_run + number;
        let made = caught(|| {
            let outcome = simulate(self.study.designs[slot], run)?;
            assert_eq!(outcome.run, run, "the run that was asked for");
            Ok(RunRecord::of(&outcome, slot, &self.study.metrics, self.study.scenario.study.slo))
        });
        let record = match made {
            Ok(record) => record,
            Err(RunProblem::Model(RunFailure::Engine(EngineError::Stopped { .. }))) => return Ok(None),
            Err(problem) => return Err(StudyError::Run(Box::new(self.run_error(slot, run, problem)))),
        };
        // Kept before it counts: what is shown of a study is never more than there is of it.
        self.kept.as_ref().map_or(Ok(()), |kept| kept.keep(&record))?;
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let events = self.events.fetch_add(record.events, Ordering::Relaxed) + record.events;
        let requests = self.requests.fetch_add(record.requests, Ordering::Relaxed) + record.requests;
        self.design(slot).add(number, record);
        Ok(Some(Progress { runs: ended, total: self.total.load(Ordering::Relaxed), events, requests }))
    }

    fn design(&self, slot: usize) -> MutexGuard<'_, GatheredDesign> {
        self.gathered[slot].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how many runs below `number` there are, of all designs together.
    pub(in crate::study) fn made_below(&mut self, number: u64) -> u64 {
        self.gathered().iter().map(|design| design.below(number)).sum()
    }

    /// Returns the runs that are there, per design.
    pub(in crate::study) fn gathered(&mut self) -> Vec<&GatheredDesign> {
        self.gathered.iter_mut().map(|design| &*design.get_mut().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// Returns the first `runs` runs of each design. If there are others, the sums are made again of what is kept.
    pub(in crate::study) fn into_first(self, runs: u64) -> Result<Vec<GatheredDesign>, StudyError> {
        let all = self.gathered.into_iter().map(|design| design.into_inner().unwrap_or_else(PoisonError::into_inner));
        let all: Vec<GatheredDesign> = all.collect();
        let has_others = all.iter().any(|design| design.runs() != runs);
        if has_others { gather(self.study, self.kept.as_deref(), &[], runs) } else { Ok(all) }
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

/// Has back the first `runs` runs of each design that are kept.
fn gather(
    study: &PreparedStudy,
    kept: Option<&dyn KeptRuns>,
    watched: &[Column],
    runs: u64,
) -> Result<Vec<GatheredDesign>, StudyError> {
    let (designs, geographies) = (study.designs.len(), study.scenario.geographies.len());
    let new = |_| GatheredDesign::new(study, watched, kept.is_some());
    let mut gathered: Vec<GatheredDesign> = study.designs.iter().map(new).collect();
    if let Some(kept) = kept {
        kept.each(&mut |record| {
            let number = record.run().checked_sub(study.first_run).filter(|number| *number < runs);
            if let Some(number) = number.filter(|_| record.fits(&study.metrics, designs, geographies)) {
                gathered[record.slot as usize].add(number, record);
            }
        })?;
    }
    Ok(gathered)
}

/// Runs `work` and turns a panic into an error.
fn caught<T>(work: impl FnOnce() -> Result<T, RunFailure>) -> Result<T, RunProblem> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(RunProblem::Model),
        Err(panic) => Err(RunProblem::Defect(panic_text(panic.as_ref()))),
    }
}
