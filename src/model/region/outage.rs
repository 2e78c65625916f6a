//! Deaths and returns of apps and nodes, and cuts of the link.

use super::super::outcome::{Cause, Phase};
use super::super::world::{Agenda, World};
use super::call::{AppSide, NodeSide};
use super::state::Reachability;
use crate::scenario::{IncidentKind, OutageMode};
use crate::units::SimTime;

impl World<'_> {
    /// An outage of an app pool, a node or a whole region begins.
    pub(in super::super) fn outage_begins(&mut self, agenda: &mut Agenda, kind: IncidentKind) {
        let (region, mode) = match kind {
            IncidentKind::RegionOutage { region, mode }
            | IncidentKind::AppOutage { region, mode }
            | IncidentKind::DatabaseOutage { region, mode } => (region.index(), mode),
            IncidentKind::LinkPartition | IncidentKind::DnsOutage { .. } => return,
        };
        let state = &mut self.regions[region];
        let (app_was, node_was) = (state.app_reachability(), state.node_reachability());
        match kind {
            IncidentKind::RegionOutage { .. } => state.network.begin(mode),
            IncidentKind::AppOutage { .. } => state.app_outages.begin(mode),
            _ => state.node_outages.begin(mode),
        }
        let loud = mode == OutageMode::Refuse;
        let (app_is, node_is) = (state.app_reachability(), state.node_reachability());
        if app_was == Reachability::Up && app_is != Reachability::Up {
            self.app_dies(agenda, region as u8, loud);
        }
        if node_was == Reachability::Up && node_is != Reachability::Up {
            self.node_dies(agenda, region as u8, loud);
            self.node_lost(agenda, region as u8);
        }
    }

    /// An outage ends.
    pub(in super::super) fn outage_ends(&mut self, agenda: &mut Agenda, kind: IncidentKind) {
        let (region, mode) = match kind {
            IncidentKind::RegionOutage { region, mode }
            | IncidentKind::AppOutage { region, mode }
            | IncidentKind::DatabaseOutage { region, mode } => (region.index(), mode),
            IncidentKind::LinkPartition | IncidentKind::DnsOutage { .. } => return,
        };
        let state = &mut self.regions[region];
        let (app_was, node_was) = (state.app_reachability(), state.node_reachability());
        match kind {
            IncidentKind::RegionOutage { .. } => state.network.end(mode),
            IncidentKind::AppOutage { .. } => state.app_outages.end(mode),
            _ => state.node_outages.end(mode),
        }
        let (app_is, node_is) = (state.app_reachability(), state.node_reachability());
        if app_was != Reachability::Up && app_is == Reachability::Up {
            self.app_returns(agenda.now(), region);
        }
        if node_was != Reachability::Up && node_is == Reachability::Up {
            let connections = self.plan.scenario.regions[region].database.connections;
            self.regions[region].node.resize(agenda.now(), connections);
            self.node_returned(agenda, region as u8);
        }
    }

    /// The app pool of a region is gone, and with it what it was doing. Clients see a reset, or nothing.
    fn app_dies(&mut self, agenda: &mut Agenda, region: u8, loud: bool) {
        let state = &mut self.regions[usize::from(region)];
        state.incarnation += 1;
        state.died_loudly = loud;
        state.app.die(agenda.now());
        state.stuck = [0; Phase::ALL.len()];
        self.record.instances_change(usize::from(region), agenda.now(), 0);
        for call in self.calls.handles() {
            let request = self.calls.live(call);
            if request.region != region || matches!(request.app_side, AppSide::Arriving | AppSide::Gone) {
                continue;
            }
            request.trouble = None;
            if loud {
                self.reset(agenda, call);
            } else {
                self.drop_unanswered(agenda, call);
            }
        }
    }

    /// The app pool of a region is back, empty.
    fn app_returns(&mut self, now: SimTime, region: usize) {
        let workers = self.plan.scenario.regions[region].app.workers;
        let state = &mut self.regions[region];
        state.app.resize(now, state.instances_on * workers);
        self.record.instances_change(region, now, state.instances_on);
    }

    /// A database node is gone, and with it the calls that it was serving. Apps see a refusal, or nothing.
    fn node_dies(&mut self, agenda: &mut Agenda, node: u8, loud: bool) {
        self.regions[usize::from(node)].node.die(agenda.now());
        for call in self.calls.handles() {
            let Some(request) = self.calls.get_mut(call) else { continue };
            if request.node != node || request.node_side != NodeSide::Present {
                continue;
            }
            if request.app_side != AppSide::Calling {
                request.node_side = NodeSide::Absent;
                self.close_if_over(call);
            } else if loud {
                self.troubled(call);
                self.calls.live(call).failure = Some(Cause::DatabaseUnavailable);
                self.node_answers(agenda, call);
            } else {
                request.node_side = NodeSide::Absent;
                self.troubled(call);
                self.sent_into_silence(agenda, call);
            }
        }
    }

    /// The link is cut.
    pub(in super::super) fn link_cut(&mut self, agenda: &mut Agenda) {
        if self.link.cut() {
            self.replication_interrupted(agenda);
            self.contact_changes(agenda);
        }
    }

    /// The link is whole again.
    pub(in super::super) fn link_heals(&mut self, agenda: &mut Agenda) {
        if self.link.heal() {
            self.release_held(agenda);
            self.replication_may_resume(agenda);
            self.contact_changes(agenda);
        }
    }
}
