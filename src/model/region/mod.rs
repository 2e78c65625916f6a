//! Regions: app pools, database nodes, the link between them, and how an app finds the node to call.
//!
//! # What it models
//! An app pool of `instances` x `workers` behind one FIFO queue with a limit. A worker serves a request, then makes its
//! database call, and is held until that has an answer: this is how a dead database takes the reads down with the
//! writes. A database node of `connections` behind one FIFO queue. Calls to the other region's node cross the
//! link. Endpoints that are names (each instance caches the answer) or drivers that count errors. Standby regions that
//! grow to full size after a verdict.
//!
//! # What it leaves out
//! Load balancing between instances (one queue serves them all), transactions of several calls, connection set-up
//! between app and database (but for its timeout), services that slow down when busy. A standby that has grown stays so.

#[cfg(test)]
mod alone;
mod app;
mod beyond_help;
mod call;
mod commit;
mod crossing;
mod cuts;
mod database;
mod endpoint;
mod failover;
mod fast_path;
mod fast_reads;
mod gate;
mod gray;
mod grayness;
mod isolation;
mod link;
mod outage;
mod paths;
mod phase;
mod pipeline;
mod probe;
mod promotion;
mod reading;
mod replication;
mod response;
mod serving;
mod slots;
mod standby;
mod start;
mod state;
mod survival;
mod trouble;

pub(super) use app::Sent;
pub(super) use failover::Failover;
pub(super) use serving::Serving;
pub(super) use state::{Outage, Part, Reachability};

use super::node_id::NodeId;
use super::per_region::PerRegion;
use super::slab::Slab;
use crate::scenario::{GeographyId, RegionId};
use crate::units::SimTime;
use beyond_help::BeyondHelp;
use call::Call;
use link::Link;
use paths::Paths;
use pipeline::Pipeline;
use state::RegionState;

/// Both regions, the ways to them and between them, and the calls under way.
#[derive(Debug)]
pub(super) struct Regions {
    calls: Slab<Call>,
    states: PerRegion<RegionState>,
    link: Link,
    /// The replication pipeline out of each region.
    pipelines: PerRegion<Pipeline>,
    paths: Paths,
    beyond_help: BeyondHelp,
}

impl Regions {
    /// These regions, to which visitors of so many geographies come: every way is open, and no call is under way.
    fn new(states: PerRegion<RegionState>, pipelines: PerRegion<Pipeline>, geographies: usize) -> Self {
        Regions {
            calls: Slab::new(),
            states,
            link: Link::whole(),
            pipelines,
            paths: Paths::new(geographies),
            beyond_help: BeyondHelp::new(geographies),
        }
    }

    /// Returns the state of a region's app, as visitors of a geography find it.
    #[inline]
    pub(super) fn reached(&self, geography: GeographyId, region: RegionId) -> Reachability {
        if self.paths.is_cut(geography, region) { Reachability::Silent } else { self.states[region].app_reachability() }
    }

    /// Returns whether a region is up, and not cut off from everybody outside.
    pub(super) fn is_up(&self, region: RegionId) -> bool {
        self.states[region].app_reachability() == Reachability::Up && !self.paths.is_isolated(region)
    }

    /// Returns whether a database node answers, the link apart.
    #[inline]
    pub(super) fn node_is_up(&self, node: NodeId) -> bool {
        self.states[node].node_reachability() == Reachability::Up
    }

    /// Returns whether nobody outside can reach a database node, the link apart.
    #[inline]
    pub(super) fn node_is_gone(&self, node: NodeId) -> bool {
        !self.node_is_up(node) || self.paths.is_isolated(node.region())
    }

    /// Returns whether a client knows that its connection of an earlier incarnation of a region is gone.
    #[inline]
    pub(super) fn has_hung_up_on(&self, region: RegionId, incarnation: u32) -> bool {
        self.states[region].has_hung_up_on(incarnation)
    }

    /// The incarnation of a region, which a connection to it belongs to.
    #[inline]
    pub(super) fn incarnation(&self, region: RegionId) -> u32 {
        self.states[region].incarnation
    }

    /// Instances switched on, and not lost, in both regions.
    pub(super) fn instances_on(&self) -> u32 {
        self.states.iter().map(|region| region.instances_up()).sum()
    }

    /// Returns whether a standby is about to grow.
    pub(super) fn is_growing(&self) -> bool {
        self.states.iter().any(|region| region.is_growing)
    }

    /// A region begins to take the other's visitors.
    pub(super) fn takes_over(&mut self, region: RegionId, now: SimTime) {
        self.states[region].warming_since = Some(now);
    }

    /// The checkers of a geography cannot see a region, or one reason for it fewer.
    pub(super) fn hide(&mut self, geography: GeographyId, region: RegionId, begins: bool) {
        self.paths.hide(geography, region, begins);
    }

    /// Measured time begins, or ends.
    pub(super) fn measure(&mut self, begins: bool) {
        for region in self.states.iter_mut() {
            region.app.measure(begins);
            region.node.measure(begins);
        }
    }

    /// Worker-nanoseconds busy and switched on in a region since the start of the run.
    pub(super) fn app_used(&mut self, region: RegionId, now: SimTime) -> (u128, u128) {
        self.states[region].app_used(now)
    }

    /// Connection-nanoseconds busy, and there, at a region's node since the start of the run.
    pub(super) fn node_used(&mut self, node: NodeId, now: SimTime) -> (u128, u128) {
        self.states[node].node_used(now)
    }

    /// Returns the number of waits in a region, and their nanoseconds: for a worker, and for a connection.
    pub(super) fn waits(&self, region: RegionId) -> [(u64, u128); 2] {
        let region = &self.states[region];
        [region.app.waits(), region.node.waits()]
    }
}

#[cfg(test)]
mod tests {
    use super::super::scheduler_alone::at;
    use super::alone::{HERE, REGIONS, is_silent, refuses, regions};
    use super::state::Part;
    use super::*;
    use crate::scenario::InFlight;

    #[test]
    fn a_region_is_as_its_visitors_find_it() {
        let [north, south] = REGIONS;
        let mut regions = regions();
        assert_eq!(regions.reached(HERE, north), Reachability::Up);
        regions.states[north].suffer(refuses(Part::App), true);
        assert_eq!(regions.reached(HERE, north), Reachability::Refusing);
        regions.paths.cut(HERE, north, Some(InFlight::Delivered), at(0));
        assert_eq!(regions.reached(HERE, north), Reachability::Silent, "a cut hides what is behind it");
        assert_eq!(regions.reached(HERE, south), Reachability::Up);
        regions.paths.isolate(south, Some(InFlight::Delivered), at(0));
        assert_eq!(regions.reached(HERE, south), Reachability::Silent);
        assert!(!regions.is_up(south) && !regions.is_up(north));
        assert_eq!(regions.instances_on(), 4, "those of an isolated region are on");
    }

    #[test]
    fn a_node_is_gone_that_is_down_or_in_an_isolated_region() {
        let [north, south] = REGIONS.map(NodeId::of);
        let mut regions = regions();
        regions.states[north].suffer(is_silent(Part::Node), true);
        regions.paths.isolate(south.region(), Some(InFlight::Delivered), at(0));
        assert!(regions.node_is_gone(north) && regions.node_is_gone(south));
        assert!(!regions.node_is_up(north) && regions.node_is_up(south), "the other one answers its neighbours");
        assert!(regions.is_up(north.region()), "an app without its node still answers");
    }

    #[test]
    fn a_connection_is_of_the_incarnation_in_which_it_was_opened() {
        let [north, south] = REGIONS;
        let mut regions = regions();
        let opened = regions.incarnation(north);
        let state = &mut regions.states[north];
        state.incarnation += 1;
        assert!(!regions.has_hung_up_on(north, opened), "it died without a word");
        regions.states[north].died_loudly = true;
        assert!(regions.has_hung_up_on(north, opened) && !regions.has_hung_up_on(north, opened + 1));
        regions.takes_over(south, at(5));
        assert_eq!(regions.states[south].warming_since, Some(at(5)));
    }
}
