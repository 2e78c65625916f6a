//! Logs incidents: one entry per occurrence, with the moments that its timings come from.
//!
//! An occurrence lasts as long as what it left: a node that comes back empty is part of it until it has a full copy. A verdict
//! that its failed probes led to counts for it even if it comes after its end, and so does a promotion that it caused.

use super::super::dns::Target;
use super::super::node_id::NodeId;
use super::super::outcome::{Episode, IncidentOutcome, Operation, Phase, Timing};
use super::super::record::{Lasting, Recorder, Recovery, Requests};
use super::super::whole;
use super::occurrence::{Calls, Occurrence, Promotion, Success};
use crate::scenario::{Design, IncidentKind, PromotionTrigger, Scenario};
use crate::units::{SimDuration, SimTime};

/// All occurrences so far.
#[derive(Debug)]
pub(in super::super) struct IncidentLog {
    calls: Calls,
    /// Longest time from the first failed probe that counts for a verdict to the verdict.
    detection: SimDuration,
    occurrences: Vec<Occurrence>,
    /// Occurrences of each incident so far.
    times: Vec<u32>,
    /// Those under way, and those whose promotion is.
    open: Vec<usize>,
    /// Those that are over, in the order in which they came to be.
    over: Vec<usize>,
    /// Those that left a backlog which is not cleared.
    behind: Vec<usize>,
    /// Occurrences that wait for a first success of the surviving side, per [`Operation`].
    awaiting_failover: [u32; Operation::ALL.len()],
}

impl IncidentLog {
    pub(in super::super) fn new(scenario: &Scenario, design: &Design) -> Self {
        let checks = &design.dns.health_checks;
        IncidentLog {
            calls: Calls::of(scenario, design),
            detection: checks.interval.times(u64::from(checks.fall)) + checks.timeout,
            occurrences: Vec::new(),
            times: vec![0; scenario.incidents.len()],
            open: Vec::new(),
            over: Vec::new(),
            behind: Vec::new(),
            awaiting_failover: [0; 2],
        }
    }

    /// Number of times that an incident has happened so far.
    pub(in super::super) fn occurrences_of(&self, incident: usize) -> u32 {
        self.times[incident]
    }

    /// Returns when the first occurrence that can fail requests began after `moment`; none if one lasted at that moment that may
    /// have caused a failure of this phase. A gray region is not to blame for what its failures are not like.
    pub(in super::super) fn first_begun_after(&self, moment: SimTime, phase: Phase) -> Option<SimTime> {
        let (begun, later) =
            self.occurrences.split_at(self.occurrences.partition_point(|entry| entry.started <= moment));
        let is_gray = |entry: &Occurrence| matches!(entry.kind, IncidentKind::Gray { .. });
        let may_be_to_blame = |entry: &Occurrence| entry.fails_requests() && (phase == Phase::Gray || !is_gray(entry));
        let lasts = |&place: &usize| {
            let entry = &self.occurrences[place];
            place < begun.len() && may_be_to_blame(entry) && entry.over.is_none_or(|over| over > moment)
        };
        // Those that lasted then are under way still, or have come to be over since.
        let mut since = self.over.iter().rev().take_while(|&&place| self.occurrences[place].over > Some(moment));
        if self.open.iter().any(lasts) || since.any(lasts) {
            return None;
        }
        later.iter().find(|entry| entry.fails_requests()).map(|entry| entry.started)
    }

    /// Enters a new occurrence and returns its place. `requests` are those so far of whom it can touch.
    pub(in super::super) fn begin(
        &mut self,
        which: (usize, u32),
        kind: IncidentKind,
        now: SimTime,
        primary: NodeId,
        requests: Requests,
    ) -> u32 {
        let mut entry = Occurrence::new(which, kind, now, primary, self.calls);
        entry.ended_before = requests.ended();
        self.times[which.0] = which.1 + 1;
        self.occurrences.push(entry);
        self.open.push(self.occurrences.len() - 1);
        self.count_waiting();
        whole::count(self.occurrences.len() - 1)
    }

    /// Returns what an occurrence is: its incident, its number and what it does.
    pub(in super::super) fn entry(&self, occurrence: u32) -> (usize, u32, IncidentKind) {
        let entry = &self.occurrences[occurrence as usize];
        (entry.incident, entry.number, entry.kind)
    }

    /// Enters the end of an occurrence.
    pub(in super::super) fn end(&mut self, occurrence: u32, now: SimTime, record: &Recorder) {
        let entry = &mut self.occurrences[occurrence as usize];
        entry.ended = Some(now);
        self.note_over(now, record);
    }

    /// A node that was left empty has a full copy.
    pub(in super::super) fn copy_done(&mut self, node: NodeId, now: SimTime, record: &Recorder) {
        for &place in &self.open {
            self.occurrences[place].left_empty.take_if(|empty| *empty == node);
        }
        self.note_over(now, record);
    }

    /// Notes of every occurrence that has ended and left nothing that it is over.
    fn note_over(&mut self, now: SimTime, record: &Recorder) {
        for &place in &self.open {
            let entry = &mut self.occurrences[place];
            if entry.over.is_none() && entry.ended.is_some() && entry.left_empty.is_none() {
                entry.over = Some(now);
                self.over.push(place);
                // It lasts up to its end and no longer: who comes at that instant has not met it.
                entry.started_by_end = Some(record.started_before(now, entry.kind.audience()));
            }
        }
        self.count_waiting();
    }

    /// The latest occurrence under way that shows at a target, if one does.
    pub(in super::super) fn shown_at(&self, target: Target) -> Option<usize> {
        self.latest_under_way(|entry| entry.shows_at(target))
    }

    /// The latest occurrence under way that takes the primary, if one does.
    pub(in super::super) fn taker_of_primary(&self) -> Option<usize> {
        self.latest_under_way(Occurrence::takes_primary)
    }

    fn latest_under_way(&self, fits: impl Fn(&Occurrence) -> bool) -> Option<usize> {
        let mut latest_first = self.open.iter().rev().map(|&place| (place, &self.occurrences[place]));
        latest_first.find(|(_, entry)| entry.over.is_none() && fits(entry)).map(|(place, _)| place)
    }

    /// The traffic manager has found a target down: because of those under way that show there; if none does, because of the
    /// last one, if probes of its time count for the verdict.
    pub(in super::super) fn dns_verdict(&mut self, now: SimTime, target: Target) {
        if self.shown_at(target).is_some() {
            for &place in &self.open {
                let entry = &mut self.occurrences[place];
                if entry.over.is_none() && entry.shows_at(target) {
                    entry.dns_verdict.get_or_insert(now);
                }
            }
            return;
        }
        let detection = self.detection;
        let recent = |entry: &&mut Occurrence| entry.over.is_some_and(|over| now <= over + detection);
        if let Some(latest) = self.occurrences.iter_mut().rfind(|entry| entry.shows_at(target)).filter(recent) {
            latest.dns_verdict.get_or_insert(now);
        }
    }

    /// The failover controller, or the operator, has found the primary lost.
    pub(in super::super) fn database_verdict(&mut self, now: SimTime) {
        for &place in &self.open {
            let entry = &mut self.occurrences[place];
            if entry.over.is_none() && entry.takes_primary() {
                entry.database_verdict.get_or_insert(now);
                entry.promotion = Promotion::Declared;
            }
        }
    }

    /// The primary's role has gone to the other node: a promotion is done, or what an earlier one did is undone.
    pub(in super::super) fn roles_swapped(&mut self) {
        for &place in &self.open {
            let entry = &mut self.occurrences[place];
            entry.promotion = match entry.promotion {
                Promotion::Declared => Promotion::Done,
                Promotion::Done | Promotion::None => Promotion::None,
            };
        }
        self.count_waiting();
    }

    /// Returns whether any occurrence still waits for its first success of the surviving side in an operation.
    #[inline]
    pub(in super::super) fn await_failover(&self, operation: Operation) -> bool {
        self.awaiting_failover[operation as usize] > 0
    }

    /// Tells if an occurrence waits for such a success.
    pub(in super::super) fn await_success(&self, success: &Success) -> bool {
        let operation = success.visitor.operation;
        let mut open = self.open.iter().map(|&place| &self.occurrences[place]);
        open.any(|entry| entry.awaits_failover(operation) && entry.is_failed_over_by(success))
    }

    /// A visitor gets a success at `at`.
    pub(in super::super) fn success(&mut self, at: SimTime, success: &Success) {
        let operation = success.visitor.operation;
        let mut has_come = false;
        for &place in &self.open {
            let entry = &mut self.occurrences[place];
            if entry.awaits_failover(operation) && entry.is_failed_over_by(success) {
                entry.failed_over[operation as usize] = Some(at);
                has_come = true;
            }
        }
        if has_come {
            self.count_waiting();
        }
    }

    /// Counts anew who waits for a first success of the surviving side, among those that are open.
    fn count_waiting(&mut self) {
        let Self { open, occurrences, awaiting_failover, .. } = self;
        open.retain(|&place| occurrences[place].is_open());
        *awaiting_failover = Operation::ALL.map(|operation| {
            whole::count(open.iter().filter(|&&place| occurrences[place].awaits_failover(operation)).count())
        });
    }

    /// The replication stream of a sender goes on with a backlog that an occurrence left at its end.
    pub(in super::super) fn backlog_left(&mut self, occurrence: u32, sender: NodeId) {
        let place = occurrence as usize;
        self.occurrences[place].backlog.senders[sender] = true;
        if !self.behind.contains(&place) {
            self.behind.push(place);
        }
    }

    /// The backlog of a sender was found to have been cleared at `at`.
    pub(in super::super) fn backlog_cleared(&mut self, sender: NodeId, at: SimTime) {
        for &place in &self.behind {
            let backlog = &mut self.occurrences[place].backlog;
            if backlog.senders[sender] {
                backlog.senders[sender] = false;
                backlog.cleared = backlog.cleared.max(Some(at));
            }
        }
        self.forget_cleared();
    }

    /// The branch of a sender is discarded, and its backlog with it.
    pub(in super::super) fn backlog_discarded(&mut self, sender: NodeId) {
        for &place in &self.behind {
            self.occurrences[place].backlog.senders[sender] = false;
        }
        self.forget_cleared();
    }

    fn forget_cleared(&mut self) {
        let Self { behind, occurrences, .. } = self;
        behind.retain(|&place| occurrences[place].backlog.senders.iter().any(|is_behind| *is_behind));
    }

    /// Closes the log at the horizon: what became of each occurrence, and which belong together.
    pub(in super::super) fn close(
        &self,
        horizon: SimTime,
        design: &Design,
        record: &Recorder,
    ) -> (Vec<IncidentOutcome>, Vec<Episode>) {
        let lasting = |entry: &Occurrence| Lasting { started: entry.started, ended: entry.over.unwrap_or(horizon) };
        let lasting: Vec<Lasting> = self.occurrences.iter().map(lasting).collect();
        let planned = match design.promotion.trigger {
            PromotionTrigger::Planned { at, .. } => SimTime::ZERO + at,
            PromotionTrigger::Automatic { .. } | PromotionTrigger::Manual { .. } | PromotionTrigger::Never => {
                SimTime::NEVER
            }
        };
        let calm_until = lasting.first().map_or(planned, |first| first.started.min(planned));
        let found = record.episodes(&lasting, calm_until);
        let closed = |(entry, recovery): (&Occurrence, &Recovery)| {
            let started = entry.started_by_end.unwrap_or_else(|| record.requests(entry.kind.audience()).started);
            let attended = recovery.affected || started > entry.ended_before;
            entry.outcome(horizon, design, *recovery, attended)
        };
        (self.occurrences.iter().zip(&found.recoveries).map(closed).collect(), found.episodes)
    }
}

impl Occurrence {
    fn outcome(&self, horizon: SimTime, design: &Design, recovery: Recovery, attended: bool) -> IncidentOutcome {
        let after = |moment: Option<SimTime>, applies: bool| match moment.filter(|_| attended) {
            Some(at) => Timing::After(at.since(self.started)),
            None if attended && applies => {
                self.over.map_or(Timing::Censored, |over| Timing::CensoredAt(over.since(self.started)))
            }
            None => Timing::NotApplicable,
        };
        let failed_over = |operation: Operation| {
            let applies = self.can_fail_over(operation) && recovery.affected;
            after(self.failed_over[operation as usize], applies)
        };
        IncidentOutcome {
            incident: self.incident,
            occurrence: self.number,
            started: self.started,
            ended: self.ended.unwrap_or(horizon),
            effects_ended: self.over.unwrap_or(horizon),
            attended,
            episode: recovery.episode,
            affected: recovery.affected,
            dns_verdict: after(self.dns_verdict, self.is_probed(design)),
            database_verdict: after(self.database_verdict, self.may_promote(design)),
            failed_over: Operation::ALL.map(failed_over),
            recovered: recovery.sustained,
            first_recovered: recovery.first,
            relapses: recovery.relapses,
            confirmed: recovery.is_confirmed,
            backlog_cleared: self.backlog_cleared(),
        }
    }

    fn backlog_cleared(&self) -> Timing {
        if self.backlog.senders.iter().any(|is_behind| *is_behind) {
            return Timing::Censored;
        }
        let took = self.backlog.cleared.zip(self.ended).map(|(at, ended)| at.since(ended));
        took.map_or(Timing::NotApplicable, Timing::After)
    }
}
