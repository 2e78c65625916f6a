//! One occurrence of an incident: what it takes away, whom it touches, what a design can find out of it, and who has failed
//! over from it.

use super::super::dns::Target;
use super::super::node_id::NodeId;
use super::super::outcome::Operation;
use super::super::per_region::PerRegion;
use super::super::visitor::Session;
use crate::scenario::{
    Design, Endpoint, IncidentKind, Probe, PromotionTrigger, Reads, RegionId, Scenario, Storage, Watch, Writes,
};
use crate::units::SimTime;

/// Callers of each database node, and the kinds of requests that there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calls {
    reads: Reads,
    is_multi_primary: bool,
    /// Per [`Operation`].
    are_made: [bool; 2],
}

impl Calls {
    pub(super) fn of(scenario: &Scenario, design: &Design) -> Self {
        let any = |fits: fn(f64) -> bool| scenario.geographies.iter().any(|visitors| fits(visitors.write_share));
        Calls {
            reads: design.database.reads,
            is_multi_primary: design.database.writes != Writes::SinglePrimary,
            are_made: [any(|writes| writes < 1.0), any(|writes| writes > 0.0)],
        }
    }

    /// Returns whether all calls of an operation go to the one primary, rather than each to its own region's node.
    fn go_to_primary(self, operation: Operation) -> bool {
        match operation {
            Operation::Read => self.reads == Reads::Primary,
            Operation::Write => !self.is_multi_primary,
        }
    }
}

/// One occurrence.
#[derive(Debug)]
pub(super) struct Occurrence {
    pub(super) incident: usize,
    pub(super) number: u32,
    pub(super) kind: IncidentKind,
    /// The primary when it began.
    primary: NodeId,
    calls: Calls,
    pub(super) started: SimTime,
    pub(super) ended: Option<SimTime>,
    /// Time at which what it left was over too.
    pub(super) over: Option<SimTime>,
    /// The node that it left without data, until that has a full copy.
    pub(super) left_empty: Option<NodeId>,
    pub(super) dns_verdict: Option<SimTime>,
    pub(super) database_verdict: Option<SimTime>,
    pub(super) promotion: Promotion,
    /// Per [`Operation`].
    pub(super) failed_over: [Option<SimTime>; 2],
    pub(super) backlog: Backlog,
    /// Requests of those whom it can touch that had ended when it began.
    pub(super) ended_before: u64,
    /// Requests of these that had started before the instant at which it was over.
    pub(super) started_by_end: Option<u64>,
}

/// Point to which a promotion has come that an occurrence caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promotion {
    None,
    Declared,
    Done,
}

/// State of the replication backlog that an occurrence left.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backlog {
    /// The senders that are not known to have cleared theirs.
    pub(super) senders: PerRegion<bool>,
    /// Time at which the last of the others had cleared its own.
    pub(super) cleared: Option<SimTime>,
}

/// A visitor's success, and who served it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Success<'a> {
    pub(in super::super) visitor: &'a Session,
    /// The region that the visitor would have been led to if all were well.
    pub(in super::super) ordinary_region: RegionId,
    pub(in super::super) region: RegionId,
    pub(in super::super) node: NodeId,
}

impl Occurrence {
    /// Returns whether it can fail a request by itself, rather than by what somebody concludes from it.
    pub(super) fn fails_requests(&self) -> bool {
        match self.kind {
            IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::AppOutage { .. }
            | IncidentKind::DatabaseOutage { .. }
            | IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::Gray { .. }
            | IncidentKind::TrafficSurge { .. } => true,
            IncidentKind::ReplicationStall
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::ControlPlaneOutage { .. } => false,
        }
    }

    pub(super) fn new(
        (incident, number): (usize, u32),
        kind: IncidentKind,
        started: SimTime,
        primary: NodeId,
        calls: Calls,
    ) -> Self {
        let left_empty = match kind {
            IncidentKind::DatabaseOutage { region, storage: Storage::Destroyed, .. } => Some(NodeId::of(region)),
            IncidentKind::DatabaseOutage { storage: Storage::Survives, .. }
            | IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::AppOutage { .. }
            | IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::Gray { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => None,
        };
        Occurrence {
            incident,
            number,
            kind,
            primary,
            calls,
            started,
            ended: None,
            over: None,
            left_empty,
            dns_verdict: None,
            database_verdict: None,
            promotion: Promotion::None,
            failed_over: [None; 2],
            backlog: Backlog::default(),
            ended_before: 0,
            started_by_end: None,
        }
    }

    /// Returns whether there is a surviving side that could take over requests of an operation.
    pub(super) fn can_fail_over(&self, operation: Operation) -> bool {
        let can = match self.kind {
            IncidentKind::AppOutage { share, .. } => share >= 1.0,
            IncidentKind::DatabaseOutage { region, .. } => {
                let goes_there = !self.calls.go_to_primary(operation) || NodeId::of(region) == self.primary;
                goes_there && self.calls.reads != Reads::Nowhere
            }
            IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::Gray { .. } => true,
            IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => false,
        };
        can && self.calls.are_made[operation as usize]
    }

    /// Returns whether it lasts, or a promotion that it caused can still lead somebody to the other side.
    pub(super) fn is_open(&self) -> bool {
        self.over.is_none() || self.promotion != Promotion::None
    }

    /// Returns whether a first success of the surviving side is still waited for: while it lasts, and then while a promotion
    /// that it caused goes through.
    pub(super) fn awaits_failover(&self, operation: Operation) -> bool {
        let may_come = match self.over {
            None => true,
            Some(_) => self.promotion != Promotion::None && self.calls.go_to_primary(operation),
        };
        may_come && self.failed_over[operation as usize].is_none() && self.can_fail_over(operation)
    }

    /// Returns whether the traffic manager could come to a verdict on `target` because of it.
    pub(super) fn shows_at(&self, target: Target) -> bool {
        match self.kind {
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::AppOutage { region, .. }
            | IncidentKind::Gray { region, .. } => target == Target::Region(region),
            IncidentKind::PathOutage { region, .. }
            | IncidentKind::RegionIsolation { region, .. }
            | IncidentKind::DatabaseOutage { region, .. } => target.region() == region,
            IncidentKind::CheckerOutage { region, .. } => region.is_none_or(|only| only == target.region()),
            IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => false,
        }
    }

    pub(super) fn takes_primary(&self) -> bool {
        match self.kind {
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::RegionIsolation { region, .. }
            | IncidentKind::DatabaseOutage { region, .. } => NodeId::of(region) == self.primary,
            IncidentKind::LinkPartition { .. } => true,
            IncidentKind::AppOutage { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::Gray { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => false,
        }
    }

    /// Returns whether a success is the surviving side's, for someone who would have gone to the failed one.
    pub(super) fn is_failed_over_by(&self, success: &Success) -> bool {
        let Success { visitor, ordinary_region, region: served_in, .. } = *success;
        if self.over.is_some() {
            // The region is back, but the promotion goes through.
            return self.is_served_by_another_node(success);
        }
        match self.kind {
            IncidentKind::PathOutage { geography, .. } if geography != visitor.geography => false,
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::RegionIsolation { region, .. }
            | IncidentKind::AppOutage { region, .. }
            | IncidentKind::PathOutage { region, .. }
            | IncidentKind::Gray { region, .. } => {
                // A visitor who was there already, by an older answer, has not failed over.
                let is_led_anew = visitor
                    .answer
                    .is_some_and(|answer| answer.resolver_fetched >= self.started || answer.second == Some(served_in));
                ordinary_region == region && served_in != region && is_led_anew
            }
            IncidentKind::DatabaseOutage { .. } => self.is_served_by_another_node(success),
            IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => false,
        }
    }

    /// Returns whether a request was served by another node than the failed one, where it would have gone.
    fn is_served_by_another_node(&self, success: &Success) -> bool {
        let Success { visitor, region: served_in, node, .. } = *success;
        let usual = if self.calls.go_to_primary(visitor.operation) { self.primary } else { NodeId::of(served_in) };
        let failed = match self.kind {
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::RegionIsolation { region, .. }
            | IncidentKind::DatabaseOutage { region, .. } => NodeId::of(region),
            IncidentKind::AppOutage { .. }
            | IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::Gray { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => self.primary,
        };
        usual == failed && node != failed && visitor.started >= self.started
    }

    /// Returns whether the design's health checks can see it.
    pub(super) fn is_probed(&self, design: &Design) -> bool {
        let probe = design.dns.health_checks.probe;
        match self.kind {
            IncidentKind::RegionOutage { .. } | IncidentKind::RegionIsolation { .. } => true,
            IncidentKind::AppOutage { share, .. } => share >= 1.0 && probe != Probe::Ping,
            IncidentKind::PathOutage { geography, .. } | IncidentKind::CheckerOutage { geography, .. } => {
                // Checkers are dealt to the geographies in turn.
                design.dns.health_checks.checkers as usize > geography.index()
            }
            IncidentKind::Gray { .. } => matches!(probe, Probe::Http | Probe::Deep),
            IncidentKind::DatabaseOutage { .. } => {
                let is_named = matches!(design.database.endpoint, Endpoint::Dns { .. });
                match design.database.reads {
                    Reads::Local => probe == Probe::Deep || is_named,
                    Reads::Primary => probe == Probe::Deep,
                    Reads::Nowhere => false,
                }
            }
            IncidentKind::LinkPartition { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => false,
        }
    }

    /// Returns whether the design promotes because of it.
    pub(super) fn may_promote(&self, design: &Design) -> bool {
        let promotes = design.promotion.trigger != PromotionTrigger::Never;
        let is_seen = match self.kind {
            IncidentKind::LinkPartition { .. } => {
                design.promotion.watch == Watch::Replica
                    && matches!(design.promotion.trigger, PromotionTrigger::Automatic { .. })
            }
            IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::AppOutage { .. }
            | IncidentKind::DatabaseOutage { .. }
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::Gray { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => self.takes_primary(),
        };
        promotes && is_seen
    }
}

#[cfg(test)]
mod tests;
