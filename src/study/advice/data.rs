//! Advice where the database call failed: promotion, endpoint, link and receipts.

use super::setting::{Context, Remedy, Saves, halved, scaled, spelled, spelled_distribution};
use crate::results::Turn;
use crate::scenario::{
    Design, Endpoint, IncidentKind, Promotion, PromotionTrigger, Reads, ReplicationMode, Routing, Watch, Writes,
};

/// Says that somebody has to promote, and more quickly than the primary is back.
pub(super) fn never_promotes(context: &Context<'_>) -> Remedy {
    let when = match context.design.promotion.trigger {
        PromotionTrigger::Planned { .. } => "planned",
        _ => "never",
    };
    let takes = PromotionTrigger::DETECT.as_secs_f64() + Promotion::default().duration.mean();
    let lasts = context.longest_without_primary().filter(|lasts| lasts.as_secs_f64() < 2.0 * takes);
    let quickly = lasts.map_or_else(String::new, |lasts| {
        format!(", and more quickly than the primary is back by itself ({})", spelled(lasts))
    });
    let (still_led_there, saves) = still_led_there(context);
    let says = format!(
        "nobody promotes the replica when the primary is gone, and better DNS would not have saved these requests; let a \
         controller (\"automatic\") or an operator (\"manual\") do it{quickly}.{still_led_there}"
    );
    let turn = |setting: &str, value: &str| Turn { key: context.of_design(setting), value: value.to_owned() };
    let mut turn = match when {
        // The plan's own keys would be left over.
        "planned" => vec![turn("promotion", "{ when = \"automatic\" }")],
        _ => vec![turn("promotion.when", "automatic")],
    };
    if let Some(lasts) = lasts {
        let part = spelled(scaled(lasts, 1.0 / 8.0));
        let parts = ["promotion.detect", "promotion.duration"];
        turn.extend(parts.map(|setting| Turn { key: context.of_design(setting), value: part.clone() }));
    }
    let remedy = Remedy::of(context.of_design("promotion.when"), when, "automatic", says).turned_by(turn);
    Remedy { saves, ..remedy }
}

/// Says of failures that take the region with its primary what a promotion by itself leaves: visitors are led there all the same
/// until the verdict on the region. Empty where a promotion is enough.
fn still_led_there(context: &Context<'_>) -> (String, Saves) {
    let Design { routing, database, dns, .. } = context.design;
    let primary = database.primary;
    let takes_node =
        |kind: &IncidentKind| matches!(kind, IncidentKind::DatabaseOutage { region, .. } if *region == primary);
    let takes_region = |kind: &IncidentKind| {
        let (IncidentKind::RegionOutage { region, .. } | IncidentKind::RegionIsolation { region, .. }) = kind else {
            return false;
        };
        *region == primary
    };
    let Some(lasts) = context.longest(takes_region).filter(|_| !context.any_incident(takes_node) && dns.addresses == 1)
    else {
        return (String::new(), Saves::ThisPhase);
    };
    let are_all_led_there = match routing {
        Routing::Failover { order } => order[0] == primary,
        Routing::Nearest { orders } => orders.iter().all(|order| order[0] == primary),
        Routing::Weighted { .. } => false,
    };
    let name = &context.scenario.regions[primary.index()].name;
    let checks = &dns.health_checks;
    let verdict = scaled(checks.interval, f64::from(checks.fall)).max(checks.timeout);
    if are_all_led_there && lasts <= verdict {
        let says = format!(
            " By itself that buys nothing: all visitors are led to {name}, which is gone with its primary, until the verdict on \
             it, and that takes up to {} x {} + {}, longer than the failure itself ({}). What remains is undetected; shorten \
             `{}` as well.",
            checks.fall,
            spelled(checks.interval),
            spelled(checks.timeout),
            spelled(lasts),
            context.of_dns("health_checks.interval"),
        );
        return (says, Saves::Nothing);
    }
    let says = format!(
        " Visitors who are led to {name}, which is gone with its primary, are not served before the names lead elsewhere."
    );
    (says, Saves::ThisPhase)
}

/// Says which part of a promotion is to be shortened: the largest.
pub(super) fn no_primary(context: &Context<'_>) -> Remedy {
    let Promotion { trigger, duration, watch, fencing, lease, .. } = &context.design.promotion;
    let is_single = context.design.database.writes == Writes::SinglePrimary;
    if is_single && context.any_incident(|kind| matches!(kind, IncidentKind::ControlPlaneOutage { .. })) {
        return two_primaries(
            context,
            "the promotion waited for the control plane, and no setting of `promotion` shortens that; two primaries need none.",
        );
    }
    let cut = |kind: &IncidentKind| matches!(kind, IncidentKind::LinkPartition { .. });
    if *watch == Watch::Replica && context.longest_without_primary().is_none() && context.any_incident(cut) {
        let says = "the replica takes a cut link for a dead primary, and a promotion that nobody needed follows; ask a third site.";
        return Remedy::of(context.of_design("promotion.watch"), "replica", "witness", says);
    }
    let takes = duration.mean();
    let shorter_duration = || {
        let key = context.of_design("promotion.duration");
        let says = "most of the time without a primary is the promotion itself; make it quicker.";
        Remedy::of(key, spelled_distribution(duration, 1.0), spelled_distribution(duration, 0.5), says)
    };
    match trigger {
        PromotionTrigger::Automatic { detect } => {
            let until_done = detect.as_secs_f64() + takes;
            if *fencing && lease.as_secs_f64() > until_done {
                let says = "the promotion waits until the old primary's lease has run out; shorten the lease.";
                Remedy::of(context.of_design("promotion.lease"), spelled(*lease), spelled(halved(*lease)), says)
            } else if detect.as_secs_f64() >= takes {
                let says =
                    "most of the time without a primary is silence that is waited for before the promotion; wait less.";
                Remedy::of(context.of_design("promotion.detect"), spelled(*detect), spelled(halved(*detect)), says)
            } else {
                shorter_duration()
            }
        }
        PromotionTrigger::Manual { decision } if decision.mean() >= takes => {
            let key = context.of_design("promotion.decision");
            let says = "most of the time without a primary is the operator's decision; page sooner, or let a controller decide.";
            Remedy::of(key, spelled_distribution(decision, 1.0), spelled_distribution(decision, 0.5), says)
        }
        PromotionTrigger::Manual { .. } | PromotionTrigger::Planned { .. } => shorter_duration(),
        PromotionTrigger::Never if is_single => never_promotes(context),
        PromotionTrigger::Never => {
            Remedy::none("no setting of this design helps: both nodes are primaries, and neither could be reached.")
        }
    }
}

/// Says what would let the app change over to the other node sooner.
pub(super) fn database_endpoint(context: &Context<'_>) -> Remedy {
    let checks = &context.design.dns.health_checks;
    match context.design.database.endpoint {
        Endpoint::Dns { ttl } if context.design.database.reads == Reads::Local => {
            let says = format!(
                "apps learn of a failed node by the verdict on it ({} x {}) and then a TTL ({}), and to shorten one leaves the other; \
                 a driver that counts errors needs neither (\"driver\").",
                checks.fall,
                spelled(checks.interval),
                spelled(ttl)
            );
            let turn =
                vec![Turn { key: context.of_design("database.endpoint"), value: "{ via = \"driver\" }".to_owned() }];
            Remedy::of(context.of_design("database.endpoint.via"), "dns", "driver", says).turned_by(turn)
        }
        Endpoint::Dns { ttl } => {
            let key = context.of_design("database.endpoint.ttl");
            let says =
                "apps keep the old node's address until this TTL has run out; shorten it, or use `via = \"driver\"`.";
            Remedy::of(key, spelled(ttl), spelled(halved(ttl)), says)
        }
        Endpoint::Driver { errors, .. } if errors > 1 => Remedy::of(
            context.of_design("database.endpoint.errors"),
            errors,
            errors / 2,
            "the driver changes over after so many errors in a row; let fewer suffice.",
        ),
        Endpoint::Driver { retest, .. } => Remedy::of(
            context.of_design("database.endpoint.retest"),
            spelled(retest),
            spelled(scaled(retest, 2.0)),
            "the driver tests the failed node again each time this has passed, at the cost of a call; test it less often.",
        ),
    }
}

/// Says what would do without the link.
pub(super) fn link(context: &Context<'_>) -> Remedy {
    if context.design.database.reads == Reads::Primary && context.design.database.writes == Writes::SinglePrimary {
        let key = context.of_design("database.reads");
        return Remedy::of(
            key,
            "primary",
            "local",
            "reads cross the link to the primary; let them stay in their region.",
        );
    }
    let primary = context.design.database.primary;
    let is_at_primary = matches!(&context.design.routing, Routing::Failover { order } if order[0] == primary);
    match context.design.replication.mode {
        ReplicationMode::Sync { .. } => replica(context),
        ReplicationMode::SemiSync { .. } if is_at_primary => replica(context),
        _ if is_at_primary => {
            two_primaries(context, "writes cross the link to the only primary; two primaries do without it.")
        }
        _ => {
            let [first, second] =
                [primary, primary.other()].map(|region| &context.scenario.regions[region.index()].name);
            let mut turns = vec![Turn {
                key: context.of_design("routing"),
                value: format!("{{ policy = \"failover\", order = [\"{first}\", \"{second}\"] }}"),
            }];
            let promotion = &context.design.promotion;
            let moves_at_a_cut =
                promotion.watch == Watch::Replica && matches!(promotion.trigger, PromotionTrigger::Automatic { .. });
            let (stays, saves) = if moves_at_a_cut {
                turns.push(Turn { key: context.of_design("promotion.watch"), value: "witness".to_owned() });
                (" and let a third site watch, so that a cut link moves no primary", Saves::OthersToo)
            } else {
                ("", Saves::ThisPhase)
            };
            let policy = match context.design.routing {
                Routing::Nearest { .. } => "nearest",
                Routing::Weighted { .. } => "weighted",
                Routing::Failover { .. } => "failover",
            };
            let says = format!(
                "writes from the other region cross the link to the primary; lead visitors to {first} (\"failover\"){stays}, or have two primaries."
            );
            let remedy = Remedy::of(context.of_design("routing.policy"), policy, "failover", says).turned_by(turns);
            Remedy { saves, ..remedy }
        }
    }
}

/// Says how long commits should wait for a receipt.
pub(super) fn replica(context: &Context<'_>) -> Remedy {
    match context.design.replication.mode {
        ReplicationMode::SemiSync { ack_timeout } => Remedy::of(
            context.of_design("replication.ack_timeout"),
            spelled(ack_timeout),
            spelled(halved(ack_timeout)),
            "commits wait so long for a receipt that does not come, before they go on without; shorten it.",
        ),
        ReplicationMode::Sync { eject_after } => Remedy::of(
            context.of_design("replication.eject_after"),
            eject_after.map_or_else(|| "never".to_owned(), spelled),
            eject_after.map_or_else(|| "10s".to_owned(), |after| spelled(halved(after))),
            "commits wait for a replica that does not answer until it is let go; let it go sooner, at the risk of losing writes.",
        ),
        ReplicationMode::Async => Remedy::none("commits of this design wait for no receipt."),
    }
}

/// Says that a second primary helps, and makes the other one a primary too.
fn two_primaries(context: &Context<'_>, says: &str) -> Remedy {
    let endpoint = match context.design.database.endpoint {
        Endpoint::Dns { ttl } => format!("{{ via = \"dns\", ttl = \"{}\" }}", spelled(ttl)),
        Endpoint::Driver { errors, retest } => {
            format!("{{ via = \"driver\", errors = {errors}, retest = \"{}\" }}", spelled(retest))
        }
    };
    let database = format!(
        "{{ writes = \"multi-primary\", conflicts = {{ policy = \"last-writer-wins\" }}, endpoint = {endpoint} }}"
    );
    let turn = |setting: &str, value: &str| Turn { key: context.of_design(setting), value: value.to_owned() };
    let turn = vec![
        turn("database", &database),
        turn("promotion", "{ when = \"never\" }"),
        turn("replication", "{ mode = \"async\" }"),
    ];
    Remedy::of(context.of_design("database.writes"), "single-primary", "multi-primary", says).turned_by(turn)
}
