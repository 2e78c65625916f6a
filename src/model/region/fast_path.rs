//! The fast path of reads that need no events.
//!
//! At the start of a read its times are mostly known: its arrival, and its ends at a worker and at the node of its own
//! region. They hold unless a request comes before it for which there is no other server, or an event changes the
//! region. So such a read needs no events. Its worker and its connection are reserved for it, and it is kept here: until
//! it is over, and is finished at the next look; or until there may be no server for a request that comes, and goes on
//! by events from where it is then.
//!
//! While anybody waits for a server no read takes the fast path there, and incidents are known before any read takes the fast
//! path beyond them: so
//! nobody counts the servers of a pool, and no node dies, under a read on the fast path.
//!
//! Writes never take the fast path, since others depend on the moment of their commit, nor are reads of the other region's node, or
//! reads that miss a version.

use super::super::draws::OfRequest;
use super::super::event::{Event, Scheduler};
use super::super::node_id::NodeId;
use super::super::outcome::Operation;
use super::super::pool::Pool;
use super::super::slab::Handle;
use super::super::visitor::{Connection, Session};
use super::call::{AppSide, Call};
use super::fast_reads::{FastRead, FastReads, READS, Way};
use super::serving::Serving;
use super::slots::{Refusal, Slots};
use super::state::{Reachability, RegionState};
use crate::scenario::RegionId;
use crate::units::SimTime;

/// Tells whether all servers are held or reserved, as far as is known.
#[inline]
fn has_none_left(pool: &mut Pool, slots: &mut Slots, now: SimTime) -> bool {
    !slots.leave_one_of(pool.spare(), now) && !slots.leave_one_of(pool.spare_by(now), now)
}

impl RegionState {
    /// Worker-nanoseconds busy and switched on since the start of the run.
    pub(super) fn app_used(&mut self, now: SimTime) -> (u128, u128) {
        let (busy, on) = self.app.used(now);
        (busy + self.fast_reads.busy_ns(now), on)
    }

    /// Connection-nanoseconds busy, and there, at the node since the start of the run.
    pub(super) fn node_used(&mut self, now: SimTime) -> (u128, u128) {
        let (busy, there) = self.node.used(now);
        (busy + self.fast_reads.node_busy_ns(now), there)
    }

    /// Tells whether a worker may be reserved for a customer on the way.
    #[inline]
    pub(super) fn can_reserve_worker(&mut self, now: SimTime) -> bool {
        let spare = self.app.spare();
        self.app.is_open_to_plans() && spare > 0 && self.fast_reads.workers.leave_one_of(spare, now)
    }
}

impl Serving<'_> {
    /// A session sends its request, which leaves on an open connection at `sent` and which its client gives up at `deadline`.
    /// Returns whether it takes the fast path: all that becomes of it is known.
    #[inline]
    pub(super) fn take_fast_path(
        &mut self,
        scheduler: &mut Scheduler,
        session: Handle,
        connection: Connection,
        sent: SimTime,
        deadline: SimTime,
    ) -> bool {
        let visitor = self.visitors.see(session);
        let half_rtt = visitor.half_rtt();
        if visitor.operation != Operation::Read || !self.is_ordinary(visitor, connection) {
            return false;
        }
        let way = self.way_of_read(visitor, connection.region, sent + half_rtt);
        let heard = way.ends + half_rtt;
        let is_certain = self.setting.known_by(way.ends, heard)
            < self.regions.undisturbed_until(scheduler, visitor.geography, connection.region)
            && heard <= deadline
            && way.ends.since(way.calls) <= self.setting.plan.regions[connection.region].longest_call
            && self.calls_own_node(visitor, connection.region, way.calls);
        if !is_certain || self.misses_version(visitor, NodeId::of(connection.region), way.ends) {
            return false;
        }
        if !self.reserve_slots(scheduler.now(), connection.region, way) {
            return false;
        }
        let number = scheduler.number();
        self.note_read(scheduler, connection.region, FastRead { session, number, way });
        self.expect_next_request(scheduler, session, heard);
        true
    }

    /// Tells if nothing is unusual about the region, for a session that holds this connection to it, until the next
    /// lookahead bound.
    #[inline]
    fn is_ordinary(&self, visitor: &Session, connection: Connection) -> bool {
        // A write of the other side could yet conflict with what it misses.
        if self.data.is_multi_primary()
            || !self.setting.asks_database()
            // Who is served first is told by the order of events.
            || self.would_show_failover(visitor, connection.region)
            || !self.serves(NodeId::of(connection.region), Operation::Read)
        {
            return false;
        }
        let region = &self.regions.states[connection.region];
        region.node_reachability() == Reachability::Up
            && region.incarnation == connection.incarnation
            && region.gray.is_well()
            && self.setting.plan.scenario.regions[connection.region].app.cold_start.is_none()
            && region.node.is_without_queue()
            && region.app.is_open_to_plans()
    }

    /// The way of a read that is served as soon as it comes.
    #[inline]
    fn way_of_read(&self, visitor: &Session, region: RegionId, arrives: SimTime) -> Way {
        let (draws, request) = (visitor.draws, visitor.request);
        let samplers = &self.setting.plan.regions[region];
        let calls = arrives + samplers.service.duration_of(|| draws.of_request(request, OfRequest::AppDemand));
        let ends = calls + samplers.read.duration_of(|| draws.of_request(request, OfRequest::DatabaseDemand));
        let holds = self.setting.holds_worker(region);
        Way { arrives, calls, ends, worker_free: if holds { ends } else { calls } }
    }

    /// Tells if the app's endpoint will lead a read at `calls` to the region's own node.
    #[inline]
    fn calls_own_node(&self, visitor: &Session, region: RegionId, calls: SimTime) -> bool {
        let role = self.role(Operation::Read);
        self.regions.states[region].endpoints.cached_at(calls, visitor.draws, role) == Some(NodeId::of(region))
    }

    /// Reserves a worker and a connection, if there are.
    #[inline]
    fn reserve_slots(&mut self, now: SimTime, region: RegionId, way: Way) -> bool {
        let region = &mut self.regions.states[region];
        let FastReads { workers, connections, .. } = &mut region.fast_reads;
        let worker = workers.find(region.app.spare(), now, way.arrives, way.worker_free);
        let connection = connections.find(region.node.spare(), now, way.calls, way.ends);
        match (worker, connection) {
            (Ok(worker), Ok(connection)) => {
                workers.reserve(worker);
                connections.reserve(connection);
                true
            }
            (Err(Refusal::NoServer), _) | (_, Err(Refusal::NoServer)) => {
                region.app.look(now);
                region.node.look(now);
                region.app.fast_path_failed(1);
                false
            }
            (Err(Refusal::Unsuitable), _) | (_, Err(Refusal::Unsuitable)) => false,
        }
    }

    #[inline(always)]
    fn note_read(&mut self, scheduler: &mut Scheduler, region: RegionId, read: FastRead) {
        let reads = &mut self.regions.states[region].fast_reads.reads;
        if reads.len() == reads.capacity() {
            self.finish_reads(scheduler, region);
        }
        self.regions.states[region].fast_reads.reads.push(read);
    }

    /// Schedules the next request of a session, if there is one after the read that it will hear of at `heard`.
    #[inline(always)]
    fn expect_next_request(&mut self, scheduler: &mut Scheduler, session: Handle, heard: SimTime) {
        let visitor = self.visitors.live(session);
        if visitor.request < visitor.requests && heard <= self.setting.plan.horizon {
            visitor.hears = Some(heard);
            let next = heard + self.setting.plan.think(visitor);
            scheduler.schedule_at(next, Event::RequestStarts { session });
        }
    }

    /// Finishes the reads on the fast path of a region that are over, and makes room for others.
    #[inline(never)]
    fn finish_reads(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        let mut reads = std::mem::take(&mut self.regions.states[region].fast_reads.reads);
        reads.retain(|read| {
            let is_over = read.way.ends <= scheduler.now();
            if is_over {
                self.finish_read(scheduler, region, *read);
            }
            !is_over
        });
        // Room for as many again, so that the next look is as far away.
        reads.reserve(reads.len().max(READS));
        self.regions.states[region].fast_reads.reads = reads;
    }

    /// A read on the fast path is over, or its node serves it now.
    fn finish_read(&mut self, scheduler: &mut Scheduler, region: RegionId, read: FastRead) {
        let FastRead { session, way, .. } = read;
        let state = &mut self.regions.states[region];
        state.app.note_service(scheduler.now(), way.arrives, way.worker_free);
        state.node.note_service(scheduler.now(), way.calls, way.ends);
        if let Some(visitor) = self.visitors.get(session) {
            let heard = way.ends + visitor.half_rtt();
            self.requests().request_succeeds(scheduler, session, heard);
        }
    }

    /// Finishes all reads on the fast path that are over.
    pub(in super::super) fn finish_all_reads(&mut self, scheduler: &mut Scheduler) {
        for region in RegionId::BOTH {
            self.finish_reads(scheduler, region);
        }
    }

    /// Something happens now that may concern everybody.
    pub(in super::super) fn leave_fast_path(&mut self, scheduler: &mut Scheduler) {
        for region in RegionId::BOTH {
            self.leave_fast_path_in(scheduler, region);
        }
    }

    /// Serves a request by events at the app of a region: if all its workers are held or reserved, no reservation is kept.
    #[inline]
    pub(super) fn make_room_at_app(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        let RegionState { app, fast_reads, .. } = &mut self.regions.states[region];
        if !fast_reads.is_empty() && has_none_left(app, &mut fast_reads.workers, scheduler.now()) {
            self.leave_fast_path_for_room(scheduler, region);
        }
    }

    /// The same at a node, for its connections.
    #[inline]
    pub(super) fn make_room_at_node(&mut self, scheduler: &mut Scheduler, node: NodeId) {
        let RegionState { node: pool, fast_reads, .. } = &mut self.regions.states[node];
        if !fast_reads.is_empty() && has_none_left(pool, &mut fast_reads.connections, scheduler.now()) {
            self.leave_fast_path_for_room(scheduler, node.region());
        }
    }

    #[cold]
    fn leave_fast_path_for_room(&mut self, scheduler: &mut Scheduler, region: RegionId) {
        let given_up = self.leave_fast_path_in(scheduler, region);
        self.regions.states[region].app.fast_path_failed(given_up.max(1));
    }

    /// The reads on the fast path of a region go on by events. Returns how many do; the others are over, or as good as over.
    #[inline(never)]
    fn leave_fast_path_in(&mut self, scheduler: &mut Scheduler, region: RegionId) -> usize {
        let mut given_up = 0;
        let mut reads = std::mem::take(&mut self.regions.states[region].fast_reads.reads);
        for read in reads.drain(..) {
            if read.way.calls <= scheduler.now() {
                self.finish_read(scheduler, region, read);
            } else {
                self.go_on_by_events(scheduler, region, read);
                given_up += 1;
            }
        }
        let fast_reads = &mut self.regions.states[region].fast_reads;
        fast_reads.reads = reads;
        fast_reads.workers.cancel_all();
        fast_reads.connections.cancel_all();
        given_up
    }

    /// A read on the fast path, which has not reached the node, goes on by events. (One that arrives at this very
    /// nanosecond has arrived.)
    fn go_on_by_events(&mut self, scheduler: &mut Scheduler, region: RegionId, read: FastRead) {
        let FastRead { mut session, number, way } = read;
        if self.visitors.live(session).hears.take().is_some() {
            session = self.visitors.renew(session);
        }
        let visitor = self.visitors.live(session);
        let deadline = self.setting.plan.deadline(visitor);
        let state = &mut self.regions.states[region];
        let call = self.regions.calls.insert(Call::of_visitor(visitor, session, state.incarnation, deadline));
        visitor.call = call;
        let now = scheduler.now();
        if way.arrives > now {
            scheduler.schedule_numbered(way.arrives, number, Event::RequestArrives { call });
            return;
        }
        let request = self.regions.calls.live(call);
        request.app_side = AppSide::Serving;
        if self.setting.holds_worker(region) {
            state.app.note_start(way.arrives);
        } else {
            request.has_left_worker = true;
            state.app.note_service(now, way.arrives, way.worker_free);
        }
        scheduler.schedule_at(way.calls, Event::AppDone { call });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::at;
    use super::super::alone::{REGIONS, state};
    use super::*;

    /// A read that reaches the app, calls the node, ends and frees its worker at so many seconds.
    fn read([arrives, calls, ends, worker_free]: [u64; 4]) -> FastRead {
        let way = Way { arrives: at(arrives), calls: at(calls), ends: at(ends), worker_free: at(worker_free) };
        FastRead { session: Handle::NONE, number: 1, way }
    }

    #[test]
    fn fast_reads_are_busy_while_they_would_be() {
        let mut region = state(REGIONS[0], 4);
        region.fast_reads.reads.extend([read([10, 12, 16, 16]), read([13, 14, 15, 14])]);
        let second = 1_000_000_000;
        let used = |region: &mut RegionState, now| (region.app_used(at(now)).0, region.node_used(at(now)).0);
        assert_eq!(used(&mut region, 10), (0, 0));
        assert_eq!(used(&mut region, 14), (5 * second, 2 * second), "4 s and 1 s at the app, 2 s at the node");
        assert_eq!(used(&mut region, 20), (7 * second, 5 * second));
    }

    #[test]
    fn a_worker_is_reserved_that_no_other_read_has_reserved() {
        let mut region = state(REGIONS[0], 0);
        region.app = Pool::new(1, 10);
        assert!(region.can_reserve_worker(at(1)));
        let worker = region.fast_reads.workers.find(1, at(1), at(1), at(1)).expect("a worker");
        region.fast_reads.workers.reserve(worker);
        assert!(!region.can_reserve_worker(at(1)) && region.can_reserve_worker(at(2)));
    }
}
