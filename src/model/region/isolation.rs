//! Cuts of the ways to a region, and what follows when they heal.

use super::super::event::{Event, Scheduler};
use super::super::node_id::NodeId;
use super::failover::Failover;
use crate::scenario::{GeographyId, InFlight, RegionId};
use crate::units::{SimDuration, SimTime};

/// Part of the first pause before a retransmission that is not the round trip, and the longest pause (Linux: `TCP_RTO_MIN`,
/// `TCP_RTO_MAX`; the timer is the smoothed round trip plus at least the first).
const FIRST_RETRANSMISSION: SimDuration = SimDuration::from_nanos(200_000_000);
const LONGEST_RETRANSMISSION: SimDuration = SimDuration::from_secs(120);

/// Returns the time at which a packet first sent at `sent`, on a way that takes `half_rtt`, is sent again, for the first time from
/// `now` on: the first pause is 0.2 s and a round trip, each other one twice the one before.
fn next_retransmission(sent: SimTime, half_rtt: SimDuration, now: SimTime) -> SimTime {
    let mut pause = (FIRST_RETRANSMISSION + half_rtt.times(2)).min(LONGEST_RETRANSMISSION);
    let mut next = sent + pause;
    while next < now {
        pause = pause.times(2).min(LONGEST_RETRANSMISSION);
        next = next + pause;
    }
    next
}

impl Failover<'_> {
    /// The path between a geography and a region is cut, with this fate of what is on the way, or heals.
    pub(in super::super) fn path_changes(
        &mut self,
        scheduler: &mut Scheduler,
        geography: GeographyId,
        region: RegionId,
        begins: Option<InFlight>,
    ) {
        self.serving.note_beyond_help(scheduler.now());
        self.serving.regions.paths.cut(geography, region, begins, scheduler.now());
        if begins.is_none() {
            self.send_again(scheduler);
        }
    }

    /// A region is cut off, with this fate of what is on the way, or found again.
    pub(in super::super) fn isolation_changes(
        &mut self,
        scheduler: &mut Scheduler,
        region: RegionId,
        begins: Option<InFlight>,
    ) {
        self.serving.note_beyond_help(scheduler.now());
        self.serving.regions.paths.isolate(region, begins, scheduler.now());
        if let Some(in_flight) = begins {
            self.serving.data.isolation_begins(NodeId::of(region), scheduler.now());
            self.link_cut(scheduler, in_flight);
        } else {
            self.link_heals(scheduler);
            if !self.serving.regions.paths.is_isolated(region) {
                self.serving.data.isolation_ends(NodeId::of(region));
            }
            self.send_again(scheduler);
        }
        self.contact_changes(scheduler);
    }

    /// Paths have healed: requests that were sent into them arrive, though their visitors may have given up long ago.
    fn send_again(&mut self, scheduler: &mut Scheduler) {
        let now = scheduler.now();
        for call in std::mem::take(&mut self.serving.regions.paths.held) {
            let Some(request) = self.serving.regions.calls.get(call) else { continue };
            if self.serving.regions.paths.is_cut(request.geography, request.region) {
                self.serving.regions.paths.held.push(call);
                continue;
            }
            let client = &self.serving.setting.plan.scenario.geographies[request.geography].client;
            let next = next_retransmission(request.sent, request.half_rtt, now);
            if next.since(request.sent) > client.retransmit_for {
                self.serving.drop_unanswered(scheduler, call);
            } else {
                scheduler.schedule_at(next + request.half_rtt, Event::RequestArrives { call });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retransmissions_come_after_a_round_trip_more_and_pauses_that_double() {
        let at = |tenths: u64| SimTime::from_nanos(tenths * 100_000_000);
        let again = |sent, now| next_retransmission(at(sent), SimDuration::ZERO, at(now));
        assert_eq!(again(10, 11), at(12));
        // 0.2, 0.4, 0.8, 1.6, … s: the n-th comes 0.2 (2^n - 1) s after the packet.
        assert_eq!((again(0, 15), again(0, 31)), (at(30), at(62)));
        // A round trip of 0.3 s: pauses of 0.5, 1, 2, … s.
        let far = |now| next_retransmission(at(0), SimDuration::from_nanos(150_000_000), at(now));
        assert_eq!((far(0), far(6), far(16)), (at(5), at(15), at(35)));
    }
}
