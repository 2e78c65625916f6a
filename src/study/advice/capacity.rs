//! Advice where the answer led to a region that could not serve, or not all of them.

use super::Turn;
use super::setting::{Context, Remedy, spelled_share};
use crate::scenario::{Geography, IncidentKind, StandbyKind};

/// Says what would have been ready to take over.
pub(super) fn no_alternative(context: &Context<'_>) -> Remedy {
    let dns = &context.design.dns;
    match &context.design.standby {
        Some(standby) if standby.kind == StandbyKind::Cold => Remedy::of(
            context.of_design("standby.kind"),
            "cold",
            "hot",
            "the other region refuses everybody until it is active; keep it on (\"hot\"), or a share of it (\"warm\").",
        ),
        _ if dns.addresses == 1 => Remedy::of(
            context.of_dns("addresses", |dns| dns.addresses),
            dns.addresses,
            2,
            "the answer led to a region that could not serve; with 2, clients try the other one by themselves.",
        ),
        _ => Remedy::none(
            "no setting of the answers helps: they carried both regions, and neither served these visitors.",
        ),
    }
}

/// Says what would have served, or spared, the requests that were too many.
pub(super) fn capacity(context: &Context<'_>) -> Remedy {
    if let Some(standby) = &context.design.standby
        && let StandbyKind::Warm { share } = standby.kind
    {
        return Remedy::of(
            context.of_design("standby.share"),
            spelled_share(share),
            spelled_share((share * 2.0).min(1.0)),
            "the standby was too small for all visitors until it had grown; keep more of it on.",
        );
    }
    let most = context.scenario.geographies.iter().map(|geography| geography.client.max_attempts).max();
    if most > Some(1) && load(context) < 1.0 {
        return context.of_geographies(
            "client.max_attempts",
            |geography| geography.client.max_attempts,
            u32::to_string,
            |geography| geography.client.max_attempts.div_ceil(2).to_string(),
            "one region has room for all visitors, but not for their retries; let clients try less often, or limit retries (`retry_budget`).",
        );
    }
    more_instances(context, "the region that was left has fewer workers than all visitors need; add instances.")
}

/// Says to make the smaller region larger, or both if they are equal.
pub(super) fn more_instances(context: &Context<'_>, says: &str) -> Remedy {
    let [one, other] = context.scenario.regions.each_ref().map(|region| region.app.instances);
    let least = one.min(other);
    let smaller = context.scenario.regions.iter().filter(|region| region.app.instances == least);
    let key = |name: &str| format!("regions.{name}.app.instances");
    let turn: Vec<Turn> =
        smaller.map(|region| Turn { key: key(&region.name), value: (least * 2).to_string() }).collect();
    let named = if one == other { key("*") } else { turn[0].key.clone() };
    Remedy::of(named, least, least * 2, says).turned_by(turn)
}

/// Returns the part of the smaller region's workers that all visitors keep busy, each request tried once, with the largest
/// surge of each geography.
fn load(context: &Context<'_>) -> f64 {
    let surge = |place: usize| {
        let of = |kind: &IncidentKind| match kind {
            IncidentKind::TrafficSurge { geography, factor } if *geography == place => Some(*factor),
            _ => None,
        };
        context.scenario.incidents.iter().filter_map(|incident| of(&incident.kind)).fold(1.0, f64::max)
    };
    let requests = |(place, geography): (usize, &Geography)| {
        geography.session_rate * geography.requests_per_session.mean() * surge(place)
    };
    let rate: f64 = context.scenario.geographies.iter().enumerate().map(requests).sum();
    let busy = context.scenario.regions.iter().map(|region| {
        let held = region.app.service.mean() + region.database.read.mean();
        rate * held / (f64::from(region.app.instances) * f64::from(region.app.workers))
    });
    busy.fold(0.0, f64::max)
}
