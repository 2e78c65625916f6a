//! Reads a design's data tables: replication and promotion.

use super::reader::TableReader;
use super::values::{duration, positive_duration, size, truth, unless};
use super::{Distribution, OnReturn, Promotion, PromotionTrigger, Replication, ReplicationMode, Watch};

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
    #[derive(Clone, Copy)]
    enum Word {
        Async,
        SemiSync,
        Sync,
    }
    let words = [("async", Word::Async), ("semi-sync", Word::SemiSync), ("sync", Word::Sync)];
    match table.choice("mode", Some(Word::Async), &words)? {
        Word::Async => Some(ReplicationMode::Async),
        Word::SemiSync => {
            let ack_timeout = table.or("ack_timeout", ReplicationMode::ACK_TIMEOUT, positive_duration);
            ack_timeout.map(|ack_timeout| ReplicationMode::SemiSync { ack_timeout })
        }
        Word::Sync => {
            let eject_after = table.or("eject_after", None, unless("never", positive_duration));
            eject_after.map(|eject_after| ReplicationMode::Sync { eject_after })
        }
    }
}

/// Reads the table `promotion` of `design`.
pub(super) fn promotion(design: &mut TableReader<'_>) -> Option<Promotion> {
    let mut table = design.table_or_empty("promotion")?;
    let default = Promotion::default();
    let trigger = trigger(&mut table);
    let lease_default = match &trigger {
        Some(PromotionTrigger::Automatic { detect }) => *detect,
        Some(PromotionTrigger::Manual { .. } | PromotionTrigger::Planned { .. } | PromotionTrigger::Never) | None => {
            default.lease
        }
    };
    let duration_of = table.durations_or("duration", default.duration);
    let watch = table.choice("watch", Some(default.watch), &[("witness", Watch::Witness), ("replica", Watch::Replica)]);
    let fencing = table.or("fencing", default.fencing, truth);
    let lease = table.or("lease", lease_default, duration);
    let on_return = table.choice(
        "on_return",
        Some(default.on_return),
        &[("discard", OnReturn::Discard), ("reconcile", OnReturn::Reconcile)],
    );
    let return_role = table.or("return_role", default.return_role, unless("never", positive_duration));
    if trigger.is_some() {
        table.finish();
    }
    Some(Promotion {
        trigger: trigger?,
        duration: duration_of?,
        watch: watch?,
        fencing: fencing?,
        lease: lease?,
        on_return: on_return?,
        return_role: return_role?,
    })
}

fn trigger(table: &mut TableReader<'_>) -> Option<PromotionTrigger> {
    #[derive(Clone, Copy)]
    enum Word {
        Automatic,
        Manual,
        Planned,
        Never,
    }
    let words =
        [("automatic", Word::Automatic), ("manual", Word::Manual), ("planned", Word::Planned), ("never", Word::Never)];
    match table.choice("when", Some(Word::Never), &words)? {
        Word::Automatic => {
            let detect = table.or("detect", PromotionTrigger::DETECT, positive_duration);
            detect.map(|detect| PromotionTrigger::Automatic { detect })
        }
        Word::Manual => {
            let decision: Option<Distribution> = table.durations("decision");
            decision.map(|decision| PromotionTrigger::Manual { decision })
        }
        Word::Planned => {
            let at = table.required("at", positive_duration);
            let drain = table.or("drain", true, truth);
            at.zip(drain).map(|(at, drain)| PromotionTrigger::Planned { at, drain })
        }
        Word::Never => Some(PromotionTrigger::Never),
    }
}
