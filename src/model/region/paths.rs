//! Who can reach which region: cuts on the way, as opposed to outages at its end.

use super::super::event::{Agenda, Event};
use super::super::node_id::NodeId;
use super::super::per_geography::PerGeography;
use super::super::per_region::PerRegion;
use super::super::slab::Handle;
use super::failover::Failover;
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

/// First and longest time between two retransmissions of a packet (Linux: `TCP_RTO_MIN`, `TCP_RTO_MAX`).
const FIRST_RETRANSMISSION: SimDuration = SimDuration::from_nanos(200_000_000);
const LONGEST_RETRANSMISSION: SimDuration = SimDuration::from_secs(120);

/// Cuts between geographies and regions. Counts, so that several act together.
#[derive(Debug)]
pub(in super::super) struct Paths {
    /// Cuts of all kinds at the moment; while there are none, nothing else is looked at.
    any: u32,
    /// Per geography and region: visitors and checkers.
    cut: PerGeography<PerRegion<u32>>,
    /// Per geography and region: checkers alone.
    unseen: PerGeography<PerRegion<u32>>,
    /// Per region: everybody outside.
    isolated: PerRegion<u32>,
    /// Requests that were sent into a cut, to be sent again when it heals.
    pub(super) held: Vec<Handle>,
}

impl Paths {
    pub(in super::super) fn new(geographies: usize) -> Self {
        let none = PerGeography::same(PerRegion::both(0), geographies);
        Paths { any: 0, cut: none.clone(), unseen: none, isolated: PerRegion::both(0), held: Vec::new() }
    }

    /// The path between a geography and a region is cut, or one cut fewer.
    fn cut(&mut self, geography: GeographyId, region: RegionId, begins: bool) {
        count(&mut self.any, begins);
        count(&mut self.cut[geography][region], begins);
    }

    /// The checkers of a geography cannot see a region, or one reason for it fewer.
    pub(in super::super) fn hide(&mut self, geography: GeographyId, region: RegionId, begins: bool) {
        count(&mut self.any, begins);
        count(&mut self.unseen[geography][region], begins);
    }

    /// A region is cut off, or one reason for it fewer.
    fn isolate(&mut self, region: RegionId, begins: bool) {
        count(&mut self.any, begins);
        count(&mut self.isolated[region], begins);
    }

    /// Whether a region is cut off from everybody outside.
    #[inline]
    pub(in super::super) fn is_isolated(&self, region: RegionId) -> bool {
        self.isolated[region] > 0
    }

    /// Counts the isolations under way, each of which cuts the link too.
    pub(super) fn isolations(&self) -> u32 {
        self.isolated.iter().sum()
    }

    /// Whether packets between the visitors of a geography and a region vanish.
    #[inline]
    pub(in super::super) fn is_cut(&self, geography: GeographyId, region: RegionId) -> bool {
        self.any > 0 && (self.cut[geography][region] > 0 || self.is_isolated(region))
    }

    /// Whether packets between the checkers of a geography and a region vanish.
    #[inline]
    pub(in super::super) fn is_hidden(&self, geography: GeographyId, region: RegionId) -> bool {
        self.any > 0 && (self.is_cut(geography, region) || self.unseen[geography][region] > 0)
    }
}

/// Counts one more, or one fewer.
fn count(counter: &mut u32, begins: bool) {
    if begins {
        *counter += 1;
    } else {
        *counter -= 1;
    }
}

/// When a packet first sent at `sent` is sent again, for the first time from `now` on: each pause is twice the one before.
fn next_retransmission(sent: SimTime, now: SimTime) -> SimTime {
    let (mut next, mut pause) = (sent + FIRST_RETRANSMISSION, FIRST_RETRANSMISSION);
    while next < now {
        pause = pause.times(2).min(LONGEST_RETRANSMISSION);
        next = next + pause;
    }
    next
}

impl Failover<'_> {
    /// The path between a geography and a region is cut, or heals.
    pub(in super::super) fn path_changes(
        &mut self,
        agenda: &mut Agenda,
        geography: GeographyId,
        region: RegionId,
        begins: bool,
    ) {
        self.serving.note_beyond_help(agenda.now());
        self.serving.regions.paths.cut(geography, region, begins);
        if !begins {
            self.send_again(agenda);
        }
    }

    /// A region is cut off, or found again.
    pub(in super::super) fn isolation_changes(&mut self, agenda: &mut Agenda, region: RegionId, begins: bool) {
        self.serving.note_beyond_help(agenda.now());
        self.serving.regions.paths.isolate(region, begins);
        if begins {
            self.serving.data.isolation_begins(NodeId::of(region), agenda.now());
            self.link_cut(agenda);
        } else {
            self.link_heals(agenda);
            if !self.serving.regions.paths.is_isolated(region) {
                self.serving.data.isolation_ends(NodeId::of(region));
            }
            self.send_again(agenda);
        }
        self.contact_changes(agenda);
    }

    /// Paths have healed: requests that were sent into them arrive, though their visitors may have given up long ago.
    fn send_again(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        for call in std::mem::take(&mut self.serving.regions.paths.held) {
            let Some(request) = self.serving.regions.calls.get(call) else { continue };
            if self.serving.regions.paths.is_cut(request.geography, request.region) {
                self.serving.regions.paths.held.push(call);
                continue;
            }
            let client = &self.serving.setting.plan.scenario.geographies[request.geography].client;
            let next = next_retransmission(request.sent, now);
            if next.since(request.sent) > client.retransmit_for {
                self.serving.drop_unanswered(agenda, call);
            } else {
                agenda.at(next + request.half_rtt, Event::RequestArrives { call });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retransmissions_come_after_pauses_that_double() {
        let at = |tenths: u64| SimTime::from_nanos(tenths * 100_000_000);
        assert_eq!(next_retransmission(at(10), at(11)), at(12));
        // 0.2, 0.4, 0.8, 1.6, … s: the n-th comes 0.2 (2^n - 1) s after the packet.
        assert_eq!(next_retransmission(at(0), at(15)), at(30));
        assert_eq!(next_retransmission(at(0), at(31)), at(62));
    }
}
