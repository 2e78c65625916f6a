//! Checks that take more than one table: lengths against each other, and what deserves a warning.

use super::database::Reads;
use super::estimate::REQUESTS_PER_WINDOW;
use super::incident::{IncidentKind, Storage};
use super::promotion::PromotionTrigger;
use super::replication::ReplicationMode;
use super::text::log::ReadLog;
use super::whole::Scenario;
use crate::units::SimDuration;

/// The most windows of a run: each takes memory for each geography.
const MOST_WINDOWS: u64 = 1_000_000;

/// Reports what is wrong with `scenario` as a whole to `log`.
pub(super) fn check(scenario: &Scenario, log: &ReadLog<'_>) {
    measured_time(scenario, log);
    window(scenario, log);
    traces(scenario, log);
    incidents(scenario, log);
    semi_sync(scenario, log);
    static_site(scenario, log);
    lag_in_order(scenario, log);
    full_copy(scenario, log);
    leases(scenario, log);
}

/// Measured time runs from the end of the warm-up to one patience before the horizon.
fn measured_time(scenario: &Scenario, log: &ReadLog<'_>) {
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

/// A window with few requests turns single failures into downtime. A window chosen by default is warned of only if no choice
/// held enough requests: the file cannot do better, except by more traffic.
fn window(scenario: &Scenario, log: &ReadLog<'_>) {
    let default = scenario.default_window();
    let is_default = scenario.study.window.is_none();
    let short = scenario.study.window.filter(|window| *window < default);
    let sparse = scenario.sparse_windows();
    if let Some(sparse) = sparse.filter(|sparse| !is_default || sparse.requests < REQUESTS_PER_WINDOW) {
        let longer = short.map(|_| format!("; without this key they would be of {default}"));
        log.warn_at("study.window", format!("{sparse}{}", longer.unwrap_or_default()));
    } else if let Some(window) = short {
        let message = format!(
            "{window} is short: {:.1} requests are expected in it, so single failures may count as downtime; without \
             this key it would be {default}",
            scenario.request_rate() * window.as_secs_f64()
        );
        log.warn_at("study.window", message);
    }
}

/// A trace that is longer or shorter than the run was made for another.
fn traces(scenario: &Scenario, log: &ReadLog<'_>) {
    let path = |geography: &str| format!("geographies.{geography}.sessions.trace");
    for end in scenario.early_ends() {
        log.warn_at(&path(&end.geography), end.to_string());
    }
    for beyond in scenario.traces_beyond() {
        log.warn_at(&path(&beyond.geography), beyond.to_string());
    }
}

/// An incident without visitors does no harm, and a study of it shows none.
fn incidents(scenario: &Scenario, log: &ReadLog<'_>) {
    for unseen in scenario.hardly_seen() {
        let key = if unseen.at.is_some() { "at" } else { "every" };
        log.warn_at(&format!("incidents.{}.{key}", unseen.incident), unseen.to_string());
    }
}

/// A caller that gives up before the commit falls back to asynchronous sees a failure where there is none.
fn semi_sync(scenario: &Scenario, log: &ReadLog<'_>) {
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

/// Where no request asks a database, nobody can write.
fn static_site(scenario: &Scenario, log: &ReadLog<'_>) {
    let Some(writes) = scenario.geographies.iter().find(|geography| geography.write_share > 0.0) else { return };
    for design in scenario.designs.iter().filter(|design| design.database.reads == Reads::Nowhere) {
        let message = format!(
            "a static site takes no writes, and a request from {:?} is one with probability {}; its `write_share` must be 0",
            writes.name, writes.write_share
        );
        log.problem_at(&format!("designs.{}.database.reads", design.name), message);
    }
}

/// A delay that changes too often is longer than it says, since commits keep their order.
fn lag_in_order(scenario: &Scenario, log: &ReadLog<'_>) {
    const MUCH: f64 = 1.1;
    let horizon_s = scenario.study.horizon.as_secs_f64();
    let writes = scenario.write_rate();
    for design in &scenario.designs {
        let replication = &design.replication;
        // Nothing changes between one commit and the next.
        let every_s = replication.lag_changes_every.as_secs_f64().max(1.0 / writes.max(1e-9));
        for (key, delay) in [("ship", &replication.ship), ("apply", &replication.apply)] {
            let (own, in_order) = delay.means_in_order(every_s, horizon_s);
            if in_order <= MUCH * own {
                continue;
            }
            let rounded = |seconds: f64| {
                SimDuration::from_secs_f64(format!("{seconds:.2e}").parse().expect("a number reads back"))
            };
            let changes = match replication.lag_changes_every {
                SimDuration::ZERO => format!("each commit has its own delay, and {writes:.3} are made a second"),
                every => format!("the delay changes every {every}"),
            };
            let message = format!(
                "{changes}, and commits keep their order, so that a slow one holds up those behind it: they wait {} on average, not \
                 the {} that `{key}` says; choose a longer `lag_changes_every`",
                rounded(in_order),
                rounded(own)
            );
            log.warn_at(&format!("designs.{}.replication.lag_changes_every", design.name), message);
        }
    }
}

/// A full copy over a link without a limit takes no time.
fn full_copy(scenario: &Scenario, log: &ReadLog<'_>) {
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

/// A promotion that is ready before the lease of the old primary is over has to wait for it.
fn leases(scenario: &Scenario, log: &ReadLog<'_>) {
    for design in &scenario.designs {
        let promotion = &design.promotion;
        let decided_s = match &promotion.trigger {
            PromotionTrigger::Automatic { detect } => detect.as_secs_f64(),
            PromotionTrigger::Manual { decision } => decision.mean(),
            PromotionTrigger::Planned { .. } | PromotionTrigger::Never => continue,
        };
        let ready = SimDuration::from_secs_f64(decided_s + promotion.duration.mean());
        if promotion.fencing && promotion.lease > ready {
            let message = format!(
                "the lease of {} outlasts detection, decision and promotion, which take {ready} (mean): unless the old primary \
                 is known to be dead, the new one waits for it",
                promotion.lease
            );
            log.warn_at(&format!("designs.{}.promotion.lease", design.name), message);
        }
    }
}
