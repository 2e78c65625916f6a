//! Paths from geographies to regions: cuts on the way, as opposed to outages at its end.

use super::super::per_geography::PerGeography;
use super::super::per_region::PerRegion;
use super::super::slab::Handle;
use super::cuts::Cuts;
use crate::scenario::{GeographyId, InFlight, RegionId};
use crate::units::SimTime;

/// Cuts between geographies and regions. Counts, so that several act together.
#[derive(Debug)]
pub(super) struct Paths {
    /// Cuts of all kinds at the moment; while there are none, nothing else is looked at.
    any: u32,
    /// Per geography and region: visitors and checkers.
    cut: PerGeography<PerRegion<Cuts>>,
    /// Per geography and region: checkers alone.
    unseen: PerGeography<PerRegion<u32>>,
    /// Per region: everybody outside.
    isolated: PerRegion<Cuts>,
    /// Requests that were sent into a cut, to be sent again when it heals.
    pub(super) held: Vec<Handle>,
}

impl Paths {
    pub(super) fn new(geographies: usize) -> Self {
        Paths {
            any: 0,
            cut: PerGeography::same(PerRegion::both(Cuts::NONE), geographies),
            unseen: PerGeography::same(PerRegion::both(0), geographies),
            isolated: PerRegion::both(Cuts::NONE),
            held: Vec::new(),
        }
    }

    /// The path between a geography and a region is cut, with this fate of what is on it, or one cut fewer.
    pub(super) fn cut(&mut self, geography: GeographyId, region: RegionId, begins: Option<InFlight>, now: SimTime) {
        count(&mut self.any, begins.is_some());
        change(&mut self.cut[geography][region], begins, now);
    }

    /// The checkers of a geography cannot see a region, or one reason for it fewer.
    pub(super) fn hide(&mut self, geography: GeographyId, region: RegionId, begins: bool) {
        count(&mut self.any, begins);
        count(&mut self.unseen[geography][region], begins);
    }

    /// A region is cut off, or one reason for it fewer.
    pub(super) fn isolate(&mut self, region: RegionId, begins: Option<InFlight>, now: SimTime) {
        count(&mut self.any, begins.is_some());
        change(&mut self.isolated[region], begins, now);
    }

    /// Tells if a region is cut off from everybody outside.
    #[inline]
    pub(super) fn is_isolated(&self, region: RegionId) -> bool {
        self.isolated[region].is_cut()
    }

    /// Counts the isolations under way, each of which cuts the link too.
    pub(super) fn isolations(&self) -> u32 {
        self.isolated.iter().map(|cuts| cuts.count()).sum()
    }

    /// Tells if packets between the visitors of a geography and a region vanish.
    #[inline]
    pub(super) fn is_cut(&self, geography: GeographyId, region: RegionId) -> bool {
        self.any > 0 && (self.cut[geography][region].is_cut() || self.is_isolated(region))
    }

    /// Tells if a packet between the visitors of a geography and a region that entered its way at `entered`, and would be at its
    /// end now, arrives.
    #[inline]
    pub(super) fn delivers(&self, geography: GeographyId, region: RegionId, entered: SimTime) -> bool {
        self.any == 0 || (self.cut[geography][region].delivers(entered) && self.isolated[region].delivers(entered))
    }

    /// Tells if packets between the checkers of a geography and a region vanish.
    #[inline]
    pub(super) fn is_hidden(&self, geography: GeographyId, region: RegionId) -> bool {
        self.any > 0 && (self.is_cut(geography, region) || self.unseen[geography][region] > 0)
    }
}

/// Begins a cut with this fate of what is on the way, or ends one.
fn change(cuts: &mut Cuts, begins: Option<InFlight>, now: SimTime) {
    match begins {
        Some(in_flight) => cuts.begin(in_flight, now),
        None => cuts.end(),
    };
}

/// Counts one more, or one fewer.
fn count(counter: &mut u32, begins: bool) {
    if begins {
        *counter += 1;
    } else {
        *counter -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_of_a_path_and_of_a_region_act_together_and_checkers_see_less() {
        let [north, south] = RegionId::BOTH;
        let here = GeographyId::FIRST;
        let mut paths = Paths::new(1);
        paths.hide(here, north, true);
        assert!(!paths.is_cut(here, north) && paths.is_hidden(here, north) && !paths.is_hidden(here, south));
        paths.cut(here, south, Some(InFlight::Delivered), SimTime::ZERO);
        paths.isolate(south, Some(InFlight::Delivered), SimTime::ZERO);
        assert!(paths.is_cut(here, south) && paths.is_hidden(here, south) && paths.is_isolated(south));
        paths.cut(here, south, None, SimTime::ZERO);
        assert!(paths.is_cut(here, south), "the region is isolated still");
        assert_eq!(paths.isolations(), 1);
        paths.isolate(south, None, SimTime::ZERO);
        paths.hide(here, north, false);
        assert!(!paths.is_cut(here, south) && !paths.is_hidden(here, north) && paths.any == 0);
    }
}
