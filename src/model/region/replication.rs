//! The stream between the nodes as the regions see it: when it stops, when it may go on, and full copies of nodes that are empty.

use super::super::data::Change;
use super::super::event::{Event, Scheduler};
use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::failover::Failover;
use super::state::{Outage, Part};
use crate::scenario::{InFlight, OutageMode, RegionId};
use crate::units::SimDuration;

/// Outage of an empty node, as its callers see it.
const EMPTY: Outage = Outage { of: Part::Node, mode: OutageMode::Refuse };

impl Failover<'_> {
    /// The link is cut: what is on the way arrives or is dropped, and what is sent from now on does not come.
    pub(super) fn replication_interrupted(&mut self, scheduler: &mut Scheduler, in_flight: InFlight) {
        let arrives = in_flight == InFlight::Delivered;
        self.serving.data.stream_is_cut(scheduler.now(), arrives, self.serving.books);
        self.serving.expect_acks(scheduler);
    }

    /// The stream stands still, the link apart: what has left arrives.
    pub(super) fn replication_stalls(&mut self, scheduler: &mut Scheduler) {
        self.serving.data.stream_stalls(scheduler.now(), self.serving.books);
        self.serving.expect_acks(scheduler);
    }

    /// Lets the stream go on, if both nodes and the link are there.
    pub(super) fn replication_may_resume(&mut self, scheduler: &mut Scheduler) {
        let all_are_up = NodeId::BOTH.into_iter().all(|node| self.serving.regions.node_is_up(node));
        if all_are_up && !self.serving.regions.link.is_cut() && !self.serving.regions.link.is_stalled() {
            let rejoined = self.serving.data.stream_goes_on(scheduler, self.serving.books);
            self.role_may_return(scheduler, rejoined);
            self.serving.expect_acks(scheduler);
        }
    }

    /// A node whose branch a promotion had left behind has rejoined: the role goes back to the first one after a while,
    /// if the design
    /// says so.
    fn role_may_return(&self, scheduler: &mut Scheduler, rejoined: PerRegion<bool>) {
        let design = self.serving.setting.design;
        if let Some(delay) = design.promotion.return_role.filter(|_| rejoined[design.database.primary]) {
            scheduler.schedule_bound(
                scheduler.now() + delay,
                Event::RoleReturns { promotions: self.serving.data.promotions() },
            );
        }
    }

    /// A node has died: what had left it still arrives; what was on the way to it does not.
    pub(super) fn node_lost(&mut self, scheduler: &mut Scheduler, node: NodeId) {
        self.serving.data.node_dies(node, scheduler.now(), self.serving.books);
        self.serving.expect_acks(scheduler);
        self.contact_changes(scheduler);
    }

    /// A node is back.
    pub(super) fn node_returned(&mut self, scheduler: &mut Scheduler, node: NodeId) {
        self.serving.data.node_returns(scheduler, node, self.serving.setting.design.promotion.fencing);
        self.replication_may_resume(scheduler);
        self.contact_changes(scheduler);
    }

    /// The storage of a node that has just died is gone too.
    pub(in super::super) fn storage_destroyed(&mut self, scheduler: &mut Scheduler, region: RegionId, occurrence: u32) {
        let (node, takes) = (NodeId::of(region), self.copy_takes());
        if self.serving.data.storage_destroyed(node, occurrence, takes, scheduler.now(), self.serving.books) {
            self.outage_begins(scheduler, region, EMPTY);
        }
    }

    /// Time that a full copy takes on an idle line.
    fn copy_takes(&self) -> SimDuration {
        let scenario = &self.serving.setting.plan.scenario;
        let on_the_line = |rate| SimDuration::from_secs_f64(scenario.keys.size as f64 / rate);
        scenario.link.bandwidth.map_or(SimDuration::ZERO, on_the_line)
    }

    /// Something has changed that full copies may depend on.
    pub(super) fn full_copies_change(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        let stream_is_open = !self.serving.regions.link.is_cut() && !self.serving.regions.link.is_stalled();
        for node in NodeId::BOTH {
            if !self.serving.data.is_without_storage(node) {
                continue;
            }
            let sender_is_there = stream_is_open && self.serving.regions.node_is_up(node.other());
            let change =
                Change { sender_is_there, is_back: self.serving.regions.states[node].node_has_no_outage_but(EMPTY) };
            if let Some((done, generation)) = self.serving.data.full_copy_changes(node, now, change) {
                scheduler.schedule_bound(done, Event::FullCopyDone { node, generation });
            }
        }
    }

    /// A node has everything again, and serves.
    pub(in super::super) fn full_copy_done(&mut self, scheduler: &mut Scheduler, node: NodeId, generation: u32) {
        let now = scheduler.now();
        let Some(occurrence) = self.serving.data.full_copy_done(node, generation, now, self.serving.books) else {
            return;
        };
        let size = self.serving.setting.plan.scenario.keys.size;
        self.serving.books.sent_over_link(node.other().region(), now, size);
        self.serving.books.copy_done(node, now);
        let backlogs = self.serving.data.backlogs();
        self.outage_ends(scheduler, node.region(), EMPTY);
        self.note_backlogs_left(occurrence, backlogs);
    }

    /// Notes the backlogs that an occurrence has left: those that were not there `before` it ended.
    pub(in super::super) fn note_backlogs_left(&mut self, occurrence: u32, before: PerRegion<bool>) {
        for sender in self.serving.data.backlogs_since(before) {
            self.serving.books.backlog_left(occurrence, sender);
        }
    }
}
