//! What to fix first: the lost service of each design, by the phase in which it was lost.

use super::folder::{Folder, Statistics, number};
use super::leading::{Lead, lead, share_of};
use super::remedy::explained;
use super::{series, verdict};
use crate::report::chart::category_colour;
use crate::report::format::{difference, duration, share, value};
use crate::report::table::margin;
use crate::stats::Estimate;
use crate::study::{Phase, Unit};

/// Most candidates that are named; the table has them all.
const MOST_CANDIDATES: usize = 3;

/// The lost service of one design.
#[derive(Debug)]
pub(super) struct Waterfall {
    pub(super) design: usize,
    pub(super) name: String,
    /// Mean and half of its interval.
    pub(super) total: String,
    /// What the largest step says.
    pub(super) advice: Option<Advice>,
    /// The steps, the largest first.
    pub(super) steps: Vec<Step>,
}

/// What to fix first.
#[derive(Debug)]
pub(super) struct Advice {
    /// The largest cause; where others may be as large, these too.
    pub(super) candidates: Vec<Candidate>,
    /// How sure it is that the first is the largest.
    pub(super) sure: String,
}

/// One cause of lost service that may be the largest.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) share: String,
    pub(super) meaning: &'static str,
    pub(super) remedy: &'static str,
}

/// One step of a waterfall; places are percentages of the design's lost service.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) phase: String,
    pub(super) meaning: &'static str,
    pub(super) seconds: String,
    pub(super) share: String,
    pub(super) from: String,
    pub(super) width: String,
    pub(super) colour: String,
}

/// One cause of a design's lost service.
struct Cause {
    phase: Phase,
    /// Place of its metric.
    metric: usize,
    mean_s: f64,
    /// Seconds in each run.
    runs_s: Vec<f64>,
    /// Share of the lost service, with half of its interval.
    share: String,
}

/// One for each design that has any measure of lost service.
pub(super) fn waterfalls(folder: &Folder) -> Vec<Waterfall> {
    (0..folder.summary.designs.len()).filter_map(|design| waterfall(folder, design)).collect()
}

fn waterfall(folder: &Folder, design: usize) -> Option<Waterfall> {
    let summary = &folder.summary;
    let metrics = &summary.designs[design].metrics;
    let lost = summary.metric("lost_service_s")?;
    let causes = causes(folder, design);
    let total: f64 = causes.iter().map(|cause| cause.mean_s).sum();
    let mut before = 0.0;
    let step = |cause: &Cause| {
        let (from, width) = (before / total * 100.0, cause.mean_s / total * 100.0);
        before += cause.mean_s;
        let (meaning, _) = explained(cause.phase);
        Step {
            phase: cause.phase.name().replace('_', " "),
            meaning,
            seconds: verdict::mean(summary, cause.metric, &metrics[cause.metric]),
            share: cause.share.clone(),
            from: format!("{from:.2}"),
            width: format!("{width:.2}"),
            colour: category_colour(cause.phase as usize),
        }
    };
    let steps: Vec<Step> = causes.iter().map(step).collect();
    let total = if total > 0.0 { verdict::mean(summary, lost, &metrics[lost]) } else { duration(0.0) };
    Some(Waterfall { design, name: summary.designs[design].name.clone(), total, advice: advice(&causes), steps })
}

/// What service was lost to, the largest first.
fn causes(folder: &Folder, design: usize) -> Vec<Cause> {
    let Folder { summary, runs, .. } = folder;
    let of = &summary.designs[design];
    let known = Phase::ALL.into_iter().filter_map(|phase| {
        let name = format!("lost_service_{}_s", phase.name());
        let metric = summary.metric(&name)?;
        let column = runs.column(&name);
        let runs_s = series::rows(runs, &of.name).map(|row| number(row, column).unwrap_or(0.0)).collect();
        Some(Cause { phase, metric, mean_s: middle(&of.metrics[metric])?, runs_s, share: String::new() })
    });
    let mut causes: Vec<Cause> = known.filter(|cause| cause.mean_s > 0.0).collect();
    causes.sort_by(|one, other| other.mean_s.total_cmp(&one.mean_s));
    let runs = causes.first().map_or(0, |cause| cause.runs_s.len());
    let whole: Vec<f64> = (0..runs).map(|run| causes.iter().map(|cause| cause.runs_s[run]).sum()).collect();
    for cause in &mut causes {
        let (part, half) = share_of(&cause.runs_s, &whole);
        cause.share = half.map_or_else(|| share(part), |half| margin(part, half, Unit::Share));
    }
    causes
}

/// What to fix first, and how sure that is; `None` if nothing was lost.
fn advice(causes: &[Cause]) -> Option<Advice> {
    let largest = causes.first()?;
    let runs: Vec<Vec<f64>> = causes.iter().map(|cause| cause.runs_s.clone()).collect();
    let (others, sure) = match lead(&runs) {
        Lead::Only => (Vec::new(), "There is no other cause.".to_owned()),
        _ if largest.runs_s.len() < 2 => {
            (Vec::new(), "It is the largest cause in this one run; one run cannot say how sure that is.".to_owned())
        }
        Lead::Clear(next) => (
            Vec::new(),
            format!("It costs {} in a run more than the next cause ({}).", seconds(next.point), ends(&next)),
        ),
        Lead::Shared { others, difference } => (others, shared(difference)),
    };
    let more = others.len().saturating_sub(MOST_CANDIDATES - 1);
    let shown = [0].into_iter().chain(others.iter().copied().take(MOST_CANDIDATES - 1));
    let candidate = |place: usize| {
        let (meaning, remedy) = explained(causes[place].phase);
        Candidate { share: causes[place].share.clone(), meaning, remedy }
    };
    let sure = match more {
        0 => sure,
        1 => format!("{sure} One more cause may be as large."),
        more => format!("{sure} {more} more causes may be as large."),
    };
    Some(Advice { candidates: shown.map(candidate).collect(), sure })
}

/// That one of several causes cannot be chosen.
fn shared(difference: Option<Estimate>) -> String {
    let why = "Which costs more is not clear enough to choose by";
    match difference {
        Some(next) if next.low == next.high => {
            format!("{why}: the difference is {} in every run.", seconds(next.point))
        }
        Some(next) => format!("{why}: the difference is {} in a run ({}).", seconds(next.point), ends(&next)),
        None => format!("{why}."),
    }
}

fn seconds(size: f64) -> String {
    difference(size, Unit::Seconds)
}

/// The ends of an interval of seconds.
fn ends(estimate: &Estimate) -> String {
    let [low, high] = [estimate.low, estimate.high].map(|end| value(end, Unit::Seconds));
    format!("95 % interval {low} to {high}")
}

/// The mean, or the only value there is.
fn middle(statistics: &Statistics) -> Option<f64> {
    let mean = statistics.mean.map(|mean| mean.point).or(statistics.min);
    mean.map(|number| number.0).filter(|value| value.is_finite())
}
