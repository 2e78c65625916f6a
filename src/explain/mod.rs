//! Explains one run: what happened, because of what, and what it cost.
//!
//! [`explain`] makes one run with its diary kept and puts names to the steps; [`text`], [`trace`] and [`picture`] show them.
//! JSON is the [`Explanation`] itself. Left out: single requests, of which a run has too many to read; their sums by phase
//! are there.

mod markdown;
mod picture;
mod text;
mod trace;
mod words;

pub use markdown::markdown;
pub use picture::picture;
pub use text::text;
pub use trace::trace;

use serde::Serialize;

use crate::model::{Phase, Plan, RunFailure, Step, What, simulate_traced};
use crate::units::SimTime;

/// One run, explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the design.
    pub design: String,
    /// Seed of the study.
    pub seed: u64,
    /// Number of the run.
    pub run: u64,
    /// Simulated length of the run, in seconds.
    pub horizon_s: f64,
    /// Requests that succeeded, in measured time.
    pub succeeded: u64,
    /// Requests that failed, in measured time.
    pub failed: u64,
    /// Failed requests of each phase that any failed in, most first.
    pub phases: Vec<PhaseCost>,
    /// Steps of the run, in order.
    pub steps: Vec<ExplainedStep>,
}

/// Cost of a phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhaseCost {
    /// The phase: what would have had to be better.
    pub phase: &'static str,
    /// Requests that failed in it.
    pub failed: u64,
}

/// One step, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplainedStep {
    /// Place in the list.
    pub number: usize,
    /// Time, in seconds from the start of the run.
    pub at_s: f64,
    /// Kind of step, as in `verdict-down`.
    pub kind: &'static str,
    /// Sentence that says what happened.
    pub what: String,
    /// Number of the step that led to it; none for a root.
    pub cause: Option<usize>,
    /// Number of the root that its causes lead back to.
    pub root: usize,
    /// Lane that the step is drawn in: the part of the system whose step it is.
    pub lane: &'static str,
}

/// Runs design number `design` under run number `run` and explains it.
///
/// ```
/// use firedrill::explain::{explain, text};
/// use firedrill::model::Plan;
/// use firedrill::scenario::{LoadOptions, Scenario};
///
/// let starter = include_str!("../../assets/starter.toml");
/// let loaded = Scenario::parse(starter, "starter.toml", &LoadOptions::default())?;
/// let explanation = explain(&Plan::new(&loaded.scenario), 0, 0)?;
/// assert!(!explanation.steps.is_empty());
/// assert!(!text(&explanation).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`crate::model::simulate`].
pub fn explain(plan: &Plan, design: usize, run: u64) -> Result<Explanation, RunFailure> {
    let (outcome, steps) = simulate_traced(plan, design, run)?;
    let scenario = plan.scenario();
    let tallies = || outcome.visitors.iter().flatten();
    let mut phases: Vec<PhaseCost> = Phase::ALL
        .into_iter()
        .map(|phase| {
            let failed = tallies().map(|tally| tally.failed_by_phase[phase as usize]).sum();
            PhaseCost { phase: phase.name(), failed }
        })
        .filter(|cost| cost.failed > 0)
        .collect();
    phases.sort_by_key(|cost| std::cmp::Reverse(cost.failed));
    let explained = steps.iter().enumerate().map(|(number, step)| ExplainedStep {
        number,
        at_s: step.at.since(SimTime::ZERO).as_secs_f64(),
        kind: words::kind(step.what),
        what: words::sentence(step.what, scenario),
        cause: step.cause,
        root: root(&steps, number),
        lane: words::lane(step.what),
    });
    // Checkers and the rest of a quiet run's clockwork are there too; the start explains nothing by itself.
    debug_assert!(steps.first().is_some_and(|step| step.what == What::RunStarts), "the first step is the start");
    Ok(Explanation {
        scenario: scenario.name.clone(),
        design: scenario.designs[design].name.clone(),
        seed: scenario.study.seed,
        run,
        horizon_s: scenario.study.horizon.as_secs_f64(),
        succeeded: tallies().map(|tally| tally.succeeded).sum(),
        failed: tallies().map(|tally| tally.failed).sum(),
        phases,
        steps: explained.collect(),
    })
}

/// The root that a step's causes lead back to.
fn root(steps: &[Step], mut number: usize) -> usize {
    while let Some(cause) = steps[number].cause {
        assert!(cause < number, "a cause comes before what it leads to");
        number = cause;
    }
    number
}
