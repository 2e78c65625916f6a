//! The book of incidents: one entry per occurrence, with the moments that its timings come from.

use super::super::names::Target;
use super::super::outcome::{IncidentOutcome, Operation, Timing};
use super::super::visitor::Session;
use crate::scenario::{Design, Endpoint, IncidentKind, Probe, PromotionTrigger, Reads, Watch};
use crate::units::SimTime;

/// All occurrences so far.
#[derive(Debug)]
pub(in super::super) struct IncidentBook {
    occurrences: Vec<Occurrence>,
    /// How many are waited on for a first success of the surviving side.
    awaiting_failover: u32,
}

#[derive(Debug)]
struct Occurrence {
    incident: usize,
    number: u32,
    kind: IncidentKind,
    /// The primary when it began.
    primary: u8,
    started: SimTime,
    ended: Option<SimTime>,
    dns_verdict: Option<SimTime>,
    database_verdict: Option<SimTime>,
    failed_over: Option<SimTime>,
    backlog: Backlog,
}

/// What is known of the replication backlog that an incident left.
#[derive(Clone, Copy, Debug, Default)]
struct Backlog {
    /// The senders that are not known to have cleared theirs.
    senders: [bool; 2],
    /// When the last of the others had cleared its own.
    cleared: Option<SimTime>,
}

impl Occurrence {
    /// Whether there is a surviving side that could take over.
    fn can_fail_over(&self) -> bool {
        match self.kind {
            IncidentKind::AppOutage { share, .. } => share >= 1.0,
            IncidentKind::RegionOutage { .. }
            | IncidentKind::RegionIsolation { .. }
            | IncidentKind::DatabaseOutage { .. }
            | IncidentKind::PathOutage { .. }
            | IncidentKind::Gray { .. } => true,
            IncidentKind::LinkPartition
            | IncidentKind::LinkSlow { .. }
            | IncidentKind::ReplicationStall
            | IncidentKind::DnsOutage { .. }
            | IncidentKind::CheckerOutage { .. }
            | IncidentKind::ControlPlaneOutage { .. }
            | IncidentKind::TrafficSurge { .. } => false,
        }
    }

    fn awaits_failover(&self) -> bool {
        self.can_fail_over() && self.ended.is_none() && self.failed_over.is_none()
    }

    /// Whether the traffic manager could come to a verdict on `target` because of it.
    fn shows_at(&self, target: Target) -> bool {
        match (self.kind, target) {
            (IncidentKind::RegionOutage { region, .. }, Target::Region(at))
            | (IncidentKind::AppOutage { region, .. }, Target::Region(at))
            | (IncidentKind::Gray { region, .. }, Target::Region(at))
            | (IncidentKind::PathOutage { region, .. }, Target::Node(at) | Target::Region(at))
            | (IncidentKind::RegionIsolation { region }, Target::Node(at) | Target::Region(at))
            | (IncidentKind::DatabaseOutage { region, .. }, Target::Node(at) | Target::Region(at)) => region.0 == at,
            (IncidentKind::CheckerOutage { region, .. }, Target::Node(at) | Target::Region(at)) => {
                region.is_none_or(|only| only.0 == at)
            }
            _ => false,
        }
    }

    fn takes_primary(&self) -> bool {
        match self.kind {
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::RegionIsolation { region }
            | IncidentKind::DatabaseOutage { region, .. } => region.0 == self.primary,
            IncidentKind::LinkPartition => true,
            _ => false,
        }
    }

    /// Whether a success is the surviving side's, for someone who would have gone to the failed one.
    fn is_failed_over_by(&self, success: &Success) -> bool {
        let Success { visitor, ordinary_region, region: served_in, node, reads } = *success;
        match self.kind {
            IncidentKind::PathOutage { geography, .. } if geography != usize::from(visitor.geography) => false,
            IncidentKind::RegionOutage { region, .. }
            | IncidentKind::RegionIsolation { region }
            | IncidentKind::AppOutage { region, .. }
            | IncidentKind::PathOutage { region, .. }
            | IncidentKind::Gray { region, .. } => {
                // A visitor who was there already, by an older answer, has not failed over.
                let is_led_anew = visitor
                    .answer
                    .is_some_and(|answer| answer.resolver_fetched >= self.started || answer.second == Some(served_in));
                ordinary_region == region.0 && served_in != region.0 && is_led_anew
            }
            IncidentKind::DatabaseOutage { region, .. } => {
                let usual = match (visitor.operation, reads) {
                    (Operation::Read, Reads::Local) => served_in,
                    (Operation::Read, Reads::Primary) | (Operation::Write, _) => self.primary,
                };
                usual == region.0 && node != region.0 && visitor.started >= self.started
            }
            _ => false,
        }
    }
}

/// A visitor's success, and who served it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Success<'a> {
    pub(in super::super) visitor: &'a Session,
    /// The region that the visitor would have been led to if all were well.
    pub(in super::super) ordinary_region: u8,
    pub(in super::super) region: u8,
    pub(in super::super) node: u8,
    /// Of the design.
    pub(in super::super) reads: Reads,
}

impl IncidentBook {
    pub(in super::super) fn new() -> Self {
        IncidentBook { occurrences: Vec::new(), awaiting_failover: 0 }
    }

    /// How often an incident has happened so far.
    pub(super) fn occurrences_of(&self, incident: usize) -> u32 {
        self.occurrences.iter().rev().find(|entry| entry.incident == incident).map_or(0, |entry| entry.number + 1)
    }

    /// Enters a new occurrence and returns its place.
    pub(super) fn begin(&mut self, incident: usize, number: u32, kind: IncidentKind, now: SimTime, primary: u8) -> u32 {
        let entry = Occurrence {
            incident,
            number,
            kind,
            primary,
            started: now,
            ended: None,
            dns_verdict: None,
            database_verdict: None,
            failed_over: None,
            backlog: Backlog::default(),
        };
        self.awaiting_failover += u32::from(entry.awaits_failover());
        self.occurrences.push(entry);
        self.occurrences.len() as u32 - 1
    }

    /// Enters the end of an occurrence; returns its incident, its number and what it did.
    pub(super) fn end(&mut self, occurrence: u32, now: SimTime) -> (usize, u32, IncidentKind) {
        let entry = &mut self.occurrences[occurrence as usize];
        self.awaiting_failover -= u32::from(entry.awaits_failover());
        entry.ended = Some(now);
        (entry.incident, entry.number, entry.kind)
    }

    /// The latest occurrence under way that shows at a target, if one does.
    pub(in super::super) fn shown_at(&self, target: Target) -> Option<usize> {
        self.occurrences.iter().rposition(|entry| entry.ended.is_none() && entry.shows_at(target))
    }

    /// The latest occurrence under way that takes the primary, if one does.
    pub(in super::super) fn taker_of_primary(&self) -> Option<usize> {
        self.occurrences.iter().rposition(|entry| entry.ended.is_none() && entry.takes_primary())
    }

    /// The traffic manager has found a target down.
    pub(in super::super) fn dns_verdict(&mut self, now: SimTime, target: Target) {
        let open = |entry: &&mut Occurrence| entry.ended.is_none() && entry.shows_at(target);
        for entry in self.occurrences.iter_mut().filter(open) {
            entry.dns_verdict.get_or_insert(now);
        }
    }

    /// The failover controller, or the operator, has found the primary lost.
    pub(in super::super) fn database_verdict(&mut self, now: SimTime) {
        let open = |entry: &&mut Occurrence| entry.ended.is_none() && entry.takes_primary();
        for entry in self.occurrences.iter_mut().filter(open) {
            entry.database_verdict.get_or_insert(now);
        }
    }

    /// Whether any occurrence still waits for its first success of the surviving side.
    #[inline]
    pub(in super::super) fn await_failover(&self) -> bool {
        self.awaiting_failover > 0
    }

    /// Whether an occurrence waits for such a success.
    pub(in super::super) fn await_success(&self, success: &Success) -> bool {
        self.occurrences.iter().any(|entry| entry.awaits_failover() && entry.is_failed_over_by(success))
    }

    /// A visitor gets a success at `at`.
    pub(in super::super) fn success(&mut self, at: SimTime, success: &Success) {
        for entry in self.occurrences.iter_mut().filter(|entry| entry.awaits_failover()) {
            if entry.is_failed_over_by(success) {
                entry.failed_over = Some(at);
                self.awaiting_failover -= 1;
            }
        }
    }

    /// The replication stream of a sender goes on with a backlog that an occurrence left at its end.
    pub(in super::super) fn backlog_left(&mut self, occurrence: u32, sender: usize) {
        self.occurrences[occurrence as usize].backlog.senders[sender] = true;
    }

    /// The backlog of a sender was found to have been cleared at `at`.
    pub(in super::super) fn backlog_cleared(&mut self, sender: usize, at: SimTime) {
        for entry in self.occurrences.iter_mut().filter(|entry| entry.backlog.senders[sender]) {
            entry.backlog.senders[sender] = false;
            entry.backlog.cleared = entry.backlog.cleared.max(Some(at));
        }
    }

    /// The branch of a sender is discarded, and its backlog with it.
    pub(in super::super) fn backlog_discarded(&mut self, sender: usize) {
        for entry in &mut self.occurrences {
            entry.backlog.senders[sender] = false;
        }
    }

    /// Closes the book at the horizon. `recovery` tells of each occurrence, from its start and the next one's, whether it
    /// was felt and when that was over.
    pub(in super::super) fn close(
        &self,
        horizon: SimTime,
        design: &Design,
        recovery: impl Fn(SimTime, SimTime) -> (bool, Timing),
    ) -> Vec<IncidentOutcome> {
        let starts = |place: usize| self.occurrences.get(place).map_or(horizon, |entry| entry.started);
        let mut outcomes = Vec::with_capacity(self.occurrences.len());
        for (place, entry) in self.occurrences.iter().enumerate() {
            let after = |moment: Option<SimTime>, applies: bool| match moment {
                Some(at) => Timing::After(at.since(entry.started)),
                None if applies && entry.ended.is_none() => Timing::Censored,
                None => Timing::NotApplicable,
            };
            let (affected, recovered) = recovery(entry.started, starts(place + 1));
            outcomes.push(IncidentOutcome {
                incident: entry.incident,
                occurrence: entry.number,
                started: entry.started,
                ended: entry.ended.unwrap_or(horizon),
                affected,
                dns_verdict: after(entry.dns_verdict, entry.is_probed(design)),
                database_verdict: after(entry.database_verdict, entry.may_promote(design)),
                failed_over: after(entry.failed_over, entry.can_fail_over() && affected),
                recovered,
                backlog_cleared: entry.backlog_cleared(),
            });
        }
        outcomes
    }
}

impl Occurrence {
    /// Whether the design's health checks can see it.
    fn is_probed(&self, design: &Design) -> bool {
        let probe = design.dns.health_checks.probe;
        match self.kind {
            IncidentKind::RegionOutage { .. } | IncidentKind::RegionIsolation { .. } => true,
            IncidentKind::AppOutage { share, .. } => share >= 1.0 && probe != Probe::Ping,
            IncidentKind::PathOutage { geography, .. } | IncidentKind::CheckerOutage { geography, .. } => {
                // Checkers are dealt to the geographies in turn.
                design.dns.health_checks.checkers as usize > geography
            }
            IncidentKind::Gray { .. } => matches!(probe, Probe::Http | Probe::Deep),
            IncidentKind::DatabaseOutage { .. } => {
                let is_named = matches!(design.database.endpoint, Endpoint::Dns { .. });
                probe == Probe::Deep || (is_named && design.database.reads == Reads::Local)
            }
            _ => false,
        }
    }

    /// Whether the design promotes because of it.
    fn may_promote(&self, design: &Design) -> bool {
        let promotes = design.promotion.trigger != PromotionTrigger::Never;
        let is_seen = match self.kind {
            IncidentKind::LinkPartition => {
                design.promotion.watch == Watch::Replica
                    && matches!(design.promotion.trigger, PromotionTrigger::Automatic { .. })
            }
            _ => self.takes_primary(),
        };
        promotes && is_seen
    }

    fn backlog_cleared(&self) -> Timing {
        match (self.backlog.cleared, self.ended) {
            _ if self.backlog.senders.contains(&true) => Timing::Censored,
            (Some(at), Some(ended)) => Timing::After(at.since(ended)),
            _ => Timing::NotApplicable,
        }
    }
}
