//! Advice where the news was out and had not reached those who asked: connections, clients' and resolvers' caches, silent names.

use super::setting::{Context, Remedy, halved, scaled, spelled, spelled_share};
use crate::scenario::{Authority, DnsCache, DnsMode, Geography, IncidentKind};
use crate::units::SimDuration;

/// Says what makes clients let go of connections.
pub(super) fn kept_connection(context: &Context<'_>) -> Remedy {
    let think = |geography: &Geography| SimDuration::from_secs_f64(geography.think_time.median());
    context.of_geographies(
        "client.keepalive",
        |geography| geography.client.keepalive,
        |keepalive| if *keepalive == SimDuration::MAX { "forever".to_owned() } else { spelled(*keepalive) },
        |geography| spelled(halved(geography.client.keepalive.min(think(geography)))),
        "sessions stay on a connection for as long as no pause outlasts that; make it shorter than visitors think between two requests.",
    )
}

/// Says what makes clients ask again sooner.
pub(super) fn client_cache(context: &Context<'_>) -> Remedy {
    if context.scenario.geographies.iter().any(|geography| geography.client.pin_share > 0.0) {
        return context.of_geographies(
            "client.pin_share",
            |geography| geography.client.pin_share,
            |share| spelled_share(*share),
            |geography| spelled_share(geography.client.pin_share / 2.0),
            "these sessions keep their address whatever its TTL, and no shorter TTL reaches them; let clients honour it.",
        );
    }
    let by_itself = |geography: &Geography| geography.client.dns_cache != DnsCache::AsTold;
    if context.scenario.geographies.iter().any(by_itself) {
        return context.of_geographies(
            "client.dns_cache",
            |geography| geography.client.dns_cache,
            |kept| match kept {
                DnsCache::AsTold => "ttl".to_owned(),
                DnsCache::For(time) => spelled(*time),
                DnsCache::Forever => "forever".to_owned(),
            },
            |geography| match geography.client.dns_cache {
                DnsCache::For(time) => spelled(halved(time)),
                DnsCache::AsTold | DnsCache::Forever => "ttl".to_owned(),
            },
            "these clients keep an answer by themselves, whatever its TTL; let them honour it, or make it shorter.",
        );
    }
    let dns = &context.design.dns;
    let says = "a client keeps the answer for what is left of the shorter of both TTLs; shorten it.";
    match dns.cname_ttl.filter(|cname| *cname < dns.answer_ttl) {
        Some(cname) => governed_by_ttl(context, ("cname_ttl", context.of_dns("cname_ttl")), cname, says),
        None => governed_by_answer_ttl(context, says),
    }
}

/// Says what makes resolvers ask again sooner.
pub(super) fn resolver_cache(context: &Context<'_>) -> Remedy {
    governed_by_answer_ttl(context, "resolvers give the old answer until its TTL has run out; shorten it.")
}

fn governed_by_answer_ttl(context: &Context<'_>, says: &str) -> Remedy {
    let key = context.of_dns("answer_ttl");
    governed_by_ttl(context, ("answer_ttl", key), context.design.dns.answer_ttl, says)
}

/// Shortens a TTL, or what resolvers lengthen it to.
fn governed_by_ttl(context: &Context<'_>, (name, key): (&str, String), ttl: SimDuration, says: &str) -> Remedy {
    if context.scenario.geographies.iter().any(|geography| geography.resolvers.min_ttl > ttl) {
        return context.of_geographies(
            "resolvers.min_ttl",
            |geography| geography.resolvers.min_ttl,
            |least| spelled(*least),
            |geography| spelled(halved(geography.resolvers.min_ttl)),
            format!("resolvers lengthen the TTL to this, so that `{name}` has no effect; use resolvers that do not."),
        );
    }
    // What outlasts the failure has no effect until it is shorter.
    let new = context.longest_of_a_region().map_or(ttl, |lasts| lasts).min(ttl);
    Remedy::of(key, spelled(ttl), spelled(halved(new)), says)
}

/// Says what bridges names that give no answer: a TTL that outlasts the outage.
pub(super) fn names(context: &Context<'_>) -> Remedy {
    let outage = |of: Option<Authority>| {
        context.longest(
            |kind| matches!(kind, IncidentKind::DnsOutage { authority, .. } if of.is_none_or(|of| *authority == of)),
        )
    };
    let is_empty = |kind: &IncidentKind| matches!(kind, IncidentKind::DnsOutage { mode: DnsMode::Empty, .. });
    let says = if context.any_incident(is_empty) {
        "entries ran out and were replaced by an empty answer; only a TTL that outlasts the outage bridges that."
    } else {
        "entries ran out while the authority was silent; a TTL that outlasts the outage, or resolvers with `serve_stale`, bridges it."
    };
    // An entry may be about to run out when the outage begins: twice as long lets half as many run out.
    let longer = |ttl: SimDuration, lasts: SimDuration| spelled(scaled(ttl, 2.0).max(lasts));
    let dns = &context.design.dns;
    if let Some(lasts) = outage(Some(Authority::Gtm)) {
        Remedy::of(context.of_dns("answer_ttl"), spelled(dns.answer_ttl), longer(dns.answer_ttl, lasts), says)
    } else if let (Some(lasts), Some(ttl)) = (outage(Some(Authority::Zone)), dns.cname_ttl) {
        Remedy::of(context.of_dns("cname_ttl"), spelled(ttl), longer(ttl, lasts), says)
    } else if outage(None).is_some() {
        Remedy::none(
            "no setting of the names helps: the resolvers themselves were silent. A second resolver would have answered.",
        )
    } else {
        Remedy::none("nothing in this file keeps the names from answering; `explain` shows who asked whom.")
    }
}
