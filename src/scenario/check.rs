//! Checks that take more than one table: lengths against each other, and what deserves a warning.

use super::reader::Log;
use super::{IncidentKind, ReplicationMode, Scenario, Storage};

/// The most windows of a run: each takes memory for each geography.
const MOST_WINDOWS: u64 = 1_000_000;

/// Reports what is wrong with `scenario` as a whole to `log`.
pub(super) fn check(scenario: &Scenario, log: &Log<'_>) {
    measured_time(scenario, log);
    window(scenario, log);
    semi_sync(scenario, log);
    full_copy(scenario, log);
}

/// Measured time runs from the end of the warm-up to one patience before the horizon.
fn measured_time(scenario: &Scenario, log: &Log<'_>) {
    let study = &scenario.study;
    let patience = scenario.longest_patience();
    if study.warmup + patience >= study.horizon {
        let message = format!(
            "nothing would be measured: the warm-up of {} and the longest patience of {patience} leave nothing of the \
             horizon of {}",
            study.warmup, study.horizon
        );
        log.problem_at("study.horizon", message);
        return;
    }
    let measured = study.horizon - (study.warmup + patience);
    if scenario.window() > measured {
        log.problem_at("study.window", format!("{} is longer than the measured time of {measured}", scenario.window()));
    }
    let windows = measured.as_nanos() / scenario.window().as_nanos();
    if windows > MOST_WINDOWS {
        let message = format!(
            "the measured time of {measured} has {windows} windows of {}; at most {MOST_WINDOWS}: choose a longer window",
            scenario.window()
        );
        log.problem_at("study.window", message);
    }
}

/// A short window turns single failures into downtime.
fn window(scenario: &Scenario, log: &Log<'_>) {
    let default = scenario.default_window();
    if let Some(window) = scenario.study.window.filter(|window| *window < default) {
        let message = format!(
            "{window} is short: {:.1} requests are expected in it, so single failures may count as downtime; without \
             this key it would be {default}",
            scenario.request_rate() * window.as_secs_f64()
        );
        log.warn_at("study.window", message);
    }
}

/// A caller that gives up before the commit falls back to asynchronous sees a failure where there is none.
fn semi_sync(scenario: &Scenario, log: &Log<'_>) {
    for design in &scenario.designs {
        let ReplicationMode::SemiSync { ack_timeout } = design.replication.mode else { continue };
        for region in scenario.regions.iter().filter(|region| region.database.timeout < ack_timeout) {
            let message = format!(
                "{} is shorter than the ack_timeout of design {:?}, {ack_timeout}: while the replica does not answer, \
                 calls fail before their commits fall back to asynchronous",
                region.database.timeout, design.name
            );
            log.warn_at(&format!("regions.{}.database.timeout", region.name), message);
        }
    }
}

/// A full copy over a link without a limit takes no time.
fn full_copy(scenario: &Scenario, log: &Log<'_>) {
    if scenario.link.bandwidth.is_some() {
        return;
    }
    for (place, incident) in scenario.incidents.iter().enumerate() {
        if matches!(incident.kind, IncidentKind::DatabaseOutage { storage: Storage::Destroyed, .. }) {
            let message = "the full copy that follows takes no time, since the link has no `bandwidth`";
            log.warn_at(&format!("incidents.{place}.storage"), message.to_owned());
        }
    }
}
