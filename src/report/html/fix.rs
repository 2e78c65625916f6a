//! Shows what to fix first: the waterfall of each design.

use crate::chart::category_colour;
use crate::results::words::{Piece, Space, duration, margin, mean, pieces, set_option, setting, share};
use crate::results::{DesignResults, Lead, MOST_CANDIDATES, Study, Unit, WaterfallStep};

/// The lost service of one design.
#[derive(Debug)]
pub(super) struct Fall<'a> {
    pub(super) design: usize,
    pub(super) name: &'a str,
    /// Mean and half of its interval.
    pub(super) total: String,
    /// Reason why it says nothing of an outage.
    pub(super) untested: Option<&'a str>,
    /// The largest cause; where others may be as large, these too.
    pub(super) candidates: Vec<Bar<'a>>,
    /// Certainty that the first is the largest.
    pub(super) lead: Option<&'a Lead>,
    /// The steps, the largest first.
    pub(super) bars: Vec<Bar<'a>>,
}

impl Fall<'_> {
    /// Tells whether the interval of a mean in it is too narrow.
    pub(super) fn has_star(&self) -> bool {
        self.total.ends_with('*') || self.bars.iter().any(|bar| bar.seconds.ends_with('*'))
    }
}

/// One step; places are percentages of the design's lost service.
#[derive(Debug)]
pub(super) struct Bar<'a> {
    pub(super) step: &'a WaterfallStep,
    pub(super) phase: String,
    pub(super) seconds: String,
    pub(super) share: String,
    pub(super) from: String,
    pub(super) width: String,
    pub(super) colour: String,
    /// The advice, with the settings that it names.
    pub(super) remedy: Vec<Piece<'a>>,
    /// The setting that governs it, as the file has it, unless a candidate before it has named it.
    pub(super) setting: Option<String>,
    /// Options that try the advice.
    pub(super) tries: Vec<String>,
}

/// Lays out the waterfall of every design.
pub(super) fn falls(study: &Study) -> Vec<Fall<'_>> {
    study.designs.iter().enumerate().map(|(place, design)| fall(study, place, design)).collect()
}

fn fall<'a>(study: &'a Study, place: usize, design: &'a DesignResults) -> Fall<'a> {
    let waterfall = &design.waterfall;
    let lost = study.statistics(place, "lost_service_s").filter(|_| !waterfall.steps.is_empty());
    let phases = waterfall.lead.iter().flat_map(|lead| &lead.phases).take(MOST_CANDIDATES);
    let mut candidates: Vec<Bar<'a>> =
        phases.filter_map(|phase| Some(bar(study, place, waterfall.step(phase)?, 0.0))).collect();
    for later in (1..candidates.len()).rev() {
        if candidates[..later].iter().any(|before| before.setting == candidates[later].setting) {
            candidates[later].setting = None;
        }
    }
    Fall {
        design: place,
        name: &design.name,
        total: lost.map_or_else(|| duration(0.0), |lost| mean(lost, lost.unit, Space::Sentence)),
        untested: design.untested.as_deref(),
        candidates,
        lead: waterfall.lead.as_ref(),
        bars: waterfall
            .steps
            .iter()
            .scan(0.0, |before, step| {
                let bar = bar(study, place, step, *before);
                *before += step.seconds;
                Some(bar)
            })
            .collect(),
    }
}

/// One step, drawn after `before` seconds of others.
fn bar<'a>(study: &Study, place: usize, step: &'a WaterfallStep, before: f64) -> Bar<'a> {
    let total: f64 = study.designs[place].waterfall.steps.iter().map(|step| step.seconds).sum();
    let percent = |seconds: f64| format!("{:.2}", seconds / total * 100.0);
    let seconds = study.statistics(place, &step.metric);
    Bar {
        step,
        phase: step.phase.replace('_', " "),
        seconds: seconds.map_or_else(String::new, |seconds| mean(seconds, seconds.unit, Space::Sentence)),
        share: match step.share_half {
            Some(half) if step.share < 1.0 => margin(step.share, half, Unit::Share),
            _ => share(step.share),
        },
        from: percent(before),
        width: percent(step.seconds),
        colour: category_colour(step.place),
        remedy: pieces(&step.remedy),
        setting: setting(step),
        tries: step.turn.iter().map(set_option).collect(),
    }
}
