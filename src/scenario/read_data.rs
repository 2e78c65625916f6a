//! Reads a design's data tables: replication and promotion.

use super::reader::TableReader;
use super::values::{duration, positive_duration, size, truth, unless};
use super::{Distribution, Promotion, PromotionTrigger, Replication, ReplicationMode, Watch};

/// Reads the table `replication` of `design`.
pub(super) fn replication(design: &mut TableReader<'_>) -> Option<Replication> {
    let mut table = design.table_or_empty("replication")?;
    let default = Replication::default();
    let mode = mode(&mut table);
    let ship = table.durations_or("ship", default.ship);
    let apply = table.durations_or("apply", default.apply);
    let write_size = table.or("write_size", default.write_size, size);
    // Without a mode nobody can say which keys belong to it.
    if mode.is_some() {
        table.finish();
    }
    Some(Replication { mode: mode?, ship: ship?, apply: apply?, write_size: write_size? })
}

fn mode(table: &mut TableReader<'_>) -> Option<ReplicationMode> {
    match table.choice("mode", Some("async"), &[("async", "async"), ("semi-sync", "semi-sync"), ("sync", "sync")])? {
        "semi-sync" => {
            let ack_timeout = table.or("ack_timeout", ReplicationMode::ACK_TIMEOUT, positive_duration);
            ack_timeout.map(|ack_timeout| ReplicationMode::SemiSync { ack_timeout })
        }
        "sync" => {
            let eject_after = table.or("eject_after", None, unless("never", positive_duration));
            eject_after.map(|eject_after| ReplicationMode::Sync { eject_after })
        }
        _ => Some(ReplicationMode::Async),
    }
}

/// Reads the table `promotion` of `design`.
pub(super) fn promotion(design: &mut TableReader<'_>) -> Option<Promotion> {
    let mut table = design.table_or_empty("promotion")?;
    let default = Promotion::default();
    let trigger = trigger(&mut table);
    let lease_default = match &trigger {
        Some(PromotionTrigger::Automatic { detect }) => *detect,
        _ => default.lease,
    };
    let duration_of = table.durations_or("duration", default.duration);
    let watch = table.choice("watch", Some(default.watch), &[("witness", Watch::Witness), ("replica", Watch::Replica)]);
    let fencing = table.or("fencing", default.fencing, truth);
    let lease = table.or("lease", lease_default, duration);
    if watch == Some(Watch::Replica) && fencing == Some(false) {
        table.problem(
            "fencing",
            "false together with watch = \"replica\" lets both regions take writes, and split brain is not in this \
             version of Firedrill; use fencing = true or watch = \"witness\"",
        );
    }
    if trigger.is_some() {
        table.finish();
    }
    Some(Promotion { trigger: trigger?, duration: duration_of?, watch: watch?, fencing: fencing?, lease: lease? })
}

fn trigger(table: &mut TableReader<'_>) -> Option<PromotionTrigger> {
    match table.choice(
        "when",
        Some("never"),
        &[("automatic", "automatic"), ("manual", "manual"), ("never", "never")],
    )? {
        "automatic" => {
            let detect = table.or("detect", PromotionTrigger::DETECT, positive_duration);
            detect.map(|detect| PromotionTrigger::Automatic { detect })
        }
        "manual" => {
            let decision: Option<Distribution> = table.durations("decision");
            decision.map(|decision| PromotionTrigger::Manual { decision })
        }
        _ => Some(PromotionTrigger::Never),
    }
}
