//! The keys of a design.

use super::dns::dns;
use super::spelling::{Table, or, part};
use crate::scenario::conflicts::{BothPolicies, Conflicts};
use crate::scenario::database::{DatabasePlan, Endpoint, Primaries, Via, Writes};
use crate::scenario::design::Design;
use crate::scenario::distribution::Quantity;
use crate::scenario::promotion::{DecidedBy, Promotion, PromotionTrigger};
use crate::scenario::region_id::RegionId;
use crate::scenario::replication::{Acknowledgement, Replication, ReplicationMode};
use crate::scenario::routing::{Failback, Policy, Return, Routing};
use crate::scenario::standby::{Readiness, Standby, StandbyKind};
use crate::scenario::text::words::Words;
use crate::scenario::whole::Scenario;
use crate::units::ByteSize;

/// Lists the keys of `design`, which is one of `scenario`'s.
pub(super) fn design(table: &mut Table<'_>, design: &Design, scenario: &Scenario) {
    let Design {
        name: _,
        dns: names,
        own_dns: _,
        routing: answers,
        failback: return_of,
        standby: spare,
        database: plan,
        replication: stream,
        promotion: change,
    } = design;
    dns(&mut table.below("dns"), names, Some(&scenario.dns));
    routing(&mut table.below("routing"), answers, scenario);
    failback(&mut table.below("failback"), return_of);
    if let Some(spare) = spare {
        standby(&mut table.below("standby"), spare, scenario);
    }
    database(&mut table.below("database"), plan, scenario);
    replication(&mut table.below("replication"), stream);
    promotion(&mut table.below("promotion"), change);
}

fn routing(table: &mut Table<'_>, routing: &Routing, scenario: &Scenario) {
    let names = |order: &[RegionId; 2]| order.map(|region| scenario.region_name(region));
    match routing {
        Routing::Nearest { orders } => {
            table.set("policy", Policy::Nearest.word());
            for (geography, order) in scenario.geographies.iter().zip(orders) {
                table.below("orders").set(&part(&geography.name), &names(order));
            }
        }
        Routing::Weighted { weights } => {
            table.set("policy", Policy::Weighted.word());
            for (region, weight) in scenario.regions.iter().zip(weights) {
                table.below("weights").set(&part(&region.name), weight);
            }
        }
        Routing::Failover { order } => {
            table.set("policy", Policy::Failover.word());
            table.set("order", &names(order));
        }
    }
}

fn failback(table: &mut Table<'_>, failback: &Failback) {
    match failback {
        Failback::Automatic { hold } => {
            table.set("when", Return::Automatic.word());
            table.set("hold", hold);
        }
        Failback::Never => table.set("when", Return::Never.word()),
    }
}

fn standby(table: &mut Table<'_>, standby: &Standby, scenario: &Scenario) {
    let Standby { region, kind, activation, refused } = standby;
    table.set("region", scenario.region_name(*region));
    match kind {
        StandbyKind::Hot => table.set("kind", Readiness::Hot.word()),
        StandbyKind::Warm { share } => {
            table.set("kind", Readiness::Warm.word());
            table.set("share", share);
        }
        StandbyKind::Cold => table.set("kind", Readiness::Cold.word()),
    }
    table.set("activation", activation);
    table.set("refused", refused);
}

fn database(table: &mut Table<'_>, plan: &DatabasePlan, scenario: &Scenario) {
    let DatabasePlan { writes, primary, reads, endpoint } = plan;
    match writes {
        Writes::SinglePrimary => {
            table.set("writes", Primaries::Single.word());
            table.set("primary", scenario.region_name(*primary));
            table.set("reads", reads.word());
        }
        // Two primaries follow from this, and that each is read where it is.
        Writes::MultiPrimary { conflicts: between } => {
            table.set("writes", Primaries::Multi.word());
            conflicts(&mut table.below("conflicts"), between, scenario);
        }
    }
    let mut table = table.below("endpoint");
    match endpoint {
        Endpoint::Dns { ttl } => {
            table.set("via", Via::Dns.word());
            table.set("ttl", ttl);
        }
        Endpoint::Driver { errors, retest } => {
            table.set("via", Via::Driver.word());
            table.set("errors", errors);
            table.set("retest", retest);
        }
    }
}

fn conflicts(table: &mut Table<'_>, conflicts: &Conflicts, scenario: &Scenario) {
    match conflicts {
        Conflicts::LastWriterWins => table.set("policy", BothPolicies::LastWriterWins.word()),
        Conflicts::AtReceiver { policies, repair } => {
            for (region, policy) in scenario.regions.iter().zip(policies) {
                table.below("at").set(&part(&region.name), policy.word());
            }
            table.distribution("repair", repair, Quantity::Duration);
        }
    }
}

fn replication(table: &mut Table<'_>, replication: &Replication) {
    let Replication { mode, poll, ship, lag_changes_every, apply, apply_rate, write_size } = replication;
    match mode {
        ReplicationMode::Async => table.set("mode", Acknowledgement::Async.word()),
        ReplicationMode::SemiSync { ack_timeout } => {
            table.set("mode", Acknowledgement::SemiSync.word());
            table.set("ack_timeout", ack_timeout);
        }
        ReplicationMode::Sync { eject_after } => {
            table.set("mode", Acknowledgement::Sync.word());
            table.list("eject_after", or("never", *eject_after));
        }
    }
    table.list("poll", or("never", *poll));
    table.distribution("ship", ship, Quantity::Duration);
    table.set("lag_changes_every", lag_changes_every);
    table.distribution("apply", apply, Quantity::Duration);
    table.list("apply_rate", or("unlimited", *apply_rate));
    table.set("write_size", &ByteSize(*write_size));
}

fn promotion(table: &mut Table<'_>, promotion: &Promotion) {
    let Promotion { trigger, duration, watch, fencing, lease, on_return, return_role } = promotion;
    match trigger {
        PromotionTrigger::Automatic { detect } => {
            table.set("when", DecidedBy::Controller.word());
            table.set("detect", detect);
        }
        PromotionTrigger::Manual { decision } => {
            table.set("when", DecidedBy::Operator.word());
            table.distribution("decision", decision, Quantity::Duration);
        }
        PromotionTrigger::Planned { at, drain } => {
            table.set("when", DecidedBy::Plan.word());
            table.set("at", at);
            table.set("drain", drain);
        }
        PromotionTrigger::Never => table.set("when", DecidedBy::Nobody.word()),
    }
    table.distribution("duration", duration, Quantity::Duration);
    table.set("watch", watch.word());
    table.set("fencing", fencing);
    table.set("lease", lease);
    table.set("on_return", on_return.word());
    table.list("return_role", or("never", *return_role));
}
