//! The state of a region and of the link.

use super::super::outcome::Phase;
use super::super::pool::Pool;
use super::super::whole;
use super::endpoint::Endpoints;
use super::fast_reads::FastReads;
use super::gray::Gray;
use crate::scenario::OutageMode;
use crate::units::SimTime;

/// State of a component, as its callers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Reachability {
    /// It answers.
    Up,
    /// It refuses or resets.
    Refusing,
    /// Nothing comes back.
    Silent,
}

/// An outage of something in a region.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Outage {
    pub(in super::super) of: Part,
    pub(in super::super) mode: OutageMode,
}

/// Part that an outage takes.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Part {
    /// Everything, the network included.
    Region,
    /// The app pool.
    App,
    /// A share of its instances.
    Instances(f64),
    /// The database node.
    Node,
}

/// Number of outages of each mode that a component suffers from at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outages {
    silent: u32,
    refusing: u32,
}

impl Outages {
    /// One more, or one fewer.
    fn count(&mut self, mode: OutageMode, begins: bool) {
        let counter = match mode {
            OutageMode::Blackhole => &mut self.silent,
            OutageMode::Refuse => &mut self.refusing,
        };
        *counter = if begins { *counter + 1 } else { *counter - 1 };
    }

    /// Silence wins over refusal.
    #[inline]
    pub(super) fn reachability(self) -> Reachability {
        if self.silent > 0 {
            Reachability::Silent
        } else if self.refusing > 0 {
            Reachability::Refusing
        } else {
            Reachability::Up
        }
    }
}

/// One region.
#[derive(Debug)]
pub(super) struct RegionState {
    pub(super) network: Outages,
    app_outages: Outages,
    node_outages: Outages,
    /// Consequence of all outages for the app, and for the node.
    app_reachability: Reachability,
    node_reachability: Reachability,
    pub(super) app: Pool,
    pub(super) node: Pool,
    pub(super) fast_reads: FastReads,
    /// Counts the deaths of the app: a connection of an earlier incarnation is gone.
    pub(super) incarnation: u32,
    /// Set if the last death closed its connections with a reset.
    pub(super) died_loudly: bool,
    /// Instances that have been switched on.
    instances_on: u32,
    /// Shares of them that outages have taken.
    lost_shares: Vec<f64>,
    /// Number of instances that they have taken.
    lost: u32,
    pub(super) gray: Gray,
    /// Since when it takes the other region's visitors, while it is still slow from it.
    pub(super) warming_since: Option<SimTime>,
    /// Set if the region has been told to grow to full size.
    pub(super) activation_ordered: bool,
    /// True if it is about to do so.
    pub(super) is_growing: bool,
    /// Workers held by calls to a node that cannot answer, by the phase of those calls.
    pub(super) stuck: [u32; Phase::ALL.len()],
    pub(super) endpoints: Endpoints,
}

impl RegionState {
    /// A region in which all is well.
    pub(super) fn new(app: Pool, node: Pool, fast_reads: FastReads, instances_on: u32, endpoints: Endpoints) -> Self {
        let mut state = RegionState {
            app_reachability: Reachability::Up,
            node_reachability: Reachability::Up,
            network: Outages::default(),
            app_outages: Outages::default(),
            node_outages: Outages::default(),
            app,
            node,
            fast_reads,
            incarnation: 0,
            died_loudly: false,
            instances_on,
            lost_shares: Vec::new(),
            lost: 0,
            gray: Gray::default(),
            warming_since: None,
            activation_ordered: false,
            is_growing: false,
            stuck: Default::default(),
            endpoints,
        };
        state.follow();
        state
    }

    /// Works out who can be reached.
    fn follow(&mut self) {
        let network = self.network.reachability();
        let outage = network.max(self.app_outages.reachability());
        self.app_reachability = if self.lost < self.instances_on { outage } else { outage.max(Reachability::Refusing) };
        self.node_reachability = network.max(self.node_outages.reachability());
    }

    /// An outage begins or ends.
    pub(super) fn suffer(&mut self, outage: Outage, begins: bool) {
        match outage.of {
            Part::Region => self.network.count(outage.mode, begins),
            Part::App => self.app_outages.count(outage.mode, begins),
            Part::Instances(share) => self.lose_share(share, begins),
            Part::Node => self.node_outages.count(outage.mode, begins),
        }
        self.follow();
    }

    /// Instances that can be reached.
    pub(super) fn instances_up(&self) -> u32 {
        if self.app_reachability() == Reachability::Up { self.instances() } else { 0 }
    }

    /// Instances that are switched on and not lost.
    #[inline]
    pub(super) fn instances(&self) -> u32 {
        self.instances_on - self.lost
    }

    /// Part of the instances switched on that is lost.
    pub(super) fn lost_part(&self) -> f64 {
        f64::from(self.lost) / f64::from(self.instances_on.max(1))
    }

    /// Switches instances on or off.
    pub(super) fn switch_on(&mut self, instances: u32) {
        self.instances_on = instances;
        self.count_lost();
    }

    /// An outage takes a share of the instances, or gives it back.
    fn lose_share(&mut self, share: f64, begins: bool) {
        if begins {
            self.lost_shares.push(share);
        } else if let Some(place) = self.lost_shares.iter().position(|lost| *lost == share) {
            self.lost_shares.remove(place);
        }
        self.count_lost();
    }

    fn count_lost(&mut self) {
        let share = self.lost_shares.iter().sum::<f64>().min(1.0);
        self.lost = whole::floor_count((f64::from(self.instances_on) * share).ceil());
        self.follow();
    }

    /// Returns the state of the app, as a visitor sees it.
    #[inline]
    pub(super) fn app_reachability(&self) -> Reachability {
        self.app_reachability
    }

    /// Returns the state of the database node, as a caller sees it, the link apart.
    #[inline]
    pub(super) fn node_reachability(&self) -> Reachability {
        self.node_reachability
    }

    /// Returns whether an outage has taken the app, so that no order to grow would bring it back.
    pub(super) fn app_is_gone(&self) -> bool {
        let outage = self.network.reachability().max(self.app_outages.reachability());
        outage != Reachability::Up || (self.lost > 0 && self.lost == self.instances_on)
    }

    /// Tells if nothing keeps the database node from its callers but one outage of it like `this`.
    pub(super) fn node_has_no_outage_but(&self, this: Outage) -> bool {
        let mut others = self.node_outages;
        others.count(this.mode, false);
        self.network.reachability().max(others.reachability()) == Reachability::Up
    }

    /// Tells if a client knows that its connection is gone.
    #[inline]
    pub(super) fn has_hung_up_on(&self, incarnation: u32) -> bool {
        self.incarnation != incarnation && self.died_loudly
    }

    /// The phase of a request shed or queued too long: that of the calls which hold more than half of the workers, if
    /// such calls do; otherwise the lack of capacity itself.
    pub(super) fn capacity_phase(&self, now: SimTime) -> Phase {
        let stuck: u32 = self.stuck.iter().sum();
        if stuck == 0 || stuck * 2 <= self.app.busy(now) {
            return self.want_of_capacity();
        }
        let most = self.stuck.iter().enumerate().max_by_key(|(place, count)| (**count, std::cmp::Reverse(*place)));
        most.map_or(Phase::Capacity, |(place, _)| Phase::ALL[place])
    }

    /// The phase of a lack of capacity: slowness, if the region is slow.
    pub(super) fn want_of_capacity(&self) -> Phase {
        if self.gray.is_slow() { Phase::Gray } else { Phase::Capacity }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::at;
    use super::super::super::slab::Slab;
    use super::super::alone::{REGIONS, is_silent, refuses, state};
    use super::*;

    #[test]
    fn silence_wins_over_refusal_until_the_last_outage_ends() {
        let mut region = state(REGIONS[0], 4);
        region.suffer(refuses(Part::App), true);
        region.suffer(is_silent(Part::App), true);
        assert_eq!(region.app_reachability(), Reachability::Silent);
        assert_eq!(region.node_reachability(), Reachability::Up);
        region.suffer(is_silent(Part::App), false);
        assert_eq!(region.app_reachability(), Reachability::Refusing);
        region.suffer(refuses(Part::Region), true);
        region.suffer(refuses(Part::App), false);
        assert_eq!([region.app_reachability(), region.node_reachability()], [Reachability::Refusing; 2]);
        assert!(region.app_is_gone() && region.instances_up() == 0);
        region.suffer(refuses(Part::Region), false);
        assert!(!region.app_is_gone() && region.instances_up() == 4);
    }

    #[test]
    fn outages_take_whole_instances_and_give_back_their_own_share() {
        let mut region = state(REGIONS[0], 4);
        region.suffer(refuses(Part::Instances(0.3)), true);
        assert_eq!((region.instances(), region.lost_part()), (2, 0.5), "1.2 of four are two");
        region.suffer(refuses(Part::Instances(0.7)), true);
        assert_eq!((region.instances(), region.app_reachability()), (0, Reachability::Refusing));
        assert!(region.app_is_gone());
        region.suffer(refuses(Part::Instances(0.3)), false);
        assert_eq!((region.instances(), region.app_reachability()), (1, Reachability::Up));
    }

    #[test]
    fn a_cold_standby_refuses_until_it_is_switched_on() {
        let mut region = state(REGIONS[0], 0);
        assert_eq!(region.app_reachability(), Reachability::Refusing);
        assert!(!region.app_is_gone(), "an order would bring it up");
        region.switch_on(4);
        assert_eq!((region.app_reachability(), region.instances_up()), (Reachability::Up, 4));
    }

    #[test]
    fn an_empty_node_is_back_when_nothing_but_its_emptiness_keeps_it() {
        let empty = refuses(Part::Node);
        let mut region = state(REGIONS[0], 4);
        region.suffer(empty, true);
        assert!(region.node_has_no_outage_but(empty));
        region.suffer(is_silent(Part::Region), true);
        assert!(!region.node_has_no_outage_but(empty));
        region.suffer(is_silent(Part::Region), false);
        region.suffer(empty, true);
        assert!(!region.node_has_no_outage_but(empty), "an outage of the same kind");
    }

    #[test]
    fn who_waits_lacks_what_holds_more_than_half_of_the_workers() {
        let mut region = state(REGIONS[0], 4);
        let mut customers = Slab::new();
        for _ in 0..4 {
            region.app.enter(at(1), customers.insert(()));
        }
        assert_eq!(region.capacity_phase(at(1)), Phase::Capacity);
        region.stuck[Phase::Link as usize] = 2;
        assert_eq!(region.capacity_phase(at(1)), Phase::Capacity, "no more than half");
        region.stuck[Phase::NoPrimary as usize] = 1;
        assert_eq!(region.capacity_phase(at(1)), Phase::Link, "most of those that are stuck");
    }
}
