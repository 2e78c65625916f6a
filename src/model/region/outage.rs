//! Deaths and returns of apps and nodes, and cuts of the link.

use super::super::draws::OfSession;
use super::super::event::Scheduler;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, Phase};
use super::super::slab::Handle;
use super::call::{AppSide, NodeSide};
use super::failover::Failover;
use super::state::{Outage, Reachability};
use crate::scenario::{InFlight, OutageMode, RegionId};

impl Failover<'_> {
    /// An outage of an app pool, a node or a whole region begins.
    pub(in super::super) fn outage_begins(&mut self, scheduler: &mut Scheduler, region: RegionId, outage: Outage) {
        let state = &mut self.serving.regions.states[region];
        let (app_was, node_was, lost) = (state.app_reachability(), state.node_reachability(), state.lost_part());
        state.suffer(outage, true);
        let loud = outage.mode == OutageMode::Refuse;
        let (app_is, node_is) = (state.app_reachability(), state.node_reachability());
        if app_was == Reachability::Up && app_is != Reachability::Up {
            self.app_dies(scheduler, region, loud);
        } else if app_is == Reachability::Up && self.serving.regions.states[region].lost_part() > lost {
            self.instances_die(scheduler, region, lost, loud);
        }
        if node_was == Reachability::Up && node_is != Reachability::Up {
            self.node_dies(scheduler, NodeId::of(region), loud);
            self.node_lost(scheduler, NodeId::of(region));
        }
        self.full_copies_change(scheduler);
    }

    /// An outage ends.
    pub(in super::super) fn outage_ends(&mut self, scheduler: &mut Scheduler, region: RegionId, outage: Outage) {
        self.serving.note_beyond_help(scheduler.now());
        let state = &mut self.serving.regions.states[region];
        let (node_was, instances) = (state.node_reachability(), state.instances_up());
        state.suffer(outage, false);
        let node_is = state.node_reachability();
        if state.instances_up() > instances {
            self.serving.app_resizes(scheduler, region);
        }
        if node_was != Reachability::Up && node_is == Reachability::Up {
            let connections = self.serving.setting.plan.scenario.regions[region].database.connections;
            self.serving.regions.states[region].node.resize(scheduler.now(), connections);
            self.node_returned(scheduler, NodeId::of(region));
        }
        self.full_copies_change(scheduler);
    }

    /// The app pool of a region is gone, and with it what it was doing. Clients see a reset, or nothing.
    fn app_dies(&mut self, scheduler: &mut Scheduler, region: RegionId, loud: bool) {
        let state = &mut self.serving.regions.states[region];
        state.incarnation += 1;
        state.died_loudly = loud;
        state.app.die(scheduler.now());
        state.stuck = [0; Phase::ALL.len()];
        for call in self.serving.regions.calls_by_age() {
            let request = self.serving.regions.calls.live(call);
            if request.region != region
                || matches!(request.app_side, AppSide::Arriving | AppSide::Answering | AppSide::Gone)
            {
                continue;
            }
            request.trouble = None;
            if loud {
                self.serving.reset(scheduler, call);
            } else {
                self.serving.drop_unanswered(scheduler, call);
            }
        }
    }

    /// Some instances of a region are gone, and with them what they were doing: of the requests, by the instance that is each
    /// one's, those beyond the part that was `lost` before, and then as many others as have no worker left.
    fn instances_die(&mut self, scheduler: &mut Scheduler, region: RegionId, lost: f64, loud: bool) {
        self.serving.resize_app(scheduler.now(), region);
        let dying = lost..self.serving.regions.states[region].lost_part();
        let calls = self.serving.regions.calls_by_age();
        for only_theirs in [true, false] {
            for call in &calls {
                let state = &self.serving.regions.states[region];
                let Some(request) = self.serving.regions.calls.get(*call).filter(|request| request.region == region)
                else {
                    continue;
                };
                let is_theirs = dying.contains(&request.draws.of_session(OfSession::Instance).uniform());
                let holds = self.serving.setting.holds_worker(region);
                let has_worker = match request.app_side {
                    AppSide::Serving => !request.has_left_worker,
                    AppSide::Calling => holds,
                    AppSide::Arriving | AppSide::Queued | AppSide::Answering | AppSide::Gone => false,
                };
                if has_worker && if only_theirs { is_theirs } else { state.app.is_short(scheduler.now()) } {
                    self.worker_dies(scheduler, *call, loud);
                }
            }
        }
        self.serving.take_up_at_app(scheduler, region);
    }

    /// The worker of a call is gone; nobody is taken up in its place yet.
    fn worker_dies(&mut self, scheduler: &mut Scheduler, call: Handle, loud: bool) {
        self.serving.no_longer_stuck(call);
        let request = self.serving.regions.calls.live(call);
        request.trouble = None;
        let region = request.region;
        if loud {
            self.serving.reset(scheduler, call);
        } else {
            self.serving.drop_unanswered(scheduler, call);
        }
        self.serving.regions.states[region].app.give_back(scheduler.now());
    }

    /// A database node is gone, and with it the calls that it was serving. Apps see a refusal, or nothing.
    fn node_dies(&mut self, scheduler: &mut Scheduler, node: NodeId, loud: bool) {
        self.serving.regions.states[node].node.die(scheduler.now());
        for call in self.serving.regions.calls_by_age() {
            let Some(request) = self.serving.regions.calls.get_mut(call) else { continue };
            if request.node != node || !matches!(request.node_side, NodeSide::Waiting | NodeSide::Present) {
                continue;
            }
            if request.app_side != AppSide::Calling {
                request.node_side = NodeSide::Absent;
                self.serving.close_if_over(call);
            } else if loud {
                self.serving.troubled(call);
                self.serving.regions.calls.live(call).failure = Some(Cause::DatabaseUnavailable);
                self.serving.node_answers(scheduler, call);
            } else {
                request.node_side = NodeSide::Absent;
                self.serving.troubled(call);
                self.serving.sent_into_silence(scheduler, call);
            }
        }
    }

    /// The link is cut, with this fate of what is on it.
    pub(in super::super) fn link_cut(&mut self, scheduler: &mut Scheduler, in_flight: InFlight) {
        if self.serving.regions.link.cut(in_flight, scheduler.now()) || in_flight == InFlight::Lost {
            self.replication_interrupted(scheduler, in_flight);
            self.contact_changes(scheduler);
            self.full_copies_change(scheduler);
        }
    }

    /// The link is whole again.
    pub(in super::super) fn link_heals(&mut self, scheduler: &mut Scheduler) {
        if self.serving.regions.link.heal() {
            self.serving.regions.release_held(scheduler);
            self.replication_may_resume(scheduler);
            self.contact_changes(scheduler);
            self.full_copies_change(scheduler);
        }
    }

    /// The replication stream stalls, or may go on.
    pub(in super::super) fn stream_stalls(&mut self, scheduler: &mut Scheduler, begins: bool) {
        if self.serving.regions.link.stall(begins) {
            if begins {
                self.replication_stalls(scheduler);
            } else {
                self.replication_may_resume(scheduler);
            }
            self.full_copies_change(scheduler);
        }
    }
}
