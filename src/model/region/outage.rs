//! Deaths and returns of apps and nodes, and cuts of the link.

use super::super::event::Agenda;
use super::super::marks::OfSession;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Phase};
use super::super::slab::Handle;
use super::call::{AppSide, NodeSide};
use super::failover::Failover;
use super::state::{Outage, Reachability};
use crate::scenario::{OutageMode, RegionId};

impl Failover<'_> {
    /// An outage of an app pool, a node or a whole region begins.
    pub(in super::super) fn outage_begins(&mut self, agenda: &mut Agenda, region: RegionId, outage: Outage) {
        let state = &mut self.serving.regions.states[region];
        let (app_was, node_was, lost) = (state.app_reachability(), state.node_reachability(), state.lost_part());
        state.suffer(outage, true);
        let loud = outage.mode == OutageMode::Refuse;
        let (app_is, node_is) = (state.app_reachability(), state.node_reachability());
        if app_was == Reachability::Up && app_is != Reachability::Up {
            self.app_dies(agenda, region, loud);
        } else if app_is == Reachability::Up && self.serving.regions.states[region].lost_part() > lost {
            self.instances_die(agenda, region, lost, loud);
        }
        if node_was == Reachability::Up && node_is != Reachability::Up {
            self.node_dies(agenda, NodeId::of(region), loud);
            self.node_lost(agenda, NodeId::of(region));
        }
        self.full_copies_change(agenda);
    }

    /// An outage ends.
    pub(in super::super) fn outage_ends(&mut self, agenda: &mut Agenda, region: RegionId, outage: Outage) {
        self.serving.note_beyond_help(agenda.now());
        let state = &mut self.serving.regions.states[region];
        let (node_was, instances) = (state.node_reachability(), state.instances_up());
        state.suffer(outage, false);
        let node_is = state.node_reachability();
        if state.instances_up() > instances {
            self.serving.app_resizes(agenda, region);
        }
        if node_was != Reachability::Up && node_is == Reachability::Up {
            let connections = self.serving.setting.plan.scenario.regions[region].database.connections;
            self.serving.regions.states[region].node.resize(agenda.now(), connections);
            self.node_returned(agenda, NodeId::of(region));
        }
        self.full_copies_change(agenda);
    }

    /// The app pool of a region is gone, and with it what it was doing. Clients see a reset, or nothing.
    fn app_dies(&mut self, agenda: &mut Agenda, region: RegionId, loud: bool) {
        let state = &mut self.serving.regions.states[region];
        state.incarnation += 1;
        state.died_loudly = loud;
        state.app.die(agenda.now());
        state.stuck = [0; Phase::ALL.len()];
        for call in self.serving.regions.calls_by_age() {
            let request = self.serving.regions.calls.live(call);
            if request.region != region || matches!(request.app_side, AppSide::Arriving | AppSide::Gone) {
                continue;
            }
            request.trouble = None;
            if loud {
                self.serving.reset(agenda, call);
            } else {
                self.serving.drop_unanswered(agenda, call);
            }
        }
    }

    /// Some instances of a region are gone, and with them what they were doing: of the requests, by the instance that is each
    /// one's, those beyond the part that was `lost` before, and then as many others as have no worker left.
    fn instances_die(&mut self, agenda: &mut Agenda, region: RegionId, lost: f64, loud: bool) {
        self.serving.resize_app(agenda.now(), region);
        let dying = lost..self.serving.regions.states[region].lost_part();
        let calls = self.serving.regions.calls_by_age();
        for only_theirs in [true, false] {
            for call in &calls {
                let state = &self.serving.regions.states[region];
                let Some(request) = self.serving.regions.calls.get(*call).filter(|request| request.region == region)
                else {
                    continue;
                };
                let is_theirs = dying.contains(&request.marks.of_session(OfSession::Instance).uniform());
                let holds = self.serving.setting.holds_worker(region);
                let has_worker = match request.app_side {
                    AppSide::Serving => !request.has_left_worker,
                    AppSide::Calling => holds,
                    AppSide::Arriving | AppSide::Queued | AppSide::Gone => false,
                };
                if has_worker && if only_theirs { is_theirs } else { state.app.is_short(agenda.now()) } {
                    self.worker_dies(agenda, *call, loud);
                }
            }
        }
        self.serving.take_up_at_app(agenda, region);
    }

    /// The worker of a call is gone; nobody is taken up in its place yet.
    fn worker_dies(&mut self, agenda: &mut Agenda, call: Handle, loud: bool) {
        self.serving.no_longer_stuck(call);
        let request = self.serving.regions.calls.live(call);
        request.trouble = None;
        let region = request.region;
        if loud {
            self.serving.reset(agenda, call);
        } else {
            self.serving.drop_unanswered(agenda, call);
        }
        self.serving.regions.states[region].app.give_back(agenda.now());
    }

    /// A database node is gone, and with it the calls that it was serving. Apps see a refusal, or nothing.
    fn node_dies(&mut self, agenda: &mut Agenda, node: NodeId, loud: bool) {
        self.serving.regions.states[node].node.die(agenda.now());
        for call in self.serving.regions.calls_by_age() {
            let Some(request) = self.serving.regions.calls.get_mut(call) else { continue };
            if request.node != node || request.node_side != NodeSide::Present {
                continue;
            }
            if request.app_side != AppSide::Calling {
                request.node_side = NodeSide::Absent;
                self.serving.close_if_over(call);
            } else if loud {
                self.serving.troubled(call);
                self.serving.regions.calls.live(call).failure = Some(Cause::DatabaseUnavailable);
                self.serving.node_answers(agenda, call);
            } else {
                request.node_side = NodeSide::Absent;
                self.serving.troubled(call);
                self.serving.sent_into_silence(agenda, call);
            }
        }
    }

    /// The link is cut.
    pub(in super::super) fn link_cut(&mut self, agenda: &mut Agenda) {
        if self.serving.regions.link.cut() {
            self.replication_interrupted(agenda);
            self.contact_changes(agenda);
            self.full_copies_change(agenda);
        }
    }

    /// The link is whole again.
    pub(in super::super) fn link_heals(&mut self, agenda: &mut Agenda) {
        if self.serving.regions.link.heal() {
            self.serving.regions.release_held(agenda);
            self.replication_may_resume(agenda);
            self.contact_changes(agenda);
            self.full_copies_change(agenda);
        }
    }

    /// The replication stream stalls, or may go on.
    pub(in super::super) fn stream_stalls(&mut self, agenda: &mut Agenda, begins: bool) {
        if self.serving.regions.link.stall(begins) {
            if begins {
                self.replication_stalls(agenda);
            } else {
                self.replication_may_resume(agenda);
            }
            self.full_copies_change(agenda);
        }
    }
}
