//! Advice where a region should not have been used: what the probes see, how soon they tell, how soon the answer follows.

use super::setting::{Context, Remedy, halved, scaled, spelled, spelled_share};
use crate::results::Turn;
use crate::scenario::{IncidentKind, Probe};

/// Says what would notice a failed region sooner.
pub(super) fn undetected(context: &Context<'_>) -> Remedy {
    let dies = |kind: &IncidentKind| matches!(kind, IncidentKind::AppOutage { share, .. } if *share >= 1.0);
    if context.design.dns.health_checks.probe == Probe::Ping && context.any_incident(dies) {
        return deeper_probe(
            context,
            "this probe asks the network and never sees that the app is dead, however short the interval; ask the app (\"http\").",
        );
    }
    if let Some(remedy) = outvoted(context) {
        return remedy;
    }
    quicker_checks(context)
}

/// Says what would notice a region that errs or is slow, which most probes do not meet.
pub(super) fn gray(context: &Context<'_>) -> Remedy {
    let checks = &context.design.dns.health_checks;
    let errs = |kind: &IncidentKind| matches!(kind, IncidentKind::Gray { errors, .. } if *errors > 0.0);
    match checks.probe {
        Probe::Ping | Probe::Tcp => {
            deeper_probe(context, "this probe gets its answer from a region whose app errs or is slow; ask the app (\"http\").")
        }
        Probe::Http | Probe::Deep if context.any_incident(errs) => context.of_geographies(
            "client.max_attempts",
            |geography| geography.client.max_attempts,
            u32::to_string,
            |geography| (geography.client.max_attempts * 2).to_string(),
            "most probes succeed in a region that errs now and then, and no interval changes that; more attempts get through.",
        ),
        Probe::Http | Probe::Deep => super::capacity::more_instances(
            context,
            "the region was slow, and yet quick enough for its probes; more instances keep its queue short.",
        ),
    }
}

fn deeper_probe(context: &Context<'_>, says: &str) -> Remedy {
    let key = context.of_dns("health_checks.probe");
    let present = match context.design.dns.health_checks.probe {
        Probe::Ping => "ping",
        Probe::Tcp => "tcp",
        Probe::Http => "http",
        Probe::Deep => "deep",
    };
    Remedy::of(key, present, "http", says)
}

/// Says that too few checkers sit where the fault shows: a path that is cut for one geography, and nothing that shows everywhere.
fn outvoted(context: &Context<'_>) -> Option<Remedy> {
    let checks = &context.design.dns.health_checks;
    let geographies = context.scenario.geographies.len();
    let shows_everywhere = |kind: &IncidentKind| {
        matches!(
            kind,
            IncidentKind::RegionOutage { .. }
                | IncidentKind::RegionIsolation { .. }
                | IncidentKind::AppOutage { .. }
                | IncidentKind::Gray { .. }
        )
    };
    if context.any_incident(shows_everywhere) {
        return None;
    }
    let cut = context.scenario.incidents.iter().find_map(|incident| match incident.kind {
        IncidentKind::PathOutage { geography, .. } => Some(geography),
        _ => None,
    })?;
    // Checkers are dealt to the geographies in turn.
    let there = (0..checks.checkers as usize).filter(|checker| checker % geographies == cut.index()).count();
    let share = there as f64 / f64::from(checks.checkers);
    if there == 0 || share > checks.quorum {
        return None;
    }
    let key = context.of_dns("health_checks.quorum");
    let (present, new) = (spelled_share(checks.quorum), spelled_share((share * 50.0).floor() / 100.0));
    let says = format!(
        "the path is cut for one geography, whose checkers are {} of {} and never a majority above that; let fewer suffice.",
        there, checks.checkers
    );
    Some(Remedy::of(key, present, new, says))
}

/// Says which part of the time to a verdict is to be shortened: by a half, and to less than half of the longest failure.
fn quicker_checks(context: &Context<'_>) -> Remedy {
    let failure = context.longest_of_a_region();
    let checks = &context.design.dns.health_checks;
    let (interval, timeout) = (checks.interval, checks.timeout);
    let verdict = scaled(interval, f64::from(checks.fall)).max(timeout);
    let too_late = match failure {
        Some(lasts) if lasts <= verdict => format!(", longer than the failure itself ({})", spelled(lasts)),
        _ => String::new(),
    };
    let takes = format!(
        "the failed region was used until the verdict on it, which takes up to {} x {} + {}{too_late}",
        checks.fall,
        spelled(interval),
        spelled(timeout)
    );
    let wanted = failure.map_or(interval, |lasts| scaled(lasts, 0.5 / f64::from(checks.fall))).min(halved(interval));
    let key = context.of_dns("health_checks.interval");
    // The interval may not be shorter than the timeout.
    if wanted >= timeout {
        let says = format!("{takes}; shorten the interval.");
        return Remedy::of(key, spelled(interval), spelled(wanted), says);
    }
    if checks.fall > 1 && halved(interval) < timeout {
        let key = context.of_dns("health_checks.fall");
        return Remedy::of(key, checks.fall, checks.fall / 2, format!("{takes}; let fewer failures in a row suffice."));
    }
    let turn = vec![
        Turn { key: key.clone(), value: spelled(wanted) },
        Turn { key: context.of_dns("health_checks.timeout"), value: spelled(wanted.min(halved(timeout))) },
    ];
    let says = format!("{takes}; shorten the interval, and with it the timeout.");
    Remedy::of(key, spelled(interval), spelled(wanted), says).turned_by(turn)
}

/// Says what would let the answer follow the verdict sooner.
pub(super) fn unpublished(context: &Context<'_>) -> Remedy {
    let dns = &context.design.dns;
    if context.any_incident(|kind| matches!(kind, IncidentKind::ControlPlaneOutage { .. })) && dns.addresses == 1 {
        return Remedy::of(
            context.of_dns("addresses"),
            dns.addresses,
            2,
            "the new answer waited for the control plane, whatever its delay; with 2, clients try the other region by themselves.",
        );
    }
    let delay = dns.publish_delay;
    Remedy::of(
        context.of_dns("publish_delay"),
        spelled(delay),
        spelled(halved(delay)),
        "the verdict was there and the new answer was not yet; shorten the delay.",
    )
}
