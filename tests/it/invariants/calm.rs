//! While nothing goes wrong and capacity is ample, nothing fails.

use firedrill::scenario::PromotionTrigger;

use super::generator::{Capacity, Generated, PATIENCE_S};
use super::{claim, in_every_run, is_multi_primary};

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

/// How long something may go on after the end of an incident: promotions, TTLs, checks, activations, resolvers that lengthen.
const AFTERMATH_S: f64 = 120.0;

/// Seen to fail when an app does not come back at the end of its outage.
#[test]
fn there_is_no_downtime_but_for_incidents_where_capacity_is_ample() {
    in_every_run(Capacity::Ample, Generated::text, |case, outcome| {
        let study = &case.plan.scenario().study;
        if matches!(case.plan.scenario().designs[case.design].promotion.trigger, PromotionTrigger::Planned { .. }) {
            return Ok(());
        }
        let width = outcome.span.window.as_secs_f64();
        let cells = outcome.windows.geographies * 2;
        for (place, counts) in outcome.windows.counts.chunks(cells).enumerate() {
            let (succeeded, failed) = counts.iter().fold((0, 0), |sums, cell| (sums.0 + cell[0], sums.1 + cell[1]));
            let all = f64::from(succeeded + failed);
            if f64::from(succeeded) >= study.slo * all {
                continue;
            }
            let from = outcome.span.from.as_secs_f64() + width * place as f64;
            let near = outcome.incidents.iter().any(|incident| {
                incident.started.as_secs_f64() <= from + width + PATIENCE_S as f64
                    && from <= incident.ended.as_secs_f64() + AFTERMATH_S
            });
            claim(near, || format!("{failed} of {all} fail in the window from {from} s, far from every incident"))?;
        }
        Ok(())
    });
}
