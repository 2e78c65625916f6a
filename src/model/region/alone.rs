//! Regions without a world, for their tests.

use super::super::draws::Draws;
use super::super::node_id::NodeId;
use super::super::per_region::PerRegion;
use super::super::pool::Pool;
use super::super::scheduler_alone::{at, secs};
use super::super::slab::Handle;
use super::Regions;
use super::call::{Call, Owner};
use super::endpoint::Endpoints;
use super::fast_reads::FastReads;
use super::pipeline::Pipeline;
use super::state::{Outage, Part, RegionState};
use crate::engine::Stream;
use crate::scenario::{Endpoint, GeographyId, OutageMode, RegionId};

/// Both regions.
pub(super) const REGIONS: [RegionId; 2] = RegionId::BOTH;
/// The geography whose visitors come.
pub(super) const HERE: GeographyId = GeographyId::FIRST;
/// Something in a region refuses.
pub(super) const fn refuses(of: Part) -> Outage {
    Outage { of, mode: OutageMode::Refuse }
}

/// Something in a region is silent.
pub(super) const fn is_silent(of: Part) -> Outage {
    Outage { of, mode: OutageMode::Blackhole }
}

/// Both regions while all is well, to which visitors of one geography come.
pub(super) fn regions() -> Regions {
    Regions::new(PerRegion::from_fn(|region| state(region, 4)), PerRegion::from_fn(|_| Pipeline::alone()), 1)
}

/// A region with so many instances switched on, of ten workers each, and with ten connections.
pub(super) fn state(region: RegionId, instances_on: u32) -> RegionState {
    let node = NodeId::of(region);
    let driver = Endpoint::Driver { errors: 3, retest: secs(10) };
    let endpoints = Endpoints::new(driver, 4, node, node, Stream::root(1, 2));
    let app = Pool::new(10 * instances_on, 100);
    RegionState::new(app, Pool::new(10, u32::MAX), FastReads::new(0.01, 0.01), instances_on, endpoints)
}

/// A visitor's request to a region, sent at so many seconds, and given up 10 s later.
pub(super) fn request(region: RegionId, second: u64) -> Call {
    let draws = Draws(Stream::root(1, second));
    Call {
        owner: Owner::Visitor(Handle::NONE),
        deadline_set: false,
        sent: at(second),
        ..Call::of_probe(Handle::NONE, region, true, at(second + 10), draws)
    }
}
