//! The regions at the start of a run.

use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::pool::Pool;
use super::super::setting::Setting;
use super::super::whole;
use super::Regions;
use super::endpoint::Endpoints;
use super::fast_reads::FastReads;
use super::pipeline::Pipeline;
use super::state::RegionState;
use crate::scenario::{AppPool, DatabaseNode, RegionId, StandbyKind, Writes};

impl Regions {
    /// Both regions while all is well.
    pub(in super::super) fn at_start(setting: &Setting) -> Self {
        let states = PerRegion::from_fn(|region| region_state(setting, region));
        let pipelines = PerRegion::from_fn(|region| Pipeline::new(setting, region));
        Regions::new(states, pipelines, setting.plan.geographies.len())
    }
}

/// Instances switched on at the start.
fn instances_on(setting: &Setting, region: RegionId) -> u32 {
    let all = setting.plan.scenario.regions[region].app.instances;
    match &setting.design.standby {
        Some(standby) if standby.region == region => match standby.kind {
            StandbyKind::Hot => all,
            StandbyKind::Cold => 0,
            StandbyKind::Warm { share } => whole::floor_count((f64::from(all) * share).ceil()).clamp(1, all),
        },
        Some(_) | None => all,
    }
}

fn region_state(setting: &Setting, region: RegionId) -> RegionState {
    let Setting { plan, design, streams, .. } = *setting;
    let settings = &plan.scenario.regions[region];
    let reader = NodeId::of(region);
    let writer =
        if design.database.writes == Writes::SinglePrimary { NodeId::of(design.database.primary) } else { reader };
    let endpoints = streams.endpoints(&settings.name);
    let endpoints = Endpoints::new(design.database.endpoint, settings.app.instances, reader, writer, endpoints);
    let instances_on = instances_on(setting, region);
    let app = Pool::new(instances_on * settings.app.workers, settings.app.queue_limit);
    let node = Pool::new(settings.database.connections, settings.database.queue_limit.unwrap_or(u32::MAX));
    RegionState::new(app, node, fast_reads(&settings.app, &settings.database), instances_on, endpoints)
}

/// The reads on the fast path of a region: none yet, and for how long such reads hold its servers.
fn fast_reads(app: &AppPool, node: &DatabaseNode) -> FastReads {
    let (at_app, at_node) = (app.service.mean(), node.read.mean());
    FastReads::new(if app.hold_worker { at_app + at_node } else { at_app }, at_node)
}
