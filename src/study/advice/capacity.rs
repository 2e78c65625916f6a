//! Advice where the answer led to a region that could not serve, or not all of them.

use super::setting::{Context, Remedy, spelled, spelled_share};
use crate::results::Turn;
use crate::scenario::{Geography, IncidentKind, Probe, Region, StandbyKind, key_part};

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
        _ if waits_behind_promotion(context) => {
            let remedy = super::data::no_primary(context);
            let why = "the region left was found down too, since calls to the lost primary held the workers that its probes wait for";
            Remedy { says: format!("{why}; {}", remedy.says), ..remedy }
        }
        _ if dns.addresses == 1 => Remedy::of(
            context.of_dns("addresses"),
            dns.addresses,
            2,
            "the answer led to a region that could not serve; with 2, clients try the other one by themselves.",
        ),
        _ => Remedy::none(
            "no setting of the answers helps: they carried both regions, and neither served these visitors.",
        ),
    }
}

/// Returns whether calls to a lost primary hold the workers that the probes of the other region wait for.
fn waits_behind_promotion(context: &Context<'_>) -> bool {
    let waits = matches!(context.design.dns.health_checks.probe, Probe::Http | Probe::Deep);
    let holds = context.scenario.regions.iter().any(|region| region.app.hold_worker);
    waits && holds && context.longest_without_primary().is_some()
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
    if let Some(remedy) = shorter_queue(context) {
        return remedy;
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

/// Says that a full queue outlasts the clients: what it serves, they have given up.
fn shorter_queue(context: &Context<'_>) -> Option<Remedy> {
    let clients = context.scenario.geographies.iter().map(|geography| geography.client.request_timeout).min()?;
    let served_in_time = |region: &Region| {
        let workers = f64::from(region.app.instances) * f64::from(region.app.workers);
        clients.as_secs_f64() * workers / held_s(region)
    };
    let too_long = |region: &&Region| f64::from(region.app.queue_limit) > served_in_time(region);
    let longest = context.scenario.regions.iter().filter(too_long).map(|region| region.app.queue_limit).max()?;
    let regions: Vec<&Region> =
        context.scenario.regions.iter().filter(too_long).filter(|region| region.app.queue_limit == longest).collect();
    let key = |name: &str| format!("regions.{name}.app.queue_limit");
    let key_of = |region: &Region| key(&key_part(&region.name));
    let new = |region: &Region| (served_in_time(region) / 2.0).floor().max(1.0).to_string();
    let turn = regions.iter().map(|region| Turn { key: key_of(region), value: new(region) }).collect();
    let named = if regions.len() == 2 { key("*") } else { key_of(regions[0]) };
    let says = format!(
        "a queue so long is served after its clients have given up ({}), so that overload lasts; shed sooner.",
        spelled(clients)
    );
    Some(Remedy::of(named, longest, new(regions[0]), says).turned_by(turn))
}

/// Returns how long a request holds a worker where nobody waits, in seconds.
fn held_s(region: &Region) -> f64 {
    region.app.service.mean() + if region.app.hold_worker { region.database.read.mean() } else { 0.0 }
}

/// Says to make the smaller region larger, or both if they are equal.
pub(super) fn more_instances(context: &Context<'_>, says: &str) -> Remedy {
    let [one, other] = context.scenario.regions.each_ref().map(|region| region.app.instances);
    let least = one.min(other);
    let smaller = context.scenario.regions.iter().filter(|region| region.app.instances == least);
    let key = |name: &str| format!("regions.{name}.app.instances");
    let turn: Vec<Turn> =
        smaller.map(|region| Turn { key: key(&key_part(&region.name)), value: (least * 2).to_string() }).collect();
    let named = if one == other { key("*") } else { turn[0].key.clone() };
    Remedy::of(named, least, least * 2, says).turned_by(turn)
}

/// Returns the part of the smaller region's workers that all visitors keep busy, each request tried once, with the largest
/// surge of each geography.
fn load(context: &Context<'_>) -> f64 {
    let surge = |place: usize| {
        let of = |kind: &IncidentKind| match kind {
            IncidentKind::TrafficSurge { geography, factor } if geography.index() == place => Some(*factor),
            _ => None,
        };
        context.scenario.incidents.iter().filter_map(|incident| of(&incident.kind)).fold(1.0, f64::max)
    };
    let requests = |(place, geography): (usize, &Geography)| {
        geography.session_rate * geography.requests_per_session.mean() * surge(place)
    };
    let rate: f64 = context.scenario.geographies.iter().enumerate().map(requests).sum();
    let busy = context
        .scenario
        .regions
        .iter()
        .map(|region| rate * held_s(region) / (f64::from(region.app.instances) * f64::from(region.app.workers)));
    busy.fold(0.0, f64::max)
}
