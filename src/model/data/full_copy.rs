//! Full copies: a node whose storage was destroyed comes back empty, and serves nothing until it has everything again.
//!
//! What only the destroyed storage had is lost. When the outage is over, all data (`keys.size`) is sent by the other node at
//! the link's bandwidth; the stream waits behind it, and then catches up with what was committed meanwhile, while new commits
//! join its end. Until the copy is there the node refuses its callers, whatever the outage looked like.
//!
//! A copy goes on only while the other node, the link and the stream do; a cut suspends it, another outage of the node itself
//! starts it again. If both nodes are empty there is nothing to copy: neither comes back, and everything is lost.
//!
//! Left out: restoring from a backup, and the load that reading a copy puts on the node that sends it.

use super::super::event::Event;
use super::super::node_id::NodeId;
use super::super::region::{Outage, Part, Reachability};
use super::super::world::{Agenda, World};
use crate::scenario::{OutageMode, RegionId};
use crate::units::{SimDuration, SimTime};

/// A node that has lost its storage, until it has a full copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct FullCopy {
    /// The occurrence of the incident that destroyed the storage.
    occurrence: u32,
    /// Time on the line that is left.
    left: SimDuration,
    /// Since when the copy goes on; `None` while it cannot.
    since: Option<SimTime>,
    /// Counts starts and suspensions: an event of an earlier one is void.
    generation: u32,
}

/// What keeps an empty node from its callers.
const EMPTY: Outage = Outage { of: Part::Node, mode: OutageMode::Refuse };

impl World<'_> {
    /// The storage of a node that has just died is gone too.
    pub(in super::super) fn storage_destroyed(&mut self, agenda: &mut Agenda, region: RegionId, occurrence: u32) {
        let node = NodeId::of(region);
        let ended = self.data.branch_ended(node, agenda.now());
        self.data.branch_is_gone[node] = Some(ended);
        self.lose_what_has_not_left(node, ended, agenda.now());
        let before = self.data.empty[node];
        let generation = before.map_or(0, |copy| copy.generation + 1);
        self.data.empty[node] = Some(FullCopy { occurrence, left: self.copy_takes(), since: None, generation });
        if before.is_none() {
            self.outage_begins(agenda, region, EMPTY);
        }
    }

    /// What has not left a node is gone with its storage.
    fn lose_what_has_not_left(&mut self, node: NodeId, ended: SimTime, now: SimTime) {
        self.settle_applied(now);
        self.data.keep_acknowledgements(self.setting.plan.scenario.keys.count);
        self.books.incidents.backlog_discarded(node);
        for entry in self.data.logs[node].truncate(now) {
            self.data.stale_reads.settle(entry.stale_reads, false, &mut self.books.record);
            if !self.data.is_thrown_away(node, entry.conflict) {
                self.lose(entry.write, ended);
            }
            self.ledger.release(entry.write);
        }
    }

    /// Time that a full copy takes on an idle line.
    fn copy_takes(&self) -> SimDuration {
        let scenario = &self.setting.plan.scenario;
        let on_the_line = |rate| SimDuration::from_secs_f64(scenario.keys.size as f64 / rate);
        scenario.link.bandwidth.map_or(SimDuration::ZERO, on_the_line)
    }

    /// Something has changed that full copies may depend on.
    pub(in super::super) fn full_copies_change(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        let whole = self.copy_takes();
        let stream_is_open = !self.link.is_cut() && !self.link.is_stalled();
        for node in NodeId::BOTH {
            let Some(copy) = &mut self.data.empty[node] else { continue };
            let sender_is_up = self.regions[node.other()].node_reachability() == Reachability::Up;
            let is_back = self.regions[node].node_has_no_outage_but(EMPTY);
            let goes_on = stream_is_open && sender_is_up && is_back;
            match copy.since {
                None if goes_on => {
                    copy.since = Some(now);
                    copy.generation += 1;
                    let done = Event::FullCopyDone { node, generation: copy.generation };
                    agenda.turning_point(now + copy.left, done);
                }
                Some(since) if !goes_on => {
                    copy.left = if is_back { copy.left - now.since(since) } else { whole };
                    copy.since = None;
                    copy.generation += 1;
                }
                None | Some(_) => {}
            }
        }
    }

    /// A node has everything again, and serves.
    pub(in super::super) fn full_copy_done(&mut self, agenda: &mut Agenda, node: NodeId, generation: u32) {
        let Some(copy) = self.data.empty[node].take_if(|copy| copy.generation == generation) else { return };
        // The copy has all that the other node has applied.
        self.settle_applied(agenda.now());
        self.books.record.sent_over_link(node.other().region(), agenda.now(), self.setting.plan.scenario.keys.size);
        if let Some(copies) = &mut self.data.copies {
            copies.copied_to(node);
        }
        if let Some(acknowledged) = &mut self.data.acknowledged {
            acknowledged.copied_to(node);
        }
        self.books.incidents.copy_done(node, agenda.now(), &self.books.record);
        let backlogs = self.data.backlogs();
        self.outage_ends(agenda, node.region(), EMPTY);
        self.note_backlogs_left(copy.occurrence, backlogs);
    }

    /// The node is back, from a copy, as what it was: what had left it, and was dropped on the way, is lost too.
    pub(super) fn lose_what_was_not_shipped(&mut self, node: NodeId, ended: SimTime, now: SimTime) {
        self.settle_applied(now);
        for entry in self.cut_off(node, now) {
            let is_received = entry.arrives <= now;
            if !is_received && !self.data.is_thrown_away(node, entry.conflict) {
                self.lose(entry.write, ended);
            }
            let counts = is_received && !self.data.is_kept_out(node, entry.conflict);
            self.data.stale_reads.settle(entry.stale_reads, counts, &mut self.books.record);
            self.ledger.release(entry.write);
        }
    }

    /// Whether the data is nowhere any more.
    pub(in super::super) fn everything_is_destroyed(&self) -> bool {
        self.data.empty.iter().all(Option::is_some)
    }
}
