//! The copies of the data: what may be lost, stale or written in two places.

use firedrill::model::{Plan, What, WriteTally};
use firedrill::scenario::{
    IncidentKind, OnReturn, OutageMode, PromotionTrigger, Reads, RegionId, ReplicationMode, Storage,
};
use firedrill::selfcheck;

use super::generator::{Capacity, Generated};
use super::{claim, in_every_case, in_every_run, run_traced};

/// Tells if some incident destroys the storage at `region`.
fn is_destroyed(plan: &Plan, at: RegionId) -> bool {
    plan.scenario().incidents.iter().any(|incident| {
        matches!(incident.kind, IncidentKind::DatabaseOutage { region, storage: Storage::Destroyed, .. } if region == at)
    })
}

#[test]
fn no_acknowledged_write_is_lost_under_sync_without_ejection_while_a_copy_in_step_survives() {
    in_every_run(Capacity::Any, Generated::text, |case, outcome| {
        let (plan, design) = (case.plan, case.design);
        // A primary does not wait for a replica that has yet to come back; after a second incident it may be the only copy.
        if RegionId::BOTH.into_iter().any(|region| is_destroyed(plan, region)) && plan.scenario().incidents.len() > 1 {
            return Ok(());
        }
        let mode = plan.scenario().designs[design].replication.mode;
        let waits = matches!(mode, ReplicationMode::Sync { eject_after: None });
        let lost: u64 = outcome.writes.iter().map(|tally| tally.lost).sum();
        claim(!waits || lost == 0, || format!("{lost} acknowledged writes are lost"))?;
        claim(lost > 0 || outcome.data_loss_window.as_nanos() == 0, || "a data loss window without loss".to_owned())
    });
}

#[test]
fn only_reads_at_the_replica_are_stale_but_for_split_brain() {
    in_every_run(Capacity::Any, Generated::text, |case, outcome| {
        let design = &case.plan.scenario().designs[case.design];
        let reads_primary = design.database.reads == Reads::Primary && design.promotion.fencing;
        // A version that is merged back was missed until then.
        let merges = design.promotion.on_return == OnReturn::Reconcile;
        let stale: u64 = outcome.visitors.iter().map(|[reads, _]| reads.stale_reads).sum();
        claim(!reads_primary || merges || stale == 0, || format!("{stale} reads at the primary are stale"))?;
        // A write may have another commit, which is not lost.
        let gone =
            |tally: &WriteTally| tally.lost + tally.stranded + tally.recovered + tally.conflicting + tally.duplicated;
        let own: u64 = outcome.visitors.iter().map(|[reads, _]| reads.own_writes_missed).sum();
        let gone: u64 = outcome.writes.iter().map(gone).sum();
        claim(!reads_primary || gone > 0 || own == 0, || format!("{own} writes are missed at the primary"))
    });
}

/// Tells if those who decide on a promotion can know by an incident that a region's node is dead: it refuses, or an operator can
/// fence it by hand.
fn shows_death(plan: &Plan, incident: usize, at: RegionId, is_manual: bool) -> bool {
    match plan.scenario().incidents[incident].kind {
        IncidentKind::DatabaseOutage { region, mode, storage } => {
            region == at && (is_manual || mode == OutageMode::Refuse || storage == Storage::Destroyed)
        }
        IncidentKind::RegionOutage { region, mode } => region == at && mode == OutageMode::Refuse,
        _ => false,
    }
}

/// Seen to fail when the replica that is promoted does not wait for the end of the old primary's lease; so was the next.
#[test]
fn with_fencing_a_replica_is_promoted_only_after_the_old_primary_has_stopped() {
    in_every_case(Capacity::Any, Generated::text, |case| {
        let promotion = &case.plan.scenario().designs[case.design].promotion;
        if !promotion.fencing || matches!(promotion.trigger, PromotionTrigger::Never | PromotionTrigger::Planned { .. })
        {
            return Ok(());
        }
        let (_, steps) = run_traced(case.plan, case.design, case.number)?;
        // A switch that goes with the primary's consent needs no fence, nor does one away from a node that is known to be dead.
        let (mut is_fenced, mut is_agreed) = ([false; 2], false);
        let is_manual = matches!(promotion.trigger, PromotionTrigger::Manual { .. });
        let (mut under_way, mut is_dead) = (Vec::new(), false);
        for step in steps {
            match step.what {
                What::IncidentBegins { incident, .. } => under_way.push(incident),
                What::IncidentEnds { incident, .. } => {
                    let kind = case.plan.scenario().incidents[incident].kind;
                    // A node without its data refuses beyond that.
                    if !matches!(kind, IncidentKind::DatabaseOutage { storage: Storage::Destroyed, .. }) {
                        let place = under_way.iter().position(|begun| *begun == incident);
                        place.map(|place| under_way.remove(place));
                    }
                }
                What::PromotionDecided { region } => {
                    let old = region.other();
                    let may_show = |incident: &usize| shows_death(case.plan, *incident, old, is_manual);
                    (is_agreed, is_dead) = (false, under_way.iter().any(may_show));
                }
                What::ContactLost { region } => is_fenced[region.index()] = false,
                What::Fenced { region } => is_fenced[region.index()] = true,
                What::SwitchBegins { .. } => is_agreed = true,
                What::Promoted { region } => {
                    claim(is_agreed || is_dead || is_fenced[region.other().index()], || {
                        format!("{step:?} without a fence")
                    })?;
                }
                _ => {}
            }
        }
        Ok(())
    });
}

/// The windows of a partition in which writes succeed at `[the old primary, the new one, both]`.
fn taking_writes(fencing: bool, [detect_s, lease_s, duration_s]: [u64; 3]) -> [usize; 3] {
    let plan = selfcheck::plan(
        &[
            "study.horizon=240s",
            "geographies.here.sessions.rate=20",
            "geographies.here.write_share=1",
            r#"designs.only.routing={ policy = "nearest", orders = { here = ["a", "b"], there = ["b", "a"] } }"#,
            &format!(
                r#"designs.only.promotion={{ when = "automatic", detect = "{detect_s}s", lease = "{lease_s}s", duration = "{duration_s}s", watch = "replica", fencing = {fencing} }}"#
            ),
        ],
        r#"
[geographies.there]
sessions             = { rate = 20.0 }
requests_per_session = 1
think_time           = "0s"
write_share          = 1.0
rtt                  = { a = "0s", b = "0s" }
resolvers            = { count = 1, rtt = "0s", foreign = 0.0 }
client               = { pin_share = 0.0, keepalive = "0s", tls_round_trips = 0, max_attempts = 1, patience = "1s" }

[[incidents]]
name  = "cut"
kind  = "link-partition"
at    = "60s"
lasts = "120s"
"#,
    )
    .expect("a scenario");
    let outcome = firedrill::model::simulate(&plan, 0, 0).expect("a run");
    let writes = |window: usize, geography: usize| outcome.windows.counts[(window * 2 + geography) * 2 + 1][0];
    let inside = 61..179;
    let mut found = [0; 3];
    for window in inside {
        let [old, new] = [0, 1].map(|geography| writes(window, geography) > 0);
        found = [found[0] + usize::from(old), found[1] + usize::from(new), found[2] + usize::from(old && new)];
    }
    found
}

#[test]
fn no_split_brain_with_fencing() {
    for times in [[10, 10, 5], [10, 40, 0], [30, 5, 0], [5, 5, 30], [20, 20, 0]] {
        let [old, new, both] = taking_writes(true, times);
        assert!(old > 0 && new > 0, "{times:?}: {old} and {new} windows with writes");
        // The old primary stops within a window, and the new one may start in the same.
        assert!(both <= 1, "{times:?}: both sides take writes in {both} windows");
    }
    let [_, _, both] = taking_writes(false, [10, 10, 5]);
    assert!(both > 100, "without fencing both sides take writes in {both} windows");
}

/// A switch-over at once, while the stream stalls: the old primary cannot become a replica before the stream goes on.
#[test]
fn a_primary_that_hands_its_role_over_takes_no_more_writes() {
    let lost = |fencing: bool| -> u64 {
        let plan = selfcheck::plan(
            &[
                "study.horizon=120s",
                "geographies.here.sessions.rate=20",
                "geographies.here.write_share=1",
                "designs.only.replication.mode=sync",
                &format!(
                    r#"designs.only.promotion={{ when = "planned", at = "20s", drain = false, duration = "5s", fencing = {fencing} }}"#
                ),
            ],
            "[[incidents]]\nname = \"stall\"\nkind = \"replication-stall\"\nat = \"10s\"\nlasts = \"60s\"\n",
        );
        let outcome = firedrill::model::simulate(&plan.expect("a scenario"), 0, 0).expect("a run");
        outcome.writes[0].lost
    };
    assert_eq!(lost(true), 0, "acknowledged writes are lost under synchronous replication");
    assert!(lost(false) > 100, "without fencing both take writes");
}

/// The oldest commit that a replica lacks never becomes an older one, so the lag grows by no more than the time that goes by.
/// Seen to fail when a stream that goes on sends once more what had arrived.
#[test]
fn what_a_replica_has_applied_never_goes_back_but_when_a_branch_is_left() {
    in_every_case(Capacity::Any, Generated::text, |case| {
        if RegionId::BOTH.into_iter().any(|region| is_destroyed(case.plan, region)) {
            return Ok(());
        }
        let (outcome, steps) = run_traced(case.plan, case.design, case.number)?;
        let promoted = steps.iter().find(|step| matches!(step.what, What::Promoted { .. }));
        let bin = outcome.timeline.bin.as_secs_f64();
        let kept = promoted.map_or(usize::MAX, |step| (step.at.as_secs_f64() / bin) as usize);
        let lags: Vec<f64> = outcome.timeline.bins.iter().take(kept).map(|bin| bin.lag_s).collect();
        for (place, pair) in lags.windows(2).enumerate() {
            let holds = pair[0] >= 0.0 && pair[1] >= 0.0 && pair[1] <= pair[0] + bin + 1e-6;
            claim(holds, || {
                format!(
                    "a lag of {} s, and {bin} s later, at {} s, of {} s",
                    pair[0],
                    bin * (place + 2) as f64,
                    pair[1]
                )
            })?;
        }
        Ok(())
    });
}
