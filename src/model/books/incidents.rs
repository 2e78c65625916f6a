//! Incidents in the books: their announcement, begin and end, and what they leave.

use super::super::node_id::NodeId;
use super::super::record::Announced;
use super::Books;
use crate::scenario::IncidentKind;
use crate::units::SimTime;

impl Books {
    /// An incident or a planned change is going to begin at `at`.
    pub(in super::super) fn announce(&mut self, at: SimTime, what: Announced) {
        self.record.announce(at, what);
    }

    /// Counts the occurrences of an incident so far.
    pub(in super::super) fn occurrences_of(&self, incident: usize) -> u32 {
        self.incidents.occurrences_of(incident)
    }

    /// An incident begins, while `primary` has the primary's role. Returns the place of its occurrence.
    pub(in super::super) fn incident_begins(
        &mut self,
        now: SimTime,
        incident: usize,
        kind: IncidentKind,
        primary: NodeId,
    ) -> u32 {
        let number = self.occurrences_of(incident);
        let requests = self.record.requests(kind.audience());
        let occurrence = self.incidents.begin((incident, number), kind, now, primary, requests);
        self.diary.incident_begins(now, incident, number);
        self.record.incident(true);
        occurrence
    }

    /// An occurrence of an incident ends. Returns what it is: its incident, its number and what it does.
    pub(in super::super) fn incident_ends(&mut self, now: SimTime, occurrence: u32) -> (usize, u32, IncidentKind) {
        let (incident, number, kind) = self.incidents.entry(occurrence);
        self.incidents.end(occurrence, now, &self.record);
        self.diary.incident_ends(now, occurrence, incident, number);
        self.record.incident(false);
        (incident, number, kind)
    }

    /// A node that was left empty has a full copy.
    pub(in super::super) fn copy_done(&mut self, node: NodeId, now: SimTime) {
        self.incidents.copy_done(node, now, &self.record);
    }

    /// The replication stream of a sender goes on with a backlog that an occurrence left at its end.
    pub(in super::super) fn backlog_left(&mut self, occurrence: u32, sender: NodeId) {
        self.incidents.backlog_left(occurrence, sender);
    }
}
