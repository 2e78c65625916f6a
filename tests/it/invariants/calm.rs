//! While nothing goes wrong and capacity is ample, nothing fails.

use firedrill::model::{RunOutcome, Step, What};
use firedrill::scenario::PromotionTrigger;
use firedrill::units::SimTime;

use super::generator::{Capacity, Generated, PATIENCE_S};
use super::{claim, in_every_case, in_every_run, is_multi_primary, run_traced};

#[test]
fn nothing_fails_and_nothing_is_lost_while_nothing_goes_wrong_and_capacity_is_ample() {
    in_every_run(Capacity::Ample, Generated::quiet, |case, outcome| {
        let (plan, design) = (case.plan, case.design);
        if matches!(plan.scenario().designs[design].promotion.trigger, PromotionTrigger::Planned { .. }) {
            return Ok(());
        }
        for tally in outcome.visitors.iter().flatten() {
            claim(tally.failed == 0 && tally.attempts == tally.succeeded, || {
                format!("{} failed, {} attempts for {}", tally.failed, tally.attempts, tally.succeeded)
            })?;
        }
        for tally in &outcome.writes {
            let conflicting = if is_multi_primary(plan, design) { tally.conflicting } else { 0 };
            claim(tally.durable + conflicting == tally.acknowledged, || format!("{tally:?}"))?;
            claim(tally.ambiguous + tally.duplicated == 0, || format!("{tally:?}"))?;
        }
        let requests: u64 = outcome.visitors.iter().flatten().map(|tally| tally.succeeded).sum();
        let bins = outcome.timeline.bins.iter();
        let sent: u64 = bins.flat_map(|bin| bin.attempts_to).map(u64::from).sum();
        claim((requests..=outcome.requests_simulated).contains(&sent), || format!("{sent} attempts sent"))?;
        claim(outcome.switch_tail.lookups.iter().all(|[_, all]| *all == 0), || "an answer changed".to_owned())
    });
}

/// Longest time that something goes on after the end of an incident or a promotion: TTLs, checks, activations,
/// resolvers that lengthen.
const AFTERMATH_S: f64 = 120.0;

/// Returns the spans of trouble: incidents, and the way from a loss of contact to a promotion, which goes through once
/// it is decided, however long it takes.
fn trouble(outcome: &RunOutcome, steps: &[Step]) -> Vec<(f64, f64)> {
    let seconds = |at: SimTime| at.as_secs_f64();
    let mut found: Vec<(f64, f64)> =
        outcome.incidents.iter().map(|incident| (seconds(incident.started), seconds(incident.ended))).collect();
    let mut lost = None;
    for step in steps {
        match (step.what, lost) {
            (What::ContactLost { .. }, _) => lost = Some(seconds(step.at)),
            (What::Promoted { .. }, Some(since)) => found.push((since, seconds(step.at))),
            _ => {}
        }
    }
    found
}

/// Seen to fail when an app does not come back at the end of its outage.
#[test]
fn there_is_no_downtime_but_for_incidents_where_capacity_is_ample() {
    in_every_case(Capacity::Ample, Generated::text, |case| {
        if matches!(case.plan.scenario().designs[case.design].promotion.trigger, PromotionTrigger::Planned { .. }) {
            return Ok(());
        }
        let (outcome, steps) = run_traced(case.plan, case.design, case.number)?;
        let trouble = trouble(&outcome, &steps);
        let width = outcome.span.window.as_secs_f64();
        let cells = outcome.windows.geographies * 2;
        for (place, counts) in outcome.windows.counts.chunks(cells).enumerate() {
            let (succeeded, failed) = counts.iter().fold((0, 0), |sums, cell| (sums.0 + cell[0], sums.1 + cell[1]));
            let all = f64::from(succeeded + failed);
            if f64::from(succeeded) >= case.plan.scenario().study.slo * all {
                continue;
            }
            let from = outcome.span.from.as_secs_f64() + width * place as f64;
            let to = from + width + PATIENCE_S as f64;
            let is_near = trouble.iter().any(|&(begins, ends)| begins <= to && from <= ends + AFTERMATH_S);
            claim(is_near, || format!("{failed} of {all} fail in the window from {from} s, far from every incident"))?;
        }
        Ok(())
    });
}
