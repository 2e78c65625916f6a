//! The causes that a request may meet once the one that failed it is gone: those behind it on its way, as far as the file has them.

use super::setting::Context;
use crate::model::Phase;
use crate::scenario::{IncidentKind, PromotionTrigger, Routing, Writes};
use crate::units::SimDuration;

/// Returns the causes that may fail the requests of `phase` once it is mended, in the order in which a request meets them.
pub(super) fn causes_after(context: &Context<'_>, phase: Phase) -> Vec<Phase> {
    let caches = || on_the_way(context);
    let chain = match phase {
        Phase::NothingLeft | Phase::Other => Vec::new(),
        // A name that is answered may lead to a region that is gone.
        Phase::Names if context.longest_of_a_region().is_some() => [vec![Phase::Undetected], caches()].concat(),
        Phase::Names => Vec::new(),
        Phase::Undetected => [caches(), at_the_region(context), at_the_data(context)].concat(),
        Phase::Unpublished | Phase::KeptConnection | Phase::ClientCache => {
            let later = caches().into_iter().filter(|&other| other as usize > phase as usize);
            [later.collect(), at_the_region(context), at_the_data(context)].concat()
        }
        Phase::ResolverCache | Phase::NoAlternative | Phase::Gray | Phase::Capacity => {
            [at_the_region(context), at_the_data(context)].concat()
        }
        // The region may be gone with its primary.
        Phase::NeverPromotes if context.longest_of_a_region().is_some() => {
            [vec![Phase::NoPrimary, Phase::DatabaseEndpoint, Phase::Undetected], caches()].concat()
        }
        Phase::NeverPromotes => vec![Phase::NoPrimary, Phase::DatabaseEndpoint],
        Phase::Link | Phase::DatabaseEndpoint | Phase::NoPrimary | Phase::Replica => at_the_data(context),
    };
    let mut after: Vec<Phase> = Vec::new();
    for other in chain {
        if other != phase && !after.contains(&other) {
            after.push(other);
        }
    }
    after
}

/// Lists what lies between a verdict and the visitors who follow it.
fn on_the_way(context: &Context<'_>) -> Vec<Phase> {
    let dns = &context.design.dns;
    let geographies = &context.scenario.geographies;
    let is_kept = geographies.iter().any(|geography| geography.client.keepalive > SimDuration::ZERO);
    let is_cached =
        dns.answer_ttl > SimDuration::ZERO || geographies.iter().any(|geography| geography.client.pin_share > 0.0);
    let all = [
        (Phase::Unpublished, dns.publish_delay > SimDuration::ZERO),
        (Phase::KeptConnection, is_kept),
        (Phase::ClientCache, is_cached),
        (Phase::ResolverCache, dns.answer_ttl > SimDuration::ZERO),
    ];
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(phase, _)| phase).collect()
}

/// Lists what the region that the answer leads to may lack.
fn at_the_region(context: &Context<'_>) -> Vec<Phase> {
    if context.longest_of_a_region().is_some() { vec![Phase::NoAlternative, Phase::Capacity] } else { Vec::new() }
}

/// Lists what a call to the database may meet.
fn at_the_data(context: &Context<'_>) -> Vec<Phase> {
    let database = &context.design.database;
    let is_single = database.writes == Writes::SinglePrimary;
    let takes_node = |kind: &IncidentKind| matches!(kind, IncidentKind::DatabaseOutage { .. });
    let takes_primary = context.longest_without_primary().is_some();
    let is_cut = context
        .any_incident(|kind| matches!(kind, IncidentKind::LinkPartition { .. } | IncidentKind::RegionIsolation { .. }));
    let crosses = !matches!(&context.design.routing, Routing::Failover { order } if order[0] == database.primary);
    let promotes =
        !matches!(context.design.promotion.trigger, PromotionTrigger::Never | PromotionTrigger::Planned { .. });
    let all = [
        (Phase::Link, is_single && is_cut && crosses),
        (Phase::NeverPromotes, takes_primary && !promotes),
        (Phase::NoPrimary, takes_primary && promotes),
        (Phase::DatabaseEndpoint, takes_primary || context.any_incident(takes_node)),
    ];
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(phase, _)| phase).collect()
}
