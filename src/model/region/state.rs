//! The state of a region and of the link.

use super::super::outcome::Phase;
use super::super::pool::Pool;
use super::super::slab::Handle;
use super::endpoint::Endpoints;
use crate::scenario::OutageMode;

/// What somebody who calls sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Reachability {
    /// It answers.
    Up,
    /// It refuses or resets.
    Refusing,
    /// Nothing comes back.
    Silent,
}

/// How many outages of each mode a component suffers from at the moment.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Outages {
    silent: u32,
    refusing: u32,
}

impl Outages {
    pub(in super::super) fn begin(&mut self, mode: OutageMode) {
        *self.count(mode) += 1;
    }

    pub(in super::super) fn end(&mut self, mode: OutageMode) {
        *self.count(mode) -= 1;
    }

    fn count(&mut self, mode: OutageMode) -> &mut u32 {
        match mode {
            OutageMode::Blackhole => &mut self.silent,
            OutageMode::Refuse => &mut self.refusing,
        }
    }

    /// Silence wins over refusal.
    #[inline]
    pub(in super::super) fn reachability(self) -> Reachability {
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
pub(in super::super) struct RegionState {
    pub(in super::super) network: Outages,
    pub(in super::super) app_outages: Outages,
    pub(in super::super) node_outages: Outages,
    pub(in super::super) app: Pool,
    pub(in super::super) node: Pool,
    /// Counts the deaths of the app: a connection of an earlier incarnation is gone.
    pub(in super::super) incarnation: u32,
    /// Whether the last death closed its connections with a reset.
    pub(in super::super) died_loudly: bool,
    pub(in super::super) instances_on: u32,
    /// Whether the region has been told to grow to full size.
    pub(in super::super) activation_ordered: bool,
    /// Workers held by calls to a node that cannot answer, by the phase of those calls.
    pub(in super::super) stuck: [u32; Phase::ALL.len()],
    pub(in super::super) endpoints: Endpoints,
    /// Bytes sent over the link in measured time.
    pub(in super::super) bytes_out: u64,
}

impl RegionState {
    /// What a visitor of the app sees.
    #[inline]
    pub(in super::super) fn app_reachability(&self) -> Reachability {
        self.network.reachability().max(self.app_outages.reachability())
    }

    /// What a caller of the database node sees, the link apart.
    #[inline]
    pub(in super::super) fn node_reachability(&self) -> Reachability {
        self.network.reachability().max(self.node_outages.reachability())
    }

    /// Whether a client knows that its connection is gone.
    #[inline]
    pub(in super::super) fn has_hung_up_on(&self, incarnation: u32) -> bool {
        self.incarnation != incarnation && self.died_loudly
    }

    /// The phase of a request shed or queued too long: that of the calls which hold more than half of the workers, if
    /// such calls do; otherwise the lack of capacity itself.
    pub(in super::super) fn capacity_phase(&self) -> Phase {
        let stuck: u32 = self.stuck.iter().sum();
        if stuck * 2 <= self.app.busy() {
            return Phase::Capacity;
        }
        let most = self.stuck.iter().enumerate().max_by_key(|(place, count)| (**count, std::cmp::Reverse(*place)));
        most.map_or(Phase::Capacity, |(place, _)| Phase::ALL[place])
    }
}

/// The link between the regions.
#[derive(Debug, Default)]
pub(in super::super) struct Link {
    cuts: u32,
    /// Calls and answers that met the cut, to be sent again when it heals.
    pub(in super::super) held: Vec<Handle>,
}

impl Link {
    #[inline]
    pub(in super::super) fn is_cut(&self) -> bool {
        self.cuts > 0
    }

    /// Begins a cut; true if the link was whole.
    pub(in super::super) fn cut(&mut self) -> bool {
        self.cuts += 1;
        self.cuts == 1
    }

    /// Ends a cut; true if the link is whole again.
    pub(in super::super) fn heal(&mut self) -> bool {
        self.cuts -= 1;
        self.cuts == 0
    }
}
