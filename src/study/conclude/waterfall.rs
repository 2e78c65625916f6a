//! The thing to fix first: the lost service of each design, by the phase in which it was lost.

use super::lead::{Leading, lead};
use super::meaning::meaning;
use crate::model::Phase;
use crate::results::words::{difference, ends};
use crate::results::{Lead, LeadStanding, MOST_CANDIDATES, StudyEstimate, Unit, Waterfall, WaterfallStep};
use crate::study::advice::advise;
use crate::study::advice::advise::Advice;
use crate::study::advice::remains::Remains;
use crate::study::compare::ratio::share_of;
use crate::study::design::DesignOutcome;
use crate::study::metric::table::MetricTable;
use crate::study::outcome::StudyOutcome;

/// One cause of a design's lost service.
struct PhaseLoss {
    phase: Phase,
    step: WaterfallStep,
    /// Seconds in each run.
    runs_s: Vec<f64>,
}

/// Splits the lost service of a design by phase, the largest first, and says what to fix first.
pub(super) fn waterfall(outcome: &StudyOutcome, design: &DesignOutcome) -> Waterfall {
    let mut causes = causes(&outcome.metrics, design);
    let lost: Vec<(Phase, f64)> = causes.iter().map(|cause| (cause.phase, cause.step.seconds)).collect();
    for cause in &mut causes {
        cause.step = advised(outcome, design, cause.phase, &lost, cause.step.clone());
    }
    let lead = advice(&causes);
    Waterfall { steps: causes.into_iter().map(|cause| cause.step).collect(), lead }
}

fn causes(metrics: &MetricTable, design: &DesignOutcome) -> Vec<PhaseLoss> {
    let known = Phase::ALL.into_iter().filter_map(|phase| cause(metrics, design, phase));
    let mut causes: Vec<PhaseLoss> = known.filter(|cause| cause.step.seconds > 0.0).collect();
    causes.sort_by(|one, other| other.step.seconds.total_cmp(&one.step.seconds));
    let whole: Vec<f64> =
        (0..design.rows.len()).map(|run| causes.iter().map(|cause| cause.runs_s[run]).sum()).collect();
    for cause in &mut causes {
        (cause.step.share, cause.step.share_half) = share_of(&cause.runs_s, &whole);
    }
    causes
}

/// `None` if the phase applies to no run.
fn cause(metrics: &MetricTable, design: &DesignOutcome, phase: Phase) -> Option<PhaseLoss> {
    let metric = format!("lost_service_{}_s", phase.name());
    let position = metrics.position(&metric)?;
    let summary = &design.summaries[position];
    let step = WaterfallStep {
        phase: phase.name().to_owned(),
        place: phase as usize,
        metric,
        meaning: meaning(phase).to_owned(),
        remedy: String::new(),
        key: None,
        value: None,
        is_default: false,
        turn: Vec::new(),
        seconds: summary.mean.map(|mean| mean.point).or(summary.min)?,
        seconds_half: summary.mean.map(|mean| mean.half_width()),
        share: 0.0,
        share_half: None,
    };
    Some(PhaseLoss {
        phase,
        step,
        runs_s: design.rows.column(position).into_iter().map(|lost| lost.value().unwrap_or(0.0)).collect(),
    })
}

/// The step with what to change for it: which setting, its value, and what remains once the phase is mended.
fn advised(
    outcome: &StudyOutcome,
    design: &DesignOutcome,
    phase: Phase,
    lost: &[(Phase, f64)],
    step: WaterfallStep,
) -> WaterfallStep {
    let advice =
        advise(&outcome.scenario, &outcome.scenario.designs[design.place], phase, Some(&Remains::after(phase, lost)));
    let turn = advice.turn.clone();
    let Advice { key, value, is_default, text: remedy, .. } = advice;
    WaterfallStep { remedy, key, value, is_default, turn, ..step }
}

/// Says what to fix first, and how sure that is; `None` if nothing was lost.
fn advice(causes: &[PhaseLoss]) -> Option<Lead> {
    let largest = causes.first()?;
    let runs: Vec<&[f64]> = causes.iter().map(|cause| cause.runs_s.as_slice()).collect();
    let (standing, others, difference, sentence) = match lead(&runs) {
        leading if largest.runs_s.len() < 2 => {
            let cause = if leading == Leading::Only { "only" } else { "largest" };
            let sentence = format!("It is the {cause} cause in this one run; one run cannot say how sure that is.");
            (LeadStanding::OneRun, Vec::new(), None, sentence)
        }
        Leading::Only => (LeadStanding::Only, Vec::new(), None, "There is no other cause.".to_owned()),
        Leading::Clear(next) => {
            let next = StudyEstimate::from(next);
            let sentence = format!(
                "It costs {} more per run than the second cause ({}).",
                seconds(next.point),
                ends(&next, Unit::Seconds)
            );
            (LeadStanding::Clear, Vec::new(), Some(next), sentence)
        }
        Leading::Shared { others, difference } => {
            let difference = difference.map(StudyEstimate::from);
            let sentence = shared(difference) + &more(others.len());
            (LeadStanding::Shared, others, difference, sentence)
        }
    };
    let phases = [0].into_iter().chain(others).map(|place| causes[place].step.phase.clone()).collect();
    Some(Lead { standing, phases, difference, sentence })
}

/// Says that one of several causes cannot be chosen.
fn shared(difference: Option<StudyEstimate>) -> String {
    let why = "Which costs more is not clear enough to choose by";
    match difference {
        Some(next) if next.low == next.high => {
            format!("{why}: the difference is {} in every run.", seconds(next.point))
        }
        Some(next) => {
            format!("{why}: the difference is {} per run ({}).", seconds(next.point), ends(&next, Unit::Seconds))
        }
        None => format!("{why}."),
    }
}

/// Counts the candidates that are not named.
fn more(others: usize) -> String {
    match others.saturating_sub(MOST_CANDIDATES - 1) {
        0 => String::new(),
        1 => " One more cause may be as large.".to_owned(),
        more => format!(" {more} more causes may be as large."),
    }
}

fn seconds(size: f64) -> String {
    difference(size, Unit::Seconds)
}
